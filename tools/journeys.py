"""How much of the portal a reader has to know: `python -m tools.journeys`, which `make journeys` calls.

The modules on a journey are those of `apps/` and `portal/`, without the sandbox, of which at least one function is called
while the body of one test runs, in whatever thread. Fixtures (signing in, making the data source) are no part of it, nor is
what runs once when a module is imported: every module is imported before. So a module of which only constants, classes or
dataclasses are used is not counted, and neither are templates.

"All" counts every such module. "Its own" leaves out those that are on the way of an empty page, too (`EMPTY_PAGE`, the
list of uploads of somebody who has none and asks AuroraX for their data sources): the middleware, access, the page shell,
the client. A reader meets those once, not on each journey. The numbers wanted are meant for a journey's own.
"""

import ast
import importlib
import inspect
import io
import os
import pkgutil
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout
from multiprocessing import get_context
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
EMPTY_PAGE = "tests/uploads/test_pages.py::test_somebody_without_uploads_is_told_where_to_begin"
LONG_MODULE, LONG_FUNCTION = 250, 25  # lines
MOST_LONG_FUNCTIONS = 16
LARGEST_SHARE = 0.2  # of all lines, for one package


class Journey(NamedTuple):
    """Something a person does, the test that does it, and how many modules there should be on the way at most."""

    name: str
    test: str
    most: int


JOURNEYS = (
    Journey("one upload", "tests/uploads/test_sending.py::test_a_day_is_sent_verified_and_read_back", 45),
    Journey("one source edit", "tests/sources/test_editing.py::test_only_what_was_changed_is_sent", 20),
)


class Tracer:
    """A plugin for pytest: the files of the portal whose functions run while a test does."""

    def __init__(self) -> None:
        self.files: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Iterator[None]:
        """Around the body of the test, without its fixtures."""
        import_everything()
        threading.setprofile(self._see)
        sys.setprofile(self._see)
        try:
            return (yield)
        finally:
            sys.setprofile(None)
            threading.setprofile(None)

    def _see(self, frame: FrameType, event: str, argument: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_flags & inspect.CO_OPTIMIZED:  # no module's or class's own code
            self.files.add(code.co_filename)


def import_everything() -> None:
    """Import all modules, so that a test that is the first to need one does not run what stands in it."""
    for package in ("apps", "portal"):
        for module in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            if (
                not module.name.startswith(("apps.sandbox", "apps.conformance"))
                and ".migrations" not in module.name
            ):
                importlib.import_module(module.name)


def modules_of(test: str) -> frozenset[str]:
    """The modules on the way of one test, by their paths. Raises `RuntimeError` when it fails."""
    tracer, told = Tracer(), io.StringIO()
    with redirect_stdout(told):
        status = pytest.main([test, "-q", "-p", "no:randomly", "-p", "no:cacheprovider"], plugins=[tracer])
    if status != pytest.ExitCode.OK:
        raise RuntimeError(f"{test} did not pass:\n{told.getvalue()}")
    seen = (Path(file) for file in tracer.files)
    ours = {path.relative_to(ROOT).as_posix() for path in seen if path.is_relative_to(ROOT)}
    return frozenset(
        each for each in ours if each.startswith(("apps/", "portal/")) and "/sandbox/" not in each
    )


def sources() -> dict[str, str]:
    """The text of every module of the portal by its path, without the sandbox and migrations."""
    paths = [*ROOT.glob("apps/**/*.py"), *ROOT.glob("portal/**/*.py")]
    names = {path.relative_to(ROOT).as_posix(): path for path in sorted(paths)}
    return {
        name: path.read_text()
        for name, path in names.items()
        if not name.startswith("apps/sandbox/") and "/migrations/" not in name
    }


def long_functions(texts: dict[str, str]) -> list[tuple[int, str]]:
    """Functions of more lines than `LONG_FUNCTION`, docstring included and decorators not: lines and place, longest first."""
    found = [
        (lines, f"{name}:{node.lineno} {node.name}")
        for name, text in texts.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > LONG_FUNCTION
    ]
    return sorted(found, reverse=True)


def package_of(name: str) -> str:
    """`apps/uploads/page.py` belongs to `apps/uploads`, `portal/urls.py` to `portal`."""
    parts = name.split("/")
    return "/".join(parts[:2]) if parts[0] == "apps" else parts[0]


def print_journeys(*, naming: bool) -> None:
    """How many modules are on each journey; with `naming` also which, those on every journey in brackets."""
    tests = [EMPTY_PAGE, *(each.test for each in JOURNEYS)]
    with get_context("spawn").Pool(
        1, maxtasksperchild=1
    ) as pool:  # each afresh: what is cached would not be seen
        everywhere, *found = pool.map(modules_of, tests, chunksize=1)
    print(f"{'Modules on the way of':30} {'all':>6} {'its own':>8} {'at most':>8}")
    print(f"{'an empty page':30} {len(everywhere):6}")
    for journey, modules in zip(JOURNEYS, found, strict=True):
        print(f"{journey.name:30} {len(modules):6} {len(modules - everywhere):8} {journey.most:8}")
        for name in sorted(modules) if naming else ():
            print(f"    {f'({name})' if name in everywhere else name}")


def print_sizes(texts: dict[str, str]) -> None:
    """The share of each package, and what is longer than it should be."""
    lines = {name: text.count("\n") for name, text in texts.items()}
    packages = Counter[str]()
    for name, count in lines.items():
        packages[package_of(name)] += count
    print(
        f"\n{'Lines':30} {packages.total():6} in {len(lines)} modules, at most {LARGEST_SHARE:.0%} in one package"
    )
    for name, count in packages.most_common():
        print(f"{name:30} {count:6} {count / packages.total():8.1%}")
    long = sorted(((count, name) for name, count in lines.items() if count > LONG_MODULE), reverse=True)
    print(f"\nModules of more than {LONG_MODULE} lines: {len(long)}")
    for count, name in long:
        print(f"{count:6} {name}")
    functions = long_functions(texts)
    print(f"\nFunctions of more than {LONG_FUNCTION} lines: {len(functions)}, at most {MOST_LONG_FUNCTIONS}")
    for count, name in functions:
        print(f"{count:6} {name}")


if __name__ == "__main__":
    os.chdir(ROOT)
    print_journeys(naming="--names" in sys.argv)
    print_sizes(sources())
