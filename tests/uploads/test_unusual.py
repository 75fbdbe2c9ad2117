"""What AuroraX would take and is hardly meant is told before the button, until somebody says that it is right."""

from html import unescape

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from apps.activity.models import Event
from apps.aurorax import DataSource
from apps.uploads.models import AcceptedRemark, Upload
from apps.uploads.states import State
from tests.conftest import NewSource, Sent
from tests.support.uploads import UploadFile, act, csv_of

pytestmark = pytest.mark.any_database
GILLAM = "56.3767,-94.6437"


def night(begin: str = "2020-01-01T03", *, place: str = GILLAM, count: int = 60) -> list[str]:
    return [f"{begin}:{minute:02}:00,{place},on" for minute in range(count)]


def page(client: Client, upload: Upload) -> str:
    return unescape(client.get(reverse("upload-detail", args=[upload.pk])).content.decode())


def box(html: str) -> str:
    return html.partition('id="upload-unusual"')[2].partition("</section>")[0]


@pytest.fixture
def source(new_source: NewSource) -> DataSource:
    return new_source(instrument_type="panchromatic ASI", maintainers=["maintainer@example.org"])


@pytest.fixture
def standing(upload_file: UploadFile, as_owner: Client) -> None:
    """The source stands at Gillam."""
    act(as_owner, upload_file(csv_of(*night())), "send")
    caches["answers"].clear()


def test_a_right_file_is_told_to_be_in_order_and_nothing_more(
    standing: None, upload_file: UploadFile, as_owner: Client
) -> None:
    upload = upload_file(csv_of(*night("2020-01-02T03")))
    html = page(as_owner, upload)
    assert "All 60 rows are in order." in html
    assert box(html) == ""


def test_another_site_is_told_with_its_distance_and_rows_and_can_be_sent_all_the_same(
    standing: None, upload_file: UploadFile, as_owner: Client
) -> None:
    upload = upload_file(csv_of(*night("2020-01-02T03", place="56.3767,94.6437")))
    html = page(as_owner, upload)
    assert "All 60 rows can be sent. Something looks unusual: see below, before you send." in html
    assert "in order" not in html
    told = box(html)
    assert "60 records are at 56.38, 94.64, " in told
    assert "With the other sign the longitude would fit." in told
    assert "Lines 2, 3, 4, 5, 6 and 55 more." in told
    act(as_owner, upload, "send")
    assert upload.state == State.DONE


def test_where_it_stands_is_asked_once_a_day(standing: None, upload_file: UploadFile, sent: Sent) -> None:
    searches = []
    for day in (2, 3):
        sent.clear()
        upload_file(csv_of(*night(f"2020-02-{day:02}T03")))
        searches.append(sum("search" in line for line in sent))
    assert searches[0] == searches[1] + 1


def test_what_is_right_is_told_no_more_for_this_source_until_it_is_wanted_again(
    standing: None, upload_file: UploadFile, as_owner: Client, source: DataSource
) -> None:
    moved = csv_of(*night("2020-01-02T03", place="51.05,-114.07"))
    upload = upload_file(moved)
    address = reverse("upload-unusual", args=[upload.pk, 1])
    html = as_owner.post(address, {"right": "yes"}, follow=True).content.decode()
    assert f"Right for {source.display_name}" in box(html)
    assert "It is right" not in box(html)
    assert Event.objects.first().summary.startswith("Said that something unusual is right: 60 records are at")  # type: ignore[union-attr]
    later = upload_file(csv_of(*night("2020-01-03T03", place="51.05,-114.07")))
    assert "It is right" not in box(page(as_owner, later))
    elsewhere = upload_file(csv_of(*night("2020-01-03T03", place="60.0,-114.07")))
    assert "It is right" in box(page(as_owner, elsewhere))
    as_owner.post(address, {"right": "no"})
    assert "It is right" in box(page(as_owner, later))


