"""The packages the portal runs with are those that docs/packages.md has looked at."""

import re
from importlib.metadata import version

import pytest

from tests.support.compose import ROOT

pytestmark = pytest.mark.any_database
LISTS = "".join((ROOT / name).read_text() for name in ("requirements-science.txt", "requirements.txt"))
PINNED = dict(re.findall(r"^([\w-]+)(?:\[\w+\])?==(\S+)$", LISTS, re.MULTILINE))


def test_each_package_was_looked_at_in_the_version_that_is_pinned() -> None:
    part = (ROOT / "docs/packages.md").read_text()
    assert dict(re.findall(r"^\| ([\w-]+) \| (\d\S*) \|", part, re.MULTILINE)) == PINNED


@pytest.mark.parametrize("name", PINNED)
def test_what_is_installed_is_what_is_pinned(name: str) -> None:
    assert version(name) == PINNED[name]
