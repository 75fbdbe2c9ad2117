"""Whatever two people in the portal and a script write, and whichever of it is undone: AuroraX holds what a model says.

Fifty short sequences each time, a thousand longer ones at night (`make properties`).
"""

from datetime import timedelta

import pytest
from django.test import Client

from apps.aurorax import AuroraX, EphemerisRecord, Location, times
from tests.conftest import NewSource
from tests.support.properties import EXAMPLES
from tests.undo.people_at_work import MINUTES, PeopleAtWork, first_day

pytestmark = pytest.mark.any_database

IS_NIGHT = EXAMPLES > 25
SEQUENCES = EXAMPLES // 2 if IS_NIGHT else 50
PARTS = 2  # that share the workers of a test run
LENGTHS = ((3, 6), (1, 3)) if IS_NIGHT else ((2, 3), (1, 1))  # of writes and of undos


@pytest.mark.parametrize("part", range(PARTS))
def test_undo_gives_what_a_model_gives_and_touches_nothing_else(
    as_owner: Client, as_maintainer: Client, aurorax: AuroraX, new_source: NewSource, part: int
) -> None:
    source = new_source(maintainers=["maintainer@example.org"])
    numbers = range(part, SEQUENCES, PARTS)
    beside = [first_day(number) + at for number in numbers for at in (-times.SECOND * 60, MINUTES * MINUTE)]
    records = [EphemerisRecord(each, location_geo=Location(80.0, 0.0)) for each in beside]
    aurorax.ephemeris.upload(source.identifier, records, source=source)
    expected, name = dict.fromkeys(beside, 80.0), source.display_name
    for number in numbers:
        work = PeopleAtWork(number, source, [as_owner, as_maintainer], aurorax, first_day(number))
        work.name = name
        work.run(*LENGTHS)
        name = work.name
        expected |= {work.day + minute * MINUTE: value for minute, value in work.values.items()}
    held = aurorax.ephemeris.search(source, first_day(-1), first_day(SEQUENCES))
    assert {each.epoch: each.location_geo.lat for each in held if each.location_geo} == expected


MINUTE = timedelta(minutes=1)
