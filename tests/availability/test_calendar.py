"""The availability calendars on the pages of a data source, and what a deletion will take from them."""

import gzip
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from apps.aurorax import AuroraX, DataProductRecord, DataSource, DataSourceStats, EphemerisRecord
from apps.availability.calendar import MOST_YEARS, YEARS_BESIDE, CalendarQuery, beside_url, spans_of
from apps.deletions.models import Deletion, DeletionState
from apps.records.counts import Span
from apps.records.types import type_of
from tests.conftest import NewSource
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.any_database

MINUTE = timedelta(minutes=1)
NEW_YEAR = datetime(2020, 1, 1, tzinfo=UTC)
WAITING = 'hx-trigger="load"'


@pytest.fixture
def source(new_source: NewSource) -> DataSource:
    return new_source(maintainers=["maintainer@example.org"])


def put(aurorax: AuroraX, source: DataSource, start: datetime, count: int = 1) -> None:
    records = [EphemerisRecord(start + number * MINUTE) for number in range(count)]
    aurorax.ephemeris.upload(source.identifier, records, source=source)


def publish(
    aurorax: AuroraX, source: DataSource, start: datetime, end: datetime, kind: str = "keogram"
) -> None:
    product = DataProductRecord(kind, start, end, f"{kind}-{start:%Y-%m-%d}.jpg")
    aurorax.products.upload(source.identifier, [product], source=source)


def address(name: str, source: DataSource, **query: object) -> str:
    return reverse(name, args=[source.identifier], query=query)


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def days(html: str) -> dict[str, str]:
    """What the tooltips say, of days with something to say."""
    titles = re.findall(r"<title>(\d{4}-\d\d-\d\d): ([^<]*)</title>", html)
    return {day: words for day, words in titles if words not in ("none", "none yet")}


# On the pages of a data source ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("browse", "name", "query"),
    [
        ("ephemeris-browse", "ephemeris-availability", "?day="),
        ("products-browse", "products-availability", "?first="),
    ],
)
def test_it_comes_after_the_page_and_stands_alone(
    as_user: Client, aurorax: AuroraX, source: DataSource, browse: str, name: str, query: str
) -> None:
    put(aurorax, source, NEW_YEAR)
    publish(aurorax, source, NEW_YEAR, NEW_YEAR + MINUTE)
    html = page(as_user, address(browse, source))
    (url,) = re.findall(rf'id="availability".*?hx-get="([^"]+)"\s+{WAITING}', html, flags=re.DOTALL)
    url = url.replace("&amp;", "&")
    assert url.startswith(address(name, source))
    assert '<svg class="counts' not in html

    headers = {"HX-Request": "true", "HX-Target": "section#availability"}
    fragment = as_user.get(url, headers=headers).content.decode()
    assert fragment.startswith('<section id="availability"')
    assert WAITING not in fragment
    link = f'href="{reverse(browse, args=[source.identifier])}{query}2020-01-01"'
    for html in (fragment, page(as_user, address(name, source))):
        assert days(html) == {"2020-01-01": "1"}
        assert link in html
        assert "can be ten minutes old" in html
    assert days(page(as_user, reverse(browse, args=[source.identifier]) + query + "2020-01-01")) == {}


def test_the_overview_of_a_data_source_has_a_calendar_of_either_kind(
    as_user: Client, aurorax: AuroraX, source: DataSource
) -> None:
    put(aurorax, source, NEW_YEAR, 3)
    publish(aurorax, source, NEW_YEAR.replace(day=5), NEW_YEAR.replace(day=6))
    assert 'id="availability"' not in page(as_user, address("source-detail", source))
    html = page(as_user, address("source-stats", source))
    calendar = address("source-availability", source)
    (url,) = re.findall(rf'hx-get="({calendar}[^"]*)"\s+{WAITING}', html)
    html = page(as_user, url.replace("&amp;", "&"))
    assert days(html) == {"2020-01-01": "3", "2020-01-05": "1"}
    assert re.findall(r"<h3[^>]*>([^<]*)</h3>", html) == ["Ephemeris, 2020", "Data products, 2020"]


