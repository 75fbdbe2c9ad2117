"""Rules of the house that no other tool keeps."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from apps.ui.pages import root_id

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = sorted(path for ending in ("html", "jinja") for path in (ROOT / "templates").rglob(f"*.{ending}"))
PYTHON = [path for app in ("apps", "portal") for path in sorted((ROOT / app).rglob("*.py"))]
FRAGMENTS = [path for path in TEMPLATES if path.name.startswith("_")]


def name_of(template: Path) -> str:
    return template.relative_to(ROOT / "templates").as_posix()


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_every_template_is_used(template: Path) -> None:
    wanted = f'"{name_of(template)}"'
    assert any(wanted in path.read_text() for path in [*PYTHON, *TEMPLATES] if path != template)


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=name_of)
def test_a_fragments_root_element_is_called_like_its_file(fragment: Path) -> None:
    text = re.sub(r"\{%.*?%\}|\{#.*?#\}", "", fragment.read_text(), flags=re.DOTALL)
    first_tag = re.search(r"<[a-z][^>]*>", text, flags=re.DOTALL)
    assert first_tag, "no element"
    assert f'id="{root_id(name_of(fragment))}"' in first_tag[0]


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|hx-on|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert not re.search(r"""(?:src|href)="https?://[^"]*\.(?:js|css|woff2?)""", text)


def test_no_module_grows_beyond_250_lines() -> None:
    long = {path.relative_to(ROOT).as_posix() for path in PYTHON if len(path.read_text().splitlines()) > 250}
    assert long == set()


def test_every_setting_is_explained_in_the_example() -> None:
    """`.env.example` is where people look for what can be set."""
    read = set()
    for path in [ROOT / "portal/settings.py", ROOT / "gunicorn.conf.py", ROOT / "apps/sandbox/settings.py"]:
        read |= set(re.findall(r'env\.[a-z_]+\(\s*"([A-Z0-9_]+)"', path.read_text()))
    explained = set(
        re.findall(r"^#? ?([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    )
    assert read - explained == set()


@pytest.mark.parametrize(("name", "least"), [("true-values.md", 80), ("security.md", 20), ("files.md", 40)])
def test_every_row_of_a_table_of_promises_names_a_test_that_exists(name: str, least: int) -> None:
    """What is said there is shown by a test."""
    table = (ROOT / "docs" / name).read_text()
    missing, module = list[str](), ""
    for path, test in re.findall(r"`(tests/[\w/]+\.py)?::(test_\w+)`", table):
        module = path or module
        if f"def {test}(" not in (ROOT / module).read_text():
            missing.append(f"{module}::{test}")
    rows = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith("| what ")]
    rows += [line for line in table.splitlines() if line.startswith("| what ") and "::test_" in line]
    assert len(rows) > least
    assert [row for row in rows if "::test_" not in row] == []
    assert missing == []


def test_every_file_that_the_documentation_names_exists() -> None:
    named = {
        (page.name, path)
        for page in [*(ROOT / "docs").rglob("*.md"), ROOT / "CONTRIBUTING.md", ROOT / "README.md"]
        for path in re.findall(
            r"`((?:apps|portal|tests|docs|tools|templates|static)/[\w./-]+)`", page.read_text()
        )
    }
    assert len(named) > 60
    assert {(page, path) for page, path in named if not (ROOT / path).exists()} == set()


def test_readers_and_validation_do_without_django() -> None:
    """They run in a process of their own, where nothing is configured and no secret is known."""
    code = "import io; from apps.readers import Layout, open_table; import apps.validation.batches"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        check=False,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr.decode()


# Names that Django or the language give, each inside of something that says whose it is.
SHARED_CLASS_NAMES = {"Command", "Meta", "Kind"}


def test_a_class_name_means_one_thing() -> None:
    """Readers and grep follow names, not modules. The sandbox is a program of its own; migrations show the past."""
    defined: dict[str, list[str]] = {}
    for path in PYTHON:
        if not {"sandbox", "migrations"} & set(path.parts):
            for name in re.findall(r"^ *class (\w+)", path.read_text(), flags=re.MULTILINE):
                defined.setdefault(name, []).append(str(path.relative_to(ROOT)))
    shared = {name: paths for name, paths in defined.items() if len(paths) > 1}
    assert {name: paths for name, paths in shared.items() if name not in SHARED_CLASS_NAMES} == {}
