"""docs/security.md tells how many cases there are, and of which kinds."""

import re

import pytest

from tests.attack import cases
from tests.support.clients import UNFINISHED
from tests.support.compose import ROOT

pytestmark = pytest.mark.any_database


def test_the_table_of_the_documentation_counts_the_cases_as_they_are() -> None:
    part = (ROOT / "docs/security.md").read_text().partition("## What was tried")[2].partition("\n## ")[0]
    told = {name: int(count) for name, count in re.findall(r"^\| ([^|]+) \| (\d+) \|", part, re.MULTILINE)}
    counted = cases.count() | {
        "connections that are never finished, at the portal and at nginx": 2 * len(UNFINISHED)
    }
    assert told == counted
    assert sum(told.values()) >= 150
