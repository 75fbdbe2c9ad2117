"""The table of behaviours points at tests that exist."""

import re
from pathlib import Path

FOLDER = Path(__file__).parent
TABLE = FOLDER.parents[1] / "docs/aurorax-api.md"


def test_every_test_the_table_names_exists() -> None:
    tests = re.findall(r"def (test_\w+)", "".join(path.read_text() for path in FOLDER.glob("test_*.py")))
    modules = [path.stem for path in FOLDER.glob("test_*.py")]
    named = re.findall(r"`(test_\w+)(?:\.py)?(…)?`", TABLE.read_text())
    missing = [
        name
        for name, cut in named
        if name not in modules and not any(test.startswith(name) if cut else test == name for test in tests)
    ]
    assert len(named) > 100
    assert missing == []
