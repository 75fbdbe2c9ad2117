"""Data products that lie on several days: every page that names one of their days has them."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.aurorax import AuroraX, DataProductRecord, DataSource, DataSourceStats, overlaps
from apps.deletions.models import Deletion
from apps.records.exports import FORMATS
from apps.uploads.models import Upload
from tests.conftest import NewSource, Sent

pytestmark = pytest.mark.any_database

NIGHTS = Path(__file__).parents[1] / "cases" / "e_night_keograms.csv"
DAY = timedelta(days=1)
MONTH = DataProductRecord(
    "montage",
    datetime(2020, 12, 5, tzinfo=UTC),
    datetime(2021, 1, 31, 23, 59, tzinfo=UTC),
    "https://example.org/months.png",
)


def url(night: int) -> str:
    """Where the keogram of a night is that begins on this day of January 2021."""
    return f"https://example.org/keo/202101{night:02}_night.png"


@pytest.fixture
def source(new_source: NewSource) -> DataSource:
    return new_source()


@pytest.fixture
def nights(as_owner: Client, source: DataSource) -> Upload:
    """The five keograms, from 16:00 to 05:59 of the next day, uploaded and verified."""
    address = reverse("products-upload", args=[source.identifier])
    as_owner.post(address, {"file": SimpleUploadedFile("nights.csv", NIGHTS.read_bytes())})
    upload = Upload.objects.get()
    as_owner.post(reverse("upload-send", args=[upload.pk]))
    upload.refresh_from_db()
    assert (upload.state, upload.new) == ("done", 5)
    return upload


@pytest.fixture(params=["few", "many"])
def however_many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether all products of the source are read each time, or those around a day."""
    if request.param == "many":
        monkeypatch.setattr(overlaps, "FEW", -1)


def page(client: Client, source: DataSource, first: str, **query: str) -> Any:
    answer = client.get(
        reverse("products-browse", args=[source.identifier]), {"first": first, "view": "table"} | query
    )
    assert answer.status_code == 200
    return answer


def shown(client: Client, source: DataSource, first: str, **query: str) -> list[str]:
    return [row.hint for row in page(client, source, first, **query).context["table"].rows]


def exported(client: Client, source: DataSource, start: str, end: str) -> list[str]:
    query = {"start": start, "end": end, "format": "csv"}
    answer = client.get(reverse("products-export-download", args=[source.identifier]), query)
    return [row["url"] for row in csv.DictReader(io.StringIO(answer.getvalue().decode()))]


# Looking -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2020-12-31", []),
        ("2021-01-01", [1]),
        ("2021-01-03", [2, 3]),
        ("2021-01-06", [5]),
        ("2021-01-07", []),
    ],
)
def test_a_night_is_found_on_both_of_its_days(
    as_owner: Client, source: DataSource, nights: Upload, however_many: None, day: str, expected: list[int]
) -> None:
    as_owner.get(reverse("products-browse", args=[source.identifier]), {"first": day, "view": "table"})
    answer = page(as_owner, source, day)
    rows = answer.context["table"].rows if expected else []
    assert [row.hint for row in rows] == [url(night) for night in expected]
    if not expected:
        assert "No data products here" in answer.content.decode()


def test_what_lies_on_other_days_is_said_of_each(
    as_owner: Client, source: DataSource, nights: Upload
) -> None:
    answer = page(as_owner, source, "2021-01-03")
    notes = [row.note for row in answer.context["table"].rows]
    assert notes == ["from the day before", "into the next day"]
    text = " ".join(answer.content.decode().split())
    assert "1 of them began before this day; the calendar counts a data product on the day it starts." in text


def test_table_gallery_and_file_agree(as_owner: Client, source: DataSource, nights: Upload) -> None:
    days = {"first": "2021-01-02", "last": "2021-01-03"}
    expected = [url(night) for night in (1, 2, 3)]
    assert shown(as_owner, source, "2021-01-02", last="2021-01-03") == expected
    address = reverse("products-records-csv", args=[source.identifier])
    rows = list(csv.DictReader(io.StringIO(as_owner.get(address, days).content.decode())))
    assert [row["url"] for row in rows] == expected
    browse = reverse("products-browse", args=[source.identifier])
    gallery = as_owner.get(browse, days | {"view": "gallery"}).context["gallery"]
    strips = {str(day.day): [s.item.address for lane in day.lanes for s in lane] for day in gallery.stack}
    assert strips == {"2021-01-02": [url(1), url(2)], "2021-01-03": [url(2), url(3)]}


