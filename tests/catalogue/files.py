"""The files that are uploaded into the catalogue's world."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

START = datetime(2020, 1, 1, tzinfo=UTC)
HEADER = "epoch,location_geo.lat,location_geo.lon,metadata.state,metadata.confidence"
SCHEMA = [
    {
        "field_name": "state",
        "description": "What the camera saw",
        "data_type": "string",
        "allowed_values": ["arc", "diffuse", "discrete", "no aurora"],
        "searchable": True,
        "additional_description": "Classified from the keogram of the quarter of an hour.",
    },
    {
        "field_name": "confidence",
        "description": "How sure the classifier was, in percent",
        "data_type": "float",
        "allowed_values": [],
    },
]
SKY = ("arc", "diffuse", "discrete", "no aurora")


def csv(rows: Iterable[str], header: str = HEADER) -> str:
    """A CSV file of these rows."""
    return "\n".join([header, *rows]) + "\n"


def minutes(numbers: Iterable[int], *, lat: float = 51.05, confidence: float = 80) -> list[str]:
    """Rows of these minutes of 2020."""
    return [
        f"{START + timedelta(minutes=n):%Y-%m-%dT%H:%M:%S},{lat},-114.07,{SKY[n // 15 % 4]},{confidence + n % 20}"
        for n in numbers
    ]


def mixed() -> str:
    """New, changed and identical records, problems of several kinds, and warnings."""
    wrong = [
        "2020-01-01T09:00:00,95.3,-114.07,arc,80",
        "2020-01-01T09:01:00,51.05,,arc,80",
        "yesterday at noon,51.05,-114.07,arc,80",
        "03/04/2020 10:00,51.05,-114.07,arc,80",
        "2020-01-01T09:04:30,51.05,-114.07,arc,80",
        "2020-01-01T09:05:00,51.05,-114.07,arc,80",
        "2020-01-01T09:05:00,51.06,-114.07,arc,80",
        "2020-01-01T09:06:00,51.05,-114.07,aurora borealis,80",
    ]
    return csv(
        [*minutes(range(100, 130)), *minutes(range(130, 150), lat=51.1), *minutes(range(300, 420)), *wrong]
    )


def products() -> str:
    """Keograms with a name only and links to movies, as JSON in the API's shape."""
    keograms = [_product(day, "keogram", f"keogram{day}.jpg") for day in range(1, 9)]
    movies = [_product(day, "movie", f"https://data.example.org/{day}.mp4") for day in range(1, 4)]
    return json.dumps([*keograms, *movies])


def _product(day: int, kind: str, url: str) -> dict[str, object]:
    return {
        "data_product_type": kind,
        "start": f"2020-01-0{day}T00:00:00",
        "end": f"2020-01-0{day}T23:59:00",
        "url": url,
        "metadata": {"imaging_end_time": f"2020-01-0{day}T12:00:00", "site": "Example"},
    }


def unknown_columns() -> str:
    """A file with columns nobody knows."""
    rows: Sequence[str] = minutes(range(5))
    return csv(rows, header="moment,breite,lon,sky state,sure")


def some_columns() -> str:
    """A file that corrects one column, and has no others; of some records it takes the confidence."""
    rows = [f"{START + timedelta(minutes=n):%Y-%m-%dT%H:%M:%S},no aurora," for n in range(30)]
    return csv(rows, header="epoch,metadata.state,metadata.confidence")


def cut_by_a_second() -> str:
    """A minute series by a program that cuts what floating point leaves a hair before the minute."""
    times = [START + timedelta(minutes=n, seconds=-1 if n > 4 else 0) for n in range(30)]
    return csv([f"{time:%Y-%m-%dT%H:%M:%S},51.05,-114.07" for time in times], header="time,lat,lon")


def without_header() -> str:
    """Rows without names above them."""
    rows = [f"{START + timedelta(minutes=n):%Y-%m-%dT%H:%M:%S},51.05,-114.07,CALG" for n in range(30)]
    return "\n".join(rows)
