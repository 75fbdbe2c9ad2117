"""Where a ground source stands: the place in its latest ephemeris record. Kept for a day, as cameras seldom move."""

from datetime import datetime
from math import isfinite

from django.core.cache import caches

from apps.aurorax import errors
from apps.aurorax.client import AuroraX
from apps.aurorax.records import DataSource

Spot = tuple[float, float]  # latitude and longitude in degrees
SpotOrReason = Spot | str
# What stands in the cache when there is no place, and how many seconds it stays: a record may come soon.
NOWHERE, FAILED = "nowhere", "failed"
KEPT = {NOWHERE: 10 * 60, FAILED: 60}
PLACE_KEPT = 24 * 60 * 60


def key_of(client: AuroraX, source: DataSource) -> str:
    """The name in the cache of where a source stands."""
    return f"site:{client.base_url}:{source.identifier}"


def kept_place(client: AuroraX, source: DataSource) -> SpotOrReason | None:
    """What is remembered; None where nothing is."""
    found: SpotOrReason | None = caches["answers"].get(key_of(client, source))
    return found


def keep_place(client: AuroraX, source: DataSource, answer: SpotOrReason) -> None:
    """Remember what `ask_place` has answered."""
    seconds = KEPT[answer] if isinstance(answer, str) else PLACE_KEPT
    caches["answers"].set(key_of(client, source), answer, seconds)


def ask_place(client: AuroraX, source: DataSource, latest: datetime) -> SpotOrReason:
    """The place in the record of that time. A source that AuroraX fails at must not keep others from theirs."""
    try:
        record = next(iter(client.ephemeris.search(source, latest, latest)), None)
    except errors.NotSignedIn:
        raise
    except errors.AuroraXError:
        return FAILED
    lat, lon = record.location_geo if record else (None, None)
    if lat is None or lon is None or not (isfinite(lon) and -90 <= lat <= 90):
        return NOWHERE
    return lat, (lon + 180) % 360 - 180
