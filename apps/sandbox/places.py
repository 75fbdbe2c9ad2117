"""What the API does to places: latitudes over 90 are folded, longitudes are brought into -180 to 180. In degrees."""

Place = tuple[float | None, float | None]


def fold(lat: float, lon: float) -> Place:
    """A place as it comes back. 150.25 north comes back as 29.75 with its longitude untouched (seen on the real API);
    a longitude from 0 to 360 comes back less 360, float noise included.
    """
    if -90 <= lat <= 90 and -180 <= lon <= 180:
        return lat, lon
    if not -90 <= lat <= 90:
        lat = _around(lat)
        if lat > 90:
            lat = 180 - lat
        elif lat < -90:
            lat = -180 - lat
    return lat, lon if -180 <= lon <= 180 else _around(lon)


def _around(angle: float) -> float:
    """The same direction within one turn, from -180 to 180."""
    if 180 < angle <= 540:
        return angle - 360
    if -540 <= angle < -180:
        return angle + 360
    return (angle + 180) % 360 - 180
