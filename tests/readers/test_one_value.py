"""One value of one record in ten thousand, five hundred times: comparing, undoing and verifying each tell all of them."""

import json
import random
from collections.abc import Sequence
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from math import nextafter
from typing import Any

import pytest
from django.test import Client

from apps.aurorax import AuroraX, DataSource
from apps.records.types import type_of
from apps.uploads.states import State
from tests.support.uploads import UploadFile, act

pytestmark = pytest.mark.any_database

Record = dict[str, Any]
RECORDS, MUTATED = 10_000, 500
START = datetime(2020, 1, 1, tzinfo=UTC)
METADATA: Record = {
    "version": 20210101, "orbit": 24567890, "mode": "low", "empty": "", "on": True, "one": 1, "zero": 0.0,
    "quality": 0.25, "tiny": 1e-12, "large": 1e300, "none": None, "list": [1, 2.5, "a"], "object": {"a": {"b": False}},
}  # fmt: skip


def another(value: Any, chance: random.Random) -> Any:
    """A value of any JSON type that means something else, however near it is."""
    found = [
        None,
        "",
        "another",
        True,
        False,
        0,
        1,
        -1.5,
        2**53 + 1,
        [],
        {},
        [value],
        {"a": value},
        str(value),
    ]
    if isinstance(value, int | float) and not isinstance(value, bool):
        found += [value + 1, value * (1 + 1e-12), -value] * 3
    return chance.choice([each for each in found if not is_the_same(each, value)])


def is_the_same(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return json.dumps(one) == json.dumps(other) or (isinstance(one, int | float) and one == other)


def ephemeris(number: int) -> Record:
    place = {"lat": 51.049999 + number * 1e-6, "lon": -114.066666}
    epoch = (START + timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:00")
    traces = {name: dict(place) for name in ("location_geo", "location_gsm", "nbtrace", "sbtrace")}
    return {"epoch": epoch, **traces, "metadata": deepcopy(METADATA)}


def product(number: int) -> Record:
    start = START + timedelta(minutes=number)
    return {
        "start": start.strftime("%Y-%m-%dT%H:%M:00"),
        "end": (start + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:00"),
        "url": f"https://data.example.org/{number}.jpg",
        "data_product_type": "keogram",
        "metadata": deepcopy(METADATA),
    }


def in_a_place(record: Record, chance: random.Random) -> None:
    name = chance.choice(["location_geo", "location_gsm", "nbtrace", "sbtrace"])
    part = chance.choice(["lat", "lon"])
    value = record[name][part]
    nearest = nextafter(value, 90) + value * 1e-12
    record[name] = chance.choice([{"lat": None, "lon": None}, {**record[name], part: nearest}])


def in_a_time_or_type(record: Record, chance: random.Random) -> None:
    if chance.random() < 0.3:
        record["data_product_type"] = "movie"
        return
    name, by = chance.choice([("start", -1), ("end", 1)])
    moved = datetime.fromisoformat(record[name]) + timedelta(minutes=by)
    record[name] = moved.strftime("%Y-%m-%dT%H:%M:00")


def in_metadata(record: Record, chance: random.Random) -> None:
    name = chance.choice([*METADATA])
    if chance.random() < 0.1:
        del record["metadata"][name]
    elif chance.random() < 0.02:
        record["metadata"] = None
    else:
        record["metadata"][name] = another(record["metadata"][name], chance)


KINDS = {
    "ephemeris": (ephemeris, in_a_place, "epoch"),
    "products": (product, in_a_time_or_type, "url"),
}


@pytest.fixture(params=KINDS)
def slug(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def written(slug: str) -> list[Record]:
    make, _, _ = KINDS[slug]
    return [make(number) for number in range(RECORDS)]


def mutated(slug: str) -> list[Record]:
    """Five hundred of them, each with one other value."""
    make, elsewhere, _ = KINDS[slug]
    chance = random.Random(11)
    found = []
    for number in chance.sample(range(RECORDS), MUTATED):
        record = make(number)
        chance.choice([in_metadata, in_metadata, elsewhere])(record, chance)
        assert json.dumps(record) != json.dumps(make(number))
        found.append(record)
    return found


def somebody_sends(aurorax: AuroraX, slug: str, source: DataSource, records: Sequence[Record]) -> None:
    body = json.dumps([source.key | record for record in records]).encode()
    type_of(slug).upload(aurorax, source, body)


def test_comparing_finds_every_one(
    slug: str, upload_file: UploadFile, aurorax: AuroraX, source: DataSource
) -> None:
    somebody_sends(aurorax, slug, source, written(slug))
    somebody_sends(aurorax, slug, source, mutated(slug))
    upload = upload_file(json.dumps(written(slug)).encode(), kind=slug, name="records.json")
    assert (upload.changed, upload.identical, upload.new) == (MUTATED, RECORDS - MUTATED, 0), upload.message


def test_undoing_leaves_every_one_alone_that_somebody_else_made(
    slug: str, as_owner: Client, upload_file: UploadFile, aurorax: AuroraX, source: DataSource
) -> None:
    upload = upload_file(json.dumps(written(slug)).encode(), kind=slug, name="records.json")
    act(as_owner, upload, "send")
    assert upload.is_verified
    somebody_sends(aurorax, slug, source, mutated(slug))
    act(as_owner, upload, "undo")
    assert upload.state == State.UNDONE
    assert (upload.undo["left_alone"], upload.undo["gone"]) == (MUTATED, RECORDS - MUTATED)
    kind = type_of(slug)
    left = list(kind.search(aurorax, source, START, START + timedelta(days=30)))
    assert len(left) == MUTATED
    expected = {kind.key(row): row for row in map(kind.row_of, mutated(slug))}
    assert all(kind.same(expected[kind.key(row)], row) for row in left)
