"""What a file does, day by day, within the calendar of what AuroraX holds, before it is sent."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.conftest import Sent
from tests.support.sandbox import SandboxProcess
from tests.support.uploads import UploadFile, act, csv_of

pytestmark = pytest.mark.any_database

THERE = [
    "2020-01-01T00:00:00,51,-114,a",
    "2020-01-01T00:01:00,51,-114,a",
    "2020-01-02T00:00:00,51,-114,a",
    "2020-01-03T00:00:00,51,-114,a",
    "2020-01-05T00:00:00,51,-114,a",
]
# One identical and one changed, one identical, one changed, one new; the fifth of January is not in it.
FILE = [
    "2020-01-01T00:00:00,51,-114,a",
    "2020-01-01T00:01:00,51,-114,b",
    "2020-01-02T00:00:00,51,-114,a",
    "2020-01-03T00:00:00,51,-114,b",
    "2020-01-04T00:00:00,51,-114,a",
]
HTMX = {"HX-Request": "true", "HX-Target": "div#change-calendar"}


@pytest.fixture
def upload(upload_file: UploadFile, as_owner: Client) -> Upload:
    """A file of which some is there already, compared and not sent."""
    act(as_owner, upload_file(csv_of(*THERE)), "send")
    return upload_file(csv_of(*FILE), name="again.csv")


def calendar_url(upload: Upload) -> str:
    return reverse("upload-calendar", args=[upload.pk])


def days(html: str) -> dict[str, str]:
    """What the tooltips say, of days with something to say."""
    titles = re.findall(r"<title>(\d{4}-\d\d-\d\d): ([^<]*)</title>", html)
    return {day: words for day, words in titles if words not in ("none", "none yet")}


def test_every_day_says_what_comes_what_changes_and_what_is_there_already(
    upload: Upload, as_owner: Client
) -> None:
    assert (upload.new, upload.changed, upload.identical) == (1, 2, 2)
    html = as_owner.get(calendar_url(upload)).content.decode()
    assert days(html) == {
        "2020-01-01": "2 now, 2 then (1 changed, 1 identical)",
        "2020-01-02": "1 now, 1 then (1 identical)",
        "2020-01-03": "1 now, 1 then (1 changed)",
        "2020-01-04": "0 now, 1 then (1 new)",
        "2020-01-05": "1",
    }
    table = re.findall(r"<t[hd][^>]*>\s*([\w,-]+)\s*</t[hd]>", html)
    assert table == [
        "Month",
        "Now",
        "New",
        "Changed",
        "Identical",
        "Then",
        "2020-01",
        "5",
        "1",
        "2",
        "2",
        "6",
    ]


def test_it_comes_after_the_page_by_a_link_that_works_alone(upload: Upload, as_owner: Client) -> None:
    html = as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    url = calendar_url(upload)
    assert re.search(rf'id="change-calendar"[^>]* hx-get="{url}" hx-trigger="load"', html)
    assert f'<a href="{url}">' in html
    fragment = as_owner.get(url, headers=HTMX).content.decode()
    assert fragment.startswith('<div id="change-calendar"')
    assert "hx-trigger" not in fragment
    assert reverse("upload-detail", args=[upload.pk]) in as_owner.get(url).content.decode()


def test_it_asks_aurorax_once(upload: Upload, as_owner: Client, sent: Sent) -> None:
    as_owner.get(calendar_url(upload), headers=HTMX)
    (question,) = sent
    assert question.partition("/api/v1")[2] == "/availability/ephemeris"


def test_whoever_else_looks_after_the_source_sees_it_for_two_questions(
    upload: Upload, as_maintainer: Client, as_owner2: Client, sent: Sent
) -> None:
    assert as_maintainer.get(calendar_url(upload)).status_code == 200
    assert len(sent) == len(set(sent)) == 2
    assert as_owner2.get(calendar_url(upload)).status_code == 403


def test_it_is_there_only_while_there_is_something_to_decide(upload: Upload, as_owner: Client) -> None:
    act(as_owner, upload, "send")
    assert upload.state == State.DONE
    assert as_owner.get(calendar_url(upload)).status_code == 404
    assert "change-calendar" not in as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()


def test_a_file_without_a_valid_row_has_none(upload_file: UploadFile, as_owner: Client) -> None:
    upload = upload_file(csv_of("2020-01-01T00:00:00,91,-114,a"))
    assert as_owner.get(calendar_url(upload)).status_code == 404
    assert "change-calendar" not in as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()


def test_data_products_count_on_the_day_they_start(upload_file: UploadFile, as_owner: Client) -> None:
    header = "data_product_type,start,end,url"
    row = "keogram,2020-01-01T23:30:00,2020-01-02T13:00:00,https://data.example.org/a.jpg"
    upload = upload_file(csv_of(row, header=header), kind="products")
    assert days(as_owner.get(calendar_url(upload)).content.decode()) == {
        "2020-01-01": "0 now, 1 then (1 new)"
    }


def test_when_aurorax_does_not_answer_the_part_says_so_and_the_page_is_there(
    upload: Upload, as_owner: Client, portal: SandboxProcess
) -> None:
    with portal.switched(errors="500=1", only="GET /api/v1/availability/*"):
        answer = as_owner.get(calendar_url(upload), headers=HTMX)
        assert answer.status_code == 502
        assert "AuroraX" in answer.content.decode()
        assert as_owner.get(reverse("upload-detail", args=[upload.pk])).status_code == 200
