"""A process that has loaded what its children need and forks one for each request: `python -m apps.jobs.isolation.server`.

It has no threads of its own work, no database, none of the portal's secrets. A request is one message with open files: the
child's end of its channel, a pipe for how it ended, and the files it works on. Whoever asked closes the other end of that
pipe to have the child killed; so does its death.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

from apps.jobs.isolation import child

LOOK = 0.05  # seconds between two looks at the memory of children
MOST_FILES = 8
PAGE = os.sysconf("SC_PAGE_SIZE")


class Running:
    """One child at work."""

    def __init__(self, pid: int, status: int, folder: str, memory: int) -> None:
        self._pid, self._status, self._folder, self._memory = pid, status, folder, memory
        self._reason = ""

    def is_over(self) -> bool:
        """Whether it has ended; then reported. It is killed when it has taken too much, or nobody waits for it any more."""
        pid, status, usage = os.wait4(self._pid, os.WNOHANG)
        if pid:
            self._report(status, usage.ru_maxrss)
            return True
        if self._memory_in_use() > self._memory:
            self._reason = "memory"
            self.kill()
        elif _is_closed(self._status):
            self.kill()
        return False

    def end(self) -> None:
        """Kill it, and clean up behind it."""
        self.kill()
        _, status, usage = os.wait4(self._pid, 0)
        self._report(status, usage.ru_maxrss)

    def kill(self) -> None:
        """With all that it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
            os.killpg(self._pid, signal.SIGKILL)

    def _memory_in_use(self) -> int:
        """Bytes of its own in memory, without mapped files; 0 where the system does not tell."""
        try:
            resident, shared = Path(f"/proc/{self._pid}/statm").read_text().split()[1:3]
        except OSError:
            return 0
        return (int(resident) - int(shared)) * PAGE

    def _report(self, status: int, kilobytes: int) -> None:
        report = {"reason": self._reason, "status": status, "kilobytes": kilobytes}
        with contextlib.suppress(OSError):
            os.write(self._status, json.dumps(report).encode())
        os.close(self._status)
        shutil.rmtree(self._folder, ignore_errors=True)


def main(control: socket.socket, modules: Sequence[str]) -> None:
    """Serve until nobody can ask any more, and let no child outlive that."""
    warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 on forking: see `_load`
    _load(modules)
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    children: list[Running] = []
    while True:
        ready, _, _ = select.select([control.fileno(), woken], [], [], LOOK if children else None)
        if woken in ready:
            os.read(woken, 1024)
        if control.fileno() in ready and not _serve(control, children):
            break
        children = [each for each in children if not each.is_over()]
    for each in children:
        each.end()


def _load(modules: Sequence[str]) -> None:
    """Import what children need, and no more: a thread pool that ran here would be missing in them."""
    for module in modules:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()


def _serve(control: socket.socket, children: list[Running]) -> bool:
    """Fork a child; False when nobody can ask any more."""
    message, files, _, _ = socket.recv_fds(control, child.REQUEST, MOST_FILES)
    if not message:
        return False
    asked = json.loads(message)
    data, status, *others = files
    try:
        folder = tempfile.mkdtemp(prefix="portal-child-")
        pid = os.fork()
    except (
        OSError
    ):  # no room, or too many processes: whoever asked sees that its end is closed, and asks once more
        os.close(status)
    else:
        if not pid:
            child.run(data, others, folder, asked["memory"], asked["cpu"])
        children.append(Running(pid, status, folder, asked["memory"]))
    for file in (data, *others):
        os.close(file)
    return True


def _is_closed(pipe: int) -> bool:
    """Whether nobody reads from it any more."""
    polling = select.poll()
    polling.register(pipe, 0)
    return bool(polling.poll(0))


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])
