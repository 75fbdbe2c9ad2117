"""Nothing outside their own apps tells record types apart by their slugs."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# A slug, and what is named after one: `ephemeris-browse`, `products/form.html`, `ephemeris.create`.
NAMED = r"(?:ephemeris|products)(?:[-./][^\s\"']*)?"
IN_TEMPLATE = re.compile(rf"""["']({NAMED})["']""")
# The types' own apps; the client and the sandbox speak the API's language, conformance asks about it.
OWN = ("ephemeris", "products", "aurorax", "sandbox", "conformance")
ALLOWED = {
    # AuroraX's access matrix names a right for each action on each type; a record type says which are its own.
    "apps/permissions/actions.py": {
        f"{slug}.{verb}" for slug in ("ephemeris", "products") for verb in ("create", "update", "delete")
    },
    # The map shows where data sources stand, which only their ephemeris says: it leads there.
    "templates/sources/site_lists.html": {"ephemeris-browse"},
    # The id of the editor of the API's field `ephemeris_metadata_schema`.
    "templates/sources/_ephemeris_metadata_schema.html": {"ephemeris-metadata-schema"},
}


def in_python(text: str) -> Iterator[str]:
    """The strings of a module, f-strings too, that are named after a record type."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(NAMED, node.value):
            yield node.value


def files() -> Iterator[Path]:
    for folder in ("apps", "portal"):
        for path in (ROOT / folder).rglob("*.py"):
            parts = path.relative_to(ROOT).parts
            if not (parts[0] == "apps" and parts[1] in OWN) and "migrations" not in parts:
                yield path
    for path in (ROOT / "templates").rglob("*.*"):
        if path.relative_to(ROOT).parts[1] not in OWN:
            yield path


def named_in(path: Path) -> set[str]:
    text = path.read_text()
    return set(in_python(text) if path.suffix == ".py" else IN_TEMPLATE.findall(text))


def test_no_slug_of_a_record_type_stands_outside_its_app() -> None:
    found = {str(path.relative_to(ROOT)): named for path in files() if (named := named_in(path))}
    assert found == ALLOWED  # also when one that is allowed has gone


@pytest.mark.parametrize(
    "text",
    [
        'if kind == "ephemeris":',
        'reverse(f"products-{page}")',
        "x = {'ephemeris': 1}",
        'y = "products-browse"',
    ],
)
def test_a_slug_in_python_is_found(text: str) -> None:
    assert list(in_python(text + "\n    pass" if text.endswith(":") else text))


@pytest.mark.parametrize("text", ["{% if kind.slug == 'products' %}", '{% url "ephemeris-browse" 1 %}'])
def test_a_slug_in_a_template_is_found(text: str) -> None:
    assert IN_TEMPLATE.findall(text)
