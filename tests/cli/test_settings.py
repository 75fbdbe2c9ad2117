"""Where the command line finds the portal and the token."""

from pathlib import Path

import pytest

from aurorax_portal import settings
from aurorax_portal.exits import USAGE, Ended

pytestmark = pytest.mark.any_database

TOKEN = "axp_abcdefgh_secret"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config"
    path.write_text(f"# mine\nurl = https://portal.example.org/\ntoken = {TOKEN} # weekly\n")
    path.chmod(0o600)
    return path


def test_a_file_that_only_its_owner_can_read_says_both(config: Path) -> None:
    found = settings.read({"AURORAX_PORTAL_CONFIG": str(config)})
    assert found == settings.Settings("https://portal.example.org", TOKEN)


def test_the_environment_wins(config: Path) -> None:
    env = {
        "AURORAX_PORTAL_CONFIG": str(config),
        "AURORAX_PORTAL_URL": "https://x.org",
        "AURORAX_PORTAL_TOKEN": "t",
    }
    assert settings.read(env) == settings.Settings("https://x.org", "t")
    assert settings.read(env, url="https://y.org").url == "https://y.org"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_file_that_others_can_read_is_refused(config: Path, mode: int) -> None:
    config.chmod(mode)
    with pytest.raises(Ended, match="chmod 600") as refused:
        settings.read({"AURORAX_PORTAL_CONFIG": str(config)})
    assert refused.value.code == USAGE


@pytest.mark.parametrize("url", ["http://portal.example.org", "ftp://x.org", "portal.example.org", ""])
def test_a_token_goes_nowhere_that_is_not_encrypted(tmp_path: Path, url: str) -> None:
    env = {
        "AURORAX_PORTAL_CONFIG": str(tmp_path / "none"),
        "AURORAX_PORTAL_URL": url,
        "AURORAX_PORTAL_TOKEN": TOKEN,
    }
    with pytest.raises(Ended) as refused:
        settings.read(env)
    assert refused.value.code == USAGE


def test_without_a_token_it_says_how_to_get_one(tmp_path: Path) -> None:
    env = {"XDG_CONFIG_HOME": str(tmp_path), "AURORAX_PORTAL_URL": "http://localhost:8000"}
    with pytest.raises(Ended, match="Settings, Tokens"):
        settings.read(env)
