"""Data sources: made, changed, deleted."""

from collections.abc import Mapping
from typing import Any

from apps.snippets.literals import Code, curl, here, literal, python

LEFT_OUT_BY_ADD = ("owner", "maintainers")
ADD = """
source = aurorax.search.sources.add(pyaurorax.search.DataSource(**FIELDS))
"""
REST = """
# PyAuroraX leaves these out when it adds a data source.
source = aurorax.search.sources.update(source.identifier, **REST)
"""
UPDATE = """
source = aurorax.search.sources.update({identifier}, **CHANGES)
# PyAuroraX says nothing where AuroraX refuses: what it holds now does.
for name, value in CHANGES.items():
    if getattr(source, name) != value:
        raise SystemExit(f"AuroraX holds another {{name}}: {{getattr(source, name)!r}}")
print("Saved:", ", ".join(CHANGES))
"""
DELETE = """
aurorax.search.sources.delete({identifier})
# PyAuroraX says nothing where AuroraX refuses: whether it is still there does.
try:
    aurorax.search.sources.get_using_identifier({identifier})
except pyaurorax.exceptions.AuroraXAPIError as error:
    if "404" not in str(error) and "not found" not in str(error).lower() and "no data source" not in str(error).lower():
        raise
    print("Deleted.")
else:
    raise SystemExit("AuroraX did not delete it.")
"""


def created(base_url: str, fields: Mapping[str, Any]) -> Code:
    """A new one with these fields; what has no value is left out."""
    stated = {name: value for name, value in fields.items() if value not in (None, "")}
    first = {name: value for name, value in stated.items() if name not in LEFT_OUT_BY_ADD}
    rest = {name: value for name, value in stated.items() if name in LEFT_OUT_BY_ADD and value}
    body = f"\nFIELDS = {literal(first)}\n"
    body += (f"REST = {literal(rest)}\n" if rest else "") + ADD + (REST if rest else "")
    body += 'print("Made:", source.identifier)\n'
    send = f'\napi --request POST "$API/data_sources" {here(stated)}'
    return Code(python(base_url, body), curl(base_url, send))


def updated(base_url: str, identifier: int, changes: Mapping[str, Any]) -> Code:
    """Only these fields. AuroraX leaves alone what is null."""
    stated = {name: value for name, value in changes.items() if value is not None}
    body = f"\nCHANGES = {literal(stated)}\n" + UPDATE.format(identifier=identifier)
    send = f'\napi --request PATCH "$API/data_sources/{identifier}" {here(stated)}'
    return Code(python(base_url, body), curl(base_url, send))


def deleted(base_url: str, identifier: int) -> Code:
    """One that has to be empty."""
    body = DELETE.format(identifier=identifier)
    return Code(
        python(base_url, body), curl(base_url, f'\napi --request DELETE "$API/data_sources/{identifier}"\n')
    )
