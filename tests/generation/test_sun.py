"""The Sun's elevation, beside astropy."""

import numpy as np
import pytest
from astropy import units
from astropy.coordinates import AltAz, EarthLocation, get_sun
from astropy.time import Time
from astropy.utils import iers

from apps.generation.sun import elevations

pytestmark = pytest.mark.any_database


def test_the_suns_elevation_is_within_a_fiftieth_of_a_degree_of_astropys() -> None:
    """At 100 random places and times."""
    dice = np.random.default_rng(15)
    lats, lons = dice.uniform(-90, 90, 100), dice.uniform(-180, 180, 100)
    seconds = dice.integers(631_152_000, 1_893_456_000, 100)  # 1990 to 2029
    with iers.conf.set_temp("auto_download", False), iers.conf.set_temp("iers_degraded_accuracy", "ignore"):
        times = Time(seconds, format="unix")
        times.delta_ut1_utc = 0.0
        places = EarthLocation.from_geodetic(lons * units.deg, lats * units.deg)
        expected = get_sun(times).transform_to(AltAz(obstime=times, location=places)).alt.deg
    found = [elevations(*each)[0] for each in zip(lats, lons, seconds[:, None], strict=True)]
    assert np.abs(np.array(found) - expected).max() < 0.02
