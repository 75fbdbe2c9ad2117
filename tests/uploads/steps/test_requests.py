"""How often AuroraX is asked, and that nothing is missed for it."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource, EphemerisRecord, Location
from apps.ephemeris.record_type import EPHEMERIS, EphemerisType
from apps.jobs.leases import holding
from apps.uploads.models import Upload
from apps.uploads.models.chunk import ChunkState
from apps.uploads.states import State
from apps.uploads.steps import compare, held_days, runner
from apps.uploads.steps.context import prepare
from tests.conftest import Sent
from tests.support.sandbox import SandboxProcess
from tests.support.uploads import UploadFile, act, csv_of

pytestmark = pytest.mark.any_database

START = datetime(2020, 1, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Put = Callable[..., None]


@pytest.fixture(autouse=True)
def _a_year_in_many_chunks(settings: Settings) -> None:
    settings.UPLOAD_CHUNK_RECORDS = 50


@pytest.fixture
def put(aurorax: AuroraX, source: DataSource) -> Put:
    """What somebody has written without the portal."""

    def write(*epochs: datetime, lat: float = 51.0) -> None:
        records = [EphemerisRecord(epoch, Location(lat, -114.0)) for epoch in epochs]
        aurorax.ephemeris.upload(source.identifier, records, source=source)

    return write


def file_of(epochs: Sequence[datetime], lat: float = 51.0) -> bytes:
    rows = [f"{epoch:%Y-%m-%dT%H:%M:%S},{lat},-114.0" for epoch in epochs]
    return csv_of(*rows, header="epoch,location_geo.lat,location_geo.lon")


def a_year(step: timedelta = 5 * HOUR) -> list[datetime]:
    return [START + number * step for number in range(int(timedelta(days=366) / step))]


def compared(upload: Upload, sent: Sent) -> Counter[str]:
    """Compare it once more; the requests that takes, by what they ask for."""
    upload.transition(State.COMPARING)
    with holding(upload) as lease:
        assert lease is not None
        credential = runner.live_credential(upload)
        assert credential is not None
        del sent[:]
        compare.run(prepare(upload, lease, credential))
    return kinds_of(sent)


def kinds_of(sent: Sequence[str]) -> Counter[str]:
    """search, at once (a synchronous search), source and days (availability); what follows a search is counted with it."""
    kinds = {
        "/ephemeris/search_synchronous": "at once",
        "/ephemeris/search": "search",
        "/availability/ephemeris": "days",
        "/data_products/search_synchronous": "at once",
        "/availability/data_products": "days",
    }
    named = Counter[str]()
    for line in sent:
        path = line.partition("/api/v1")[2].partition("?")[0]
        if "/requests/" not in path:
            named[kinds.get(path, "source" if line.startswith("GET") else "post")] += 1
    return named


def test_an_empty_source_takes_two_requests(upload_file: UploadFile, sent: Sent) -> None:
    upload = upload_file(file_of(a_year()))
    assert compared(upload, sent) == {"source": 1, "days": 1}
    assert (upload.new, upload.changed, upload.identical) == (len(a_year()), 0, 0)
    assert upload.compared == upload.valid


def test_a_source_that_ends_before_the_file_is_not_searched(
    upload_file: UploadFile, put: Put, sent: Sent
) -> None:
    put(START - DAY, START - HOUR)
    upload = upload_file(file_of(a_year()))
    assert compared(upload, sent) == {"source": 1, "days": 1}
    assert upload.new == upload.valid


def test_a_year_is_read_in_twelve_searches(upload_file: UploadFile, put: Put, sent: Sent) -> None:
    put(*a_year())
    upload = upload_file(file_of([*a_year()[:-1], START + 30 * HOUR + timedelta(minutes=1)]))
    assert compared(upload, sent) == {"source": 2, "days": 1, "search": 12}
    assert (upload.new, upload.changed, upload.identical) == (1, 0, len(a_year()) - 1)


def test_only_the_days_on_which_anything_is_held_are_searched(
    upload_file: UploadFile, put: Put, sent: Sent
) -> None:
    put(START + 40 * DAY, START + 41 * DAY, START + 300 * DAY + HOUR, lat=52.0)
    upload = upload_file(file_of(a_year(HOUR * 6)))
    assert compared(upload, sent) == {"source": 2, "days": 1, "at once": 2}
    assert (upload.new, upload.changed) == (upload.valid - 2, 2)


def test_two_rows_far_apart_are_two_requests(upload_file: UploadFile, put: Put, sent: Sent) -> None:
    put(START)
    upload = upload_file(file_of([START, START + 300 * DAY]))
    assert compared(upload, sent)["search"] == 0
    assert kinds_of(sent)["at once"] == 2
    assert (upload.new, upload.identical) == (1, 1)


def test_a_day_is_asked_for_at_once(upload_file: UploadFile, sent: Sent) -> None:
    upload = upload_file(file_of([START + HOUR * number for number in range(20)]))
    assert compared(upload, sent) == {"source": 1, "at once": 1}


def test_data_products_are_all_searched_at_once_unless_there_are_none(
    as_owner: Client, upload_file: UploadFile, sent: Sent
) -> None:
    rows = [f"keogram,2020-01-{day:02}T00:00:00,2020-01-{day:02}T23:59:00,{day}.jpg" for day in range(1, 29)]
    file = csv_of(*rows, header="data_product_type,start,end,url")
    upload = upload_file(file, kind="products")
    assert compared(upload, sent) == {"source": 1, "days": 1}
    assert upload.new == 28
    assert "Verified" in act(as_owner, upload, "send")
    again = upload_file(csv_of(*rows[:20], header="data_product_type,start,end,url"), kind="products")
    assert (again.state, again.identical) == (State.DONE, 20)
    Upload.objects.filter(pk=again.pk).update(state=State.CHECKED)
    again.refresh_from_db()
    assert compared(again, sent) == {"source": 1, "at once": 1}


def test_sending_to_an_empty_source_asks_nothing_else(
    as_owner: Client, upload_file: UploadFile, sent: Sent, settings: Settings
) -> None:
    settings.UPLOAD_CHUNK_RECORDS = 2000
    upload = upload_file(file_of(a_year()))
    del sent[:]
    assert "Verified" in act(as_owner, upload, "send")
    asked = kinds_of(sent[: next(n for n, line in enumerate(sent) if line.startswith("POST"))])
    assert asked["days"] == 1
    assert asked["search"] == asked["at once"] == 0


# What is not proven is searched ---------------------------------------------------------------------------------------


def all_searched(upload: Upload, sent: Sent) -> bool:
    return compared(upload, sent)["search"] == 12


def test_counts_that_do_not_agree_prove_nothing(
    upload_file: UploadFile, put: Put, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(START + 40 * DAY, START + 300 * DAY)
    upload = upload_file(file_of(a_year(HOUR * 8)))
    really_counted = held_days._counted

    def late(*asked: object) -> object:
        days = really_counted(*asked)  # type: ignore[arg-type]
        return dict([*(days or {}).items()][:1])

    monkeypatch.setattr(held_days, "_counted", late)
    assert all_searched(upload, sent)
    assert (upload.new, upload.identical) == (upload.valid - 2, 2)


def test_an_empty_source_with_days_that_hold_something_is_searched(
    upload_file: UploadFile, put: Put, sent: Sent, monkeypatch: pytest.MonkeyPatch, aurorax: AuroraX
) -> None:
    upload = upload_file(file_of(a_year(HOUR * 8)))
    really_prepare = prepare

    def written_meanwhile(*args: object) -> object:
        context = really_prepare(*args)  # type: ignore[arg-type]
        put(START + 100 * DAY)
        return context

    monkeypatch.setattr(f"{__name__}.prepare", written_meanwhile)
    assert all_searched(upload, sent)
    assert upload.identical == 1


def test_where_aurorax_does_not_count_again_all_is_searched_and_that_is_remembered(
    upload_file: UploadFile, sent: Sent, portal: SandboxProcess
) -> None:
    upload = upload_file(file_of(a_year(HOUR * 8)))
    with portal.switched(errors="503=1", only="GET /api/v1/availability/*"):
        assert compared(upload, sent)["search"] == 12
        assert compared(upload, sent) == {"source": 1, "search": 12}


@pytest.mark.parametrize("by", ["upload", "edit"])
def test_what_the_portal_has_just_written_is_searched_for(
    as_owner: Client, upload_file: UploadFile, sent: Sent, by: str
) -> None:
    if by == "upload":
        act(as_owner, upload_file(file_of([START + 5 * DAY])), "send")
    upload = upload_file(file_of(a_year(HOUR * 8)))
    if by == "edit":
        Event.objects.create(
            actor="owner@example.org",
            action=EPHEMERIS.actions.update,
            outcome=Event.Outcome.BEGUN,
            source_identifier=upload.source_identifier,
            api_url=upload.api_url,
        )
    assert all_searched(upload, sent)


def test_what_the_portal_has_just_written_elsewhere_makes_no_difference(
    as_owner: Client, upload_file: UploadFile, sent: Sent
) -> None:
    act(as_owner, upload_file(file_of([START + 800 * DAY])), "send")
    upload = upload_file(file_of(a_year(HOUR * 8)))
    assert compared(upload, sent) == {"source": 1, "days": 1}


# The order of the file ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("held_at_once", [20, 300, 90_000])
@pytest.mark.parametrize("order", ["sorted", "shuffled", "two years in turn"])
def test_every_record_is_found_however_the_file_is_ordered(
    as_owner: Client,
    upload_file: UploadFile,
    put: Put,
    monkeypatch: pytest.MonkeyPatch,
    order: str,
    held_at_once: int,
) -> None:
    monkeypatch.setattr(EphemerisType, "compare_batch_size", held_at_once)
    epochs = a_year(DAY)
    put(*epochs[::2])
    put(*epochs[::5], lat=60.0)
    if order == "shuffled":
        random.Random(1).shuffle(epochs)
    elif order == "two years in turn":
        epochs = [epoch for pair in zip(epochs[:183], epochs[183:], strict=True) for epoch in pair]
    upload = upload_file(file_of(epochs))
    assert (upload.new, upload.changed, upload.identical) == (146, 74, 146)
    assert upload.compared == upload.valid == 366
    assert "Verified" in act(as_owner, upload, "send")
    assert {chunk.state for chunk in upload.chunks.all()} <= {ChunkState.VERIFIED, ChunkState.IDENTICAL}
    assert upload.verified == 146 + 74
