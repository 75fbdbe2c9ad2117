"""What people read when the reader of their file was stopped, or stopped by itself."""

from django.conf import settings

from apps.jobs.isolation import Reason
from apps.readers.detection import kind_of
from apps.uploads.models import Upload

SAVE_AS_CSV = "Save its records as CSV and upload that."
SPLIT = "Split it, and upload the parts one by one."


def in_words(upload: Upload, reason: Reason) -> str:
    """Why, and what to do."""
    with upload.file.open("rb") as file:
        kind = kind_of(file.read(8))
    why = {
        Reason.MEMORY: f"it needs more than {settings.UPLOAD_READ_MEGABYTES:,} MB of memory",
        Reason.TIME: f"it is not read within {_minutes(settings.UPLOAD_READ_SECONDS)}",
    }.get(reason, f"the library that reads {kind.name} broke down at it, so it may be damaged")
    return f"The portal stopped reading this file: {why}. {SPLIT if kind.is_text else SAVE_AS_CSV}"


def _minutes(seconds: int) -> str:
    return f"{seconds // 60} minutes" if seconds >= 120 else f"{seconds} seconds"
