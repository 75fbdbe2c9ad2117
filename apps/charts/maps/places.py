"""Places on pictures of the Earth, ready for `ui/map/picture.html`."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from apps.charts.maps import labels
from apps.charts.maps.arrays import Numbers
from apps.charts.maps.drawing import PICTURES
from apps.charts.maps.pictures import MapPlace, Pin, View
from apps.charts.maps.projections import Projection
from apps.charts.maps.regions import Region

# A closer look at all places together, where it brings them nearer than the world does. Units for a degree of latitude.
LEAST_SCALE, GREATEST_SCALE = 3.0, 20.0
ROOM = 0.8  # of the picture's width and height, that the places take up


def draw_places(places: Sequence[MapPlace]) -> list[View]:
    """The places from nearby, where they lie near enough together, on the world and around both poles."""
    lats = np.array([place.lat for place in places], dtype=np.float64)
    lons = np.array([place.lon for place in places], dtype=np.float64)
    nearer = closer(lats, lons)
    pictures = [nearer, *PICTURES] if nearer else list(PICTURES)
    return [View(picture, pins=_pins(picture, places, lats, lons)) for picture in pictures]


def closer(lats: Numbers, lons: Numbers) -> Region | None:
    """The part of the Earth that holds all places; None for no place, and where the world shows them as large.

    So it is for places on both sides of the antimeridian, and at a pole, where the world is too narrow for this picture.
    """
    if not len(lats):
        return None
    lat, lon = float(lats.min() + lats.max()) / 2, float(lons.min() + lons.max()) / 2
    region = Region("region", "From nearby", 720, 360, "vendor/maps/nearby.svg", 8, (lat, lon), 1.0, lat)
    across, down = np.ptp(region.project(lats, lons), axis=0).tolist()
    fitting = min(ROOM * region.width / max(across, 1e-9), ROOM * region.height / max(down, 1e-9))
    nearer = replace(region, scale=min(fitting, GREATEST_SCALE))
    is_worth_it = fitting >= LEAST_SCALE and nearer.land_box.width >= nearer.width
    return nearer.within_world() if is_worth_it else None


def _pins(picture: Projection, places: Sequence[MapPlace], lats: Numbers, lons: Numbers) -> list[Pin]:
    shown = np.flatnonzero(picture.shows(lats, lons))
    points = picture.project(lats[shown], lons[shown]).round(1)
    there = [places[index] for index in shown.tolist()]
    names = [place.name for place in there]
    found = labels.place(points, names, size=picture.text, width=picture.width, height=picture.height)
    return [
        Pin(x, y, place, label) for (x, y), place, label in zip(points.tolist(), there, found, strict=True)
    ]
