"""Parts of the Earth from nearby. Angles and units are those of `projections`."""

import math
from dataclasses import dataclass, replace

import numpy as np

from apps.charts.maps.arrays import Flags, Numbers
from apps.charts.maps.projections import Box, GridLabel, Projection, latitude, longitude


@dataclass(frozen=True)
class Region(Projection):
    """A part of the Earth from nearby: equirectangular, true to scale at the latitude `true_at`."""

    middle: tuple[float, float]
    scale: float  # units for each degree of latitude
    true_at: float

    def within_world(self) -> "Region":
        """The same, moved so that it does not look beyond the poles or the antimeridian, where no land is drawn."""
        up, right = 90 - self.height / 2 / self.scale, 180 - self.width / 2 / self._across
        lat, lon = self.middle
        return replace(self, middle=(max(-up, min(up, lat)), max(-right, min(right, lon))))

    def project(self, lats: Numbers, lons: Numbers) -> Numbers:
        """The middle of the region is in the middle of the picture."""
        lat, lon = self.middle
        across, down = (lons - lon) * self._across, (lat - lats) * self.scale
        return np.column_stack((self.width / 2 + across, self.height / 2 + down))

    def shows(self, lats: Numbers, lons: Numbers) -> Flags:
        """Those within the picture's edges, and on them."""
        x, y = self.project(lats, lons).round(6).T
        inside: Flags = (x >= 0) & (x <= self.width) & (y >= 0) & (y <= self.height)
        return inside

    @property
    def land_box(self) -> Box:
        """Where the picture of the whole world lies, most of it outside of this one."""
        lat, lon = self.middle
        left, top = self.width / 2 - (180 + lon) * self._across, self.height / 2 - (90 - lat) * self.scale
        return Box(round(left, 2), round(top, 2), round(360 * self._across, 2), round(180 * self.scale, 2))

    @property
    def grid_labels(self) -> list[GridLabel]:
        """Parallels at the left, meridians at the bottom: every ten degrees, or as many as there is room for."""
        labels = []
        for lat in range(-80, 81, self._step(self.scale)):
            y = self._at(lat, self.middle[1])[1]
            if 20 < y < self.height - 20:
                labels.append(GridLabel(4, round(y - 3, 1), latitude(lat), "start"))
        for lon in range(-180, 181, self._step(self._across)):
            x = self._at(self.middle[0], lon)[0]
            if 40 < x < self.width - 40:
                labels.append(GridLabel(round(x, 1), self.height - 4, longitude(lon)))
        return labels

    def _at(self, lat: float, lon: float) -> tuple[float, float]:
        x, y = self.project(np.array([lat]), np.array([lon]))[0].tolist()
        return x, y

    def _step(self, scale: float) -> int:
        """Degrees between two labels, for so many units to a degree."""
        return 10 if scale * 10 > 5 * self.text else 20

    @property
    def _across(self) -> float:
        """Units for each degree of longitude."""
        return self.scale * math.cos(math.radians(self.true_at))
