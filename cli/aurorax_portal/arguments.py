"""The command line."""

import argparse

from aurorax_portal import VERSION

KINDS = ("ephemeris", "products")
B_TRACES = {"fill": "fill", "check": "check", "as-given": "as given"}  # and what the portal calls it
FORMATS = ("csv", "json", "ndjson", "parquet")
A_DAY = 24 * 60 * 60
MEGABYTE = 1024 * 1024
CODES = """exit codes: 0 all is well; 1 something is wrong with the file; 2 wrong use; 3 waits for a person; 4 refused;
5 no answer, or not over in time: run the same again; 6 not all of it was read back so"""
TIME_HELP = "UTC, such as 2020-01-01T00:00:00; included"


def parser() -> argparse.ArgumentParser:
    """What can be typed."""
    found = argparse.ArgumentParser(
        prog="aurorax-portal", description="The AuroraX Provider Portal without a browser.", epilog=CODES
    )
    found.add_argument("--version", action="version", version=f"aurorax-portal {VERSION}")
    commands = found.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _push(commands.add_parser("push", parents=[_shared()], help="check a file, send it, and read it back"))
    _check(commands.add_parser("check", parents=[_shared()], help="check a file and send nothing"))
    _status(commands.add_parser("status", parents=[_shared()], help="where uploads stand"))
    one = commands.add_parser("receipt", parents=[_shared()], help="the receipt of an upload, as JSON")
    _upload(one)
    _output(one)
    _pull(commands.add_parser("pull", parents=[_shared()], help="download the records of a span"))
    _undo(commands.add_parser("undo", parents=[_shared()], help="put back what an upload changed"))
    return found


def _shared() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--url", default="", help="the portal's address, instead of AURORAX_PORTAL_URL")
    shared.add_argument("--json", action="store_true", help="say what became of it as JSON")
    shared.add_argument("--quiet", action="store_true", help="say nothing of what is going on")
    shared.add_argument(
        "--patience",
        type=_seconds,
        default=300.0,
        metavar="SECONDS",
        help="to ask on where there is no answer",
    )
    return shared


def _push(command: argparse.ArgumentParser) -> None:
    _file(command)
    command.add_argument("--only-new", action="store_true", help="leave alone what AuroraX holds already")


def _check(command: argparse.ArgumentParser) -> None:
    _file(command)


def _file(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE")
    _source(command, required=True)
    _kind(command)
    command.add_argument(
        "--all-or-nothing", action="store_true", help="send nothing where one row has a problem"
    )
    _btraces(command)
    _wait(command)
    command.add_argument("--piece", type=_piece, default=4 * MEGABYTE, metavar="BYTES", help="of a request")


def _btraces(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--b-traces",
        choices=B_TRACES,
        default="",
        help="of a ground-based instrument: fill the empty ones, only check those that are given, or send them as given",
    )


def _status(command: argparse.ArgumentParser) -> None:
    command.add_argument("upload", metavar="UPLOAD", nargs="?", default="")
    _source(command, required=False)
    command.add_argument("--limit", type=int, default=20, help="how many")


def _pull(command: argparse.ArgumentParser) -> None:
    _source(command, required=True)
    command.add_argument("--from", dest="start", required=True, metavar="TIME", help=TIME_HELP)
    command.add_argument("--to", dest="end", required=True, metavar="TIME", help=TIME_HELP)
    _kind(command)
    command.add_argument("--format", choices=FORMATS, default="csv")
    _output(command)


def _undo(command: argparse.ArgumentParser) -> None:
    _upload(command)
    command.add_argument("--with-shared", action="store_true", help="also what later uploads stand for")
    _wait(command)


def _upload(command: argparse.ArgumentParser) -> None:
    command.add_argument("upload", metavar="UPLOAD", help="its number, as push and status say it")


def _source(command: argparse.ArgumentParser, *, required: bool) -> None:
    command.add_argument(
        "--source", type=int, required=required, metavar="ID", help="identifier of the data source"
    )


def _kind(command: argparse.ArgumentParser) -> None:
    command.add_argument("--kind", choices=KINDS, default="ephemeris")


def _wait(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--wait", type=_seconds, default=float(A_DAY), metavar="SECONDS", help="for it to be over; a day"
    )


def _output(command: argparse.ArgumentParser) -> None:
    command.add_argument("-o", "--output", default="", metavar="FILE", help="instead of standard output")


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < 10**8:
        raise argparse.ArgumentTypeError("has to be a number of seconds")
    return seconds


def _piece(text: str) -> int:
    size = int(text)
    if not 0 < size <= 16 * MEGABYTE:
        raise argparse.ArgumentTypeError("has to be from 1 to 16777216")
    return size
