"""Functions that children are asked to call."""

import os
import time
from typing import BinaryIO

from apps.jobs.isolation import Channel


def copy(channel: Channel, source: BinaryIO, target: BinaryIO, *, name: str) -> None:
    """Answer a name and its process, and copy the file."""
    target.write(source.read())
    target.flush()
    channel.send(f"{name} {os.getpid()}".encode())


def stay(channel: Channel, source: BinaryIO) -> None:
    """Answer its process, and stay."""
    channel.send(str(os.getpid()).encode())
    time.sleep(600)
