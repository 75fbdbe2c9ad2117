"""AuroraX as a stub at the client's edge."""

from tests.aurorax.conftest import api  # noqa: F401
