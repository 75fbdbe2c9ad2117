"""Comparing an AuroraX with what we understand it to do: `manage.py verify_api`.

Each behaviour is a small function under the sentence that states it. It asks the server (`server.Server`) and either
finds what it expects, or finds a difference; an open question has no expectation and reports what it saw.

    behaviours.py   what a behaviour is, and how it is run
    server.py       asking: raw answers, errors included
    scratch.py      the one data source that is ever written to
    reading_*.py    behaviours that only read
    writing_*.py    behaviours that write to the scratch source
    counting_*.py   which counts know of what was written
    questions.py    what no document answers

The sandbox is held to the same behaviours in the test suite.
"""

from apps.conformance import (
    counting_records,
    questions,
    reading_records,
    reading_sources,
    writing_numbers,
    writing_records,
    writing_sources,
)
from apps.conformance.behaviours import Behaviour, BehaviourResult, Need, Verdict, stated_in, verify
from apps.conformance.server import Server

BEHAVIOURS: list[Behaviour] = [
    *stated_in(reading_sources),
    *stated_in(reading_records),
    *stated_in(writing_sources),
    *stated_in(writing_records),
    *stated_in(writing_numbers),
    *stated_in(counting_records),
    *stated_in(questions),
]

__all__ = ["BEHAVIOURS", "Behaviour", "BehaviourResult", "Need", "Server", "Verdict", "verify"]
