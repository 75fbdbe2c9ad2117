"""Records as CSV that is safe to open and comes back: uploaded again, every record is the one that was written.

The only writer of such files, whatever page offers them. A value that stands in a cell of its own is one that the readers
take for exactly this value, and no spreadsheet program for anything else. All other metadata stands as a JSON object in
the column `metadata`, and a URL as JSON text in `url_json`: a cell that begins with `{` or `"` is never run.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from apps.aurorax import DataSource
from apps.aurorax.records import MetadataField
from apps.readers.dialect import DELIMITERS
from apps.readers.headers import HeaderMatcher
from apps.records.equality import equal
from apps.records.metadata import Listed
from apps.records.types import RecordType
from apps.ui.spreadsheets import FORMULA_STARTS, harmless, lines_as_given
from apps.validation import values
from apps.validation.columns import METADATA
from apps.validation.metadata_values import METADATA_TYPES, metadata_value
from apps.validation.row import Record

# In small letters: what one program or another takes for no value, for true or false, or for no number.
WORDS = frozenset({
    "", "null", "none", "na", "n/a", "#n/a", "#n/a n/a", "#na", "<na>", "nan", "nat", "nil", "1.#ind", "1.#qnan", "1.#inf",
    "\\n", "inf", "infinity", "true", "false",
})  # fmt: skip
_RISKY = (*FORMULA_STARTS, "'")
_DIGITS = (*"0123456789.",)
_encode = msgspec.json.Encoder().encode


class RecordCsv:
    """Writes records of one data source.

    The columns are the same whatever the records hold, so that they can be written as they come: those of the kind, one
    for each metadata field of the source's schema, and one for all other metadata.
    """

    def __init__(self, kind: RecordType, source: DataSource) -> None:
        self._own = {column.name: column.name.split(".") for column in kind.columns}
        self._texts = [column.name for column in kind.columns if column.holds == "text"]
        self._as_json = {column.name: column.json_column for column in kind.columns if column.json_column}
        self._fields = {field.field_name: cells_of(field) for field in described_columns(kind, source)}
        described = (f"{METADATA}.{name}" for name in self._fields)
        self.header = [*self._own, *self._as_json.values(), *described, METADATA]

    def blocks(self, blocks: Iterable[Iterable[Record]]) -> Iterator[str]:
        """The header, and the lines of each block of records, which are in the API's shape."""
        yield lines_as_given([self.header])
        for records in blocks:
            yield lines_as_given(map(self._row, records))

    def _row(self, record: Record) -> list[Any]:
        values = {name: _member(record, *path) for name, path in self._own.items()}
        for name in self._texts:
            text = values[name]
            if not is_plain(text):
                if name in self._as_json:
                    values[name], values[self._as_json[name]] = None, _text(text)
                else:  # a product type that AuroraX does not know, and no reader takes
                    values[name] = harmless(text)
        as_json = map(values.get, self._as_json.values())
        return [*map(values.get, self._own), *as_json, *self._metadata(record.get(METADATA) or {})]

    def _metadata(self, metadata: Mapping[str, Any]) -> list[str | None]:
        """A cell for each field of the schema, and the rest as JSON."""
        row = [write(metadata[name]) if name in metadata else None for name, write in self._fields.items()]
        if sum(cell is not None for cell in row) == len(metadata):
            return [*row, None]
        alone = {name for name, cell in zip(self._fields, row, strict=True) if cell is not None}
        return [*row, _text({name: value for name, value in metadata.items() if name not in alone})]


def csv_text(kind: RecordType, source: DataSource, records: Sequence[Listed]) -> str:
    """A whole file: a header and a line for each record.

    All columns, also those a person has hidden: a record that is uploaded again replaces the old one, so what were left
    out would be lost.
    """
    return "".join(RecordCsv(kind, source).blocks([[record.to_api() for record in records]]))


def described_columns(kind: RecordType, source: DataSource) -> list[MetadataField]:
    """The fields of the source's schema that can have a column: those whose header is read as their name again."""
    meanings = HeaderMatcher(kind.columns_of(source), {})
    fields = {
        field.field_name: field
        for field in kind.schema(source)
        if _is_header(header := f"{METADATA}.{field.field_name}") and meanings.of(header) == header
    }
    return [*fields.values()]


def cells_of(described: MetadataField) -> Callable[[Any], str | None]:
    """Writes values of this field, each as the cell that the readers read as this value again; None where there is none."""

    def comes_back(cell: str, value: Any) -> bool:
        return equal(_meant(cell, described), value)

    @lru_cache(maxsize=256)  # texts in metadata are mostly the same few
    def text_cell(text: str) -> str | None:
        return text if is_plain(text) and comes_back(text, text) else None

    def cell_of(value: Any) -> str | None:
        if holds_floats and isinstance(value, float):  # every one is read as itself, and there are millions
            return repr(value)
        if isinstance(value, str):
            return text_cell(value)
        if isinstance(value, bool):
            return boolean_cells[value]
        return cell if isinstance(value, int | float) and comes_back(cell := repr(value), value) else None

    def no_cell(value: Any) -> None:
        """For a type that nobody knows."""

    holds_floats = METADATA_TYPES.get(described.data_type.lower()) == (int, float)
    boolean_cells = {
        value: cell if comes_back(cell := _text(value), value) else None for value in (False, True)
    }
    return cell_of if described.data_type.lower() in METADATA_TYPES else no_cell


def example_cell(described: MetadataField) -> str:
    """The first of the allowed values, for a file to begin with; empty where that does not stand in a cell as it is."""
    first = next(iter(described.allowed_values), "")
    value = _meant(first, described)
    return first if value is not None and (not isinstance(value, str) or is_plain(first)) else ""


def is_plain(text: str) -> bool:
    """Whether a cell with this text says just that to every program that may open the file: it is no formula, no number
    and no word for something else, has no blanks at its ends, and no characters that programs lose or change.
    """
    return (
        text.isprintable()
        and text == text.strip()
        and not text.startswith(_RISKY)
        and text.lower() not in WORDS
        and not (text.startswith(_DIGITS) and values.is_number(text))
    )


def _meant(cell: str, described: MetadataField) -> object:
    """What the readers take a cell for; None where that is nothing, or a problem."""
    try:
        return metadata_value(cell, described)
    except values.InvalidValue:
        return None


def _member(record: Record, name: str, inner: str = "") -> Any:
    """A value of a record, or of an object in it, which may be empty."""
    value = record.get(name)
    return (value or {}).get(inner) if inner else value


def _is_header(name: str) -> bool:
    """Whether readers see one column of this name, and do not guess another separator from it."""
    return name.isprintable() and name == name.strip() and not set(name) & {*DELIMITERS, '"'}


def _text(value: Any) -> str:
    return _encode(value).decode()
