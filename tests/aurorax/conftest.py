"""AuroraX as a stub at the client's edge, and a client that asks it."""

from collections.abc import Iterator

import pytest
import responses

from apps.aurorax import AuroraX, AuroraXCredential, DataSource
from tests.aurorax.against_sandbox import EXAMPLE, client_of
from tests.support.sandbox import SandboxProcess

API = "http://aurorax.test"


@pytest.fixture
def api() -> Iterator[responses.RequestsMock]:
    """Answers instead of AuroraX; every answer that is set up must be asked for."""
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def caller() -> AuroraX:
    """The client of somebody with an API key."""
    return AuroraX(AuroraXCredential("api_key", "a-key-for-tests"), API)


@pytest.fixture
def source() -> DataSource:
    """A data source as AuroraX describes it."""
    return DataSource(
        identifier=103,
        program="trex",
        platform="gillam",
        instrument_type="RGB ASI",
        source_type="ground",
        display_name="TREx RGB GILL",
    )


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses the client would have made, in seconds, instead of making them."""
    made: list[float] = []
    monkeypatch.setattr("apps.aurorax.transport._sleep", made.append)
    monkeypatch.setattr("apps.aurorax.polling._sleep", made.append)
    return made


@pytest.fixture
def owner(sandbox: SandboxProcess) -> AuroraX:
    """owner@example.org at the sandbox."""
    return client_of("owner", sandbox)


@pytest.fixture
def admin(sandbox: SandboxProcess) -> AuroraX:
    """The Administrator at the sandbox."""
    return client_of("admin", sandbox)


@pytest.fixture
def example(owner: AuroraX) -> DataSource:
    """The documentation's source, just created."""
    return owner.sources.create(EXAMPLE)
