"""Records of the last weeks, so that a portal in front of a new sandbox has something to say: cameras that are up to date,
one that is late and one that went quiet. They end where they did when the sandbox was filled.
"""

from collections.abc import Iterator

from django.utils import timezone

from apps.sandbox.records import Row
from apps.sandbox.seed.cameras import CAMERAS
from apps.sandbox.seed.records import UNKNOWN, daily_keogram


def ephemeris() -> Iterator[Row]:
    """A record for each dark minute of each camera."""
    today = timezone.now().date()
    for camera in CAMERAS:
        place = camera.lat, camera.lon
        for night in camera.nights(today):
            for moment in camera.dark_minutes(night):
                yield camera.source, moment.isoformat()[:19], *place, *UNKNOWN, *place, *UNKNOWN, "null"


def data_products() -> Iterator[Row]:
    """A keogram of each night."""
    today = timezone.now().date()
    for camera in CAMERAS:
        for night in camera.nights(today) if camera.has_keograms else ():
            if dark := [*camera.dark_minutes(night)]:
                yield daily_keogram(camera.source, f"{camera.code}_rgb-01", night, (dark[0], dark[-1]))
