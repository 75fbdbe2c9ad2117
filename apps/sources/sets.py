"""Merging lists that are meant as sets: the rows of a metadata schema, and maintainers.

Two people may each add, change and remove entries; only an entry that both have changed needs a decision.
"""

from collections import Counter
from collections.abc import Callable, Collection, Hashable
from typing import Any, NamedTuple

Key = tuple[Hashable, int]
Same = Callable[[Any, Any], bool]
SCHEMAS = ("ephemeris_metadata_schema", "data_product_metadata_schema")
SETS = (*SCHEMAS, "maintainers")


class EntryConflict(NamedTuple):
    """One entry that two people changed; None where it is not on a list."""

    name: str
    base: Any
    theirs: Any
    mine: Any


class SetMerge(NamedTuple):
    """The merged list, with mine where there is a conflict, and the conflicts."""

    value: list[Any]
    conflicts: list[EntryConflict]


def merge_sets(
    field: str, *, base: list[Any], mine: list[Any], theirs: list[Any], leave: Collection[str], same: Same
) -> SetMerge:
    """Entries in the order of `mine`, with those that only `theirs` has at the end. `leave` names entries for which the other
    person's version is wanted.
    """
    was, my, their = keyed(field, base), keyed(field, mine), keyed(field, theirs)
    value, conflicts = [], []
    for key in my | their:
        before, now, wanted = was.get(key), their.get(key), my.get(key)
        kept = wanted
        if same(before, wanted) or str(key[0]) in leave:
            kept = now
        elif not same(before, now) and not same(now, wanted):
            conflicts.append(EntryConflict(str(key[0]), before, now, wanted))
        if kept is not None:
            value.append(kept)
    return SetMerge(value, conflicts)


def with_entries(field: str, base: list[Any], conflicts: Collection[EntryConflict]) -> list[Any]:
    """`base` with the other person's version of the entries that are asked about."""
    entries = keyed(field, base)
    for conflict in conflicts:
        key = (conflict.name, 1)
        if conflict.theirs is None:
            entries.pop(key, None)
        else:
            entries[key] = conflict.theirs
    return list(entries.values())


def entry_of(field: str, name: str, value: list[Any]) -> Any:
    """The entry of this name; None where there is none."""
    return keyed(field, value).get((name, 1))


def keyed(field: str, value: list[Any]) -> dict[Key, Any]:
    """Entries by what tells them apart; the second of the same is another one."""
    seen: Counter[Hashable] = Counter()
    entries = {}
    for entry in value:
        name = entry.get("field_name") if field in SCHEMAS else entry
        seen[name] += 1
        entries[(name, seen[name])] = entry
    return entries
