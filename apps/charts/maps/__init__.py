"""Maps as SVG, drawn on the server: tracks and places on the world and around both poles.

    drawing = draw([Track.of("location_geo", "Geographic location", Look.SOLID, times=…, lats=…, lons=…)])
    {% include "ui/map/tracks.html" with drawing=drawing shown=names_of_tracks %}

    views = draw_places([Place(56.38, -94.64, "gillam", "THEMIS-ASI GILL: 56.38° N, 94.64° W", "/sources/46/")])
    {% for view in views %}{% include "ui/map/picture.html" %}{% endfor %}

Nothing here knows what is drawn. Coastlines come from Natural Earth by way of `tools/draw_land.mjs`, which draws them
under the same projections; docs/decisions/0006 says why maps are made here and not in the browser.
"""

from apps.charts.maps.drawing import Drawing, draw
from apps.charts.maps.pictures import MapPlace, Style, View
from apps.charts.maps.places import draw_places
from apps.charts.maps.positions import rows
from apps.charts.maps.projections import latitude, longitude
from apps.charts.maps.tracks import Look, Track

__all__ = [
    "Drawing",
    "Look",
    "MapPlace",
    "Style",
    "Track",
    "View",
    "draw",
    "draw_places",
    "latitude",
    "longitude",
    "rows",
]
