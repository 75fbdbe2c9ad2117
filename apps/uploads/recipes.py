"""Remembering how a person reads their files, and reading the next one with the same header in the same way."""

import hashlib
from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils import timezone

from apps.uploads.models import Recipe, Upload


def print_of(headers: Sequence[str]) -> str:
    """Stands for the names of the columns, whatever their case."""
    return hashlib.sha256("\x1f".join(header.strip().lower() for header in headers).encode()).hexdigest()


def are_there(upload: Upload) -> bool:
    """Whether its uploader ever chose anything for files of this kind and data source, so that its header matters."""
    return not upload.header and _all_of(upload).exists()


def note(upload: Upload, headers: Sequence[str]) -> None:
    """Keep what stands for the header the file has by itself, unless it is known."""
    if not upload.header:
        upload.keep(header=print_of(headers))


def recall(upload: Upload, headers: Sequence[str]) -> bool:
    """Note the header the file has by itself; apply what its uploader chose for such files, if they did.

    True when that changes how the file is read. What was chosen for this very upload stays.
    """
    if upload.header:
        return False
    note(upload, headers)
    found = _of(upload).first()
    if found is None or upload.mapping or upload.chosen_dialect:
        return False
    upload.keep(
        mapping=found.mapping,
        chosen_dialect=found.dialect,
        only_if_all_valid=upload.only_if_all_valid or found.only_if_all_valid,
        only_new=found.only_new,
        recalled_from=found.used_at,
    )
    return bool(found.mapping or found.dialect)


def remember(upload: Upload) -> None:
    """Keep what was chosen for this upload; called when it is sent."""
    if not upload.header or upload.restores:
        return
    _of(upload).update_or_create(
        owner=upload.owner,
        source_identifier=upload.source_identifier,
        kind=upload.kind,
        header=upload.header,
        defaults={
            "mapping": upload.mapping,
            "dialect": upload.chosen_dialect,
            "only_if_all_valid": upload.only_if_all_valid,
            "only_new": upload.only_new,
            "used_at": timezone.now(),
        },
    )


def _of(upload: Upload) -> QuerySet[Recipe]:
    return _all_of(upload).filter(header=upload.header)


def _all_of(upload: Upload) -> QuerySet[Recipe]:
    return Recipe.objects.filter(
        owner=upload.owner, source_identifier=upload.source_identifier, kind=upload.kind
    )