def test_who_may_not_upload_to_the_source_does_not_say_what_is_right(
    standing: None, upload_file: UploadFile, as_owner2: Client, as_user: Client
) -> None:
    upload = upload_file(csv_of(*night("2020-01-02T03", place="51.05,-114.07")))
    for client in (as_owner2, as_user):
        assert client.post(reverse("upload-unusual", args=[upload.pk, 1])).status_code == 403
    assert not AcceptedRemark.objects.exists()


def test_a_remark_that_is_not_there_is_said_so(
    standing: None, upload_file: UploadFile, as_owner: Client
) -> None:
    upload = upload_file(csv_of(*night("2020-01-02T03")))
    answer = as_owner.post(reverse("upload-unusual", args=[upload.pk, 7]), follow=True)
    assert "This is not said of the file any more." in answer.content.decode()


def test_nights_that_are_off_by_an_hour_from_those_that_are_there_are_told(
    upload_file: UploadFile, as_owner: Client
) -> None:
    def nights(hour: int) -> bytes:
        hours = (f"2020-01-0{day}T{hour + more:02}" for day in (1, 2) for more in range(4))
        return csv_of(*(row for begin in hours for row in night(begin)))

    act(as_owner, upload_file(nights(3)), "send")
    told = box(page(as_owner, upload_file(nights(5))))
    assert "2 hours earlier, 240 of the 240 minutes" in told
    assert "as they are written 120 are." in told
    assert "Are these times UTC?" in told


@pytest.mark.parametrize(
    ("header", "is_told"),
    [("Local time", True), ("Time (MST)", True), ("Time UTC", False), ("epoch", False)],
)
def test_a_column_of_local_time_is_told(
    header: str, is_told: bool, upload_file: UploadFile, as_owner: Client
) -> None:
    rows = csv_of(*night(), header=f"{header},location_geo.lat,location_geo.lon,metadata.state")
    upload = upload_file(rows)
    if upload.state == State.NEEDS_COLUMNS:
        form = as_owner.get(reverse("upload-detail", args=[upload.pk])).context["form"]
        posted = {name: form[name].value() or "" for name in form.fields} | {"column-0": "epoch"}
        as_owner.post(reverse("upload-read", args=[upload.pk]), posted)
        upload.refresh_from_db()
    assert upload.state == State.CHECKED
    assert ("its times are taken as UTC" in box(page(as_owner, upload))) is is_told


def test_a_keogram_of_a_month_is_told(upload_file: UploadFile, as_owner: Client) -> None:
    content = b"start,end,url,data_product_type\n2020-01-01T00:00,2020-01-31T23:59,https://data.example.org/k.jpg,keogram"
    told = box(page(as_owner, upload_file(content, kind="products")))
    assert "1 data product of one picture or film lasts longer than a night" in told
    assert "Line 2." in told


def test_a_file_that_cannot_be_sent_at_all_is_not_remarked_on(
    upload_file: UploadFile, as_owner: Client
) -> None:
    upload = upload_file(csv_of("2020-01-01T00:00:00,95,0,on"))
    assert box(page(as_owner, upload)) == ""


def test_a_file_of_rows_that_stand_alone_is_watched_too(upload_file: UploadFile, as_owner: Client) -> None:
    rows = b'{"start": "2020-01-01T00:00", "end": "2020-01-31T23:59", "url": "https://data.example.org/k.jpg", "data_product_type": "keogram", "metadata": {"a": {"b": 1}, "a": 2}}'
    upload = upload_file(rows, kind="products", name="one.ndjson")
    assert upload.state == State.CHECKED


def test_one_row_is_spoken_of_as_one(upload_file: UploadFile, as_owner: Client) -> None:
    upload = upload_file(csv_of("2020-01-01T05:00:00,56.3767,-94.6437,on"))
    assert "The one row is in order. Nothing was sent yet." in page(as_owner, upload)
