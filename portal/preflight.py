"""A look around before `make run` starts its processes: trouble is then one message instead of three logs."""

import socket
import sys
from typing import NamedTuple

from portal import env


class Listener(NamedTuple):
    """A process that listens, and the variables that say where."""

    name: str
    prefix: str
    port: int


LISTENERS = (
    Listener("portal", "PORTAL", 8000),
    Listener("sandbox", "SANDBOX", 8080),
)


def main() -> None:
    """Stop with a message when a port is taken."""
    for listener in LISTENERS:
        host = env.text(f"{listener.prefix}_HOST", "127.0.0.1")
        port = env.integer(f"{listener.prefix}_PORT", listener.port, least=1, most=65535)
        if taken(host, port):
            sys.exit(
                f"Port {port} on {host} is taken, so the {listener.name} cannot start. "
                f"Stop the program that uses it, or choose another port: {listener.prefix}_PORT={port + 1} make run"
            )


def taken(host: str, port: int) -> bool:
    """Whether another program listens there. Asked by listening for a moment, as the server itself would."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


if __name__ == "__main__":
    main()
