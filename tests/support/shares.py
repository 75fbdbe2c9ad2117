"""A part of the tests at a time: `TESTS_SHARE=0/2 pytest …` runs one half, `1/2` the other; without it all of them.

CI has twenty minutes, so `.ci/run` takes the halves in turn, day by day. `make test` runs everything.
"""

import os
from zlib import crc32

import pytest

SHARE = os.environ.get("TESTS_SHARE", "")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what belongs to another share: pytest counts it as deselected."""
    if not SHARE:
        return
    share, shares = map(int, SHARE.split("/"))
    kept = [item for item in items if crc32(item.nodeid.encode()) % shares == share]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept
