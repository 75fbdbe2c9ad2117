"""Pictures of the Earth with what lies on them, ready for `ui/map/picture.html`."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from apps.charts.maps.labels import Label
from apps.charts.maps.projections import Projection
from apps.charts.maps.tracks import Track


class Style(StrEnum):
    """How paths are drawn, by how much there is of them."""

    LINE = "line"
    FINE_LINE = "fine-line"
    AREA = "area"


@dataclass(frozen=True)
class Mark:
    """A point of a track. `kind` is start, end, tick or place; `seconds` since 1970; `title` says when and where."""

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


@dataclass(frozen=True)
class MapPlace:
    """Something that stands still: latitude and longitude in degrees, its name, a sentence, and where a click leads."""

    lat: float
    lon: float
    name: str
    title: str
    url: str


@dataclass(frozen=True)
class Pin:
    """A place on a picture."""

    x: float
    y: float
    place: MapPlace
    label: Label | None


@dataclass(frozen=True)
class View:
    """One picture."""

    projection: Projection
    layers: Sequence[Layer] = ()
    pins: Sequence[Pin] = ()
    style: Style = Style.LINE

    @property
    def is_empty(self) -> bool:
        """Whether nothing lies on this picture."""
        return not self.pins and not any(layer.path for layer in self.layers)