def test_the_days_of_the_calendar_lead_to_all_that_it_counts(
    as_owner: Client, source: DataSource, nights: Upload
) -> None:
    calendar = as_owner.get(reverse("products-availability", args=[source.identifier])).content.decode()
    browse = reverse("products-browse", args=[source.identifier])
    for night in range(1, 6):
        assert f'href="{browse}?first=2021-01-{night:02}"' in calendar
        assert url(night) in shown(as_owner, source, f"2021-01-{night:02}")


def test_without_a_day_the_last_that_has_one_is_shown(
    as_owner: Client, source: DataSource, nights: Upload
) -> None:
    answer = as_owner.get(reverse("products-browse", args=[source.identifier]), {"view": "table"})
    assert str(answer.context["span"].first) == "2021-01-06"
    assert [row.hint for row in answer.context["table"].rows] == [url(5)]


def test_steps_from_day_to_day_pass_every_product(
    as_owner: Client, source: DataSource, nights: Upload, however_many: None
) -> None:
    day, seen = date(2021, 1, 1), []
    while True:
        answer = page(as_owner, source, str(day))
        seen += [(str(day), row.hint) for row in answer.context["table"].rows]
        later = answer.context["later"]
        if later is None:
            break
        assert later == (day + DAY, day + DAY)
        day += DAY
    assert seen == [
        (f"2021-01-{day:02}", url(n)) for day in range(1, 7) for n in (day - 1, day) if 1 <= n <= 5
    ]


@pytest.mark.parametrize("kind", ["ephemeris", "products"])
def test_browse_that_day_goes_to_the_first_day_of_the_file(
    as_owner: Client, source: DataSource, kind: str
) -> None:
    content = (
        NIGHTS.read_bytes()
        if kind == "products"
        else b"epoch,location_geo.lat,location_geo.lon\n2021-01-01T16:00:00,51,-114\n2021-01-02T00:00:00,51,-114\n"
    )
    as_owner.post(
        reverse(f"{kind}-upload", args=[source.identifier]), {"file": SimpleUploadedFile("a.csv", content)}
    )
    upload = Upload.objects.get()
    sent = as_owner.post(reverse("upload-send", args=[upload.pk]), follow=True)
    link = next(link for link in sent.context["progress"].links if link.label == "Browse that day")
    answer = as_owner.get(link.url)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert 'value="2021-01-01"' in text
    assert (url(1) if kind == "products" else "2021-01-01 16:00") in text


# Long ones -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2020-12-05", "2020-12-20", "2021-01-03", "2021-01-31"])
def test_a_product_of_two_months_is_found_on_each_of_its_days(
    as_owner: Client, source: DataSource, nights: Upload, aurorax: AuroraX, however_many: None, day: str
) -> None:
    shown(as_owner, source, "2021-01-02")
    aurorax.products.upload(source.identifier, [MONTH], source=source)
    assert MONTH.url in shown(as_owner, source, day)
    assert MONTH.url in shown(as_owner, source, day, type="montage")
    assert MONTH.url not in shown(as_owner, source, "2021-01-03", type="keogram")
    assert MONTH.url in exported(as_owner, source, f"{day}T10:00:00", f"{day}T11:00:00")


def test_a_product_that_somebody_has_made_long_is_found_once_that_is_known(
    as_owner: Client, source: DataSource, nights: Upload, aurorax: AuroraX, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overlaps, "FEW", -1)
    shown(as_owner, source, "2021-01-02")
    stretched = DataProductRecord("keogram", MONTH.start, MONTH.end, url(3))
    aurorax.products.upload(source.identifier, [stretched], source=source)
    assert url(3) in shown(as_owner, source, "2020-12-10", last="2020-12-11")


def test_all_of_a_large_source_are_read_once_for_several_pages(
    as_owner: Client,
    source: DataSource,
    nights: Upload,
    aurorax: AuroraX,
    monkeypatch: pytest.MonkeyPatch,
    sent: Sent,
) -> None:
    monkeypatch.setattr(overlaps, "FEW", -1)
    monkeypatch.setattr(overlaps, "SETTLING", 0)
    aurorax.products.upload(source.identifier, [MONTH], source=source)

    def searches(day: str) -> int:
        sent.clear()
        shown(as_owner, source, day)
        return len([line for line in sent if "data_products/search" in line])

    assert [searches("2021-01-02"), searches("2021-01-03"), searches("2021-02-03")] == [3, 2, 1]


