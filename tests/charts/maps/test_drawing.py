"""Tracks on pictures."""

import gzip
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.charts.maps import Drawing, Look, Style, Track, View, draw
from apps.charts.maps.drawing import BYTES, TOO_MANY
from tests.charts.maps.orbits import MONTH, START, Orbit, orbit, points_of, three_tracks

ANY_LAT = st.one_of(st.floats(-90, 90), st.sampled_from([90.0, -90.0, np.nan, 1e300, -0.0]))
ANY_LON = st.one_of(st.floats(-180, 180), st.sampled_from([180.0, -180.0, 540.0, np.nan, np.inf]))


def still(lat: float, lon: float, look: Look = Look.SOLID) -> Track:
    return Orbit(START + 60 * np.arange(10), np.full(10, lat), np.full(10, lon)).track(look)


def view(drawing: Drawing, slug: str) -> View:
    return next(view for view in drawing.views if view.projection.slug == slug)


def test_each_track_is_drawn_on_the_pictures_it_touches() -> None:
    drawing = draw(three_tracks(94))
    drawn = {view.projection.slug: [bool(layer.path) for layer in view.layers] for view in drawing.views}
    assert drawn == {
        "world": [True, True, True],
        "north": [True, True, False],
        "south": [True, False, True],
    }


@given(
    places=st.lists(st.tuples(ANY_LAT, ANY_LON), max_size=40),
    minutes=st.lists(st.integers(0, 3), min_size=40, max_size=40),
    is_joined=st.booleans(),
)
def test_whatever_the_numbers_are_the_drawing_is_made_of_numbers(
    places: list[tuple[float, float]], minutes: list[int], is_joined: bool
) -> None:
    lats, lons = np.array(places, dtype=np.float64).reshape(-1, 2).T
    times = START + 60 * np.cumsum(minutes[: len(places)])
    track = Track.of("t", "T", Look.SOLID, times=times, lats=lats, lons=lons, is_joined=is_joined)
    for each in draw([track, still(90, 180), still(0, 0)]).views:
        for layer in each.layers:
            assert re.fullmatch(r"[MlhvVz\d -]*", layer.path)
            assert np.isfinite([(mark.x, mark.y) for mark in layer.marks]).all()


def test_nothing_to_draw_is_said() -> None:
    drawing = draw([Track.of("t", "T", Look.SOLID, times=np.array([]), lats=np.array([]), lons=np.array([]))])
    assert drawing.is_empty
    assert all(view.is_empty for view in drawing.views)
    assert draw([]).is_empty


def test_a_day_is_marked_at_its_start_every_two_hours_and_at_its_end() -> None:
    marks = view(draw([orbit(1440).track()]), "world").layers[0].marks
    assert [mark.kind for mark in marks] == ["start", *["tick"] * 11, "end"]
    assert [(mark.seconds - START) // 3600 for mark in marks] == [*range(0, 24, 2), 23]
    assert marks[1].title.startswith("2020-01-01 02:00 UTC, Solid: ")


@pytest.mark.parametrize(
    ("minutes", "interval"), [(1440, "2 hours"), (10, "minute"), (90, "10 minutes"), (MONTH, "3 days")]
)
def test_how_far_marks_are_apart_is_said(minutes: int, interval: str) -> None:
    assert draw([orbit(minutes).track()]).interval == interval


def test_what_does_not_move_has_no_marks_between() -> None:
    assert draw([still(1, 2)]).interval == ""
    assert draw([]).interval == ""


def test_a_mark_says_when_and_where() -> None:
    marks = view(draw([orbit(10, inclination=10).track()]), "world").layers[0].marks
    assert marks[0].title == "2020-01-01 00:00 UTC, Solid: 0°, 0°"
    assert re.fullmatch(r"2020-01-01 00:09 UTC, Solid: [\d.]+° N, [\d.]+° E", marks[-1].title)


def test_marks_lie_on_their_lines() -> None:
    for each in draw(three_tracks(300)).views:
        for layer in each.layers:
            ends = np.concatenate(points_of(layer.path)) if layer.path else np.empty((0, 2))
            for mark in layer.marks:
                if mark.kind in ("start", "end"):
                    assert np.abs(ends - [mark.x, mark.y]).sum(axis=1).min() < 1


def test_what_stands_still_is_one_mark_with_its_name_and_no_time() -> None:
    drawing = draw([still(56.377, -94.644), still(-72.769, -134.668, Look.DOTTED)])
    layers = view(drawing, "world").layers
    assert [[(mark.kind, mark.title) for mark in layer.marks] for layer in layers] == [
        [("place", "Solid: 56.377° N, 94.644° W")],
        [("place", "Dotted: 72.769° S, 134.668° W")],
    ]
    assert layers[0].marks[0].label
    assert [len(layer.marks) for layer in view(drawing, "north").layers] == [1, 0]


def test_times_are_written_beside_the_first_track_that_moves_only() -> None:
    layers = view(draw([still(50, 10), *three_tracks(600)[1:]]), "north").layers
    texts = [[mark.label.text for mark in layer.marks if mark.label] for layer in layers]
    assert texts[0] == ["Solid"]
    assert "start" in texts[1]
    assert re.fullmatch(r"\d\d:\d\d", texts[1][1])
    assert texts[2] == []


def test_events_are_dots_without_marks() -> None:
    times, lats, lons = orbit(5)
    track = Track.of("t", "T", Look.SOLID, times=times, lats=lats, lons=lons, is_joined=False)
    (layer,) = view(draw([track]), "world").layers
    assert layer.path.count("h0") == 5
    assert layer.marks == []


@pytest.mark.parametrize(
    ("days", "style"), [(1, Style.LINE), (4, Style.FINE_LINE), (6, Style.FINE_LINE), (31, Style.AREA)]
)
def test_the_more_there_is_the_finer_it_is_drawn(days: int, style: Style) -> None:
    drawing = draw(three_tracks(days * 1440))
    assert {drawing.style} | {view.style for view in drawing.views} == {style}


@pytest.mark.parametrize("days", [5, 6, 7, 8, 10, 12, 15, 20, 31])
def test_whatever_the_length_paths_stay_small(days: int) -> None:
    drawing = draw(three_tracks(days * 1440))
    paths = "".join(layer.path for view in drawing.views for layer in view.layers)
    assert len(paths) < 1.4 * TOO_MANY * BYTES
    assert len(gzip.compress(paths.encode())) < 35_000


def test_a_month_of_a_high_orbit_stays_lines() -> None:
    assert draw([orbit(MONTH, period=1300, inclination=15).track()]).style == Style.LINE
