"""B-traces: AuroraX's rule, at each record's own time, by computing only what changes."""

from datetime import UTC, datetime

import numpy as np
import pytest

from apps.geomagnetism import aacgm
from apps.geomagnetism.traces import TraceReason, Traces, degrees_apart, traces

pytestmark = pytest.mark.any_database

GILLAM = (56.376723, -94.643664)
NEW_YEAR = datetime(2020, 1, 1, tzinfo=UTC)
# Auroral zones, poles, mid-latitudes of both hemispheres, and the edge of where AACGM is defined.
SITES = [
    GILLAM, (56.0, 20.0), (-56.0, 20.0), (51.05, -114.07), (78.9, 11.9), (69.6, 19.2), (-69.0, 39.6), (-77.8, 166.7),
    (89.5, 0.0), (-89.9, 100.0), (30.0, 130.0), (-43.5, 172.6), (64.8, -147.7), (62.0, 179.99),
]  # fmt: skip


def of(site: tuple[float, float], *moments: datetime) -> Traces:
    seconds = np.array([int(moment.timestamp()) for moment in moments])
    return traces(np.full(len(moments), site[0]), np.full(len(moments), site[1]), seconds)


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        (GILLAM, (-72.76940, -134.67080)),
        ((56.0, 20.0), (-47.13, 39.28)),
        ((51.05, -114.07), (-60.2565, -148.8579)),
    ],
)  # fmt: skip
def test_northern_places_have_the_southern_traces_of_the_reference_points(
    site: tuple[float, float], expected: tuple[float, float]
) -> None:
    found = of(site, NEW_YEAR)
    assert (found.north_lats[0], found.north_lons[0]) == site
    digits = 1e-4 if len(str(expected[0])) > 6 else 5e-3  # those that were published with two decimals
    assert (found.south_lats[0], found.south_lons[0]) == pytest.approx(expected, abs=digits)


def test_a_southern_place_is_the_mirror_case() -> None:
    found = of((-56.0, 20.0), NEW_YEAR)
    assert (found.south_lats[0], found.south_lons[0]) == (-56.0, 20.0)
    assert (found.north_lats[0], found.north_lons[0]) == pytest.approx((58.019, -8.599), abs=1e-3)


def test_gillam_agrees_with_the_record_of_auroraxs_documentation() -> None:
    found = of(GILLAM, NEW_YEAR)
    documented = -72.76907128936035, -134.6681254931047
    assert (found.south_lats[0], found.south_lons[0]) == pytest.approx(documented, abs=0.01)


@pytest.mark.parametrize(
    ("site", "moment", "reason"),
    [
        ((0.0, 0.0), NEW_YEAR, TraceReason.UNDEFINED),
        ((-12.0, -77.0), NEW_YEAR, TraceReason.UNDEFINED),  # Jicamarca
        (GILLAM, datetime(1985, 6, 1, tzinfo=UTC), TraceReason.YEARS),
        (GILLAM, datetime(1989, 12, 31, 23, 59, tzinfo=UTC), TraceReason.YEARS),
        (GILLAM, datetime(2030, 1, 1, tzinfo=UTC), TraceReason.YEARS),
        (GILLAM, datetime(2031, 1, 1, tzinfo=UTC), TraceReason.YEARS),
    ],
)
def test_where_the_model_says_nothing_there_is_no_trace_and_a_reason(
    site: tuple[float, float], moment: datetime, reason: TraceReason
) -> None:
    found = of(site, moment)
    assert found.reasons[0] == reason
    assert all(np.isnan(each[0]) for each in found[:4])


def test_where_both_feet_are_in_one_geographic_hemisphere_nothing_is_guessed() -> None:
    lats, lons = (grid.ravel() for grid in np.meshgrid(np.arange(-30.0, 31, 3), np.arange(-180.0, 180, 15)))
    found = traces(lats, lons, np.full(len(lats), int(NEW_YEAR.timestamp())))
    assert {TraceReason(each) for each in found.reasons} == {
        TraceReason.NONE,
        TraceReason.UNDEFINED,
        TraceReason.HEMISPHERE,
    }
    known = found.reasons == TraceReason.NONE
    assert (found.north_lats[known] >= 0).all()
    assert (found.south_lats[known] <= 0).all()
    assert np.isnan(found.north_lats[~known]).all()


def test_the_last_and_the_first_minute_of_the_model_have_traces() -> None:
    first, last = datetime(1990, 1, 1, tzinfo=UTC), datetime(2029, 12, 31, 23, 59, tzinfo=UTC)
    assert not of(GILLAM, first, last).reasons.any()


def moments() -> np.ndarray:
    """Beside every end of a year, of which each fifth is a step of the model, and at random in between."""
    dice = np.random.default_rng(7)
    years = np.arange(1990, 2030)
    starts = np.array([int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in [*years, 2030]])
    edges = [starts[:-1] + add for add in (0, 60, 86_400, 4 * 86_400)] + [
        starts[1:] - sub for sub in (60, 43_200)
    ]
    within = [starts[:-1] + dice.integers(0, 525_600, len(years)) * 60 for _ in range(4)]
    return np.concatenate([*edges, *within])


@pytest.mark.parametrize("site", SITES, ids=str)
def test_a_drawn_line_is_within_a_millionth_of_a_degree_of_what_is_computed(
    site: tuple[float, float],
) -> None:
    seconds = moments()
    found = traces(np.full(len(seconds), site[0]), np.full(len(seconds), site[1]), seconds)
    assert not found.reasons.any()
    exact = [
        aacgm.opposite(np.array([site[0]]), np.array([site[1]]), datetime.fromtimestamp(int(each), UTC))
        for each in seconds
    ]
    lats, lons = (np.concatenate(part) for part in zip(*exact, strict=True))
    drawn = (found.south_lats, found.south_lons) if site[0] >= 0 else (found.north_lats, found.north_lons)
    assert degrees_apart(*drawn, lats, lons).max() < 1e-6
    assert np.abs(drawn[0] - lats).max() < 1e-6


def test_a_record_has_the_trace_of_its_own_time_and_place() -> None:
    later = datetime(2024, 7, 1, 12, tzinfo=UTC)
    seconds = np.array([int(NEW_YEAR.timestamp()), int(later.timestamp())] * 2)
    places = np.array([GILLAM, GILLAM, (51.05, -114.07), (51.05, -114.07)])
    found = traces(places[:, 0], places[:, 1], seconds)
    for row, (site, moment) in enumerate([(GILLAM, NEW_YEAR), (GILLAM, later), ((51.05, -114.07), NEW_YEAR)]):
        alone = of(site, moment)
        assert (found.south_lats[row], found.south_lons[row]) == (alone.south_lats[0], alone.south_lons[0])
    assert abs(found.south_lats[1] - found.south_lats[0]) > 0.05  # as much as four years and a half make


def test_one_point_too_high_leaves_the_others_their_feet() -> None:
    lats, lons = np.array([60.0, 60.0]), np.array([20.0, 20.0])
    north, _, south, _ = aacgm.feet(lats, lons, np.array([450.0, 3_000.0]), NEW_YEAR, 100)
    assert north[0] > 60 > 0 > south[0]
    assert np.isnan(north[1])
    assert np.isnan(south[1])
