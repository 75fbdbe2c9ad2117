"""The coastlines that `tools/draw_land.mjs` draws lie under the places that our projections put there."""

import gzip
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely
from django.contrib.staticfiles import finders

from apps.charts.maps.arrays import Numbers
from apps.charts.maps.projections import NORTH, SOUTH, WORLD, Projection
from apps.charts.maps.regions import Region

NEARBY = Region("region", "Nearby", 720, 360, "vendor/maps/nearby.svg", 8, (0, 0), scale=2, true_at=0)
PICTURES = [WORLD, NORTH, SOUTH, NEARBY]
SVG = "{http://www.w3.org/2000/svg}"
LAND: dict[str, tuple[float, float]] = {
    "Calgary": (51.05, -114.07),
    "Gillam": (56.38, -94.64),
    "Sahara": (23, 10),
    "Moscow": (55.75, 37.62),
    "Congo": (-2, 23),
    "Alice Springs": (-23.7, 133.9),
    "Vostok": (-78.46, 106.84),
    "South Pole": (-89.5, 0),
    "Patagonia": (-46, -70),
    "Greenland": (72, -40),
    "Spitsbergen": (79.2, 16.8),
}
SEA: dict[str, tuple[float, float]] = {
    "North Pole": (89.5, 0),
    "Hudson Bay": (60, -86),
    "Mid-Atlantic": (45, -35),
    "Mid-Pacific": (10, -150),
    "Tasman Sea": (-38, 160),
    "Weddell Sea": (-70, -40),
    "Bering Sea": (58, -178),
    "Black Sea": (43.3, 34),
}


def file_of(picture: Projection) -> Path:
    found = finders.find(picture.land)
    assert found, f"{picture.land} is missing: make static/vendor/.fetched, or npm ci && npm run vendor"
    return Path(found)


def path_of(picture: Projection, which: str) -> str:
    root = ElementTree.fromstring(file_of(picture).read_text())
    assert root.attrib["viewBox"] == f"0 0 {picture.width} {picture.height}"
    grid, land = root.findall(f"{SVG}path")
    assert land.attrib["id"] == "land"
    return {"land": land, "grid": grid}[which].attrib["d"]


def parts_of(path: str) -> list[Numbers]:
    assert re.fullmatch(r"[MLZ\d.,-]+", path)
    return [
        np.array(re.findall(r"(-?[\d.]+),(-?[\d.]+)", part), dtype=np.float64)
        for part in re.findall(r"M([^M]+)", path)
    ]


def land_of(picture: Projection) -> list[shapely.Polygon]:
    return [shapely.Polygon(part) for part in parts_of(path_of(picture, "land")) if len(part) > 2]


def names_of(picture: Projection, places: dict[str, tuple[float, float]]) -> list[str]:
    """Those that the picture shows and has land at; a lake in an island is the second shape around its water."""
    land = shapely.make_valid(np.array(land_of(picture)))
    found = []
    for name, (lat, lon) in places.items():
        where = np.array([lat], dtype=float), np.array([lon], dtype=float)
        if (
            picture.shows(*where)[0]
            and shapely.contains(land, shapely.Point(picture.project(*where)[0])).sum() % 2
        ):
            found.append(name)
    return found


def shown(picture: Projection, places: dict[str, tuple[float, float]]) -> list[str]:
    return [name for name, (lat, lon) in places.items() if picture.shows(np.array([lat]), np.array([lon]))[0]]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.slug)
def test_land_is_land_and_sea_is_sea(picture: Projection) -> None:
    assert names_of(picture, LAND) == shown(picture, LAND)
    assert names_of(picture, SEA) == []


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.slug)
def test_nothing_is_drawn_outside_of_the_picture(picture: Projection) -> None:
    for which in ("land", "grid"):
        points = np.concatenate(parts_of(path_of(picture, which)))
        assert (points >= 0).all()
        assert (points <= [picture.width, picture.height]).all()


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.slug)
@pytest.mark.parametrize("lat", [60, -60])
def test_parallels_lie_where_the_projection_has_them(picture: Projection, lat: float) -> None:
    lons = np.linspace(-179, 179, 90)
    lats = np.full(len(lons), lat, dtype=float)
    grid = shapely.MultiLineString([part for part in parts_of(path_of(picture, "grid")) if len(part) > 1])
    there = picture.project(lats, lons)[picture.shows(lats, lons)]
    assert (shapely.distance(shapely.points(there), grid) < 0.5).all()


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.slug)
def test_coastlines_are_light_on_the_wire(picture: Projection) -> None:
    size = len(gzip.compress(file_of(picture).read_bytes()))
    assert size < (50_000 if picture is NEARBY else 20_000)