def test_a_source_without_records_has_no_calendar_and_says_so_at_its_address(
    as_user: Client, source: DataSource
) -> None:
    for name in ("ephemeris-browse", "products-browse", "source-stats"):
        assert 'id="availability"' not in page(as_user, address(name, source))
    for name in ("ephemeris-availability", "products-availability", "source-availability"):
        assert "No records yet" in page(as_user, address(name, source))


def test_only_the_kind_that_was_asked_for_is_shown(
    as_user: Client, aurorax: AuroraX, source: DataSource
) -> None:
    put(aurorax, source, NEW_YEAR)
    assert "No records yet" in page(as_user, address("products-availability", source))


def test_nothing_is_asked_twice_and_what_the_page_knows_is_not_asked_again(
    as_user: Client, aurorax: AuroraX, source: DataSource, asked: list[str]
) -> None:
    put(aurorax, source, NEW_YEAR)
    publish(aurorax, source, NEW_YEAR, NEW_YEAR + MINUTE)
    url = beside_url("source-availability", source, spans_of(stats(aurorax, source)))
    asked.clear()
    page(as_user, url)
    assert len(asked) == len(set(asked)) == 4  # the source, either kind, and whether days are not expected
    asked.clear()
    page(as_user, address("source-availability", source))
    assert len(asked) == len(set(asked)) == 4  # the source is read with its statistics


def stats(aurorax: AuroraX, source: DataSource) -> DataSourceStats:
    found = aurorax.sources.get(source.identifier, include_stats=True).stats
    assert found is not None
    return found


def test_days_not_expected_are_told_from_days_that_lack_records(
    as_user: Client, aurorax: AuroraX, source: DataSource
) -> None:
    put(aurorax, source, NEW_YEAR)
    publish(aurorax, source, NEW_YEAR, datetime(2020, 12, 29, tzinfo=UTC), "data_availability")
    for name in ("ephemeris-availability", "products-availability"):
        html = page(as_user, address(name, source))
        assert days(html) == {"2020-01-01": "1", "2020-12-30": "not expected", "2020-12-31": "not expected"}


def test_predicted_days_are_shown(as_user: Client, aurorax: AuroraX, source: DataSource) -> None:
    ahead = datetime.now(tz=UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=800)
    put(aurorax, source, ahead)
    assert days(page(as_user, address("ephemeris-availability", source))) == {f"{ahead:%Y-%m-%d}": "1"}


def test_counts_are_taken_as_they_are_unless_counting_anew_is_asked_for(
    as_user: Client, aurorax: AuroraX, source: DataSource, portal: SandboxProcess
) -> None:
    put(aurorax, source, NEW_YEAR)
    url = address("ephemeris-availability", source)
    with portal.switched(availability_lag=600):
        assert days(page(as_user, url)) == {"2020-01-01": "1"}
        put(aurorax, source, NEW_YEAR, 5)
        html = page(as_user, url)
        assert days(html) == {"2020-01-01": "1"}
        (refresh_url,) = re.findall(r'href="([^"]+slow=on)"', html)
        html = page(as_user, refresh_url.replace("&amp;", "&"))
    assert days(html) == {"2020-01-01": "5"}
    assert "counted anew just now" in html
    assert "slow=on" not in html


def test_in_maintenance_the_numbers_at_hand_are_shown_and_that_is_said(
    as_user: Client, aurorax: AuroraX, source: DataSource, portal: SandboxProcess
) -> None:
    put(aurorax, source, NEW_YEAR)
    with portal.switched(maintenance=True):
        html = page(as_user, address("ephemeris-availability", source, slow="on"))
    assert days(html) == {"2020-01-01": "1"}
    assert "AuroraX does not count anew while it is in maintenance" in html


# Which years ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def long(aurorax: AuroraX, source: DataSource) -> DataSource:
    """A record in each of 25 years."""
    for year in range(1996, 2021):
        put(aurorax, source, NEW_YEAR.replace(year=year))
    return source


def shown(html: str) -> list[int]:
    return [int(year) for year in re.findall(r'class="year"[^>]*>(\d+)<', html)]


def links(html: str) -> dict[str, str]:
    found = re.findall(r'<a class="btn btn-sm"\s+href="([^"]+)"[^>]*>([^<]+)</a>', html)
    return {words: url.replace("&amp;", "&") for url, words in found}


