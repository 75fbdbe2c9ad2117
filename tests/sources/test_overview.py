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
    as_owner: Client, as_maintainer: Client, new_source: NewSource
) -> None:
    new_source(display_name="Tended", owner="owner2@example.org", maintainers=["Maintainer@example.org"])
    new_source(display_name="Owned")
    for name in ("overview", "overview-counted"):
        assert re.search(r"Tended \d+ · Maintainer", text_of(overview(as_maintainer, name)))
        assert "Owned" not in overview(as_maintainer, name)
        assert re.search(r"Owned \d+ · Owner", text_of(overview(as_owner, name)))


def test_records_are_counted_after_the_page_by_a_link_that_works_alone(as_maintainer: Client) -> None:
    page = overview(as_maintainer)
    url = reverse("overview-counted")
    assert f'<div id="overview" hx-get="{url}" hx-trigger="load"' in page
    assert re.search(rf'href="{url}">\s*Count the records', page)
    assert '<svg class="counts strip' not in page
    fragment = as_maintainer.get(url, headers=HTMX).content.decode()
    assert fragment.startswith('<div id="overview"')
    assert 'hx-trigger="load"' not in fragment
    for html in (fragment, overview(as_maintainer, "overview-counted")):
        assert "2,880" in html
        assert '<svg class="counts strip' in html
        assert "2020-01-02 23:59" in text_of(html)
        assert "Ephemeris by month: 2020-01. Open the calendar." in text_of(html)


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
    as_owner: Client, new_source: NewSource, asked: list[str]
) -> None:
    new_source(display_name="Also mine", owner="owner2@example.org", maintainers=["owner@example.org"])
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


def test_a_data_source_without_records_says_where_to_upload_some(
    as_maintainer: Client, new_source: NewSource
) -> None:
    source = new_source(maintainers=["maintainer@example.org"], display_name="Fresh")
    html = overview(as_maintainer, "overview-counted")
    assert "No records yet: upload ephemeris or upload data products" in text_of(html)
    for kind in ("ephemeris", "products"):
        assert reverse(f"{kind}-upload", args=[source.identifier]) in html


def test_growth_is_told_beside_the_month_before(
    as_maintainer: Client, aurorax: AuroraX, new_source: NewSource
) -> None:
    source = new_source(maintainers=["maintainer@example.org"], display_name="Growing")
    put(aurorax, source, *range(30), *range(30, 37))
    html = overview(as_maintainer, "overview-counted")
    row = html[html.index("Growing") :].partition("</tbody>")[0]
    assert re.findall(r'<td class="text-end tabular">([\d,]+)</td>', row) == ["37", "30", "7"]


def test_many_data_sources_come_page_by_page(as_owner: Client, new_source: NewSource) -> None:
    for number in range(30):
        new_source(display_name=f"zz {number:02}")
    page = overview(as_owner, page="99")
    assert "zz 29" in page
    assert "zz 00" not in page
    assert f'hx-get="{reverse("overview-counted")}?page=99"' in page
    fragment = as_owner.get(reverse("overview-counted"), {"page": "99"}, headers=HTMX).content.decode()
    assert "zz 29" in fragment
    assert "zz 00" not in fragment


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999999999", "1e9", "%00"])
def test_nonsense_for_a_page_is_answered(as_owner: Client, page: str) -> None:
    for name in ("overview", "overview-counted"):
        assert as_owner.get(reverse(name), {"page": page, "silent": page}).status_code == 200


# What needs attention -------------------------------------------------------------------------------------------------


def test_one_that_has_gone_quiet_says_since_when_and_leads_to_the_upload(
    as_maintainer: Client, quiet: DataSource
) -> None:
    assert "Whether a data source has gone quiet comes with" in text_of(overview(as_maintainer))
    html = overview(as_maintainer, "overview-counted")
    last = datetime.now(UTC).date() - 21 * DAY
    words = text_of(html)
    assert f"No ephemeris records after {last} (UTC), for 21 days; usually there are some every day." in words
    assert f"{last} 00:00:00 Quiet" in words
    assert reverse("ephemeris-upload", args=[quiet.identifier]) in html
    assert "1 thing needs attention." in words


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
    assert "1 thing needs attention." in html
    url = reverse("overview-counted", query={"silent": "on"})
    assert url in html
    listed = as_maintainer.get(url).content.decode()
    assert "My data sources that have gone quiet" in listed
    assert "Silent 5" in listed
    assert "Well and alive" not in listed


def test_when_nothing_needs_anybody_it_says_so(as_maintainer: Client) -> None:
    html = overview(as_maintainer, "overview-counted")
    assert "no upload and no deletion waits for you, and no data source has gone quiet" in html


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
    assert "Whether a data source has gone quiet is not known." in html
    assert 'hx-trigger="load"' not in html
