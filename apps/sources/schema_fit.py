"""Which records no longer fit a metadata schema that is being changed. AuroraX stores any metadata; a schema only describes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from apps.aurorax import MetadataField
from apps.validation.metadata_values import has_type
from apps.validation.row import as_text

MOST_EXAMPLES = 3  # of each way in which records do not fit
LONGEST_EXAMPLE = 80  # characters of a value

Schema = Mapping[str, MetadataField]


class Misfit(StrEnum):
    """Why a value does not fit."""

    UNKNOWN = "is not described by the schema any more"
    TYPE = "is of another type"
    VALUE = "is not among the allowed values"


class MisfitGroup(NamedTuple):
    """One way in which records no longer fit: the field, why, how many, and some of them (name of the record, value)."""

    field: str
    reason: str
    records: int
    examples: list[tuple[str, str]]


@dataclass
class SchemaFit:
    """What was found so far: records looked at, those that no longer fit, and how many of them in which way."""

    looked_at: int = 0
    broken: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "SchemaFit":
        """As `to_json` has written it."""
        examples = {key: [(name, value) for name, value in found] for key, found in kept["examples"].items()}
        return cls(kept["looked_at"], kept["broken"], Counter(kept["counts"]), examples)

    def to_json(self) -> dict[str, Any]:
        """To be kept."""
        return {
            "looked_at": self.looked_at,
            "broken": self.broken,
            "counts": dict(self.counts),
            "examples": self.examples,
        }

    @property
    def groups(self) -> list[MisfitGroup]:
        """By how many records; the most first."""
        return [
            MisfitGroup(*key.rpartition("|")[::2], count, self.examples[key])
            for key, count in self.counts.most_common()
        ]

    def look_at(self, name: str, metadata: Mapping[str, Any] | None, old: Schema, new: Schema) -> None:
        """Count one record; `name` is what people call it."""
        self.looked_at += 1
        found = list(no_longer_fitting(metadata or {}, old, new))
        self.broken += bool(found)
        for member, reason, value in found:
            key = f"{member}|{reason}"
            self.counts[key] += 1
            examples = self.examples.setdefault(key, [])
            if len(examples) < MOST_EXAMPLES:
                examples.append((name, as_text(value)[:LONGEST_EXAMPLE]))


def no_longer_fitting(
    metadata: Mapping[str, Any], old: Schema, new: Schema
) -> Iterator[tuple[str, Misfit, Any]]:
    """Members that the old schema takes and the new one does not. What never fitted is not the change's doing."""
    for name, value in metadata.items():
        reason = misfit(value, new.get(name))
        if reason is not None and misfit(value, old.get(name)) is None:
            yield name, reason, value


def misfit(value: Any, described: MetadataField | None) -> Misfit | None:
    """Why a value does not fit the field that describes it, by the rules of uploads (`validation.row`); None where it does."""
    if described is None:
        return Misfit.UNKNOWN
    if value is None:
        return None
    if not has_type(value, described.data_type):
        return Misfit.TYPE
    if described.allowed_values and as_text(value) not in described.allowed_values:
        return Misfit.VALUE
    return None


def can_break(old: Schema, new: Schema) -> bool:
    """Whether a change of the schema can leave records behind: a field removed or renamed, another type, fewer values."""
    return any(name not in new or _is_narrower(field, new[name]) for name, field in old.items())


def _is_narrower(old: MetadataField, new: MetadataField) -> bool:
    fewer = bool(new.allowed_values) and (
        not old.allowed_values or not set(old.allowed_values) <= set(new.allowed_values)
    )
    return fewer or old.data_type.lower() != new.data_type.lower()


def by_name(schema: Iterable[MetadataField]) -> dict[str, MetadataField]:
    """The fields of a schema by their names."""
    return {each.field_name: each for each in schema}


def distinct_values(
    records: Iterable[Mapping[str, Any] | None], name: str, most: int
) -> Sequence[str] | None:
    """What a metadata field holds in these records, in order, as `allowed_values` write it; None for more than `most`, or for
    values that are no single text, number, or true or false.
    """
    found: set[str] = set()
    for metadata in records:
        value = (metadata or {}).get(name)
        if value is None:
            continue
        if not isinstance(value, str | int | float):
            return None
        found.add(as_text(value))
        if len(found) > most:
            return None
    return sorted(found)
