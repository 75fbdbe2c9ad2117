"""The records the sandbox starts with: minutes of January 2020 for two cameras and a satellite, and keograms."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

from django.conf import settings

from apps.sandbox import jsonb
from apps.sandbox.records import Row
from apps.sandbox.seed.orbit import Degrees, Fix, fix, sun_direction

START = datetime(2020, 1, 1, tzinfo=UTC)
SWARM_A, THEMIS_GILLAM, TREX_GILLAM = 3, 46, 103
GILLAM = (56.376723, -94.643664)
GILLAM_CONJUGATE = (-72.76907128936035, -134.6681254931047)  # on 1 January 2020, as the real API has it
DRIFT = (-6.2e-8, 3.1e-7)  # degrees a minute, by which the magnetic field moves that place
UNKNOWN = (None, None)
NIGHT = range(120, 840)  # minutes of a day, UTC, in which it is dark over Gillam
Span = tuple[datetime, datetime]
GONE = (6, 7)  # hours whose keograms are listed and no longer there, as happens to links


@cache
def ephemeris(days: int) -> tuple[Row, ...]:
    """A record for every minute of the first `days` days of the month, for each of the three sources."""
    minutes = range(days * 1440)
    return (*map(_swarm, minutes), *map(_themis, minutes), *map(_trex, minutes))


@cache
def data_products(days: int) -> tuple[Row, ...]:
    """Keograms of the TREx camera at Gillam: one for each day, and one for each hour of each night."""
    return tuple(row for day in range(days) for row in _keograms(START + timedelta(days=day)))


def _epoch(minute: int) -> str:
    return (START + timedelta(minutes=minute)).isoformat()[:19]


def _trex(minute: int) -> Row:
    return TREX_GILLAM, _epoch(minute), *GILLAM, *UNKNOWN, *GILLAM, *_conjugate(minute), "null"


def _themis(minute: int) -> Row:
    return THEMIS_GILLAM, _epoch(minute), *GILLAM, *UNKNOWN, *GILLAM, *_conjugate(minute), _classified(minute)


def _conjugate(minute: int) -> Degrees:
    return GILLAM_CONJUGATE[0] + DRIFT[0] * minute, GILLAM_CONJUGATE[1] + DRIFT[1] * minute


def _classified(minute: int) -> str:
    """What the classifiers saw: nothing by day, and the same sky for a quarter of an hour by night."""
    if minute % 1440 not in NIGHT:
        unseen = "not classified"
        return jsonb.text(
            {"clausen_ml_oath": unseen, "calgary_apa_ml_v1": unseen, "calgary_cloud_ml_v1": unseen}
        )
    quarter = minute // 15
    cloudy, patchy = quarter * 31 % 100 < 30, quarter * 17 % 100 < 20
    sky = ("arc", "diffuse", "discrete", "no aurora")[quarter % 4]
    return jsonb.text(
        {
            "clausen_ml_oath": "classified as cloudy" if cloudy else f"classified as {sky}",
            "calgary_apa_ml_v1": "classified as APA" if patchy else "classified as not APA",
            "calgary_cloud_ml_v1": "classified as cloudy" if cloudy else "classified as not cloudy",
            "calgary_apa_ml_v1_confidence": 60 + minute * 37 % 4000 / 100,
            "calgary_cloud_ml_v1_confidence": 60 + minute * 53 % 4000 / 100,
        }
    )


def _swarm(minute: int) -> Row:
    where = fix(minute, sun_direction(minute, 1 + minute // 1440))
    places = (where.geo, where.gsm, where.nbtrace or UNKNOWN, where.sbtrace or UNKNOWN)
    angles = (angle for place in places for angle in place)
    return SWARM_A, _epoch(minute), *angles, _swarm_metadata(minute, where)


def _swarm_metadata(minute: int, where: Fix) -> str:
    """Regions by magnetic latitude; the tii_ keys are there for some minutes only, as in real records."""
    side = "day" if where.on_day_side else "night"
    region = _region(where.foot_latitude, side)
    below = _region(abs(where.magnetic_latitude), side)
    inner = "plasmasphere" if where.foot_latitude < 60 else "magnetosphere"
    metadata: dict[str, object] = {
        "nbtrace_region": region if region == "low latitude" else f"north {region}",
        "sbtrace_region": region if region == "low latitude" else f"south {region}",
        "radial_distance": 6815.0 + round(4 * where.geo[0] / 90, 3),
        "spacecraft_region": f"{side}side {inner}",
        "radial_trace_region": below if below == "low latitude" else f"{_hemisphere(where)} {below}",
        "state": "definitive",
    }
    if minute % 240 < 150:
        quality = {f"tii_quality_{axis}": int(minute % 7 > 1) for axis in ("vixh", "vixv", "viy", "viz")}
        metadata |= {"tii_on": True, **quality}
    return jsonb.text(metadata)


def _hemisphere(where: Fix) -> str:
    return "north" if where.magnetic_latitude > 0 else "south"


def _region(magnetic_latitude: float, side: str) -> str:
    """The region at a magnetic latitude without sign, named as SSCWeb names it."""
    if magnetic_latitude > 80:
        return "polar cap"
    if magnetic_latitude > 77:
        return "cusp" if side == "day" else "polar cap"
    if magnetic_latitude > 65:
        return "auroral oval"
    return "mid-latitude" if magnetic_latitude > 40 else "low latitude"


def _keograms(day: datetime) -> Iterator[Row]:
    """The day's own keogram, whose pictures start before midnight, then one for each dark hour."""
    pictures = (day - timedelta(minutes=30), day + timedelta(hours=13, minutes=16))
    yield daily_keogram(TREX_GILLAM, "gill_rgb-04", day, pictures)
    for hour in range(2, 14):
        start = day + timedelta(hours=hour)
        folder = f"{_folder()}/gone" if hour in GONE else _folder()
        url = f"{folder}/{day:%Y%m%d}_{hour:02}_gill_rgb-04_full-keogram.svg"
        span = start, start + timedelta(minutes=59)
        yield _keogram(TREX_GILLAM, url, "hourly", span, span)


def daily_keogram(source: int, device: str, day: datetime, pictures: Span) -> Row:
    """The keogram of a whole day, with the times of its first and its last picture."""
    url = f"{_folder()}/{day:%Y%m%d}__{device}_full-keogram.svg"
    return _keogram(source, url, "daily", (day, day + timedelta(minutes=1439)), pictures)


def _folder() -> str:
    """Where the sandbox itself shows keograms, as a browser on this machine reaches it."""
    return f"http://127.0.0.1:{settings.SANDBOX_PORT}/sandbox/keograms"


def _keogram(source: int, url: str, keogram_type: str, span: Span, pictures: Span) -> Row:
    metadata = {
        "keogram_type": keogram_type,
        "imaging_start_time": f"{pictures[0]:%Y-%m-%dT%H:%M:%S}.000000",
        "imaging_end_time": f"{pictures[1]:%Y-%m-%dT%H:%M:%S}.000000",
    }
    times = span[0].isoformat()[:19], span[1].isoformat()[:19]
    return source, url, "keogram", *times, jsonb.text(metadata)