def test_one_goes_through_many_years_ten_at_a_time(as_user: Client, long: DataSource) -> None:
    html = page(as_user, address("ephemeris-availability", long))
    assert shown(html) == list(range(2020, 2010, -1))
    assert {"Earlier years", "Later years", "All years"} & set(links(html)) == {"Earlier years"}
    html = page(as_user, links(html)["Earlier years"])
    assert shown(html) == list(range(2010, 2000, -1))
    later = links(html)["Later years"]
    html = page(as_user, links(html)["Earlier years"])
    assert shown(html) == [2000, 1999, 1998, 1997, 1996]
    assert "Earlier years" not in links(html)
    assert shown(page(as_user, later)) == list(range(2020, 2010, -1))


def test_beside_other_things_only_the_latest_are_shown_and_lead_to_all(
    as_user: Client, long: DataSource, aurorax: AuroraX
) -> None:
    html = page(as_user, beside_url("ephemeris-availability", long, spans_of(stats(aurorax, long))))
    assert len(shown(html)) == YEARS_BESIDE
    assert len(shown(page(as_user, links(html)["All years"]))) == MOST_YEARS


def test_years_without_records_are_named_instead_of_drawn(
    as_user: Client, aurorax: AuroraX, source: DataSource
) -> None:
    for year in (2017, 2020):
        put(aurorax, source, NEW_YEAR.replace(year=year))
    html = page(as_user, address("ephemeris-availability", source))
    assert shown(html) == [2020, 2017]
    assert "Not drawn, as there is nothing in them: 2018, 2019." in html


@pytest.mark.parametrize(
    "query",
    [
        {"years": "0"}, {"years": "ten"}, {"years": "99999999999"}, {"until": "1776"}, {"until": "²"},
        {"until": "-1"}, {"ephemeris": "yesterday/today"}, {"ephemeris": "2020-01-01"}, {"slow": "maybe"},
        {"ephemeris": "2021-01-01/2020-01-01"}, {"ephemeris": "0001-01-01/9999-12-31"}, {"ephemeris": "/"},
    ],
)  # fmt: skip
def test_nonsense_in_the_address_is_left_out(
    as_user: Client, aurorax: AuroraX, source: DataSource, query: dict[str, str]
) -> None:
    put(aurorax, source, NEW_YEAR)
    html = page(as_user, address("ephemeris-availability", source, **query))
    assert days(html) == {"2020-01-01": "1"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"ephemeris": "1996-01-01/2020-01-01", "until": "1950"}, [1996]),
        ({"ephemeris": "1996-01-01/2020-01-01", "until": "2050", "years": "1"}, [2020]),
        ({"ephemeris": "1996-01-01/2020-01-01", "years": "2", "until": "2000"}, [2000, 1999]),
        ({"ephemeris": "1900-01-01/2100-12-31", "until": "2025"}, list(range(2020, 2015, -1))),
    ],
)
def test_years_outside_what_there_is_lead_to_its_ends(
    as_user: Client, long: DataSource, query: dict[str, str], expected: list[int]
) -> None:
    assert shown(page(as_user, address("ephemeris-availability", long, **query))) == expected


def test_a_question_survives_its_address() -> None:
    spans = {"ephemeris": Span(date(2019, 9, 27), date(2020, 11, 30))}
    question = CalendarQuery(spans, years=3, until=2019, slow=True)
    assert CalendarQuery.of(QueryDict(question.query[1:])) == question


# Colours and size -----------------------------------------------------------------------------------------------------


def test_ephemeris_is_measured_by_the_minutes_of_a_day_and_products_by_the_usual_day() -> None:
    assert type_of("ephemeris").counts.scale([5]).full == 1440
    products = type_of("products").counts.scale([13, 13, 13, 2])
    assert products.full == 13
    assert "13 (the median)" in products.meaning


def test_it_is_compressed_for_whoever_takes_that(as_user: Client, long: DataSource) -> None:
    answer = as_user.get(address("ephemeris-availability", long), headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.content) < 60_000
    assert shown(gzip.decompress(answer.content).decode())[0] == 2020


