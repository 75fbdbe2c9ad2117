"""JSON objects as rows: the API's nested records, PyAuroraX's search output, or flat objects with a CSV's names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from apps.readers import printed_objects
from apps.readers.headers import SAMPLES, HeaderMapping, HeaderMatcher
from apps.readers.table import Layout
from apps.validation import null_words, rules
from apps.validation.batches import Batch
from apps.validation.batches.batch import ReaderFinding
from apps.validation.columns import METADATA
from apps.validation.rules import Rule


def fields(record: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """`{"location_geo": {"lat": 1}}` as `location_geo.lat` and 1; metadata stays one object. An empty object is null."""
    for name, value in record.items():
        if isinstance(value, dict) and not is_metadata(name):
            if not value:
                yield name, None
            for inner, inside in value.items():
                yield f"{name}.{inner}", inside
        else:
            yield name, value


def is_metadata(name: str) -> bool:
    """Whether what is inside stays one object: `metadata` however it is spelt, and each of its members."""
    return name.strip().partition(".")[0].lower() == METADATA


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """The same as one object."""
    return dict(fields(record))


def _rule_of(name: str | None, value: object, row: Mapping[str, Any]) -> Rule | None:
    """What a value breaks that nobody knows, that has its place taken already, or that is a list where one value belongs."""
    if name is None:
        return rules.UNKNOWN_FIELD
    if row.get(name) is not None:
        return rules.REPEATED_NAME
    is_single = name.partition(".")[0] not in ("", METADATA)
    return rules.NO_FORM if is_single and isinstance(value, dict | list) else None


AHEAD = 50  # records that are looked at before the rest


class ObjectRows:
    """Rows out of objects, one at a time.

    The first record says which fields there are: those that nobody knows are for the person to map or ignore. An
    unknown field that first turns up later is a problem of its row, unless it has no value. `given` are the canonical
    names of all that the records had so far, with a value or without.
    """

    def __init__(self, first: object, layout: Layout, ahead: Iterable[object] = ()) -> None:
        self._key = layout.key
        record = flat(first) if isinstance(first, dict) else {}
        printed_objects.refuse([first, *record.values()])
        ahead = [*ahead]
        if layout.recall is not None:
            layout.note_headers([*_given(record | _first_times(record, ahead, layout))])
        self._matcher = _matcher(layout)
        found = _given(record | _first_times(record, ahead, layout))
        headers = [*found]
        matching = self._matcher.match(headers)
        self.matching: HeaderMapping = self._matcher.require_time_format(
            matching, _samples(found, first, ahead)
        )
        self._names = dict(zip(headers, self.matching.names, strict=True))
        self._chosen = [*dict.fromkeys([*headers, *layout.mapping])]
        self._columns = [column.name for column in layout.columns]
        self._groups: dict[str, list[str]] = {}  # `location_geo`: its columns
        self.given: set[str] = set()

    def row(self, line: int, record: object) -> dict[str, Any] | ReaderFinding:
        """The row by canonical name; or the finding about one that cannot be read.

        {"Epoch": "00:00", "location_geo": {"lat": 1}} -> {"epoch": "00:00", "location_geo.lat": 1}
        {"epoch": "00:00", "location_geo": null}       -> {"epoch": "00:00", "location_geo.lat": None, "location_geo.lon": None}
        {"epoch": "00:00", "unknown": 1}               -> (UNKNOWN_FIELD, line, "unknown", 1, "00:00")
        """
        if not isinstance(record, dict):
            return rules.NOT_JSON, line, "", record
        row: dict[str, Any] = {}
        for header, value in fields(record):
            name = self.name_of(header)
            if value is None:
                for each in [name] if name else self._inside(header):
                    row.setdefault(each)
                continue
            if rule := _rule_of(name, value, row):
                shown = f"“{header}”" if rule is rules.REPEATED_NAME else value
                return rule, line, name or header, shown, self._key_of(record)
            if name:
                row[name] = value
        self.given.update(row)
        return row

    def _key_of(self, record: Mapping[str, Any]) -> str:
        """What AuroraX would keep the record by, as far as that is known."""
        return next((str(value) for header, value in record.items() if self.name_of(header) == self._key), "")

    def _inside(self, group: str) -> list[str]:
        """What a member that is null as a whole leaves empty, in whichever letters and whatever was chosen for it."""
        if group not in self._groups:
            headers = [header for header in self._chosen if header.startswith(f"{group}.")]
            for column in self._columns:
                inner = column.partition(".")[2]
                if inner and self.name_of(header := f"{group}.{inner}") == column:
                    headers.append(header)
            names = [self.name_of(header) for header in headers]
            self._groups[group] = [name for name in dict.fromkeys(names) if name]
        return self._groups[group]

    def batch(self, records: Iterable[tuple[int, object, str]]) -> Batch:
        """A batch of records that are looked at one by one, each given with its line or number, and with a name that is
        given twice in it.
        """
        found: list[tuple[int, dict[str, Any]]] = []
        reported: list[ReaderFinding] = []
        for line, record, repeated in records:
            row = self.row(line, record)
            if repeated and isinstance(record, dict):
                row = rules.REPEATED_NAME, line, "", repeated, self._key_of(record)
            if isinstance(row, dict):
                found.append((line, row))
            else:
                reported.append(row)
        return Batch.of_loose_rows(found, reported)

    def name_of(self, header: str) -> str | None:
        """What a field means; None for one that nobody knows."""
        if header not in self._names:
            self._names[header] = self._matcher.of(header)
        return self._names[header]


def _matcher(layout: Layout) -> HeaderMatcher:
    return HeaderMatcher(layout.columns, layout.mapping, layout.value_formats)


def _given(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if value is not None}


def _samples(found: Mapping[str, Any], first: object, ahead: Sequence[object]) -> list[list[object]]:
    """The first values of each field. `ahead` begins with the first record, or behind it; `found` has what comes further down."""
    some = [*ahead[:SAMPLES]] if first in ahead[:1] else [first, *ahead[: SAMPLES - 1]]
    records = [flat(record) for record in some if isinstance(record, dict)]
    return [
        [value for record in records if not null_words.is_null(value := record.get(name))] or [value_found]
        for name, value_found in found.items()
    ]


def _first_times(found: Mapping[str, Any], ahead: Iterable[object], layout: Layout) -> dict[str, Any]:
    """The first values of times that the first record does not have: whether they are numbers has to be known."""
    matcher, later = _matcher(layout), dict[str, Any]()
    times = {column.name for column in layout.columns if column.holds == "time"}
    for record in ahead:
        for header, value in fields(record) if isinstance(record, dict) else ():
            is_first = header not in later and null_words.is_null(found.get(header))
            if is_first and not null_words.is_null(value) and matcher.of(header) in times:
                later[header] = value
    return later
