"""The figures on top of the overview."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.jobs.models import PAUSED
from apps.sources.overview import Overview
from apps.sources.standing import MEANINGS, Freshness
from apps.uploads.page import UploadPage


@dataclass(frozen=True)
class StandingFigure:
    """How many data sources stand so."""

    standing: Freshness
    number: int

    @property
    def meaning(self) -> str:
        """What the word means."""
        return MEANINGS[self.standing]


@dataclass(frozen=True)
class Figures:
    """`standings` and `this_month` are not known until AuroraX has counted."""

    standings: list[StandingFigure]
    others: str
    running: int
    paused: int
    waiting: int
    this_month: int | None


def figures_of(overview: Overview, moving: Sequence[UploadPage]) -> Figures:
    """Of what the overview shows. What needs attention of the data sources is in the standings, not in `waiting`."""
    counted = overview.coverage
    return Figures(
        [
            StandingFigure(standing, overview.number(standing))
            for standing in (Freshness.CURRENT, Freshness.LATE, Freshness.QUIET)
        ],
        _others(overview),
        sum(each.upload.is_running for each in moving),
        sum(each.upload.state == PAUSED for each in moving),
        len(overview.waiting),
        counted.lately.this_month if counted else None,
    )


def _others(overview: Overview) -> str:
    """What is none of the three, in words."""
    found = [
        (Freshness.REPAIR, "in repair"),
        (Freshness.DORMANT, "dormant"),
        (Freshness.EMPTY, "without records"),
    ]
    counted = [(overview.number(standing), words) for standing, words in found]
    return ", ".join(f"{number:,} {words}" for number, words in counted if number)
