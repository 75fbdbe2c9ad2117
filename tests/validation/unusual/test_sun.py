"""The Sun's height, beside what astropy 8.0.2 computes."""

import numpy as np
import pytest

from apps.validation.unusual import sun

ASTROPY = (
    ("2014-11-14T07:56:00", -43.53, -50.93, 0.13),
    ("2017-01-09T06:55:00", 78.76, 86.36, -10.934),
    ("2024-06-02T20:45:00", 5.35, 122.53, -12.398),
    ("2019-10-02T13:44:00", 78.92, 53.63, -2.054),
    ("2023-09-27T06:02:00", -61.08, -46.15, -17.989),
    ("2022-09-14T02:57:00", -45.11, 15.75, -22.548),
    ("2008-01-08T07:18:00", -39.25, 149.88, 23.068),
    ("1997-04-18T01:34:00", -64.3, 42.28, -20.028),
    ("1995-03-03T21:39:00", -51.72, -102.43, 34.609),
)


@pytest.mark.parametrize(("moment", "lat", "lon", "height"), ASTROPY)
def test_the_sun_is_as_high_as_astropy_says(moment: str, lat: float, lon: float, height: float) -> None:
    minutes = np.datetime64(moment, "m").astype(np.int64)
    found = sun.elevation(np.array(minutes), np.array(lat), np.array(lon))
    assert float(found) == pytest.approx(height, abs=0.02)


def test_many_places_are_computed_at_once() -> None:
    minutes, lon = np.array([[0], [720]]), np.array([0.0, 180.0])
    found = sun.elevation(minutes, np.zeros(2), lon)
    assert found.shape == (2, 2)
    assert (found > 60).tolist() == [[False, True], [True, False]]
