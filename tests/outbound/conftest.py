"""The web server that feeds are tried with."""

from tests.feeds.conftest import certificate, data  # noqa: F401
