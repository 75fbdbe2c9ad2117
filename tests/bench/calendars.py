"""Ten years of days as an availability calendar: picture, legend and table, from the counts to the HTML."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.template import engines
from django.template.loader import render_to_string

from apps.charts.calendars import calendar_of
from apps.charts.scales import Scale
from tests.bench.figures import Figure, in_turn

YEARS = range(2015, 2025)
ROUNDS = 7
TARGET = 50  # milliseconds (issue 5)
LINK = "/sources/103/ephemeris/?day="

# The plain way: the same elements, each written by the template.
PEERS_TEMPLATE = """
{% for year, days in years %}<svg viewBox="-46 -14 586 84" role="group" aria-label="{{ year }}">
{% for day in days %}{% if day.count %}<a href="{{ link }}{{ day.date|date:'Y-m-d' }}" tabindex="-1"><title>
{{ day.date|date:'Y-m-d' }}: {{ day.count|grouped }}</title><rect class="l{{ day.step }}" x="{{ day.x }}" y="{{ day.y }}"
width="9" height="9"/></a>{% else %}<rect class="l0" x="{{ day.x }}" y="{{ day.y }}" width="9" height="9"><title>
{{ day.date|date:'Y-m-d' }}: none</title></rect>{% endif %}{% endfor %}</svg>{% endfor %}
"""


def figures(folder: Path) -> list[Figure]:
    """Milliseconds, beside a Django template that writes the days one by one, and neither legend nor table."""
    counts = _counts()
    peer = engines["django"].from_string(PEERS_TEMPLATE)
    ours, plain = in_turn(ROUNDS, lambda: _ours(counts), lambda: peer.render(_days(counts)))
    name = "portal: availability calendar of ten years"
    return [Figure(name, 1000 * ours, "ms", "Django template, day by day", 1000 * plain, TARGET)]


def _counts() -> dict[date, int]:
    """A camera's nights: some days lack a part, some all."""
    dice = random.Random(5)  # the same in every run
    first = date(YEARS[0], 1, 1)
    days = (first + timedelta(days=number) for number in range((date(YEARS[-1] + 1, 1, 1) - first).days))
    return {day: count for day in days if (count := dice.choice([0, 300, 700, 720, 1440]))}


def _ours(counts: dict[date, int]) -> str:
    calendar = calendar_of(counts, scale=Scale(1440), link=LINK + "{day}")
    return render_to_string("charts/calendar.html", {"calendar": calendar, "label": "Ephemeris"})


def _days(counts: dict[date, int]) -> dict[str, Any]:
    """Everything the peer's template needs to be told; without tables and legend."""
    scale, years = Scale(1440), []
    for year in YEARS:
        first = date(year, 1, 1)
        days = []
        for number in range((date(year + 1, 1, 1) - first).days):
            day = first + timedelta(days=number)
            count = counts.get(day, 0)
            column, row = divmod(first.weekday() + number, 7)
            days.append(
                {"date": day, "count": count, "step": scale.step(count), "x": column * 10, "y": row * 10}
            )
        years.append((year, days))
    return {"years": years, "link": LINK}
