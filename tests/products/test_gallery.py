"""Data products as pictures: what lies where, what is shown as what, and what a browser may fetch."""

from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from apps.aurorax import AuroraX, DataProductRecord, DataSource
from apps.products.gallery import Gallery, gallery_of, is_picture
from apps.products.spans import DaySpan
from tests.conftest import NewSource

pytestmark = pytest.mark.any_database

DAY = datetime(2020, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def product(
    name: str, hours: float = 0, length: timedelta = HOUR - MINUTE, type_: str = "keogram", **fields: Any
) -> DataProductRecord:
    start = DAY + timedelta(hours=hours)
    url = name if "/" in name or ":" in name else f"https://example.org/{name}"
    return DataProductRecord(type_, start, start + length, url, **fields)


@pytest.fixture
def source(new_source: NewSource) -> DataSource:
    return new_source(maintainers=["maintainer@example.org"])


def hung(*records: DataProductRecord) -> Gallery:
    span = DaySpan(DataSource(1, "p", "p", "t", "ground", "P"), date(2019, 1, 1), date(2021, 1, 1))
    return gallery_of(span, records, may_edit=False)


def places(gallery: Gallery) -> dict[str, list[list[tuple[str, str, str]]]]:
    """Name, left edge and width of every strip, by day and lane."""
    return {
        f"{day.day:%d}": [
            [(strip.item.name, strip.left, strip.width) for strip in lane] for lane in day.lanes
        ]
        for day in gallery.stack
    }


# Keograms on the scale of a day --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "end", [timedelta(hours=24), timedelta(hours=24) - MINUTE, timedelta(hours=24, seconds=-1)]
)
def test_a_daily_keogram_spans_all_of_its_day_however_its_end_is_written(end: timedelta) -> None:
    assert places(hung(product("a.jpg", 0, end))) == {"01": [[("a.jpg", "0.0000%", "100.0000%")]]}


def test_hourly_keograms_sit_at_their_hours_in_one_lane() -> None:
    gallery = hung(product("b.jpg", 12), product("a.jpg", 6), product("c.jpg", 13))
    assert places(gallery) == {
        "01": [
            [
                ("a.jpg", "25.0000%", "4.1667%"),
                ("b.jpg", "50.0000%", "4.1667%"),
                ("c.jpg", "54.1667%", "4.1667%"),
            ]
        ]
    }


def test_successive_days_lie_under_one_another_with_the_day_above_its_hours() -> None:
    whole = timedelta(hours=24) - MINUTE
    gallery = hung(
        product("hour.jpg", 30),
        product("day 2.jpg", 24, whole),
        product("hour.jpg", 1),
        product("day 1.jpg", 0, whole),
    )
    names = {day: [[name for name, *_ in lane] for lane in lanes] for day, lanes in places(gallery).items()}
    assert names == {"01": [["day 1.jpg"], ["hour.jpg"]], "02": [["day 2.jpg"], ["hour.jpg"]]}


def test_a_keogram_over_midnight_lies_under_both_days() -> None:
    assert places(hung(product("night.jpg", 18, timedelta(hours=12)))) == {
        "01": [[("night.jpg", "75.0000%", "50.0000%")]],
        "02": [[("night.jpg", "-25.0000%", "50.0000%")]],
    }


@pytest.mark.parametrize(
    "record",
    [
        product("week.jpg", 0, timedelta(days=7)),
        product("minute.jpg", 0, MINUTE),
        product("keogram.jpg", type_="montage"),
        product("keogram.pdf"),
        product("no-link:keogram.jpg"),
    ],
)
def test_what_has_no_place_on_the_scale_is_a_tile(record: DataProductRecord) -> None:
    gallery = hung(record)
    assert not gallery.stack
    ((_, items),) = gallery.groups[0].days
    assert [item.address for item in items] == [record.url]


# Tiles ---------------------------------------------------------------------------------------------------------------


def test_tiles_are_grouped_by_type_and_day_and_unknown_types_come_last() -> None:
    gallery = hung(
        product("x", 0, type_="average"),
        product("m1.mp4", 0, type_="movie"),
        product("s.png", 2, type_="summary_plot"),
        product("m2.mp4", 23, type_="movie"),
        product("m3.mp4", 24, type_="movie"),
    )
    found = [
        (group.heading, [(f"{day:%d}", [item.name for item in items]) for day, items in group.days])
        for group in gallery.groups
    ]
    assert found == [
        ("Movies", [("01", ["m1.mp4", "m2.mp4"]), ("02", ["m3.mp4"])]),
        ("Summary plots", [("01", ["s.png"])]),
        ("average", [("01", ["x"])]),
    ]


@pytest.mark.parametrize(
    ("record", "shown"),
    [
        (product("a.jpg"), True),
        (product("a.JPG?width=5#top"), True),
        (product("a.webp", type_="data_availability"), True),
        (product("https://example.org/keogram?id=7"), True),  # no ending: the type says it
        (product("https://example.org/movie?id=7", type_="movie"), False),
        (product("https://example.org/days?id=7", type_="data_availability"), False),
        (product("https://example.org/?id=7", type_="average"), False),
        (product("a.mp4"), False),
        (product("a.txt", type_="summary_plot"), False),
        (product("javascript:a.jpg"), False),
        (product("ftp://example.org/a.jpg"), False),
        (product("http://[broken/a.jpg"), True),  # the browser will tell,
    ],
)
def test_pictures_are_told_by_their_ending_and_then_by_their_type(
    record: DataProductRecord, shown: bool
) -> None:
    assert is_picture(record) == shown


# The page ------------------------------------------------------------------------------------------------------------


