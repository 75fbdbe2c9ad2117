"""How many examples a property test tries: the same 100 each time in the suite, random ones and more at night."""

import os

from hypothesis import settings

# `PROPERTY_EXAMPLES=2000 pytest …`, which `make properties` does.
property_settings = settings(
    max_examples=int(os.environ.get("PROPERTY_EXAMPLES", "100")),
    derandomize="PROPERTY_EXAMPLES" not in os.environ,
    deadline=None,
)
