"""Values as they stand in Python and in a shell, and how every snippet begins. The key comes from the environment."""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pprint import pformat
from typing import Any

from apps.aurorax import times

WIDTH = 100
PYTHON_HEAD = """\
{imports}

import pyaurorax

aurorax = pyaurorax.PyAuroraX(api_base_url={base_url}, api_key=os.environ["AURORAX_API_KEY"])
"""
CURL_HEAD = """\
#!/bin/sh
set -eu
API={api}

api() {{
  curl --silent --show-error --fail-with-body \\
    --header "x-aurorax-api-key: $AURORAX_API_KEY" --header 'Content-Type: application/json' "$@"
}}
"""


@dataclass(frozen=True)
class Code:
    """Both scripts; `curl` is empty where it takes more than curl. `note` is what they do otherwise than the button."""

    python: str
    curl: str = ""
    note: str = ""


def python(base_url: str, body: str, *imports: str) -> str:
    """A whole script, which imports `os` and these."""
    lines = "\n".join(sorted({"import os", *imports}, key=lambda line: (line.startswith("from"), line)))
    return PYTHON_HEAD.format(imports=lines, base_url=literal(base_url)) + body


def curl(base_url: str, body: str) -> str:
    """A whole script."""
    return CURL_HEAD.format(api=shlex.quote(f"{base_url}/api/v1")) + body


def literal(value: Any) -> str:
    """A value of JSON in Python."""
    return pformat(value, width=WIDTH, sort_dicts=False)


def instant(moment: datetime) -> str:
    """A time in Python. PyAuroraX drops the zone and means UTC: with UTC there is nothing to drop."""
    text = times.write(moment)
    parts = ", ".join(
        str(int(part)) for part in (text[:4], text[5:7], text[8:10], text[11:13], text[14:16], text[17:19])
    )
    return f"datetime({parts}, tzinfo=timezone.utc)"


def here(value: Any) -> str:
    """The end of a command that sends JSON. No line of it can end the text: each begins with a sign of JSON."""
    return f"--data @- <<'JSON'\n{json.dumps(value, indent=2, ensure_ascii=False)}\nJSON\n"


def names(source: Mapping[str, str]) -> str:
    """Program, platform and instrument type, as a search takes them."""
    lists = {f"{name}s": [value] for name, value in source.items()}
    return ", ".join(f"{name}={literal(value)}" for name, value in lists.items())


def listed(values: Sequence[Any]) -> str:
    """A list in Python, one value a line."""
    return (
        "[\n"
        + "".join(f"    {literal(value).replace(chr(10), chr(10) + '    ')},\n" for value in values)
        + "]"
    )
