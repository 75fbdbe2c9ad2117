"""Readers for settings that come from the environment.

Each reader answers a checked value or stops the process with one message that names the variable, shows what was
given and says how to mend it. `.env` in the project folder is read first; real environment variables win over it.
"""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from cryptography.fernet import Fernet

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

environ.Env.read_env(BASE_DIR / ".env")
_env = environ.Env()

TRUE_WORDS = ("1", "true", "yes", "on")
FALSE_WORDS = ("0", "false", "no", "off")
MOST_RECORDS, MOST_CONNECTIONS = 10_000, 32  # of one request, and at once
PACE_HINT = f"Write records of a request (1 to {MOST_RECORDS}) x connections (1 to {MOST_CONNECTIONS}), such as 500x1."


class WrongSetting(SystemExit):
    """A setting that cannot be used. As a `SystemExit` it ends any command with its message and no traceback."""

    def __init__(self, name: str, value: str, hint: str) -> None:
        super().__init__(f"{name} is {value!r}, which cannot be used. {hint}")


def text(name: str, default: str = "") -> str:
    """Any text; surrounding blanks are cut."""
    return str(_env.str(name, default=default)).strip()


def listing(name: str, default: Sequence[str] = ()) -> list[str]:
    """A list of texts separated by commas; empty entries are dropped."""
    return [entry.strip() for entry in text(name, ",".join(default)).split(",") if entry.strip()]


def flag(name: str, *, default: bool) -> bool:
    """A yes or no. Anything but the usual words is an error, so that a typing slip cannot switch something off."""
    word = text(name, str(default)).lower()
    if word not in TRUE_WORDS + FALSE_WORDS:
        raise WrongSetting(name, word, "Write true or false.")
    return word in TRUE_WORDS


def integer(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    """A whole number between `least` and `most`, both included."""
    raw = text(name, str(default))
    limits = f"from {least} to {most}" if most is not None else f"of {least} or more"
    hint = f"Write a whole number {limits}, such as {default}."
    try:
        number = int(raw)
    except ValueError:
        raise WrongSetting(name, raw, hint) from None
    if number < least or (most is not None and number > most):
        raise WrongSetting(name, raw, hint)
    return number


def number(name: str, default: float, *, least: float, most: float) -> float:
    """A number between `least` and `most`, both included."""
    raw = text(name, str(default))
    hint = f"Write a number from {least} to {most}, such as {default}."
    try:
        found = float(raw)
    except ValueError:
        raise WrongSetting(name, raw, hint) from None
    if not least <= found <= most:
        raise WrongSetting(name, raw, hint)
    return found


def integer_if_set(name: str, example: int, *, least: int = 0, most: int | None = None) -> int | None:
    """The same; None where it is not set."""
    return integer(name, example, least=least, most=most) if text(name) else None


def pace(name: str, default: str) -> tuple[int, int]:
    """Records of a request and connections, as `500x1`."""
    raw = text(name, default)
    records, _, connections = raw.lower().partition("x")
    if not (records.isdecimal() and connections.isdecimal()):
        raise WrongSetting(name, raw, PACE_HINT)
    found = int(records), int(connections)
    if not (1 <= found[0] <= MOST_RECORDS and 1 <= found[1] <= MOST_CONNECTIONS):
        raise WrongSetting(name, raw, PACE_HINT)
    return found


def pace_or_auto(name: str) -> tuple[int, int] | None:
    """The same; None for `auto`, and where it is not set."""
    return None if text(name).lower() in ("", "auto") else pace(name, "")


def choice(name: str, options: Sequence[str], default: str) -> str:
    """One of a few words, in any case."""
    word = text(name, default).lower()
    if word not in options:
        raise WrongSetting(name, word, f"Write one of: {', '.join(options)}.")
    return word


def places(name: str) -> dict[str, frozenset[int]]:
    """Places with the data sources they are for, as `/srv/drop/gillam=103+117`; without numbers a place is for all of them."""
    found: dict[str, frozenset[int]] = {}
    for entry in listing(name):
        place, _, numbers = entry.partition("=")
        try:
            found[place.strip()] = frozenset(int(number) for number in numbers.split("+") if number.strip())
        except ValueError:
            raise WrongSetting(
                name, entry, "Write places such as /srv/drop/gillam=103+117, with commas between."
            ) from None
    return found


def url(name: str, default: str, *, schemes: Sequence[str] = ("http", "https")) -> str:
    """An address with one of `schemes` and a host; a slash at its end is cut."""
    raw = text(name, default)
    hint = f"Write an address such as {default or schemes[0] + '://host'}."
    try:
        parts = urlsplit(raw)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        raise WrongSetting(name, raw, hint) from None
    if parts.scheme not in schemes or not parts.hostname:
        raise WrongSetting(name, raw, hint)
    return raw.rstrip("/")


def database(name: str, default: str) -> dict[str, Any]:
    """Django's settings for a database named by an address: sqlite:///path or postgresql://user:password@host/name."""
    raw = text(name, default)
    scheme = raw.partition(":")[0]
    if scheme not in ("sqlite", "postgres", "postgresql"):
        hint = "Write sqlite:///var/portal.sqlite3, or postgresql://user:password@host:5432/name."
        raise WrongSetting(name, raw.partition("@")[0] if "@" not in raw else f"{scheme}://…", hint)
    config: dict[str, Any] = _env.db_url_config(raw)
    return (
        _sqlite(config) if scheme == "sqlite" else config | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    )


def _sqlite(config: dict[str, Any]) -> dict[str, Any]:
    """SQLite for several processes: write-ahead log, and the write lock taken when a transaction starts."""
    if config["NAME"] != ":memory:":
        config["NAME"] = str(BASE_DIR / config["NAME"])
        path = Path(config["NAME"])
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.parent.is_dir() and os.access(path.parent, os.W_OK):
            path.touch(0o600)  # SQLite gives the files beside it the modes of this one
            for file in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
                keep_private(file, 0o600)
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
    return config | {"OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}}


def keep_private(path: Path, mode: int) -> None:
    """Give a file or folder that is there already a mode for its owner alone; what belongs to another user stays."""
    try:
        path.chmod(mode)
    except (FileNotFoundError, PermissionError):
        return


def secret(name: str, *, file: str) -> str:
    """A secret from the environment, or one made at the first start and kept in `var/`, readable by its owner only."""
    return text(name) or _kept(VAR_DIR / file, secrets.token_urlsafe(50))


def fernet_keys(name: str, *, file: str) -> list[str]:
    """Keys for encryption at rest. The first encrypts; all of them decrypt, so a key can be changed without loss."""
    keys = listing(name) or [_kept(VAR_DIR / file, Fernet.generate_key().decode())]
    for key in keys:
        try:
            Fernet(key)
        except ValueError:
            hint = "Make a key with: python -c 'from cryptography.fernet import Fernet as F; print(F.generate_key().decode())'"
            raise WrongSetting(name, "(a key that is not shown)", hint) from None
    return keys


def _kept(path: Path, fresh: str) -> str:
    """What the file holds; `fresh` is written first where there is no file yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(fresh)
    except FileExistsError:
        return path.read_text().strip()
    return fresh
