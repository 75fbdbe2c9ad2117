"""Pictures that the seed's data products point to."""

from datetime import date
from xml.etree import ElementTree

import pytest
import requests

from apps.sandbox.keograms import keogram
from tests.sandbox.conftest import Api
from tests.support.sandbox import SandboxProcess

DAY = date(2020, 1, 1)
GILLAM = {"programs": ["trex"], "platforms": ["gillam"], "instrument_types": ["RGB ASI"]}


def test_the_same_day_always_looks_the_same_and_others_do_not() -> None:
    assert keogram(DAY) == keogram(DAY)
    assert keogram(DAY) != keogram(date(2020, 1, 2))


def test_an_hour_is_the_part_of_the_day_at_that_hour() -> None:
    day, hour = (ElementTree.fromstring(drawn) for drawn in (keogram(DAY), keogram(DAY, 3)))
    assert (day.get("viewBox"), hour.get("viewBox")) == ("0 0 1440 256", "180 0 60 256")
    assert [ElementTree.tostring(each) for each in day] == [ElementTree.tostring(each) for each in hour]


def test_products_of_the_seed_lead_to_pictures_and_some_to_nothing(
    sandbox: SandboxProcess, anyone: Api
) -> None:
    times = {"start": "2020-01-01T00:00:00", "end": "2020-01-01T23:59:59"}
    found = anyone.search("data_products", data_sources=GILLAM, **times)
    assert all(record["url"].startswith(f"{sandbox.url}/sandbox/keograms/") for record in found)
    answers = [requests.get(record["url"], timeout=30) for record in found]
    assert [answer.status_code for answer in answers].count(404) == 2
    pictures = [answer for answer in answers if answer.ok]
    assert {picture.headers["Content-Type"] for picture in pictures} == {"image/svg+xml"}
    assert [ElementTree.fromstring(picture.text).tag.rpartition("}")[2] for picture in pictures] == [
        "svg"
    ] * 11


@pytest.mark.parametrize(
    "name", ["20201301__x.svg", "20200101_24_x.svg", "20200101_x.svg", "20200101__x.jpg"]
)
def test_a_picture_of_no_day_or_hour_is_not_found(sandbox: SandboxProcess, name: str) -> None:
    assert requests.get(f"{sandbox.url}/sandbox/keograms/{name}", timeout=30).status_code == 404
