"""Places on pictures of the Earth, ready for `ui/map/places.html`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from apps.ui.maps import labels
from apps.ui.maps.drawing import VIEWS
from apps.ui.maps.labels import Label
from apps.ui.maps.projections import Numbers, Projection, Region

TEXT = 9.0  # units
# A closer look at all places together, where it brings them nearer than the world does. Units for a degree of latitude.
LEAST_SCALE, GREATEST_SCALE = 3.0, 20.0
ROOM = 0.8  # of the picture's width and height, that the places take up


@dataclass(frozen=True)
class Place:
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
    place: Place
    label: Label | None


@dataclass(frozen=True)
class PlacesView:
    """One picture with those places that lie on it."""

    projection: Projection
    pins: Sequence[Pin]


def draw_places(places: Sequence[Place]) -> list[PlacesView]:
    """The places from nearby, where they lie near enough together, on the world and around both poles."""
    lats = np.array([place.lat for place in places], dtype=np.float64)
    lons = np.array([place.lon for place in places], dtype=np.float64)
    nearer = closer(lats, lons)
    pictures = [nearer, *VIEWS] if nearer else list(VIEWS)
    return [PlacesView(picture, _pins(picture, places, lats, lons)) for picture in pictures]


def closer(lats: Numbers, lons: Numbers) -> Region | None:
    """The part of the Earth that holds all places; None for no place, and where the world shows them as large.

    So it is for places on both sides of the antimeridian.
    """
    if not len(lats):
        return None
    middle = (float(lats.min() + lats.max()) / 2, float(lons.min() + lons.max()) / 2)
    region = Region("region", "From nearby", 720, 360, "vendor/maps/nearby.svg", middle=middle, scale=1.0)
    across, down = np.ptp(region.project(lats, lons), axis=0).tolist()
    fitting = min(ROOM * region.width / max(across, 1e-9), ROOM * region.height / max(down, 1e-9))
    scale = min(fitting, GREATEST_SCALE)
    if scale < LEAST_SCALE:
        return None
    return Region(region.slug, region.label, region.width, region.height, region.land, middle, scale)


def _pins(picture: Projection, places: Sequence[Place], lats: Numbers, lons: Numbers) -> list[Pin]:
    if not places:
        return []
    shown = np.flatnonzero(picture.shows(lats, lons))
    points = picture.project(lats[shown], lons[shown]).round(1)
    there = [places[index] for index in shown.tolist()]
    names = [place.name for place in there]
    found = labels.place(points, names, size=TEXT, width=picture.width, height=picture.height)
    return [
        Pin(x, y, place, label) for (x, y), place, label in zip(points.tolist(), there, found, strict=True)
    ]
