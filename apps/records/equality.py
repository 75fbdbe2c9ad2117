"""Whether two JSON values say the same: the one place that decides what counts as unchanged, arrived or put back."""

from collections.abc import Iterator, Mapping
from typing import Any

# Relative, without an absolute floor. AuroraX keeps floats as doubles, and some servers write a double with fifteen
# significant digits, as PostgreSQL did before its version 12: that errs by at most 5 in the sixteenth digit, 5e-15 of the
# value. Twice that leaves room for reading it again, and for nothing that anybody has typed.
FLOAT_BOUND = 1e-14


def equal(ours: Any, theirs: Any) -> bool:
    """Whether two JSON values say the same.

    Two floats do within `FLOAT_BOUND` of the larger; all other numbers only exactly, so that 1 and 1.0 are equal, and
    24567890 and 24567902 are not. Texts, booleans, null, a missing member and an empty text are all different. The
    order of an object's members says nothing.
    """
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(
            equal(value, theirs[name]) for name, value in ours.items()
        )
    if isinstance(ours, list | tuple) and isinstance(theirs, list | tuple):
        return len(ours) == len(theirs) and all(map(equal, ours, theirs))
    if isinstance(ours, float) and isinstance(theirs, float):
        return abs(ours - theirs) <= FLOAT_BOUND * max(abs(ours), abs(theirs))
    if isinstance(ours, bool) or isinstance(theirs, bool):  # Python takes True for 1
        return ours is theirs
    return bool(ours == theirs)


def members_differing(
    name: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[tuple[str, Any, Any]]:
    """The members in which two objects differ, by `name.member`, with both values. One that is missing is none, not even
    null.
    """
    for member in dict.fromkeys([*new, *old]):
        if (member in new) != (member in old) or not equal(new.get(member), old.get(member)):
            yield f"{name}.{member}", old.get(member), new.get(member)
