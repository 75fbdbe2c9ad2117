"""`manage.py sandbox`: migrate, seed once, serve."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.wsgi import get_wsgi_application
from django.db import connections
from gunicorn.app.base import BaseApplication

from apps.sandbox.seed.accounts import PEOPLE
from apps.sandbox.seed.load import seed_once, size

GUNICORN = {
    "worker_class": "gthread",
    "workers": 1,  # switches, dice and the order of pending work live in the process
    "threads": 8,
    "keepalive": 75,  # seconds
    "graceful_timeout": 2,  # seconds
    "loglevel": "warning",
    "control_socket_disable": True,
}


class Command(BaseCommand):
    """Serves the sandbox AuroraX API until Ctrl-C."""

    help = "Serve the sandbox AuroraX API."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default=settings.SANDBOX_HOST)
        parser.add_argument("--port", type=int, default=settings.SANDBOX_PORT)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        """Prepare the database, say where everything is, and serve."""
        if settings.SETTINGS_MODULE != "apps.sandbox.settings":
            raise CommandError("The sandbox runs with its own settings: unset DJANGO_SETTINGS_MODULE.")
        call_command("migrate", verbosity=0)
        if seed_once():
            self.stdout.write(
                f"Filled {connections['default'].settings_dict['NAME']} with the {size()} seed."
            )
        connections.close_all()  # the server forks; connections must not be shared
        self._introduce(f"http://{host}:{port}")
        Server(f"{host}:{port}").run()

    def _introduce(self, address: str) -> None:
        self.stdout.write(
            f"Sandbox AuroraX API on {address} (accounts, switches and API document are there too)"
        )
        line = "  {:<24}{:<20}{:<24}{}"
        self.stdout.write(line.format("e-mail address", "password", "API key", "role"))
        for person in PEOPLE:
            self.stdout.write(line.format(person.email_address, person.password, person.api_key, person.role))
        self.stdout.flush()


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn, told what it needs by code instead of a file."""

    def __init__(self, bind: str) -> None:
        self.bind = bind
        super().__init__()

    def load_config(self) -> None:
        """Where and how to serve."""
        for name, value in (GUNICORN | {"bind": self.bind}).items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """What to serve."""
        return get_wsgi_application()
