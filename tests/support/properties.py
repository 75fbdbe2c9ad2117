"""How many examples a property test tries: the same 25 each time in the suite, random ones and more at night.

To open a file takes as long for one row as for a hundred. Where an example is a file and the property is one of each of its
values, `values` puts many into one file, and a fifth of the files hold as many of them.
"""

import os
from collections.abc import Callable
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st

Value = TypeVar("Value")
EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "25"))

# `PROPERTY_EXAMPLES=2000 pytest …`, which `make properties` does.
property_settings = settings(
    max_examples=EXAMPLES,
    derandomize="PROPERTY_EXAMPLES" not in os.environ,
    deadline=None,
)
file_settings = settings(property_settings, max_examples=EXAMPLES // 5)


def values(
    each: st.SearchStrategy[Value], unique_by: Callable[[Value], object] | None = None
) -> st.SearchStrategy[list[Value]]:
    """What one file holds: a few values, or many."""
    few = st.lists(each, min_size=1, max_size=3, unique_by=unique_by)
    return few | st.lists(each, min_size=20, max_size=40, unique_by=unique_by)