class Pictures(HTMLParser):
    """Every picture of a page's gallery and the link around it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[dict[str, str | None], dict[str, str | None]]] = []
        self._link: dict[str, str | None] = {}
        self.feed(page.partition("data-gallery>")[2])

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._link = dict(attributes)
        if tag == "img":
            self.found.append((dict(attributes), self._link))


def gallery_page(client: Client, source: DataSource, **query: str) -> Any:
    address = reverse("products-browse", args=[source.identifier])
    answer = client.get(address, {"first": "2020-01-01", "last": "2020-01-02"} | query)
    assert answer.status_code == 200
    return answer


def test_pictures_load_late_in_a_fixed_place_without_a_referrer_and_are_told_in_words(
    as_user: Client, source: DataSource, aurorax: AuroraX
) -> None:
    records = [product("a.jpg"), product("b.png", 5, type_="montage")]
    aurorax.products.upload(source.identifier, records, source=source)
    pictures = Pictures(gallery_page(as_user, source, pictures="all").content.decode()).found
    assert [picture["alt"] for picture, _ in pictures] == [
        "Keogram, 2020-01-01 00:00 to 00:59 UTC",
        "Montage, 2020-01-01 05:00 to 05:59 UTC",
    ]
    for (picture, link), record in zip(pictures, records, strict=True):
        assert (picture["src"], link["href"]) == (record.url, record.url)
        assert (picture["loading"], picture["referrerpolicy"]) == ("lazy", "no-referrer")
        assert picture["width"]
        assert picture["height"]
        assert link["rel"] == "noopener noreferrer"


def test_no_other_host_learns_who_looks_before_they_ask_for_the_pictures(
    as_user: Client, source: DataSource, aurorax: AuroraX
) -> None:
    records = [product("a.jpg"), product("https://elsewhere.example:8443/b.png", 5, type_="montage")]
    aurorax.products.upload(source.identifier, records, source=source)
    answer = gallery_page(as_user, source)
    page = answer.content.decode()
    assert not Pictures(page).found
    assert "elsewhere.example:8443, example.org would learn" in page
    assert "Keogram, 2020-01-01 00:00 to 00:59 UTC" in page
    assert "http" not in answer.headers["Content-Security-Policy"].partition("img-src")[2].partition(";")[0]
    shown = as_user.get(answer.context["pictures_url"])
    assert len(Pictures(shown.content.decode()).found) == 2
    assert "would learn" not in shown.content.decode()


def test_pictures_of_trusted_hosts_are_shown_by_themselves(
    as_user: Client, source: DataSource, aurorax: AuroraX, settings: Settings
) -> None:
    settings.GALLERY_HOSTS = ["example.org"]
    records = [product("https://Example.org/a.jpg"), product("https://example.org.evil.example/b.jpg", 2)]
    aurorax.products.upload(source.identifier, records, source=source)
    answer = gallery_page(as_user, source)
    found = [picture["src"] for picture, _ in Pictures(answer.content.decode()).found]
    assert found == ["https://Example.org/a.jpg"]
    assert "img-src 'self' data: example.org;" in answer.headers["Content-Security-Policy"] + ";"


def test_only_the_gallery_may_show_pictures_from_elsewhere_and_only_when_asked(
    as_user: Client, source: DataSource, aurorax: AuroraX
) -> None:
    aurorax.products.upload(source.identifier, [product("a.jpg")], source=source)
    widened = "img-src 'self' data: https: http:"
    shown = gallery_page(as_user, source, pictures="all")
    assert widened in shown.headers["Content-Security-Policy"]
    others = (
        gallery_page(as_user, source),
        gallery_page(as_user, source, view="table", pictures="all"),
        as_user.get(reverse("overview")),
    )
    for page in others:
        assert "https:" not in page.headers["Content-Security-Policy"]
        assert page.headers["Referrer-Policy"] == "same-origin"


def test_the_view_is_an_address_and_is_remembered(
    as_user: Client, source: DataSource, aurorax: AuroraX
) -> None:
    aurorax.products.upload(source.identifier, [product("a.jpg")], source=source)
    assert gallery_page(as_user, source).context["view"] == "gallery"
    assert gallery_page(as_user, source, view="table").context["view"] == "table"
    assert gallery_page(as_user, source).context["view"] == "table"
    assert gallery_page(as_user, source, view="poster").context["view"] == "table"
    switch = {view["label"]: view["url"] for view in gallery_page(as_user, source, page="1").context["views"]}
    assert "view=gallery" in switch["Gallery"]
    assert as_user.get(switch["Gallery"]).context["view"] == "gallery"
    assert gallery_page(as_user, source).context["view"] == "gallery"


def test_an_empty_span_of_the_gallery_says_so(as_user: Client, source: DataSource, aurorax: AuroraX) -> None:
    aurorax.products.upload(source.identifier, [product("a.jpg", 99)], source=source)
    assert "No data products here" in gallery_page(as_user, source).content.decode()


def test_tiles_can_be_edited_by_those_who_may(
    as_user: Client, as_maintainer: Client, source: DataSource, aurorax: AuroraX
) -> None:
    aurorax.products.upload(source.identifier, [product("a.mp4", type_="movie")], source=source)
    address = reverse("products-edit", args=[source.identifier])
    assert f'href="{address}?url=' in gallery_page(as_maintainer, source).content.decode()
    assert address not in gallery_page(as_user, source).content.decode()


def test_a_hostile_url_stays_text(as_user: Client, source: DataSource, aurorax: AuroraX) -> None:
    hostile = ["javascript:alert(1)//a.jpg", '"><script>alert(1)</script>.jpg', "data:image/svg+xml,<svg/>"]
    records = [product(f"{name}/") if "/" not in name else product(name) for name in hostile]
    aurorax.products.upload(source.identifier, records, source=source)
    page = gallery_page(as_user, source).content.decode()
    assert not Pictures(page).found
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert 'href="data' not in page
