"""The first page: what needs somebody, what is on its way, and what their data sources hold."""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.aurorax import AuroraX, DataSource, EphemerisRecord
from apps.jobs.models import PauseReason
from apps.sources.overview import MOST_SILENT
from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.conftest import NewSource
from tests.support.sandbox import SandboxProcess

HTMX = {"HX-Request": "true", "HX-Target": "div#overview"}
DAY = timedelta(days=1)


def text_of(html: str) -> str:
    """What is to be read, blanks made one."""
    words: list[str] = []

    class Reader(HTMLParser):
        def handle_data(self, data: str) -> None:
            words.append(data)

    Reader().feed(html)
    return " ".join(" ".join(words).split())


def overview(client: Client, name: str = "overview", **query: str) -> str:
    answer = client.get(reverse(name, query=query))
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def put(aurorax: AuroraX, source: DataSource, *days_ago: int) -> None:
    """A record on each of these days."""
    noon = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    records = [EphemerisRecord(noon - number * DAY) for number in days_ago]
    aurorax.ephemeris.upload(source.identifier, records, source=source)


@pytest.fixture
def quiet(aurorax: AuroraX, new_source: NewSource) -> DataSource:
    """A data source of the maintainer's with records every day until three weeks ago."""
    source = new_source(maintainers=["maintainer@example.org"], display_name="Fallen silent")
    put(aurorax, source, *range(21, 41))
    return source


# My data sources ------------------------------------------------------------------------------------------------------


def test_it_shows_what_i_own_and_what_i_maintain_and_how_i_stand_to_it(
    as_owner: Client, as_maintainer: Client, aurorax: AuroraX, new_source: NewSource
) -> None:
    tended = new_source(
        display_name="Tended", owner="owner2@example.org", maintainers=["Maintainer@example.org"]
    )
    owned = new_source(display_name="Owned")
    for source in (tended, owned):
        put(aurorax, source, 1)
    for name in ("overview", "overview-counted"):
        assert re.search(r"Tended \d+ · Maintainer", text_of(overview(as_maintainer, name)))
        assert "Owned" not in overview(as_maintainer, name)
        assert re.search(r"Owned \d+ · Owner", text_of(overview(as_owner, name)))


def test_records_are_counted_after_the_page_which_says_so(as_maintainer: Client) -> None:
    page = overview(as_maintainer)
    url = reverse("overview-counted")
    assert f'<div id="overview" hx-get="{url}" hx-trigger="load"' in page
    assert "counting…" in page
    assert re.search(rf'<noscript>\s*<a href="{url}">Count the records', page)
    assert '<svg class="counts heat' not in page
    fragment = as_maintainer.get(url, headers=HTMX).content.decode()
    assert fragment.startswith('<div id="overview"')
    assert 'hx-trigger="load"' not in fragment
    for html in (fragment, overview(as_maintainer, "overview-counted")):
        assert "counting…" not in html
        assert '<svg class="counts heat' in html
        assert "2020-01-02 23:59" in html
        assert "dormant since 2020" in html
        assert "Ephemeris by month: 2020-01." in text_of(html)


def test_figures_say_how_many_come_as_they_should(
    as_maintainer: Client, aurorax: AuroraX, new_source: NewSource, quiet: DataSource
) -> None:
    well = new_source(maintainers=["maintainer@example.org"], display_name="Well")
    late = new_source(maintainers=["maintainer@example.org"], display_name="Late of late")
    put(aurorax, well, 0)
    put(aurorax, late, 9)
    words = text_of(overview(as_maintainer, "overview-counted"))
    assert "1 current 1 late 1 quiet" in words
    assert re.search(r"Records this month (\d) by their own time", words)
    assert "quiet 21 days" in words
    assert "late 9 days" in words
    assert words.index("Fallen silent") < words.index("Late of late") < words.index("Well")


def test_the_matrix_can_be_filtered_and_asks_nothing_of_it_twice(
    as_maintainer: Client, aurorax: AuroraX, new_source: NewSource, quiet: DataSource, asked: list[str]
) -> None:
    well = new_source(maintainers=["maintainer@example.org"], display_name="Well")
    put(aurorax, well, 0)
    overview(as_maintainer, "overview-counted")
    asked.clear()
    html = overview(as_maintainer, "overview-counted", state="current")
    assert "Fallen silent" not in html[html.index("my-sources-title") :]
    assert len([question for question in asked if "availability" in question]) <= 1  # the months of the one
    words = text_of(overview(as_maintainer, "overview-counted", q="fallen"))
    assert "1 of" in words
    assert "No data source matches" in overview(as_maintainer, "overview-counted", q="no such thing")


def test_the_page_asks_once_and_its_counts_ask_nothing_of_that_again(
    as_maintainer: Client, asked: list[str]
) -> None:
    overview(as_maintainer)
    assert [question.split()[1] for question in asked] == ["/data_sources"]
    as_maintainer.get(reverse("overview-counted"), headers=HTMX)
    assert len(asked) == len(set(asked))
    assert asked[1].startswith("POST /data_sources/search")
    assert all("owner@example.org" in question or "gillam" in question for question in asked[2:])


