"""What a forked child does: give up what it does not need, take on its limits, and call one function."""

import contextlib
import os
import pickle
import resource
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Sequence
from typing import NoReturn

from apps.jobs.isolation.channel import Channel, Kind

REQUEST = 256  # bytes of each, so that many processes can ask over one socket
OUT_OF_MEMORY = 71  # exit status
FAULT = 70


def run(data: int, files: Sequence[int], folder: str, memory: int, cpu: int) -> NoReturn:
    """Call the function whose name and arguments come first over `data`; never come back. Its temporary files are in
    `folder`; `memory` is in bytes, `cpu` in seconds.
    """
    _let_go([data, *files])
    tempfile.tempdir = folder
    _limit(memory, cpu)
    channel = Channel(socket.socket(fileno=data))
    status = 0
    try:
        channel.send(b"", Kind.READY)
        function, arguments = pickle.loads(channel.receive()[1])  # noqa: S301 - from the process that started us
        function(
            channel,
            *(os.fdopen(file, "r+b" if place else "rb") for place, file in enumerate(files)),
            **arguments,
        )
    except MemoryError:
        status = OUT_OF_MEMORY
    except (BrokenPipeError, ConnectionError, EOFError):
        status = FAULT  # nobody listens any more
    except BaseException as error:  # noqa: BLE001 - a panic in Rust is one; whatever it is, the other process logs it
        status = FAULT
        _report(channel, error)
    os._exit(status)


def _report(channel: Channel, error: BaseException) -> None:
    """Where it went wrong, without the words of the error: they may hold what is in the file."""
    where = "".join(traceback.format_tb(error.__traceback__))
    with contextlib.suppress(OSError):  # nobody listens any more
        channel.send(f"{where}{type(error).__name__}".encode(errors="replace"), Kind.FAULT)


def _let_go(kept: Sequence[int]) -> None:
    """Leave the server's process group, its signals and its files. What is printed may be what is in the file."""
    os.setpgid(0, 0)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    low = 3
    for file in [*sorted(kept), os.sysconf("SC_OPEN_MAX")]:
        os.closerange(low, file)
        low = file + 1


def _limit(memory: int, cpu: int) -> None:
    """As the system enforces it. The server looks at memory in use; this one stops what it is too slow for."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (2 * memory, 2 * memory))
