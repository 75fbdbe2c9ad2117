"""Undoing part by part, each looked at right before, while somebody else writes and AuroraX refuses or loses."""

import json
from collections.abc import Callable, Sequence

import pytest
from django.test import Client
from pytest_django import Settings

from apps.aurorax import AuroraX, DataSource, EphemerisRecord, Location, errors
from apps.ephemeris.record_type import EphemerisType
from apps.products.record_type import ProductType
from apps.records import looks
from apps.uploads.models import Upload
from apps.uploads.states import State
from apps.uploads.steps import undo
from tests.deletions.test_deletions import put
from tests.support.uploads import UploadFile, act, csv_of, minutes
from tests.uploads.test_sending import DAY, after_chunk, stored

pytestmark = pytest.mark.any_database


@pytest.fixture(autouse=True)
def _small_portions(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four records a request, and everything is looked at again after each."""
    monkeypatch.setattr(looks, "FRESH", 0.0)
    settings.UPLOAD_CHUNK_RECORDS = 4
    settings.UPLOAD_CONNECTIONS = 1


def states(prefix: str, count: int) -> Sequence[str]:
    return [row.replace("state", prefix) for row in minutes(count)]


def sent_over(client: Client, upload_file: UploadFile, count: int) -> Upload:
    """An upload that changed so many records that were there before."""
    act(client, upload_file(csv_of(*minutes(count))), "send")
    upload = upload_file(csv_of(*states("new", count)))
    act(client, upload, "send")
    assert upload.is_verified
    return upload


def once(act: Callable[[], object]) -> Callable[[], None]:
    """Do it the first time, and never again."""
    left = [act]

    def done() -> None:
        if left:
            left.pop()()

    return done


def after_write(
    monkeypatch: pytest.MonkeyPatch, name: str, decide: Callable[[], None], kind: type = EphemerisType
) -> None:
    """Let somebody else write right after AuroraX has taken a part (`upload`) or was asked to delete one (`delete`)."""
    really = getattr(kind, name)

    def watched(*args: object) -> None:
        really(*args)
        decide()

    monkeypatch.setattr(kind, name, watched)


def test_what_is_written_while_records_are_put_back_is_left_alone_and_listed(
    as_owner: Client,
    upload_file: UploadFile,
    aurorax: AuroraX,
    source: DataSource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    upload = sent_over(as_owner, upload_file, 12)
    after_write(monkeypatch, "upload", once(lambda: put(aurorax, source, range(8, 11), note="theirs")))
    page = act(as_owner, upload, "undo")
    theirs = [f"2020-01-01T00:{n:02}:00" for n in (8, 9, 10)]
    assert upload.undo["listed"] == theirs
    assert upload.undo["restored"] == 9
    assert all(key in page for key in theirs)
    found = aurorax.ephemeris.search(source, DAY, DAY.replace(hour=1))
    metadata = {record.epoch.minute: record.metadata for record in found}
    assert [metadata[n] for n in (8, 9, 10)] == [{"note": "theirs"}] * 3
    assert metadata[11] == {"state": "state 11"}


def test_what_is_written_while_records_are_deleted_is_left_alone_and_listed(
    as_owner: Client,
    upload_file: UploadFile,
    aurorax: AuroraX,
    source: DataSource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    upload = upload_file(csv_of(*minutes(12)))
    act(as_owner, upload, "send")
    after_write(monkeypatch, "delete", once(lambda: put(aurorax, source, range(9, 10), note="theirs")))
    act(as_owner, upload, "undo")
    assert (upload.undo["gone"], upload.undo["listed"]) == (11, ["2020-01-01T00:09:00"])
    assert list(stored(aurorax, source)) == ["00:09"]


def test_a_data_product_that_is_changed_meanwhile_is_left_alone(
    as_owner: Client,
    upload_file: UploadFile,
    aurorax: AuroraX,
    source: DataSource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    header = "data_product_type,start,end,url"
    rows = [f"movie,2020-01-01T0{n}:00:00,2020-01-01T0{n}:30:00,{n}.mp4" for n in range(8)]
    upload = upload_file(csv_of(*rows, header=header), kind="products")
    act(as_owner, upload, "send")

    def change() -> None:
        theirs = {
            "data_product_type": "keogram",
            "start": "2021-01-01T00:00:00",
            "end": "2021-01-01T01:00:00",
            "url": "6.mp4",
        }
        aurorax.products.upload(source.identifier, json.dumps([source.key | theirs]).encode())

    after_write(monkeypatch, "delete", once(change), ProductType)
    act(as_owner, upload, "undo")
    assert (upload.undo["gone"], upload.undo["listed"]) == (7, ["6.mp4"])
    left = aurorax.products.search(source, DAY, DAY.replace(year=2022))
    assert [(record.url, record.data_product_type) for record in left] == [("6.mp4", "keogram")]


def test_changed_records_that_somebody_has_deleted_since_are_told(
    as_owner: Client, upload_file: UploadFile, aurorax: AuroraX, source: DataSource
) -> None:
    upload = sent_over(as_owner, upload_file, 6)
    aurorax.ephemeris.delete(source, DAY.replace(minute=2), DAY.replace(minute=3))
    page = act(as_owner, upload, "undo")
    assert (upload.undo["restored"], upload.undo["gone"], upload.undo["deleted_since"]) == (4, 0, 2)
    assert "2 records that it had changed were deleted by somebody since" in page
    assert "2020-01-01T00:02:00" in page


def test_the_source_s_names_of_now_are_used(
    as_owner: Client, upload_file: UploadFile, aurorax: AuroraX, source: DataSource
) -> None:
    upload = sent_over(as_owner, upload_file, 6)
    aurorax.sources.update(source.identifier, {"instrument_type": "another imager"})
    act(as_owner, upload, "undo")
    assert (upload.state, upload.undo["restored"], upload.undo["not_done"]) == (State.UNDONE, 6, 0)
    assert stored(aurorax, aurorax.sources.get(source.identifier)) == {
        f"00:{n:02}": f"state {n}" for n in range(6)
    }


def test_a_half_sent_upload_goes_on_under_the_names_of_now(
    as_owner: Client,
    upload_file: UploadFile,
    aurorax: AuroraX,
    source: DataSource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    upload = upload_file(csv_of(*minutes(8)))
    with monkeypatch.context() as patched:
        after_chunk(patched, 0, lambda: act(as_owner, Upload.objects.get(), "pause"))
        act(as_owner, upload, "send")
    assert (upload.state, upload.sent) == (State.PAUSED, 4)
    aurorax.sources.update(source.identifier, {"platform": "another place"})
    act(as_owner, upload, "resume")
    assert upload.is_verified
    assert len(stored(aurorax, aurorax.sources.get(source.identifier))) == 8


def test_a_record_aurorax_refuses_to_take_back_is_named_and_the_others_are_done(
    as_owner: Client,
    upload_file: UploadFile,
    aurorax: AuroraX,
    source: DataSource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    upload, really = sent_over(as_owner, upload_file, 10), EphemerisType.upload

    def refusing(kind: EphemerisType, client: AuroraX, source: DataSource, body: bytes) -> None:
        if any(record["epoch"] == "2020-01-01T00:05:00" for record in json.loads(body)):
            raise errors.InvalidRequest("AuroraX says: bad trace.", status=400)
        really(kind, client, source, body)

    with monkeypatch.context() as patched:
        patched.setattr(EphemerisType, "upload", refusing)
        page = act(as_owner, upload, "undo")
    assert upload.state == State.UNDONE
    assert (upload.undo["restored"], upload.undo["refused"], upload.undo["not_done"]) == (9, 1, 1)
    assert upload.undo["refused_listed"] == [["2020-01-01T00:05:00", "AuroraX says: bad trace."]]
    assert "Undone, not complete" in page
    assert "bad trace" in page
    assert stored(aurorax, source)["00:05"] == "new 5"
    assert "Undo again" in page

    act(as_owner, upload, "undo")
    assert (upload.undo["restored"], upload.undo["not_done"]) == (10, 0)
    assert stored(aurorax, source) == {f"00:{n:02}": f"state {n}" for n in range(10)}


def test_what_aurorax_loses_while_undoing_is_asked_for_again(
    as_owner: Client,
    upload_file: UploadFile,
    aurorax: AuroraX,
    source: DataSource,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
) -> None:
    upload, really = sent_over(as_owner, upload_file, 8), EphemerisType.upload
    settings.UPLOAD_VERIFY_SECONDS = 0.2
    bodies: list[bytes] = []

    def losing(kind: EphemerisType, client: AuroraX, source: DataSource, body: bytes) -> None:
        bodies.append(body)
        if len(bodies) > 2:
            really(kind, client, source, body)

    monkeypatch.setattr(EphemerisType, "upload", losing)
    act(as_owner, upload, "undo")
    assert len(bodies) == 4
    assert (upload.undo["restored"], upload.undo["not_done"]) == (8, 0)
    assert stored(aurorax, source) == {f"00:{n:02}": f"state {n}" for n in range(8)}


def test_undone_not_complete_has_a_way_on(
    as_owner: Client,
    upload_file: UploadFile,
    aurorax: AuroraX,
    source: DataSource,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
) -> None:
    upload = upload_file(csv_of(*minutes(6)))
    act(as_owner, upload, "send")
    settings.UPLOAD_VERIFY_SECONDS = 0.05
    with monkeypatch.context() as patched:
        patched.setattr(EphemerisType, "delete", lambda *args: None)
        page = act(as_owner, upload, "undo")
    assert upload.undo["not_done"] == 6
    assert "Undo again" in page
    page = act(as_owner, upload, "undo")
    assert (upload.undo["gone"], upload.undo["not_done"]) == (6, 0)
    assert "Undo again" not in page
    assert stored(aurorax, source) == {}


def test_what_is_written_between_two_ranges_is_left_alone(
    as_owner: Client,
    upload_file: UploadFile,
    aurorax: AuroraX,
    source: DataSource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(9)[1::2])), "send")
    upload = upload_file(csv_of(*minutes(9)[::2]))
    act(as_owner, upload, "send")
    after_write(monkeypatch, "delete", once(lambda: put(aurorax, source, range(6, 7), note="theirs")))
    act(as_owner, upload, "undo")
    assert upload.undo["listed"] == ["2020-01-01T00:06:00"]
    assert list(stored(aurorax, source)) == ["00:01", "00:03", "00:05", "00:06", "00:07"]


@pytest.mark.parametrize("batches", [1, 3])
def test_however_many_batches_there_are_the_counts_are_of_all(
    as_owner: Client, upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch, batches: int
) -> None:
    monkeypatch.setattr(EphemerisType, "compare_batch_size", 12 // batches)
    monkeypatch.setattr(undo, "LISTED", 2)
    upload = sent_over(as_owner, upload_file, 12)
    act(as_owner, upload_file(csv_of(*states("theirs", 5))), "send")
    act(as_owner, upload, "undo")
    assert (upload.undo["restored"], upload.undo["left_alone"], upload.undo["gone"]) == (7, 5, 0)
    assert upload.undo["listed"] == ["2020-01-01T00:00:00", "2020-01-01T00:01:00"]


def test_a_place_that_aurorax_folds_is_known_as_the_upload_s_own(
    as_owner: Client, upload_file: UploadFile, aurorax: AuroraX, source: DataSource
) -> None:
    before = EphemerisRecord(DAY, Location(10.0, 20.0), metadata={"state": "before"})
    aurorax.ephemeris.upload(source.identifier, [before], source=source)
    header = "epoch,location_gsm.lat,location_gsm.lon,metadata.state"
    upload = upload_file(csv_of("2020-01-01T00:00:00,150.25,-10.75,new", header=header))
    act(as_owner, upload, "send")
    act(as_owner, upload, "undo")
    assert upload.undo["restored"] == 1
    assert stored(aurorax, source) == {"00:00": "before"}
