"""Where the portal is, and the token: from the environment, or from a file that only its owner can read."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from aurorax_portal.exits import USAGE, Ended

URL, TOKEN, CONFIG = "AURORAX_PORTAL_URL", "AURORAX_PORTAL_TOKEN", "AURORAX_PORTAL_CONFIG"
LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Settings:
    """The address of the portal, without a slash at its end, and the token."""

    url: str
    token: str


def read(environment: Mapping[str, str], *, url: str = "") -> Settings:
    """The settings. What the environment has wins over the file. Raises `Ended`."""
    kept = _file(environment)
    address = (url or environment.get(URL) or kept.get("url") or "").rstrip("/")
    token = environment.get(TOKEN) or kept.get("token") or ""
    if not address:
        raise Ended(
            USAGE,
            f"Say where the portal is: set {URL}, or write “url = https://…” into {path_of(environment)}.",
        )
    if not token:
        raise Ended(
            USAGE,
            f"There is no token. Make one on the portal's page Settings, Tokens, and set {TOKEN}, or write “token = axp_…”"
            f" into {path_of(environment)}.",
        )
    return Settings(_checked(address), token.strip())


def path_of(environment: Mapping[str, str]) -> Path:
    """Where the file is."""
    if given := environment.get(CONFIG):
        return Path(given)
    home = environment.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(home) / "aurorax-portal" / "config"


def _checked(address: str) -> str:
    """A token is not sent where others could read it on the way."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Ended(
            USAGE, f"{address} is no address of a portal. Write one such as https://portal.example.org."
        )
    if parts.scheme == "http" and parts.hostname not in LOCAL:
        raise Ended(
            USAGE, f"{address} is not encrypted, and anybody on the way could read the token. Use https."
        )
    return address


def _file(environment: Mapping[str, str]) -> dict[str, str]:
    """`name = value` lines; # begins a comment."""
    path = path_of(environment)
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise Ended(USAGE, f"{path} cannot be read: {error}.") from None
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise Ended(USAGE, f"Others can read {path}, and the token in it. Run: chmod 600 {path}")
    lines = (line.split("#")[0].partition("=") for line in text.splitlines())
    return {name.strip(): value.strip() for name, sign, value in lines if sign}
