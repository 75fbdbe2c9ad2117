"""The cameras of the last weeks: up to date, late and quiet, and at work by night only."""

from datetime import UTC, date, datetime

import pytest

from apps.sandbox.seed.cameras import CAMERAS, NIGHTS, Camera
from apps.sandbox.seed.orbit import sun_elevation

TODAY = date(2026, 12, 1)


def test_some_are_up_to_date_one_is_late_and_one_quiet() -> None:
    last = {camera.code: (TODAY - camera.nights(TODAY)[-1].date()).days for camera in CAMERAS}
    assert last == {"atha": 1, "fsmi": 1, "fsim": 5, "pina": 29, "luck": 1}
    assert all(len({*camera.nights(TODAY)}) == NIGHTS for camera in CAMERAS)


@pytest.mark.parametrize("camera", CAMERAS, ids=lambda camera: camera.code)
def test_they_work_in_the_dark(camera: Camera) -> None:
    dark = [*camera.dark_minutes(datetime(2026, 12, 1, tzinfo=UTC))]
    assert 600 < len(dark) < 1000
    for moment in dark[::50]:
        minute = moment.hour * 60 + moment.minute
        assert sun_elevation((camera.lat, camera.lon), minute, 335) < -7
