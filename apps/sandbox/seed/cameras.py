"""Cameras at work in the last weeks: where they stand, and the minutes of their nights."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from apps.sandbox.seed.orbit import sun_elevation

NIGHTS = 45
DARK = -9.0  # degrees of the Sun's elevation, below which cameras work
EVERY = 5  # minutes between two looks whether it is dark


class Camera(NamedTuple):
    """A camera of owner@example.org: where it stands (degrees), and how many days ago its last night was."""

    source: int
    code: str
    lat: float
    lon: float
    ago: int
    has_keograms: bool = False

    def nights(self, today: date) -> list[datetime]:
        """The days (UTC) of its nights, oldest first."""
        last = datetime.combine(today, time(), UTC) - timedelta(days=self.ago)
        return [last - timedelta(days=before) for before in reversed(range(NIGHTS))]

    def dark_minutes(self, day: datetime) -> Iterator[datetime]:
        """The minutes of the day at which it is dark there."""
        number = day.timetuple().tm_yday
        for minute in range(0, 1440, EVERY):
            if sun_elevation((self.lat, self.lon), minute, number) < DARK:
                for each in range(minute, minute + EVERY):
                    yield day + timedelta(minutes=each)


CAMERAS = (
    Camera(44, "atha", 54.714, -113.314, 1),
    Camera(55, "fsmi", 60.017, -111.933, 1),
    Camera(45, "fsim", 61.762, -121.270, 5),
    Camera(50, "pina", 50.163, -96.066, 29),
    Camera(101, "luck", 51.154, -107.264, 1, has_keograms=True),
)
