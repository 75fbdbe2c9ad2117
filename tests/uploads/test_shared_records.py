"""Two uploads that stand for the same records: undoing the first says so before, and leaves them to the second."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from apps.aurorax import AuroraX, DataSource
from apps.ephemeris.record_type import EphemerisType
from apps.records import looks
from apps.uploads import shared_records
from apps.uploads.models import Upload
from tests.support.uploads import UploadFile, act, csv_of, minutes
from tests.uploads.steps.test_put_back import after_write, once
from tests.uploads.test_sending import stored


def corrected() -> bytes:
    """Ten minutes, of which the fourth is mended and two are new."""
    rows = [row.replace("state 3", "mended") for row in minutes(12)]
    return csv_of(*rows)


@pytest.fixture
def two(as_owner: Client, upload_file: UploadFile) -> tuple[Upload, Upload]:
    """A file, and the same file corrected."""
    first = upload_file(csv_of(*minutes(10)), name="first.csv")
    act(as_owner, first, "send")
    second = upload_file(corrected(), name="corrected.csv")
    act(as_owner, second, "send")
    assert (second.new, second.changed, second.identical) == (2, 1, 9)
    return first, second


def undo(client: Client, upload: Upload, **fields: str) -> str:
    """Press the button of the page about undoing."""
    answer = client.post(reverse("upload-undo", args=[upload.pk]), fields, follow=True)
    upload.refresh_from_db()
    return answer.content.decode()


def test_the_page_says_before_how_many_records_which_upload_stands_for(
    as_owner: Client, two: tuple[Upload, Upload]
) -> None:
    first, second = two
    page = as_owner.get(reverse("upload-undo", args=[first.pk])).content.decode()
    assert "Later uploads stand for some of these records, too" in page
    assert "9 records" in page
    assert reverse("upload-detail", args=[second.pk]) in page
    assert "Undo these, too" in page
    assert "stand for" not in as_owner.get(reverse("upload-undo", args=[second.pk])).content.decode()


def test_they_are_left_alone_and_listed(
    as_owner: Client, two: tuple[Upload, Upload], aurorax: AuroraX, source: DataSource
) -> None:
    first, second = two
    page = undo(as_owner, first)
    assert (first.undo["shared"], first.undo["left_alone"], first.undo["gone"]) == (9, 1, 0)
    assert "9 records a later upload stands for, too: they were left alone" in page
    assert "corrected.csv" in page
    assert len(stored(aurorax, source)) == 12
    act(as_owner, second, "check-again")
    assert second.checked_again["same"] == 12


def test_whoever_chooses_so_undoes_them_too_and_the_other_page_says_so(
    as_owner: Client, two: tuple[Upload, Upload], aurorax: AuroraX, source: DataSource
) -> None:
    first, second = two
    undo(as_owner, first, shared="on")
    assert (first.undo["shared"], first.undo["left_alone"], first.undo["gone"]) == (0, 1, 9)
    assert list(stored(aurorax, source)) == ["00:03", "00:10", "00:11"]
    page = as_owner.get(reverse("upload-detail", args=[second.pk])).content.decode()
    assert "“first.csv” was undone by owner@example.org" in page


def test_when_the_later_one_is_undone_the_first_can_be_undone_wholly(
    as_owner: Client, two: tuple[Upload, Upload], aurorax: AuroraX, source: DataSource
) -> None:
    first, second = two
    assert "Undo again" in undo(as_owner, first)
    undo(as_owner, second)
    assert stored(aurorax, source)["00:03"] == "state 3"
    page = undo(as_owner, first)
    assert (first.undo["shared"], first.undo["gone"]) == (0, 10)
    assert stored(aurorax, source) == {}
    assert "Undo again" not in page


def test_a_file_of_which_nothing_had_to_be_sent_counts_too(
    as_owner: Client, upload_file: UploadFile, aurorax: AuroraX, source: DataSource
) -> None:
    first = upload_file(csv_of(*minutes(6)))
    act(as_owner, first, "send")
    upload_file(csv_of(*minutes(3)), name="the-same.csv")
    undo(as_owner, first)
    assert (first.undo["shared"], first.undo["gone"]) == (3, 3)
    assert list(stored(aurorax, source)) == ["00:00", "00:01", "00:02"]


def test_data_products_are_shared_by_their_urls(as_owner: Client, upload_file: UploadFile) -> None:
    header = "data_product_type,start,end,url"
    rows = [f"movie,2020-01-01T0{n}:00:00,2020-01-01T0{n}:30:00,{n}.mp4" for n in range(5)]
    first = upload_file(csv_of(*rows, header=header), kind="products")
    act(as_owner, first, "send")
    second = upload_file(csv_of(*rows[3:], header=header), kind="products", name="second.csv")
    assert shared_records.counts(first) == [(second, 2)]
    undo(as_owner, first)
    assert (first.undo["shared"], first.undo["gone"]) == (2, 3)


def test_an_upload_that_came_and_went_before_does_not_count(
    as_owner: Client, upload_file: UploadFile, aurorax: AuroraX, source: DataSource
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(4))), "send")
    old = stored(aurorax, source)
    second = upload_file(csv_of(*(row.replace("state", "new") for row in minutes(4))))
    act(as_owner, second, "send")
    undo(as_owner, second)
    assert second.undo["restored"] == 4
    assert stored(aurorax, source) == old


def test_an_upload_that_comes_while_the_first_is_being_undone_counts(
    as_owner: Client,
    upload_file: UploadFile,
    aurorax: AuroraX,
    source: DataSource,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
) -> None:
    settings.UPLOAD_CHUNK_RECORDS = 4
    monkeypatch.setattr(looks, "FRESH", 0)
    act(
        as_owner, upload_file(csv_of(minutes(31)[30])), "send"
    )  # between two runs, each deleted by a request of its own
    rows = [*minutes(8), *minutes(64)[60:]]
    first = upload_file(csv_of(*rows))
    act(as_owner, first, "send")
    late = csv_of(*rows[8:])
    after_write(monkeypatch, "delete", once(lambda: upload_file(late, name="late.csv")), EphemerisType)
    undo(as_owner, first)
    assert (first.undo["shared"], first.undo["gone"]) == (4, 8)
    assert list(stored(aurorax, source)) == ["00:30", "01:00", "01:01", "01:02", "01:03"]


def test_a_later_file_with_only_some_columns_stands_for_what_it_gives(
    as_owner: Client, upload_file: UploadFile, aurorax: AuroraX, source: DataSource
) -> None:
    first = upload_file(csv_of(*minutes(6)))
    act(as_owner, first, "send")
    rows = [f"2020-01-01T00:0{n}:00,state {n}" for n in range(3)]
    later = upload_file(csv_of(*rows, header="epoch,metadata.state"), name="states.csv")
    assert later.identical == 3
    assert shared_records.counts(first) == [(later, 3)]
    undo(as_owner, first)
    assert (first.undo["shared"], first.undo["gone"]) == (3, 3)
    assert list(stored(aurorax, source)) == ["00:00", "00:01", "00:02"]
