"""What somebody changed on a data source, against the version their form was filled from.

AuroraX knows no revisions, so the portal keeps its own: a form carries the version it was made from, signed. When it
comes back, each field is compared three ways: as it was (`base`), as the person wants it (`mine`), as it is in AuroraX
by now (`theirs`).
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core import signing
from django.utils.crypto import salted_hmac

from apps.aurorax import DataSource
from apps.sources.sets import SETS, EntryConflict, merge_sets, with_entries

SALT = "apps.sources.changes"
Fields = dict[str, Any]

# What the edit form may change; maintainers have a page of their own that never rewrites the whole list.
EDITABLE = (
    "program",
    "platform",
    "instrument_type",
    "source_type",
    "display_name",
    "metadata",
    "owner",
    "ephemeris_metadata_schema",
    "data_product_metadata_schema",
)


class NoBase(Exception):
    """The form does not say, or not credibly, which version of the data source it was made from."""


@dataclass(frozen=True)
class FieldConflict:
    """One field, or one entry (`part`) of a field that is a set, that two people changed: as it was when the form was opened,
    as it is now, as this person wants it.
    """

    field: str
    base: Any
    theirs: Any
    mine: Any
    part: str = ""

    @property
    def name(self) -> str:
        """What tells it apart: `platform`, `ephemeris_metadata_schema.state`."""
        return f"{self.field}.{self.part}" if self.part else self.field


@dataclass
class Merge:
    """The fields to send, and those that need a decision first."""

    changes: Fields = field(default_factory=dict)
    conflicts: list[FieldConflict] = field(default_factory=list)


def editable(source: DataSource) -> Fields:
    """The fields of a data source that the edit form may change, in the API's shape."""
    fields = source.to_api()
    return {name: fields[name] for name in EDITABLE}


def seal(source: DataSource, fields: Fields | None = None) -> str:
    """The version of a data source, for a hidden field of the form made from it; or `fields` in its place."""
    return signing.dumps([source.identifier, fields or editable(source)], salt=SALT, compress=True)


def unseal(sealed: str, source: DataSource, names: Collection[str] = EDITABLE) -> Fields:
    """The version a form was made from, with these fields. Raises `NoBase` when it is missing, altered, or of another data
    source.
    """
    try:
        identifier, fields = signing.loads(sealed, salt=SALT)
    except signing.BadSignature:
        raise NoBase from None
    if identifier != source.identifier or set(fields) != set(names):
        raise NoBase
    return dict(fields)


def merge(*, base: Fields, mine: Fields, theirs: Fields, leave: Collection[str] = ()) -> Merge:
    """Sort the fields of `mine`: untouched ones are left out, changed ones sent, those changed twice are conflicts. Schemas
    and maintainers are merged as sets. `leave` names what the other person's version is wanted of.
    """
    merged = Merge()
    for name, value in mine.items():
        if name in leave or same(value, base[name]) or same(value, theirs[name]):
            continue
        if name in SETS:
            _merge_set(merged, FieldConflict(name, base[name], theirs[name], value), leave)
        elif same(base[name], theirs[name]):
            merged.changes[name] = value
        else:
            merged.conflicts.append(FieldConflict(name, base[name], theirs[name], value))
    return merged


def _merge_set(merged: Merge, changed: FieldConflict, leave: Collection[str]) -> None:
    name = changed.field
    found = merge_sets(
        name,
        base=changed.base,
        mine=changed.mine,
        theirs=changed.theirs,
        leave=[each.partition(".")[2] for each in leave if each.startswith(f"{name}.")],
        same=lambda one, other: same([one], [other]),  # as entries of a list are
    )
    merged.conflicts += [
        FieldConflict(name, each.base, each.theirs, each.mine, each.name) for each in found.conflicts
    ]
    if not same(found.value, changed.theirs):
        merged.changes[name] = found.value


def rebased(base: Fields, conflicts: Iterable[FieldConflict]) -> Fields:
    """The version a form is taken to be made from once these were asked about: the other person's where there is a question,
    else what it was made from, so that what others have changed meanwhile is not taken for a wish to change it back.
    """
    fields = dict(base)
    for each in conflicts:
        if each.part:
            entry = EntryConflict(each.part, each.base, each.theirs, each.mine)
            fields[each.field] = with_entries(each.field, fields[each.field], [entry])
        else:
            fields[each.field] = each.theirs
    return fields


class Difference(NamedTuple):
    """One field whose value is not the same before and after, in texts for people."""

    name: str
    before: str
    after: str


def differences(before: Fields, after: Fields) -> list[Difference]:
    """Every field that is not the same, in the order of `before`."""
    return [
        Difference(name, shown(value), shown(after.get(name)))
        for name, value in before.items()
        if not same(value, after.get(name))
    ]


def shown(value: Any) -> str:
    """A value for people: texts as they are, one to a line, what is nested as JSON, and nothing for what is empty."""
    if not value:
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(value)
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def fingerprint(*values: Any) -> str:
    """Shows whether JSON values are still those that somebody has looked at."""
    return salted_hmac(SALT, json.dumps(values, sort_keys=True), algorithm="sha256").hexdigest()


def same(one: Any, other: Any) -> bool:
    """Whether two values mean the same, as far as a form keeps them apart."""
    return bool(_plain(one) == _plain(other))


def _plain(value: Any) -> Any:
    """A value without what a form does not keep: blanks around texts, kinds of line end, and kinds of nothing.

    Metadata (an object) stays as it is: there 1, 1.0 and true differ, and so do an empty text and no text.
    """
    if isinstance(value, str):
        return "\n".join(value.strip().splitlines()) or None
    if isinstance(value, list):
        items = [_schema_row(item) if isinstance(item, dict) else _plain(item) for item in value]
        return [item for item in items if item is not None] or None
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True) if value else None
    return value


def _schema_row(row: Fields) -> Fields:
    """A row of a metadata schema, in which absent, null and empty mean the same."""
    return {key: plain for key, value in row.items() if (plain := _plain(value)) is not None}
