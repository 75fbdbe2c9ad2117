"""Readers for the sandbox's settings. A value that cannot be used stops the process with a sentence on how to mend it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import environ

BASE_DIR = Path(__file__).resolve().parents[2]
PREFIX = "SANDBOX_"

environ.Env.read_env(BASE_DIR / ".env")
_env = environ.Env()


class WrongSetting(SystemExit):
    """A setting that cannot be used; as a `SystemExit` it ends the command without a traceback."""

    def __init__(self, name: str, value: str, cure: str) -> None:
        super().__init__(f"{name} is {value!r}, which cannot be used. {cure}")


def text(name: str, default: str) -> str:
    """Any text, without surrounding blanks; an empty variable counts as one that is not set."""
    return str(_env.str(name, default=default)).strip() or default


def port(name: str, default: int) -> int:
    """A TCP port."""
    raw = text(name, str(default))
    if not raw.isdecimal() or not 1 <= int(raw) <= 65535:
        raise WrongSetting(name, raw, f"Write a port from 1 to 65535, such as {default}.")
    return int(raw)


def choice(name: str, options: tuple[str, ...], default: str) -> str:
    """One of a few words."""
    word = text(name, default).lower()
    if word not in options:
        raise WrongSetting(name, word, f"Write one of: {', '.join(options)}.")
    return word


def given(names: tuple[str, ...]) -> Mapping[str, str]:
    """What the environment says for `names` (lower case, without the prefix); names it does not set are left out."""
    return {name: value for name in names if (value := text(PREFIX + name.upper(), ""))}


def database(name: str, default: str) -> dict[str, Any]:
    """Django's settings for `sqlite:///path` (relative to the project folder) or `postgresql://user:password@host/name`."""
    raw = text(name, default)
    scheme = raw.partition(":")[0]
    if scheme not in ("sqlite", "postgres", "postgresql"):
        raise WrongSetting(
            name, f"{scheme}:…", f"Write {default}, or postgresql://user:password@host:5432/name."
        )
    config: dict[str, Any] = _env.db_url_config(raw) | {"CONN_MAX_AGE": None}
    return _sqlite(config) if scheme == "sqlite" else config


def _sqlite(config: dict[str, Any]) -> dict[str, Any]:
    """Write-ahead log, so that readers never wait, and the write lock taken when a transaction starts.

    The log is folded into the file every 40 MB instead of 4: uploads touch the same pages again and again.
    """
    path = BASE_DIR / config["NAME"]
    path.parent.mkdir(parents=True, exist_ok=True)
    pragmas = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA cache_size=-64000; PRAGMA wal_autocheckpoint=10000;"
    )
    options = {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": pragmas}
    return config | {"NAME": str(path), "OPTIONS": options}