def test_when_aurorax_does_not_answer_the_card_says_so(
    as_user: Client, source: DataSource, portal: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.aurorax.transport.BACK_OFF", lambda state: 0.0)
    headers = {"HX-Request": "true", "HX-Target": "section#availability"}
    with portal.switched(errors="500=1", only="GET /api/v1/availability/*"):
        answer = as_user.get(
            address("ephemeris-availability", source, ephemeris="2020-01-01/2020-01-01"), headers=headers
        )
    assert (answer.status_code, answer.headers["HX-Reswap"]) == (502, "innerHTML")
    assert "AuroraX had a fault of its own" in answer.content.decode()


# What a deletion will take --------------------------------------------------------------------------------------------


@pytest.fixture
def deletion(as_maintainer: Client, aurorax: AuroraX, source: DataSource) -> Deletion:
    """Waiting for a decision about the first 10 of 20 minutes, and all of the day before."""
    put(aurorax, source, NEW_YEAR - timedelta(days=1), 3)
    put(aurorax, source, NEW_YEAR, 20)
    put(aurorax, source, NEW_YEAR + timedelta(days=7), 4)
    span = {"start": "2019-12-31T00:00:00", "end": "2020-01-01T00:09:00"}
    as_maintainer.post(address("ephemeris-delete", source), span)
    return Deletion.objects.get()


def calendar_of(client: Client, deletion: Deletion, kind: str = "ephemeris") -> Any:
    return client.get(reverse(f"{kind}-deletion-calendar", args=[deletion.source_identifier, deletion.pk]))


def test_what_will_be_lost_is_shown_within_what_is_there(
    as_maintainer: Client, source: DataSource, deletion: Deletion
) -> None:
    html = page(as_maintainer, reverse("ephemeris-deletion", args=[source.identifier, deletion.pk]))
    url = reverse("ephemeris-deletion-calendar", args=[source.identifier, deletion.pk])
    assert f'hx-get="{url}"' in html
    html = page(as_maintainer, url)
    assert days(html) == {
        "2019-12-31": "3 now, 0 then (3 deleted)",
        "2020-01-01": "20 now, 10 then (10 deleted)",
        "2020-01-08": "4",
    }
    assert {"some records go", "all records go"} <= set(re.findall(r"</svg>([a-z ]+)</li>", html))
    rows = re.findall(r'<th scope="row" class="fw-normal tabular">([\d-]+)</th>', html)
    assert rows == ["2019-12", "2020-01"]


def test_for_htmx_only_the_calendar_comes(as_maintainer: Client, deletion: Deletion) -> None:
    url = reverse("ephemeris-deletion-calendar", args=[deletion.source_identifier, deletion.pk])
    headers = {"HX-Request": "true", "HX-Target": "div#change-calendar"}
    assert as_maintainer.get(url, headers=headers).content.decode().startswith('<div id="change-calendar"')


def test_once_decided_it_is_no_longer_offered(
    as_maintainer: Client, source: DataSource, deletion: Deletion
) -> None:
    for state in (DeletionState.DONE, DeletionState.CANCELLED, DeletionState.STOPPED):
        Deletion.objects.update(state=state)
        html = page(as_maintainer, reverse("ephemeris-deletion", args=[source.identifier, deletion.pk]))
        assert "change-calendar" not in html


def test_products_too_are_shown_before_they_go(
    as_owner: Client, aurorax: AuroraX, source: DataSource
) -> None:
    publish(aurorax, source, NEW_YEAR, NEW_YEAR + MINUTE)
    as_owner.post(
        address("products-delete", source), {"start": "2020-01-01T00:00:00", "end": "2020-01-02T00:00:00"}
    )
    html = calendar_of(as_owner, Deletion.objects.get(), "products").content.decode()
    assert days(html) == {"2020-01-01": "1 now, 0 then (1 deleted)"}


def test_a_deletion_of_nothing_has_no_calendar_and_others_are_not_to_be_seen(
    as_owner: Client, as_owner2: Client, as_user: Client, source: DataSource, deletion: Deletion
) -> None:
    assert calendar_of(as_owner2, deletion).status_code == 403
    assert calendar_of(as_user, deletion).status_code == 403
    assert calendar_of(as_owner, deletion, "products").status_code == 404
    Deletion.objects.update(survey={})
    assert calendar_of(as_owner, deletion).status_code == 404