def test_an_owner_sees_their_own_before_the_list_of_all_is_there(
    as_owner: Client, aurorax: AuroraX, new_source: NewSource, asked: list[str]
) -> None:
    also = new_source(display_name="Also mine", owner="owner2@example.org", maintainers=["owner@example.org"])
    put(aurorax, also, 1)
    asked.clear()
    words = text_of(overview(as_owner))
    assert len(asked) == 1
    assert "('owner', 'owner@example.org')" in asked[0]
    assert "that you own; those you maintain come with the counts" in words
    assert "Also mine" not in words
    assert re.search(r"Also mine \d+ · Maintainer", text_of(overview(as_owner, "overview-counted")))
    asked.clear()
    assert "Also mine" in overview(as_owner)
    assert asked == []


def test_those_without_records_are_one_line(as_maintainer: Client, new_source: NewSource) -> None:
    source = new_source(maintainers=["maintainer@example.org"], display_name="Fresh")
    html = overview(as_maintainer, "overview-counted")
    folded = html[html.index("<details") :]
    assert re.search(r"<summary>\d+ data sources? without records yet", html)
    assert reverse("source-detail", args=[source.identifier]) in folded


def test_growth_is_told_beside_the_month_before(
    as_maintainer: Client, aurorax: AuroraX, new_source: NewSource
) -> None:
    source = new_source(maintainers=["maintainer@example.org"], display_name="Growing")
    put(aurorax, source, *range(30), *range(30, 37))
    html = overview(as_maintainer, "overview-counted")
    words = text_of(html[html.index("Growing") :].partition("</tr>")[0])
    assert words.endswith("37 30 before: 7")


def test_many_data_sources_come_page_by_page(
    as_owner: Client, aurorax: AuroraX, new_source: NewSource
) -> None:
    for number in range(30):
        put(aurorax, new_source(display_name=f"zz {number:02}", program="zz"), 1)
    page = overview(as_owner, page="99")
    assert "zz 29" in page
    assert "zz 00" not in page
    assert f'hx-get="{reverse("overview-counted")}?page=99"' in page
    shown = [
        set(
            re.findall(
                "zz [0-9]{2}", as_owner.get(reverse("overview-counted"), {"page": number}).content.decode()
            )
        )
        for number in ("1", "2")
    ]
    assert shown[0] | shown[1] == {f"zz {number:02}" for number in range(30)}
    assert not shown[0] & shown[1]


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999999999", "1e9", "%00"])
def test_nonsense_for_a_page_is_answered(as_owner: Client, page: str) -> None:
    for name in ("overview", "overview-counted"):
        assert as_owner.get(reverse(name), {"page": page, "silent": page}).status_code == 200


# What needs attention -------------------------------------------------------------------------------------------------


def test_one_that_has_gone_quiet_says_since_when_and_leads_to_the_upload(
    as_maintainer: Client, quiet: DataSource
) -> None:
    html = overview(as_maintainer, "overview-counted")
    last = datetime.now(UTC).date() - 21 * DAY
    words = text_of(html)
    assert f"No ephemeris records after {last} (UTC), for 21 days; usually there are some every day." in words
    assert f"quiet 21 days {last}" in words
    assert reverse("ephemeris-upload", args=[quiet.identifier]) in html
    assert "Needs attention 1 thing" in words


def test_many_quiet_ones_are_one_line_and_a_list(
    as_maintainer: Client, aurorax: AuroraX, new_source: NewSource
) -> None:
    for number in range(MOST_SILENT + 1):
        source = new_source(maintainers=["maintainer@example.org"], display_name=f"Silent {number}")
        put(aurorax, source, *range(21, 31))
    well = new_source(maintainers=["maintainer@example.org"], display_name="Well and alive")
    put(aurorax, well, *range(10))
    html = overview(as_maintainer, "overview-counted")
    assert "Silent 0, Silent 1, Silent 2 and 3 more" in html
    assert "Needs attention 1 thing" in text_of(html)
    url = reverse("overview-counted", query={"state": "quiet"})
    assert url in html
    for address in (url, reverse("overview-counted", query={"silent": "on"})):
        listed = as_maintainer.get(address).content.decode()
        assert "Silent 5" in listed
        assert "Well and alive" not in listed


def test_when_nothing_needs_anybody_it_says_so(as_maintainer: Client) -> None:
    words = text_of(overview(as_maintainer, "overview-counted"))
    assert "Waiting for me 0 no upload, no deletion" in words
    assert "Needs attention" not in words


def test_my_uploads_that_wait_are_there_at_once(
    as_owner: Client, as_owner2: Client, new_source: NewSource
) -> None:
    file = SimpleUploadedFile("waiting.csv", b"epoch\n2020-01-01T00:00:00\n")
    as_owner.post(reverse("ephemeris-upload", args=[new_source().identifier]), {"file": file})
    assert "waiting.csv" in overview(as_owner)
    assert "waiting.csv" not in overview(as_owner2)


