"""Tracks on pictures of the Earth, ready for `ui/map/views.html`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from apps.ui.maps import labels, paths
from apps.ui.maps.labels import Label
from apps.ui.maps.projections import NORTH, SOUTH, WORLD, Lines, Polar, World, latitude, longitude
from apps.ui.maps.tracks import Seconds, Track, moment, span, ticks

VIEWS: tuple[World | Polar, ...] = (WORLD, NORTH, SOUTH)
# Bytes of all paths together. What weighs more as lines (a low orbit from about six days on) is drawn as squares.
LINES_AT_MOST = 100_000
MARKS = 12  # of a track at most, besides its start and end
TEXT = 9.0  # units
DAY = 24 * 60 * 60  # seconds


@dataclass(frozen=True)
class Mark:
    """A point of a track. `kind` is start, end or tick; `seconds` since 1970; `title` says when and where."""

    x: float
    y: float
    kind: str
    seconds: int
    title: str
    label: Label | None = None


@dataclass(frozen=True)
class Layer:
    """One track on one picture: the `d` of its path, in quarters of a unit, and its marks."""

    track: Track
    path: str
    marks: Sequence[Mark]
    is_hidden: bool


@dataclass(frozen=True)
class View:
    """One picture. `is_dense` says that the paths are areas instead of lines."""

    projection: World | Polar
    layers: Sequence[Layer] = field(default_factory=tuple)
    is_dense: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing that is not hidden lies on this picture."""
        return not any(layer.path for layer in self.layers if not layer.is_hidden)


@dataclass(frozen=True)
class Drawing:
    """All pictures of some tracks, and the moments that are marked on them (seconds since 1970), `step` seconds apart."""

    tracks: Sequence[Track]
    views: Sequence[View]
    moments: Seconds
    step: int
    is_dense: bool

    @property
    def is_empty(self) -> bool:
        """Whether there is no position at all."""
        return not any(len(track) for track in self.tracks)


def draw(
    tracks: Sequence[Track], *, hidden: Collection[str] = (), views: Sequence[World | Polar] = VIEWS
) -> Drawing:
    """The tracks on every picture; those named in `hidden` are drawn to be shown later."""
    start, end = span(tracks) or (0, 0)
    moments, step = ticks(start, end, most=MARKS)
    lines = [[view.lines(track.lats, track.lons, track.starts) for track in tracks] for view in views]
    written, is_dense = _paths(lines)
    drawn = []
    for view, view_paths in zip(views, written, strict=True):
        layers = [
            Layer(track, path, _marks(track, view, moments, step), track.name in hidden)
            for track, path in zip(tracks, view_paths, strict=True)
        ]
        drawn.append(View(view, _labelled(layers, view, step), is_dense))
    return Drawing(tracks, drawn, moments, step, is_dense)


def _paths(lines: Sequence[Sequence[Lines]]) -> tuple[list[list[str]], bool]:
    """All paths as lines, or as areas when there would be too much of them; and whether they are areas."""
    written = [[paths.line_path(each) for each in view] for view in lines]
    if sum(len(path) for view in written for path in view) <= LINES_AT_MOST:
        return written, False
    return [[paths.covering(each) for each in view] for view in lines], True


def _marks(track: Track, view: World | Polar, moments: Seconds, step: int) -> list[Mark]:
    """Start, end, and what is nearest after each of the moments, as far as the picture shows them."""
    if not len(track):
        return []
    if track.is_still:
        kinds = {0: "end"}
    else:
        passed = [index for index in track.at(moments, step // 2).tolist() if index >= 0]
        kinds = dict.fromkeys(passed, "tick") | {0: "start", len(track) - 1: "end"}
    chosen = np.array(sorted(kinds))
    lats, lons = track.lats[chosen], track.lons[chosen]
    points, shown = view.project(lats, lons).round(1).tolist(), view.shows(lats, lons).tolist()
    return [
        Mark(x, y, kinds[index], int(track.times[index]), title(track, index))
        for index, (x, y), is_shown in zip(chosen.tolist(), points, shown, strict=True)
        if is_shown
    ]


def _labelled(layers: list[Layer], view: World | Polar, step: int) -> list[Layer]:
    """The times of the first track that has any, written beside its marks where there is room."""
    for number, layer in enumerate(layers):
        if layer.marks and not layer.track.is_still and not layer.is_hidden:
            points = np.array([(mark.x, mark.y) for mark in layer.marks])
            texts = [_short(mark, step) for mark in layer.marks]
            found = labels.place(points, texts, size=TEXT, width=view.width, height=view.height)
            marks = [replace(mark, label=each) for mark, each in zip(layer.marks, found, strict=True)]
            return [*layers[:number], replace(layer, marks=marks), *layers[number + 1 :]]
    return layers


def _short(mark: Mark, step: int) -> str:
    """What is written beside a mark: its time of day, or its day where marks are days apart."""
    if mark.kind != "tick":
        return mark.kind
    return moment(mark.seconds).strftime("%H:%M" if step < DAY else "%m-%d")


def title(track: Track, index: int) -> str:
    """When and where a track was: what a pointer finds at a mark."""
    when = moment(int(track.times[index])).strftime("%Y-%m-%d %H:%M")
    where = f"{latitude(round(float(track.lats[index]), 3))}, {longitude(round(float(track.lons[index]), 3))}"
    if track.is_still:
        return f"{track.label}: {where}"
    return f"{when} UTC, {track.label}: {where}"
