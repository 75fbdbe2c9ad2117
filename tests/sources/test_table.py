"""The table of data sources: what it finds, in which order, and its exports."""

import csv
import io
import json
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from apps.aurorax import DataSource
from tests.conftest import NewSource, Sent
from tests.sources.forms import opened

pytestmark = pytest.mark.any_database


class Names(HTMLParser):
    """The display names in the table, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_name = self._in_link = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_name = self._in_name or (tag == "th" and ("scope", "row") in attrs)
        self._in_link = tag == "a"

    def handle_endtag(self, tag: str) -> None:
        self._in_name = self._in_name and tag != "th"
        self._in_link = False

    def handle_data(self, data: str) -> None:
        if self._in_name and self._in_link:
            self.found.append(data)


@pytest.fixture
def sources(new_source: NewSource) -> list[DataSource]:
    """Three data sources that differ in everything one can filter by."""
    return [
        new_source(program="alpha", platform="north", instrument_type="camera", display_name="Zulu", owner="owner@example.org"),
        new_source(program="alpha", platform="south", instrument_type="radar", display_name="Yankee", owner="owner2@example.org", source_type="leo"),
        new_source(program="beta", platform="north", instrument_type="camera", display_name="xray", owner="owner2@example.org", maintainers=["Owner@Example.org"], source_type="heo"),
    ]  # fmt: skip


def names(client: Client, **query: str) -> list[str]:
    answer = client.get(reverse("source-list"), query)
    assert answer.status_code == 200
    return Names(answer.content.decode()).found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"program": "alpha"}, ["Zulu", "Yankee"]),
        ({"program": "alpha", "platform": "south"}, ["Yankee"]),
        ({"instrument_type": "radar", "owner": "owner2@example.org"}, ["Yankee"]),
        ({"program": "beta", "source_type": "heo"}, ["xray"]),
        ({"q": "north CAMERA beta"}, ["xray"]),
        ({"q": "alpha", "sort": "display_name"}, ["Yankee", "Zulu"]),
        ({"program": "nobody has this"}, []),
        ({"program": "alpha", "sort": "-identifier"}, ["Yankee", "Zulu"]),
        ({"program": "alpha", "sort": "no such column", "page": "nonsense"}, ["Zulu", "Yankee"]),
    ],
)
def test_the_filter_narrows_and_sorts(
    as_user: Client, sources: list[DataSource], query: dict[str, str], expected: list[str]
) -> None:
    assert names(as_user, **query) == expected


def test_mine_are_those_i_own_or_maintain_in_whatever_case(
    as_owner: Client, sources: list[DataSource]
) -> None:
    assert {"Zulu", "xray"} <= set(names(as_owner, mine="on", q="camera"))
    assert "Yankee" not in names(as_owner, mine="on", q="radar")


def test_names_sort_without_case(as_user: Client, sources: list[DataSource]) -> None:
    assert names(as_user, owner="owner2@example.org", sort="display_name", q="a", program="beta") == ["xray"]
    found = [name for name in names(as_user, sort="-display_name", q="camera") if name in ("Zulu", "xray")]
    assert found == ["Zulu", "xray"]


def test_htmx_gets_the_table_alone_and_a_tidy_address(as_user: Client, sources: list[DataSource]) -> None:
    headers = {"HX-Request": "true", "HX-Target": "div#source-table"}
    answer = as_user.get(reverse("source-list"), {"q": "", "program": "alpha", "sort": ""}, headers=headers)
    html = answer.content.decode()
    assert html.lstrip().startswith('<div id="source-table"')
    assert "<html" not in html
    assert answer.headers["HX-Push-Url"] == "/sources/?program=alpha"


def test_counts_are_shown_when_asked_for(as_user: Client, sources: list[DataSource]) -> None:
    assert "Last ephemeris (UTC)" not in as_user.get(reverse("source-list")).content.decode()
    assert "Last ephemeris (UTC)" in as_user.get(reverse("source-list"), {"stats": "on"}).content.decode()


def test_what_nobody_has_is_answered_with_a_way_on(as_user: Client, sources: list[DataSource]) -> None:
    html = as_user.get(reverse("source-list"), {"q": "nobody has this"}).content.decode()
    assert "No data source matches" in html
    assert "Show all data sources" in html


def test_the_page_keeps_what_is_filtered_by(as_user: Client, sources: list[DataSource]) -> None:
    html = as_user.get(reverse("source-list"), {"program": "gone since", "q": "x\x00y"}).content.decode()
    assert '<option value="gone since" selected>' in html


def test_only_those_who_may_are_offered_a_new_data_source(as_user: Client, as_owner: Client) -> None:
    assert "New data source" not in as_user.get(reverse("source-list")).content.decode()
    assert "New data source" in as_owner.get(reverse("source-list")).content.decode()


def test_the_csv_holds_what_the_filter_shows_and_no_formula(as_user: Client, new_source: NewSource) -> None:
    source = new_source(
        program="=cmd", display_name="@danger", maintainers=["a@example.org", "b@example.org"]
    )
    answer = as_user.get(reverse("source-export-csv"), {"program": "=cmd"})
    [row] = csv.DictReader(io.StringIO(b"".join(answer).decode()))
    assert row["identifier"] == str(source.identifier)
    assert (row["program"], row["display_name"]) == ("'=cmd", "'@danger")
    assert json.loads(row["maintainers"]) == ["a@example.org", "b@example.org"]


def test_the_json_has_the_shape_of_the_api(as_user: Client, new_source: NewSource) -> None:
    source = new_source(program="only this one", metadata={"a": [1, None]})
    answer = as_user.get(reverse("source-export-json"), {"program": "only this one"})
    assert json.loads(answer.content) == [source.to_api()]


def test_a_long_table_comes_in_pages(as_user: Client) -> None:
    first, second = names(as_user, page="1"), names(as_user, page="2")
    assert len(first) == 50
    assert second
    assert not set(first) & set(second) or len(set(first)) < 50


def test_filtering_asks_aurorax_once_and_an_own_change_is_there_at_once(
    as_owner: Client, sources: list[DataSource], sent: Sent
) -> None:
    address = reverse("source-list")
    for words in ("a", "al", "alp"):
        as_owner.get(address, {"q": words})
    assert len(sent) == 1
    as_owner.get(address, {"stats": "on"})
    assert [line.partition("/api/v1")[2] for line in sent[1:]] == ["/data_sources/search"]
    edit = reverse("source-edit", args=[sources[0].identifier])
    as_owner.post(edit, opened(as_owner, edit) | {"display_name": "Renamed just now"})
    assert Names(as_owner.get(address, {"q": "Renamed just"}).content.decode()).found == ["Renamed just now"]
