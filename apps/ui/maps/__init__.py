"""Maps as SVG, drawn on the server: tracks and places on the world and around both poles.

    drawing = draw([Track.of("location_geo", "Geographic location", Look.SOLID, times=…, lats=…, lons=…)])
    {% include "ui/map/tracks.html" with views=drawing.views %}

Nothing here knows what is drawn. Coastlines come from Natural Earth by way of `tools/draw_land.mjs`, which draws them
under the same projections; docs/decisions/0006 says why maps are made here and not in the browser.
"""

from apps.ui.maps.drawing import Drawing, draw
from apps.ui.maps.places import draw_places
from apps.ui.maps.positions import rows
from apps.ui.maps.projections import latitude, longitude
from apps.ui.maps.tracks import Look, Track
from apps.ui.maps.views import Place, Style, View

__all__ = [
    "Drawing",
    "Look",
    "Place",
    "Style",
    "Track",
    "View",
    "draw",
    "draw_places",
    "latitude",
    "longitude",
    "rows",
]
