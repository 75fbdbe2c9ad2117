"""Tracks on pictures of the Earth, ready for `ui/map/tracks.html`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from apps.charts.maps import labels, paths
from apps.charts.maps.arrays import Whole
from apps.charts.maps.pictures import Layer, Mark, Style, View
from apps.charts.maps.projections import NORTH, SOUTH, WORLD, Lines, Polar, World, latitude, longitude
from apps.charts.maps.tracks import DAY_SECONDS, Track, moment, span, ticks

PICTURES: tuple[World | Polar, ...] = (WORLD, NORTH, SOUTH)
# Points of all lines together, each about six bytes. A low orbit has many after two days, from where on lines are drawn
# finer, and too many after five: then they become areas, if those are smaller.
MANY, TOO_MANY, BYTES = 6_000, 15_000, 6
MARKS = 12  # of a track at most, besides its start and end


@dataclass(frozen=True)
class Drawing:
    """All pictures of some tracks. Round moments, `step` seconds apart, are marked on them."""

    tracks: Sequence[Track]
    views: Sequence[View]
    step: int
    style: Style

    @property
    def is_empty(self) -> bool:
        """Whether there is no position at all."""
        return not any(len(track) for track in self.tracks)

    @property
    def interval(self) -> str:
        """How far the marks are apart: `2 hours`; nothing where nothing moves."""
        if not any(track.is_joined and len(track) and not track.is_still for track in self.tracks):
            return ""
        for seconds, unit in ((DAY_SECONDS, "day"), (60 * 60, "hour"), (60, "minute")):
            if self.step >= seconds:
                count = self.step // seconds
                return f"{count} {unit}s" if count > 1 else unit
        return ""


def draw(tracks: Sequence[Track], *, pictures: Sequence[World | Polar] = PICTURES) -> Drawing:
    """The tracks on every picture."""
    moments, step = ticks(*(span(tracks) or (0, 0)), most=MARKS)
    ways = [track.way for track in tracks]
    written, style = _paths([[picture.lines(way) for way in ways] for picture in pictures])
    views = []
    for picture, picture_paths in zip(pictures, written, strict=True):
        layers = [
            Layer(track, path, _marks(track, picture, moments, step))
            for track, path in zip(tracks, picture_paths, strict=True)
        ]
        views.append(View(picture, _labelled(layers, picture, step), style=style))
    return Drawing(tracks, views, step, style)


def _paths(lines: Sequence[Sequence[Lines]]) -> tuple[list[list[str]], Style]:
    """All paths as lines, or as areas where that is less of too much."""
    simple = [[paths.simplified(each) for each in picture] for picture in lines]
    count = sum(len(each.points) for picture in simple for each in picture)
    if count > TOO_MANY:
        covered = [[paths.covering(each) for each in picture] for picture in simple]
        if sum(len(path) for picture in covered for path in picture) < count * BYTES:
            return covered, Style.AREA
    written = [[paths.line_path(each) for each in picture] for picture in simple]
    return written, Style.FINE_LINE if count > MANY else Style.LINE


def _marks(track: Track, picture: World | Polar, moments: Whole, step: int) -> list[Mark]:
    """Start, end, and what is nearest after each of the moments, as far as the picture shows them."""
    kinds = _kinds(track, moments, step)
    chosen = np.array(sorted(kinds), dtype=np.int64)
    lats, lons = track.lats[chosen], track.lons[chosen]
    points, shown = picture.project(lats, lons).round(1).tolist(), picture.shows(lats, lons).tolist()
    return [
        Mark(x, y, kinds[index], int(track.times[index]), title(track, index))
        for index, (x, y), is_shown in zip(chosen.tolist(), points, shown, strict=True)
        if is_shown
    ]


def _kinds(track: Track, moments: Whole, step: int) -> dict[int, str]:
    """What is marked: the number of the position, and as what."""
    if track.is_still:
        return {len(track) - 1: "place"}
    if not len(track) or not track.is_joined:
        return {}
    passed = [index for index in track.at(moments, step // 2).tolist() if index >= 0]
    return dict.fromkeys(passed, "tick") | {0: "start", len(track) - 1: "end"}


def _labelled(layers: list[Layer], picture: World | Polar, step: int) -> list[Layer]:
    """What is written beside marks, where there is room: names of what stands still, times of the first track that moves."""
    moving = next((layer for layer in layers if layer.marks and not layer.track.is_still), None)
    marks = [mark for layer in layers for mark in layer.marks]
    texts = [
        layer.track.label if layer.track.is_still else _short(mark, step) if layer is moving else ""
        for layer in layers
        for mark in layer.marks
    ]
    points = np.array([(mark.x, mark.y) for mark in marks]).reshape(-1, 2)
    found = iter(labels.place(points, texts, size=picture.text, width=picture.width, height=picture.height))
    return [
        replace(layer, marks=[replace(mark, label=next(found)) for mark in layer.marks]) for layer in layers
    ]


def _short(mark: Mark, step: int) -> str:
    """What is written beside a mark: its time of day, or its day where marks are days apart."""
    if mark.kind != "tick":
        return mark.kind
    return moment(mark.seconds).strftime("%H:%M" if step < DAY_SECONDS else "%m-%d")


def title(track: Track, index: int) -> str:
    """When and where a track was: what a pointer finds at a mark."""
    where = f"{latitude(round(float(track.lats[index]), 3))}, {longitude(round(float(track.lons[index]), 3))}"
    if track.is_still:
        return f"{track.label}: {where}"
    return f"{moment(int(track.times[index])):%Y-%m-%d %H:%M} UTC, {track.label}: {where}"
