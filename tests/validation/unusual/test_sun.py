"""The Sun's height, beside what astropy computes."""

import numpy as np
from astropy import units
from astropy.coordinates import AltAz, EarthLocation, get_sun
from astropy.time import Time
from astropy.utils import iers

from apps.validation.unusual import sun


def test_the_sun_is_as_high_as_astropy_says_at_a_hundred_random_places_and_times() -> None:
    dice = np.random.default_rng(15)
    lats, lons = dice.uniform(-90, 90, 100), dice.uniform(-180, 180, 100)
    minutes = dice.integers(10_519_200, 28_928_160, 100)  # 1990 to 2024
    with iers.conf.set_temp("auto_download", False), iers.conf.set_temp("iers_degraded_accuracy", "ignore"):
        times = Time(minutes * 60, format="unix")
        times.delta_ut1_utc = 0.0
        places = EarthLocation.from_geodetic(lons * units.deg, lats * units.deg)
        expected = get_sun(times).transform_to(AltAz(obstime=times, location=places)).alt.deg
    assert np.abs(sun.elevation(minutes, lats, lons) - expected).max() < 0.02


def test_many_places_are_computed_at_once() -> None:
    minutes, lon = np.array([[0], [720]]), np.array([0.0, 180.0])
    found = sun.elevation(minutes, np.zeros(2), lon)
    assert found.shape == (2, 2)
    assert (found > 60).tolist() == [[False, True], [True, False]]
