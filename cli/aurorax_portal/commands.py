"""The commands: each does one thing with the portal, prints what became of it, and answers its exit code."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from aurorax_portal import exits, report
from aurorax_portal.arguments import B_TRACES
from aurorax_portal.client import Client
from aurorax_portal.progress import Progress
from aurorax_portal.sending import bring
from aurorax_portal.waiting import Watch

CAN_CANCEL = ("ready", "blocked", "question")
WRONG = ("problem", "question")
Command = Callable[[Namespace, Client, Progress], int]


def push(given: Namespace, client: Client, progress: Progress) -> int:
    """Check a file, send it, and wait until every record is read back."""
    upload, was_there = _brought(given, client, progress)
    watch = Watch(client, progress, seconds=given.wait)
    return _told(given, client, progress, watch.sent(upload, only_new=given.only_new, was_there=was_there))


def check(given: Namespace, client: Client, progress: Progress) -> int:
    """Check a file, compare it with AuroraX, and send nothing."""
    upload, was_there = _brought(given, client, progress)
    upload = Watch(client, progress, seconds=given.wait).until_still(upload)
    code = _told(given, client, progress, upload)
    if not was_there and upload["outcome"] in CAN_CANCEL:
        client.post(f"uploads/{upload['id']}/cancel")  # nobody is to decide about it
    return code


def status(given: Namespace, client: Client, progress: Progress) -> int:
    """Where an upload stands, or the newest of them."""
    if given.upload:
        return _told(given, client, progress, client.get(f"uploads/{given.upload}"))
    uploads = client.get("uploads", source=given.source, limit=given.limit)["uploads"]
    print(report.as_json(uploads) if given.json else report.uploads_text(uploads))
    return exits.OK


def receipt(given: Namespace, client: Client, progress: Progress) -> int:
    """The receipt as JSON."""
    found = client.get(f"uploads/{given.upload}/receipt")
    with _output(given.output) as output:
        output.write(f"{report.as_json(found)}\n".encode())
    return exits.OK


def pull(given: Namespace, client: Client, progress: Progress) -> int:
    """Download the records of a span."""
    progress.step(f"Downloading {given.kind or 'records'} of data source {given.source}")
    asked = {"kind": given.kind, "format": given.format, "start": given.start, "end": given.end}
    path = f"sources/{given.source}/records"
    with client.download(path, **asked) as blocks, _output(given.output) as output:
        for block in blocks:
            output.write(block)
    return exits.OK


def undo(given: Namespace, client: Client, progress: Progress) -> int:
    """Put back what an upload changed, and delete what it created."""
    upload = client.post(f"uploads/{given.upload}/undo", {"with_shared": given.with_shared})
    upload = Watch(client, progress, seconds=given.wait).until_still(upload)
    return _told(given, client, progress, upload)


COMMANDS: dict[str, Command] = {
    "push": push,
    "check": check,
    "status": status,
    "receipt": receipt,
    "pull": pull,
    "undo": undo,
}


def _brought(given: Namespace, client: Client, progress: Progress) -> tuple[dict[str, Any], bool]:
    return bring(
        client,
        Path(given.file),
        progress,
        source=given.source,
        kind=given.kind,
        piece=given.piece,
        only_if_all_valid=given.all_or_nothing,
        answers={"b-traces": B_TRACES[given.b_traces]} if given.b_traces else {},
    )


def _told(given: Namespace, client: Client, progress: Progress, upload: dict[str, Any]) -> int:
    """Say where it stands, with what was found in the file; the exit code that follows."""
    findings = client.get(f"uploads/{upload['id']}/findings")["findings"]
    progress.end()
    code = _code(upload, findings)
    if given.json:
        print(report.as_json({"exit_code": code, "upload": upload, "findings": findings}))
    else:
        print("\n".join(filter(None, [report.findings_text(findings), report.upload_text(upload)])))
    return code


def _code(upload: dict[str, Any], findings: list[dict[str, Any]]) -> int:
    """By the outcome; rows that were left out are a finding, however well the others arrived."""
    code = exits.OF_OUTCOME.get(upload["outcome"], exits.UNAVAILABLE)
    is_wrong = any(each["severity"] in WRONG for each in findings)
    is_checked = upload["outcome"] in ("verified", "nothing-to-send", "ready")
    return exits.FINDINGS if is_wrong and is_checked else code


@contextmanager
def _output(name: str) -> Iterator[IO[bytes]]:
    """Standard output, or a file: which is there only when all of it is."""
    if not name:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(name)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as output:
            yield output
        part.replace(path)
    except OSError as error:
        raise exits.Ended(exits.USAGE, f"{path} cannot be written: {error.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)
