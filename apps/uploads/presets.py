"""Remembering how a person reads their files, and reading the next one with the same header in the same way."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from django.db.models import QuerySet
from django.utils import timezone

from apps.readers import Dialect, header
from apps.readers.headers import AS_SEPARATOR
from apps.uploads.models import ReadingPreset, Upload, UploadMending
from apps.validation import fixes, rules
from apps.validation.findings import FindingGroup
from apps.validation.fixes import Fix
from apps.validation.questions import Question
from apps.validation.time_formats import DECLARED
from apps.validation.value_formats import ValueFormats

NONSENSE = (rules.EARLY, rules.FUTURE, rules.YEAR, rules.NOT_UNIX)
NEARLY_ALL = 0.9
NAMELESS = (
    "This file has no names of columns, so that nothing tells whether they are those of your last file. What you chose for"
    " that one is chosen below: look whether it is right for this file, too."
)


def header_digest(headers: Sequence[str]) -> str:
    """Stands for the names of the columns, whatever their case."""
    return hashlib.sha256("\x1f".join(header.strip().lower() for header in headers).encode()).hexdigest()


def exist_for(upload: Upload) -> bool:
    """Whether its uploader ever chose anything for files of this kind and data source, so that its header matters."""
    return not upload.header and _all_of(upload).exists()


def record_header(upload: Upload, headers: Sequence[str]) -> None:
    """Keep what stands for the header the file has by itself, unless it is known."""
    if not upload.header:
        upload.update_fields(header=header_digest(headers))


def apply(upload: Upload, headers: Sequence[str]) -> bool:
    """Note the header the file has by itself; apply what its uploader chose for such files, if they did.

    True when that changes how the file is read. What was chosen for this very upload stays; answers that were given together with
    the file win over those that are recalled.
    """
    if upload.header:
        return False
    record_header(upload, headers)
    found = _of(upload).first()
    said = Dialect.from_json(upload.chosen_dialect)
    if found is None or upload.mapping or said.with_(answers={}) != Dialect():
        return False
    recalled = Dialect.from_json(found.dialect)
    upload.update_fields(
        mapping=found.mapping,
        chosen_dialect=recalled.with_(answers=recalled.answers | said.answers).to_json(),
        only_if_all_valid=upload.only_if_all_valid or found.only_if_all_valid,
        only_new=found.only_new,
        recalled_from=found.used_at,
    )
    return bool(found.mapping or found.dialect)


def is_only_proposed(upload: Upload, questions: Iterable[Question]) -> bool:
    """Whether what was recalled may be of another file: all without a header have the same names, made up by the portal."""
    is_nameless = any(each.name == header.QUESTION and each.default == header.DATA for each in questions)
    return upload.recalled_from is not None and is_nameless


def propose(upload: Upload, questions: Iterable[Question]) -> tuple[str, list[Question]]:
    """Leave every column to be confirmed, with what was recalled chosen beforehand, and so whether there is a header;
    answers why, and the questions about the file.
    """
    upload.update_fields(columns=[[title, None] for title, _ in upload.columns])
    answers = Dialect.from_json(upload.chosen_dialect).answers
    asked = [
        msgspec.structs.replace(each, default=answers.get(each.name, each.default), reopened=True)
        if each.name == header.QUESTION
        else each
        for each in questions
    ]
    return NAMELESS, asked


def misfits(upload: Upload, value_formats: ValueFormats, groups: Iterable[FindingGroup]) -> list[str]:
    """Columns whose times were taken as in an earlier file (`epoch` as Unix seconds), of which that makes nonsense: nearly
    none of them can be meant.
    """
    if upload.recalled_from is None:
        return []
    found = Counter[str]()
    for group in groups:
        if group.rule in NONSENSE:
            found[group.column] += group.count
    declared = [column for column, spelling in value_formats.time_formats.items() if spelling in DECLARED]
    return [column for column in declared if found[column] >= NEARLY_ALL * upload.rows]


def ask_again(upload: Upload, columns: Sequence[str]) -> str:
    """Forget what was recalled for these columns, so that somebody has to say what they are; answers why."""
    headers = [header for header, name in upload.columns if name in columns]
    upload.update_fields(
        columns=[[header, None if name in columns else name] for header, name in upload.columns],
        mapping={
            header: name
            for header, name in upload.mapping.items()
            if name.split(AS_SEPARATOR)[0] not in columns
        },
        recalled_from=None,
    )
    names = " and ".join(f"“{header}”" for header in headers)
    return (
        f"Read as your last file with these columns, {names} would hold times that cannot be meant, such as 1970."
        " Say what this file's column counts."
    )


def save(upload: Upload) -> None:
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
            **_fixes(upload),
        },
    )


def recipe(upload: Upload) -> list[Fix]:
    """How the wrong rows of an earlier file with these columns were mended, as far as this one's are not yet."""
    found = _of(upload).first() if upload.header else None
    mending = UploadMending.objects.filter(upload=upload).first()
    done = mending.chosen if mending else []
    return [each for each in fixes.from_json(found.fixes) if each not in done] if found else []


def forget_recipe(upload: Upload) -> None:
    """Offer it no more."""
    _of(upload).update(fixes=[])


def _fixes(upload: Upload) -> dict[str, Any]:
    """What was done to groups of rows. A file that needs nothing leaves what is kept of another."""
    mending = UploadMending.objects.filter(upload=upload).first()
    return {"fixes": mending.fixes} if mending and mending.fixes else {}


def _of(upload: Upload) -> QuerySet[ReadingPreset]:
    return _all_of(upload).filter(header=upload.header)


def _all_of(upload: Upload) -> QuerySet[ReadingPreset]:
    return ReadingPreset.objects.filter(
        owner=upload.owner, source_identifier=upload.source_identifier, kind=upload.kind
    )