# Uploads on their way -------------------------------------------------------------------------------------------------


@pytest.fixture
def upload(as_owner: Client, new_source: NewSource) -> Upload:
    file = SimpleUploadedFile("moving.csv", b"epoch,lat,lon\n2020-01-01T00:00:00,51,-114\n")
    as_owner.post(reverse("ephemeris-upload", args=[new_source().identifier]), {"file": file})
    return Upload.objects.get()


def test_what_moves_is_asked_for_again_until_nothing_does(as_owner: Client, upload: Upload) -> None:
    assert "Uploads on their way" not in overview(as_owner)
    upload.transition(State.SENDING, started_at=timezone.now(), snapshot=upload.pk)
    url = reverse("overview-uploads")
    poll = f'hx-get="{url}" hx-trigger="every 3s"'
    assert poll in overview(as_owner)
    headers = {"HX-Request": "true", "HX-Target": "section#overview-uploads"}
    fragment = as_owner.get(url, headers=headers).content.decode()
    assert fragment.startswith('<section id="overview-uploads"')
    assert poll in fragment
    assert "Sending" in fragment
    assert "moving.csv" in overview(as_owner, "overview-uploads")

    upload.pause(PauseReason.YOU)
    fragment = as_owner.get(url, headers=headers).content.decode()
    assert "Paused: by hand" in fragment
    assert poll not in fragment


def test_asking_again_asks_aurorax_nothing(as_owner: Client, upload: Upload, asked: list[str]) -> None:
    overview(as_owner, "overview-uploads")
    assert asked == []


# The first day, and bad days ------------------------------------------------------------------------------------------


def test_who_may_only_look_is_told_whom_to_ask(as_user: Client) -> None:
    html = overview(as_user)
    assert "You look after no data source yet" in html
    assert "add user@example.org as a maintainer" in html
    assert reverse("source-create") not in html
    assert 'hx-trigger="load"' not in html


def test_an_owner_of_nothing_is_led_to_their_first_data_source(as_owner: Client, aurorax: AuroraX) -> None:
    for source in aurorax.sources.list(owner="owner@example.org"):
        aurorax.sources.update(source.identifier, {"owner": "owner2@example.org"})
    html = overview(as_owner)
    assert "Create your first data source" in html
    assert reverse("source-create") in html


def test_a_maintainer_of_nothing_is_told_to_ask_an_owner(as_maintainer: Client, aurorax: AuroraX) -> None:
    for source in aurorax.sources.list():
        if source.maintainers:
            aurorax.sources.update(source.identifier, {"maintainers": []})
    html = overview(as_maintainer)
    assert "Ask the owner of a data source to add maintainer@example.org as a maintainer." in html


@pytest.mark.parametrize(("person", "offered"), [("as_owner", True), ("as_maintainer", False)])
def test_only_those_who_may_are_offered_a_new_data_source(
    person: str, offered: bool, request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue(person)
    assert (reverse("source-create") in overview(client)) == offered


def test_what_waits_is_shown_although_aurorax_does_not_answer(
    as_owner: Client, upload: Upload, portal: SandboxProcess
) -> None:
    with portal.switched(errors="500=1", only="GET *"):
        answer = as_owner.get(reverse("overview"))
    html = answer.content.decode()
    assert answer.status_code == 502
    assert "moving.csv" in html
    assert "Try again" in html
    assert "You look after no data source yet" not in html


def test_without_counts_my_data_sources_are_shown_all_the_same(
    as_maintainer: Client, new_source: NewSource, portal: SandboxProcess
) -> None:
    new_source(maintainers=["maintainer@example.org"], display_name="Still here")
    overview(as_maintainer)
    with portal.switched(errors="500=1", only="GET /api/v1/availability/*"):
        answer = as_maintainer.get(reverse("overview-counted"), headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 502
    assert html.startswith('<div id="overview"')
    assert "Still here" in html
    assert "Not known just now" in html
    assert 'hx-trigger="load"' not in html


# Administrators -------------------------------------------------------------------------------------------------------


def test_an_administrator_sees_what_everybody_does_and_is_not_told_to_begin(
    as_admin: Client, as_owner: Client, upload: Upload, aurorax: AuroraX, quiet: DataSource
) -> None:
    upload.transition(State.SENDING, started_at=timezone.now(), snapshot=upload.pk)
    page = overview(as_admin)
    assert "You look after no data source yet" not in page
    assert f'hx-get="{reverse("overview-everybody")}"' in page
    assert f'hx-get="{reverse("service-health")}"' in page
    words = text_of(overview(as_admin, "overview-everybody"))
    assert "Work under way 1" in words
    assert "moving.csv" in words
    assert re.search(r"owner@example.org 1 of \d+ Fallen silent 21 days", words)
    assert re.search(r"People lately active .*owner@example.org Owner", words)
    assert "works Database" in text_of(overview(as_admin, "service-health"))