def test_of_a_very_large_source_the_page_says_how_far_it_looks(
    as_owner: Client, source: DataSource, nights: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "may be missing" not in page(as_owner, source, "2021-01-02").content.decode()
    monkeypatch.setattr(overlaps, "FEW", -1)
    monkeypatch.setattr(overlaps, "MANY", 4)
    answer = page(as_owner, source, "2021-01-02")
    assert "more than 32 days away from here may be missing" in answer.content.decode()
    assert [row.hint for row in answer.context["table"].rows] == [url(1), url(2)]


def test_a_product_that_ends_at_midnight_is_on_both_days(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    first = datetime(2021, 1, 1, tzinfo=UTC)
    whole_day = DataProductRecord("keogram", first, first + DAY, "https://example.org/day.png")
    aurorax.products.upload(source.identifier, [whole_day], source=source)
    assert shown(as_owner, source, "2021-01-01") == [whole_day.url]
    assert shown(as_owner, source, "2021-01-02") == [whole_day.url]
    browse = reverse("products-browse", args=[source.identifier])
    gallery = as_owner.get(browse, {"first": "2021-01-02", "view": "gallery"})
    assert "(from the day before, into" not in gallery.content.decode()
    assert "(from the day before)" in gallery.content.decode()


def test_a_night_leads_on_to_its_morning_even_where_statistics_count_by_start(
    as_owner: Client, source: DataSource, nights: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    last_start = {"data_product_count": 5, "latest_data_product_loaded": "2021-01-05T16:00:00"}
    earliest = {"earliest_data_product_loaded": "2021-01-01T16:00:00"}
    by_start = DataSourceStats.from_api(last_start | earliest)
    monkeypatch.setattr(DataSourceStats, "from_api", lambda stats: by_start)
    answer = as_owner.get(reverse("products-browse", args=[source.identifier]), {"view": "table"})
    assert str(answer.context["span"].first) == "2021-01-05"
    words = " ".join(answer.content.decode().split())
    assert 'rel="next" href="?view=table&amp;first=2021-01-06&amp;last=2021-01-06"' in words
    assert shown(as_owner, source, "2021-01-06") == [url(5)]
    assert page(as_owner, source, "2021-01-06").context["later"] is None


# One record ----------------------------------------------------------------------------------------------------------


def test_a_night_can_be_changed_from_either_day(as_owner: Client, source: DataSource, nights: Upload) -> None:
    row = next(
        row for row in page(as_owner, source, "2021-01-03").context["table"].rows if row.hint == url(2)
    )
    form = as_owner.get(row.edit_url).context["form"]
    posted = {field.html_name: field.value() or "" for field in form} | {"data_product_type": "summary_plot"}
    saved = as_owner.post(row.edit_url, posted)
    assert saved.status_code == 302, saved.content.decode()
    again = as_owner.get(saved.headers["Location"] + "&view=table").context["table"].rows
    assert [row.texts[0] for row in again if row.hint == url(2)] == ["summary_plot"]


# Exporting -----------------------------------------------------------------------------------------------------------


def test_exports_of_one_day_after_another_lose_no_product(
    as_owner: Client, source: DataSource, nights: Upload, however_many: None
) -> None:
    days = [f"2021-01-{day:02}" for day in range(1, 7)]
    found = [exported(as_owner, source, f"{day}T00:00:00", f"{day}T23:59:59") for day in days]
    assert found == [[url(n) for n in (day - 1, day) if 1 <= n <= 5] for day in range(1, 7)]
    text = as_owner.get(reverse("products-export", args=[source.identifier])).content.decode()
    assert "also one that begins before it or ends after it" in text


@pytest.mark.parametrize("wanted", FORMATS)
def test_an_export_of_a_day_comes_back_as_identical_in_every_format(
    as_owner: Client, source: DataSource, nights: Upload, wanted: str
) -> None:
    query = {"start": "2021-01-03T00:00:00", "end": "2021-01-03T23:59:59", "format": wanted}
    address = reverse("products-export-download", args=[source.identifier])
    file = SimpleUploadedFile(f"again.{wanted}", as_owner.get(address, query).getvalue())
    as_owner.post(reverse("products-upload", args=[source.identifier]), {"file": file})
    again = Upload.objects.latest("created_at")
    assert (again.valid, again.identical, again.new, again.changed) == (2, 2, 0, 0)


# Deleting ------------------------------------------------------------------------------------------------------------


def begin(client: Client, source: DataSource, start: str, end: str) -> str:
    address = reverse("products-delete", args=[source.identifier])
    return client.post(address, {"start": start, "end": end}).headers["Location"]


def left(aurorax: AuroraX, source: DataSource) -> list[str]:
    span = datetime(2020, 1, 1, tzinfo=UTC), datetime(2022, 1, 1, tzinfo=UTC)
    return [record.url for record in aurorax.products.search(source, *span)]


def test_deleting_a_span_names_what_reaches_over_its_edges_and_leaves_it(
    as_owner: Client, source: DataSource, nights: Upload, aurorax: AuroraX
) -> None:
    address = begin(as_owner, source, "2021-01-02T00:00:00", "2021-01-03T23:59:59")
    looked = as_owner.get(address)
    assert [cells[0] for _, cells, _ in looked.context["edges"]] == [url(1), url(3)]
    assert Deletion.objects.get().count == 1
    as_owner.post(address, {"decision": "confirm", "count": "1"})
    assert left(aurorax, source) == [url(n) for n in (1, 3, 4, 5)]
    assert "On the edge of the span" in as_owner.get(address).content.decode()


def test_those_on_the_edge_go_too_where_they_are_chosen(
    as_owner: Client, source: DataSource, nights: Upload, aurorax: AuroraX, however_many: None
) -> None:
    aurorax.products.upload(source.identifier, [MONTH], source=source)
    address = begin(as_owner, source, "2021-01-02T00:00:00", "2021-01-03T23:59:59")
    keys = {cells[0]: key for key, cells, _ in as_owner.get(address).context["edges"]}
    assert list(keys) == [MONTH.url, url(1), url(3)]
    as_owner.post(address, {"decision": "edges", "edge": [keys[url(3)], keys[MONTH.url]]})
    assert Deletion.objects.get().count == 3
    again = as_owner.get(address)
    assert [meant for _, _, meant in again.context["edges"]] == [True, False, True]
    assert "and those ticked below" in again.content.decode()
    done = as_owner.post(address, {"decision": "confirm", "count": "3"}, follow=True)
    assert "Deleted and checked" in done.content.decode()
    assert left(aurorax, source) == [url(n) for n in (1, 4, 5)]
    as_owner.post(address, {"decision": "restore"})
    assert Upload.objects.latest("created_at").new == 3


def test_a_span_in_which_nothing_lies_whole_names_what_touches_it(
    as_owner: Client, source: DataSource, nights: Upload, aurorax: AuroraX
) -> None:
    address = begin(as_owner, source, "2021-01-06T00:00:00", "2021-01-06T23:59:59")
    looked = as_owner.get(address)
    text = " ".join(looked.content.decode().split())
    assert "Nothing would be deleted, unless you tick one below" in text
    key = looked.context["edges"][0][0]
    as_owner.post(address, {"decision": "edges", "edge": [key]})
    as_owner.post(address, {"decision": "confirm", "count": "1"})
    assert left(aurorax, source) == [url(n) for n in (1, 2, 3, 4)]


def test_what_is_ticked_on_a_day_goes_though_it_began_the_day_before(
    as_owner: Client, source: DataSource, nights: Upload, aurorax: AuroraX
) -> None:
    keys = [row.key for row in page(as_owner, source, "2021-01-03").context["table"].rows]
    query = "?first=2021-01-03&last=2021-01-03"
    deletion = as_owner.post(
        reverse("products-selection-delete", args=[source.identifier]) + query,
        {"shown": " ".join(keys), "ticked": keys[:1]},
    ).headers["Location"]
    assert Deletion.objects.get().count == 1
    as_owner.post(deletion, {"decision": "confirm", "count": "1"})
    assert left(aurorax, source) == [url(n) for n in (1, 3, 4, 5)]


def test_everything_on_a_day_can_be_selected_and_saved(
    as_owner: Client, source: DataSource, nights: Upload
) -> None:
    query = "?first=2021-01-03&last=2021-01-03"
    as_owner.post(reverse("products-selection", args=[source.identifier]) + query, {"verb": "everything"})
    answer = as_owner.get(reverse("products-selection-csv", args=[source.identifier]) + query)
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [row["url"] for row in rows] == [url(2), url(3)]
