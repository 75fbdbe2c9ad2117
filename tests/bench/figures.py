"""What a measurement answers, and how it is shown."""

import os
import platform
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import msgspec

HEADINGS = ("figure", "value", "target", "peer", "of the peer", "ratio")
PACKAGES = ("django", "polars", "gunicorn", "msgspec", "psycopg", "pyaurorax")


@dataclass(frozen=True)
class Figure:
    """One thing measured, and the same thing done by the peer in the same run. A unit per second is better when higher,
    milliseconds and megabytes when lower.
    """

    name: str
    value: float
    unit: str
    peer: str
    peer_value: float
    target: float | None = None

    @property
    def is_rate(self) -> bool:
        """Whether more is better."""
        return self.unit.endswith("/s")

    @property
    def ratio(self) -> float:
        """How many times as fast as the peer."""
        return self.value / self.peer_value if self.is_rate else self.peer_value / self.value

    @property
    def verdict(self) -> str:
        """The target, and whether it was met."""
        if self.target is None:
            return ""
        met = self.value >= self.target if self.is_rate else self.value <= self.target
        return f"{'≥' if self.is_rate else '≤'} {self.target:,.0f}{'' if met else ', missed'}"

    @property
    def cells(self) -> tuple[str, ...]:
        """A row of the table."""
        value, peer_value = (f"{number:,.0f} {self.unit}" for number in (self.value, self.peer_value))
        return self.name, value, self.verdict, self.peer, peer_value, f"{self.ratio:.1f}x"


def seconds(call: Callable[[], object]) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def in_turn(rounds: int, *calls: Callable[[], object]) -> list[float]:
    """The median seconds of each call, taken in turn so that a busy moment of the machine meets all of them."""
    times = [[seconds(call) for call in calls] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table that is legible as plain text too."""
    rows = [HEADINGS, *(figure.cells for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    rows.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |"
        for row in rows
    )


def save(figures: Sequence[Figure], path: Path) -> None:
    """The figures as JSON."""
    found = [
        {
            "name": figure.name,
            "value": round(figure.value, 1),
            "unit": figure.unit,
            "target": figure.target,
            "peer": {"name": figure.peer, "value": round(figure.peer_value, 1)},
            "ratio": round(figure.ratio, 2),
            "machine": machine(),
        }
        for figure in figures
    ]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(found)) + b"\n")


def machine() -> str:
    """Where this runs: processor, memory and versions."""
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{os.cpu_count()} cores of {_processor()}, {gigabytes:.0f} GiB; {platform.system()} {platform.release()}; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}"
    )


def _processor() -> str:
    """The name of the processor; Python knows it only as its family."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
