"""From generated records to an ordinary upload: it is checked, compared, previewed, sent and undone as any file is."""

from django.core.files.base import ContentFile

from apps.accounts.models import Credential, User
from apps.aurorax import DataSource
from apps.ephemeris.btraces import CHECK, FILL, QUESTION
from apps.ephemeris.record_type import EPHEMERIS
from apps.uploads.models import Upload
from apps.uploads.receiving import Origin, receive


def upload(
    *,
    by: User,
    credential: Credential | None,
    source: DataSource,
    file: "ContentFile[bytes]",
    fills_traces: bool = False,
    note: str = "",
) -> Upload:
    """The upload of the file. Raises what `receive` raises: it asks for the right, and keeps the quota."""
    answers = {QUESTION: FILL if fills_traces else CHECK}
    origin = Origin(note=note, answers=answers)
    return receive(by=by, credential=credential, kind=EPHEMERIS, source=source, file=file, origin=origin)
