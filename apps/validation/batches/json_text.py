"""JSON for many rows at once, written in one go: what stands in every row, and what each row has of its own.

    json_object({"epoch": texts, "n": numbers})   -> '{"epoch":"', [00:00, 00:01], '","n":', [1, null], '}'
    concat_rows(...)                              -> '{"epoch":"00:00","n":1}', '{"epoch":"00:01","n":null}'

Encoding columns one after the other and joining the results copies everything several times; for a million records that
is most of the work.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
import polars as pl

JsonPart = str | pl.Series
JsonParts = Sequence[JsonPart]
_NEEDS_ESCAPING = r'["\\\x00-\x1f\x7f]'


def constant(value: object) -> JsonParts:
    """The same JSON value in every row."""
    return [msgspec.json.encode(value).decode()]


def numbers(columns: pl.DataFrame) -> dict[str, JsonParts]:
    """Columns of finite numbers; null where there is none."""
    return {texts.name: [texts] for texts in columns.select(pl.all().cast(pl.String).fill_null("null"))}


def texts(columns: pl.DataFrame) -> dict[str, JsonParts]:
    """Columns of texts without nulls."""
    if not columns.width:
        return {}
    special = columns.select(pl.all().str.contains(_NEEDS_ESCAPING).any()).row(0)
    return {
        column.name: [json_strings(column)] if is_special else ['"', column, '"']
        for column, is_special in zip(columns, special, strict=True)
    }


def raw_json(values: pl.Series) -> JsonParts:
    """What is JSON already; null where there is none."""
    return [values.fill_null("null")]


def json_object(fields: Mapping[str, JsonParts]) -> JsonParts:
    """An object with the same members in every row."""
    found: list[JsonPart] = []
    for name, value in fields.items():
        found += ["," if found else "{", msgspec.json.encode(name).decode(), ":", *value]
    return [*(found or ["{"]), "}"]


def json_strings(texts: pl.Series) -> pl.Series:
    """Every text as a JSON string; null stays null."""
    if not texts.str.contains(_NEEDS_ESCAPING).any():
        return '"' + texts + '"'
    encoded = pl.DataFrame({"v": texts}).select(pl.struct("v").struct.json_encode()).to_series()
    return encoded.str.slice(5).str.strip_suffix("}").set(texts.is_null(), None)


def concat_rows(parts_of_row: Iterable[JsonPart], left_out: pl.Series) -> pl.Series:
    """The rows that are not left out, each as one text: neighbouring constants are joined first."""
    columns: list[pl.Series] = []
    parts: list[pl.Expr] = []
    constants = ""
    for part in parts_of_row:
        if isinstance(part, str):
            constants += part
            continue
        if constants:
            parts.append(pl.lit(constants))
            constants = ""
        parts.append(pl.col(f"{len(columns)}"))
        columns.append(part.alias(f"{len(columns)}"))
    frame = pl.DataFrame(columns)
    kept = frame.filter(~left_out) if left_out.any() else frame
    return kept.select(pl.concat_str(*parts, pl.lit(constants)).alias("body")).to_series()
