"""Where the rows of a schema may come from besides typing: another schema, and the records there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from apps.aurorax import AuroraX, DataSource, errors
from apps.sources.forms.schema import typed_rows
from apps.sources.samples import kind_described_by, sample
from apps.sources.schema_fit import distinct_values
from apps.sources.sets import SCHEMAS

MOST_SUGGESTED = 50  # values; more are no list to choose from
NO_SOURCE = "Give the identifier of a data source, such as 103, or leave it empty to copy within this form."
EMPTY = "That schema has no rows."


@dataclass(frozen=True)
class Suggestion:
    """Values that occur, and what to tell about them."""

    values: Sequence[str]
    words: str


def other_schema(name: str) -> str:
    """The one beside it: what is copied unless something else is chosen."""
    return next(each for each in SCHEMAS if each != name)


def schema_to_copy(identifier: str, name: str, client: AuroraX, posted: QueryDict) -> list[dict[str, Any]]:
    """The rows of a schema of another data source, or of this form as they were typed. Raises ValidationError."""
    if name not in SCHEMAS:
        raise ValidationError("Choose which schema to copy.")
    text = identifier.strip()
    if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise ValidationError(NO_SOURCE)
    rows: list[dict[str, Any]] = [*typed_rows(name, posted)]
    if text:
        try:
            rows = client.sources.get(int(text)).to_api()[name]
        except errors.NotFound:
            raise ValidationError(f"AuroraX has no data source {text}. {NO_SOURCE}") from None
    if not rows:
        raise ValidationError(EMPTY)
    return rows


def suggested_values(client: AuroraX, source: DataSource, schema: str, field: str) -> Suggestion:
    """What a metadata field holds in a sample of the records."""
    kind = kind_described_by(schema)
    try:
        counted = client.sources.get(source.identifier, include_stats=True)
        found = [row.metadata for row in sample(client, counted, kind)]
    except errors.NotSignedIn:
        raise
    except errors.AuroraXError as error:
        return Suggestion([], f"The records could not be looked at just now: {error.message}")
    values = distinct_values(found, field, MOST_SUGGESTED)
    sampled = f"{len(found):,} {kind.nouns} (the first day, the last and one between)"
    if values is None:
        words = f"{field} has too many different values in {sampled} for a list of allowed ones."
    elif not values:
        words = f"None of {sampled} has {field}."
    else:
        words = f"{field} has {len(values):,} value{'' if len(values) == 1 else 's'} in {sampled}. Take out what should not be allowed."
    return Suggestion(values or [], words)
