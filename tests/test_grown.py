"""What pages ask AuroraX when it has grown: an owner of three hundred data sources with twenty years of records each.

How long they take is measured by `python -m tests.bench tests.bench.grown.figures`.
"""

import html
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import pytest
import requests
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from tests.support import growth
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.any_database
SOURCES = 400
MOST_BYTES = 500_000
FIRST = growth.FIRST  # an identifier, of the owner's
SATELLITE = 3  # of the sandbox's seed: the only one with records, not just with counts
COUNTED = {"HX-Request": "true", "HX-Target": "div#overview"}
CALENDAR = {"HX-Request": "true", "HX-Target": "section#availability"}


class Exchange(NamedTuple):
    """One question to AuroraX, and how much it answered."""

    question: str
    size: int


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    process = SandboxProcess(tmp_path_factory.mktemp("grown"))
    growth.fill(process, SOURCES, last=datetime.now(UTC).date())
    with process:
        yield process


@pytest.fixture
def owner(grown: SandboxProcess, settings: Settings, db: None) -> Client:
    return _signed_in(grown, settings, "owner")


@pytest.fixture
def admin(grown: SandboxProcess, settings: Settings, db: None) -> Client:
    return _signed_in(grown, settings, "admin")


@pytest.fixture
def exchanged(monkeypatch: pytest.MonkeyPatch) -> list[Exchange]:
    """Everything that is asked and answered from here on."""
    found: list[Exchange] = []
    really_send = requests.Session.request

    def noted(session: requests.Session, method: str, url: str, **kwargs: Any) -> requests.Response:
        answer = really_send(session, method, url, **kwargs)
        found.append(Exchange(url.partition("/api/v1")[2], len(answer.content)))
        return answer

    monkeypatch.setattr(requests.Session, "request", noted)
    return found


def test_the_overview_comes_with_ones_own_and_one_short_answer(
    owner: Client, exchanged: list[Exchange]
) -> None:
    exchanged.clear()
    page = owner.get(reverse("overview")).content.decode()
    assert _owned(page) > growth.OWNED  # with some of the seed
    [asked] = exchanged
    assert asked.question == "/data_sources"
    assert asked.size < 60_000


def test_its_counts_ask_for_two_years_of_the_page_alone(owner: Client, exchanged: list[Exchange]) -> None:
    owned = _owned(owner.get(reverse("overview")).content.decode())
    owner.get(reverse("source-list"))  # the list of all is remembered
    exchanged.clear()
    page = owner.get(reverse("overview-counted"), headers=COUNTED).content.decode()
    assert page.count('<svg class="counts heat') == 25
    assert f"{owned + growth.MAINTAINED:,}" in page
    questions = [each.question for each in exchanged]
    assert questions.count("/data_sources/search") == 1
    asked = [each for each in exchanged if each.question.startswith("/availability/")]
    assert all(each.size < 110_000 for each in asked)  # two years of one, or a week of all of them
    assert sum(each.size for each in exchanged) < 2 * MOST_BYTES  # docs/decisions/0025 says why


def test_nobody_who_is_well_is_looked_at_for_two_years(owner: Client, exchanged: list[Exchange]) -> None:
    owner.get(reverse("source-list"))
    exchanged.clear()
    owner.get(reverse("overview-counted"), {"silent": "on"}, headers=COUNTED)
    assert sum(each.size for each in exchanged) < MOST_BYTES


def test_a_page_of_the_table_asks_for_its_own_counts(owner: Client, exchanged: list[Exchange]) -> None:
    owner.get(reverse("source-list"))
    exchanged.clear()
    for query in ({"q": "grown"}, {"mine": "on"}, {"sort": "-owner"}, {"page": "3"}):
        assert owner.get(reverse("source-list"), query).content.decode().count("<tr") == 51
    assert exchanged == []
    days = (datetime.now(UTC).date() - date(growth.YEARS[0], 1, 1)).days + 1
    counted = owner.get(reverse("source-list"), {"stats": "on", "q": "grown"}).content.decode()
    assert counted.count(f"{days * growth.EPHEMERIS:,}") == 50
    [asked] = exchanged
    assert asked.question == "/data_sources/search"
    assert asked.size < 30_000


def test_the_table_of_maintainers_is_of_one_page(admin: Client, exchanged: list[Exchange]) -> None:
    admin.get(reverse("source-list"))
    exchanged.clear()
    page = admin.get(reverse("maintainers-all"))
    assert len(page.content) < 300_000
    assert page.content.decode().count('name="source"') == 50
    assert [each.question for each in exchanged] == ["/accounts"]


def test_a_data_source_is_read_twice_for_its_page(owner: Client, exchanged: list[Exchange]) -> None:
    exchanged.clear()
    owner.get(reverse("source-detail", args=[FIRST]))
    headers = {"HX-Request": "true", "HX-Target": "div#source-stats"}
    counts = owner.get(reverse("source-stats", args=[FIRST]), headers=headers).content.decode()
    _calendar(owner, counts)
    assert sorted(each.question for each in exchanged) == [
        "/availability/data_products",
        "/availability/data_products",  # of days that are not expected
        "/availability/ephemeris",
        f"/data_sources/{FIRST}",
        f"/data_sources/{FIRST}",
    ]
    assert sum(each.size for each in exchanged) < MOST_BYTES


def test_a_days_page_asks_three_times(owner: Client, exchanged: list[Exchange]) -> None:
    exchanged.clear()
    page = owner.get(reverse("ephemeris-browse", args=[SATELLITE]), {"day": "2020-01-01"}).content.decode()
    assert len(exchanged) == 2
    assert "day-steps" in _calendar(owner, page)
    headers = {"HX-Request": "true", "HX-Target": "div#day-map"}
    shown = owner.get(
        reverse("ephemeris-map", args=[SATELLITE]), {"start": "2020-01-01T00:00:00"}, headers=headers
    ).content.decode()
    assert "Larger map" in shown
    assert [each.question for each in exchanged] == [
        f"/data_sources/{SATELLITE}",
        "/ephemeris/search_synchronous",
        "/availability/ephemeris",
    ]


def test_a_day_of_a_source_with_products_asks_four_times(owner: Client, exchanged: list[Exchange]) -> None:
    exchanged.clear()
    day = date.today().isoformat()  # noqa: DTZ011 - any of the calendar's years will do
    page = owner.get(reverse("ephemeris-browse", args=[FIRST]), {"day": day}).content.decode()
    _calendar(owner, page)
    assert len(exchanged) == 4
    assert sum(each.size for each in exchanged) < MOST_BYTES


def _owned(page: str) -> int:
    found = re.search(r"(\d+) that you own", page)
    assert found
    return int(found[1])


def _calendar(client: Client, page: str) -> str:
    """What the page fetches as its calendar."""
    [address] = re.findall(r'hx-get="([^"]*availability[^"]*)"', page)
    answer = client.get(html.unescape(address), headers=CALENDAR)
    assert answer.status_code == 200
    return answer.content.decode()


def _signed_in(grown: SandboxProcess, settings: Settings, name: str) -> Client:
    settings.AURORAX_API_URL = grown.url
    client = Client()
    account = {"email": f"{name}@example.org", "password": f"sandbox-{name}"}
    assert client.post(reverse("sign-in"), account).status_code == 302
    return client
