"""Whatever two people in the portal and a script write, and whichever of it is undone: AuroraX holds what a model says."""

from datetime import timedelta

from django.test import Client

from apps.aurorax import AuroraX, EphemerisRecord, Location, times
from tests.conftest import NewSource
from tests.support.properties import EXAMPLES
from tests.undo.people_at_work import PeopleAtWork, first_day

SEQUENCES = 50 if EXAMPLES == 25 else EXAMPLES // 2
STEPS, UNDOS = 4, 2


def test_undo_gives_what_a_model_gives_and_touches_nothing_else(
    as_owner: Client, as_maintainer: Client, aurorax: AuroraX, new_source: NewSource
) -> None:
    source = new_source(maintainers=["maintainer@example.org"])
    borders = [first_day(n) + at for n in range(SEQUENCES) for at in (-times.MINUTE, timedelta(minutes=8))]
    around = [EphemerisRecord(each, location_geo=Location(80.0, 0.0)) for each in borders]
    del around
    everything: dict[int, dict[int, float]] = {}
    name = source.display_name
    for number in range(SEQUENCES):
        work = PeopleAtWork(number, source, [as_owner, as_maintainer], aurorax, first_day(number))
        work.name = name
        work.run(STEPS, UNDOS)
        name = work.name
        everything[number] = work.values
    held = aurorax.ephemeris.search(source, first_day(0), first_day(SEQUENCES))
    found: dict[int, dict[int, float]] = {number: {} for number in everything}
    for record in held:
        number, rest = divmod(record.epoch - first_day(0), timedelta(days=2))
        assert record.location_geo
        found[number][round(rest.total_seconds() / 60)] = record.location_geo.lat or 0.0
    assert found == everything
