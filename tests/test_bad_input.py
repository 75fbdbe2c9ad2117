"""AuroraX down, secrets refused, sessions ended, files that are none: a clear sentence, the form as it was, nothing
half done. What belongs to one app alone is tested there too; `tests/browser/test_bad_input.py` has the same in Chromium.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from apps.accounts.models import Credential
from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource
from apps.jobs.models import PauseReason
from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.conftest import NewSource
from tests.sources.forms import example_form, opened, posted_by
from tests.support.ports import free_port
from tests.support.sandbox import SandboxProcess
from tests.support.uploads import _no_waiting  # noqa: F401

Outage = Callable[[], AbstractContextManager[None]]

NO_ANSWER = "AuroraX does not answer. Nothing is wrong with what you asked for: try again in a few minutes."
DAY = b"epoch,lat,lon\n2020-01-01T00:00:00,51.05,-114.07\n2020-01-01T00:01:00,51.05,-114.07\n"
RECORD = {"epoch": "2020-01-01T00:00:00", "location_geo.lat": "51.05", "location_geo.lon": "-114.07"}
PRODUCT = {
    "data_product_type": "keogram",
    "start": "2020-01-01T00:00:00",
    "end": "2020-01-01T23:59:00",
    "url": "https://example.org/a b/“é”.jpg",
}


@pytest.fixture
def source(new_source: NewSource) -> DataSource:
    """A data source of owner@example.org."""
    return new_source()


@pytest.fixture
def outage(settings: Settings) -> Outage:
    """`with outage():` nobody listens where AuroraX was."""

    @contextmanager
    def down() -> Iterator[None]:
        before = settings.AURORAX_API_URL
        settings.AURORAX_API_URL = f"http://127.0.0.1:{free_port()}"
        yield
        settings.AURORAX_API_URL = before

    return down


@pytest.fixture
def untouched(aurorax: AuroraX, source: DataSource) -> Iterator[None]:
    """What the test does leaves no upload, no file, no event, and AuroraX as it was."""
    files, events = stored_files(), set(Event.objects.values_list("pk", flat=True))
    yield
    assert not Upload.objects.exists()
    assert stored_files() == files
    assert set(Event.objects.values_list("pk", flat=True)) == events
    assert aurorax.sources.get(source.identifier) == source
    assert records_of(aurorax, source) == (0, 0)


def stored_files(folder: str = "") -> set[str]:
    """Every file in the portal's storage."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return set()
    found = {str(Path(folder, name)) for name in files}
    return found.union(*(stored_files(str(Path(folder, name))) for name in folders))


def records_of(aurorax: AuroraX, source: DataSource) -> tuple[int | None, int | None]:
    """How many ephemeris records and data products AuroraX counts."""
    stats = aurorax.sources.get(source.identifier, include_stats=True).stats
    assert stats
    return stats.ephemeris_count, stats.data_product_count


def upload_url(source: DataSource, kind: str = "ephemeris") -> str:
    return reverse(f"{kind}-upload", args=[source.identifier])


# AuroraX down ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["overview", "source-list", "maintainers-all"])
def test_a_list_that_cannot_be_read_is_a_sentence_and_a_way_to_try_again(
    as_owner: Client, outage: Outage, page: str
) -> None:
    address = reverse(page) + "?q=themis"
    with outage():
        answer = as_owner.get(address)
    assert answer.status_code == 502
    assert NO_ANSWER in answer.content.decode()
    assert f'href="{address}">Try again' in answer.content.decode()
    assert as_owner.get(address).status_code == 200


def test_a_filter_that_cannot_be_answered_says_so_in_place_of_the_table(
    as_owner: Client, outage: Outage
) -> None:
    page = "http://testserver/sources/?q=themis"
    headers = {"HX-Request": "true", "HX-Target": "div#source-table", "HX-Current-URL": page}
    with outage():
        answer = as_owner.get(reverse("source-list"), {"q": "themis-asi"}, headers=headers)
    assert (answer.status_code, answer.headers["HX-Reswap"]) == (502, "innerHTML")
    assert NO_ANSWER in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_a_schema_that_is_being_typed_stays_under_the_sentence(
    as_owner: Client, source: DataSource, outage: Outage
) -> None:
    headers = {"HX-Request": "true", "HX-Target": "div#ephemeris-metadata-schema"}
    form = opened(as_owner, reverse("source-edit", args=[source.identifier]))
    with outage():
        answer = as_owner.post(reverse("source-edit", args=[source.identifier]), form, headers=headers)
    assert (answer.status_code, answer.headers["HX-Reswap"]) == (502, "afterbegin")
    assert NO_ANSWER in answer.content.decode()
    assert "<form" not in answer.content.decode()


def test_creating_while_aurorax_is_down_leaves_the_form_and_an_event_that_says_failed(
    as_owner: Client, outage: Outage, aurorax: AuroraX
) -> None:
    with outage():
        answer = as_owner.post(reverse("source-create"), example_form(metadata='{"a": "“é”"}'))
    assert answer.status_code == 422
    assert "AuroraX does not answer" in answer.content.decode()
    assert [event.outcome for event in Event.objects.filter(action="source.create")] == ["failed"]
    assert aurorax.sources.list(program="example-program") == []
    assert as_owner.post(reverse("source-create"), posted_by(answer)).status_code == 302
    assert aurorax.sources.list(program="example-program")[0].metadata == {"a": "“é”"}


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("source-edit", {"display_name": '“Änderung” <b>"1"</b>', "metadata": '{\r\n"a": 1}'}),
        ("maintainers-add", {"email": "maintainer@example.org"}),
        ("ephemeris-add", RECORD),
        ("products-add", PRODUCT),
    ],
)
def test_what_was_typed_while_aurorax_was_down_is_kept_and_can_be_sent_once_it_is_back(
    as_owner: Client, source: DataSource, outage: Outage, aurorax: AuroraX, page: str, typed: dict[str, str]
) -> None:
    address = reverse(page, args=[source.identifier])
    form = typed if page != "source-edit" else opened(as_owner, address) | typed
    with outage():
        answer = as_owner.post(address, form)
    assert answer.status_code == 502
    assert NO_ANSWER in answer.content.decode()
    assert "Nothing you typed is lost" in answer.content.decode()
    assert not Event.objects.exists()
    assert aurorax.sources.get(source.identifier) == source
    kept = posted_by(answer, "repeat")
    assert kept == form | {"csrfmiddlewaretoken": kept["csrfmiddlewaretoken"]}
    assert as_owner.post(address, kept).status_code == 302
    assert [event.outcome for event in Event.objects.all()] == ["done"]


@pytest.mark.usefixtures("untouched")
def test_a_file_that_came_while_aurorax_was_down_has_to_be_chosen_again_and_that_is_said(
    as_owner: Client, source: DataSource, outage: Outage
) -> None:
    with outage():
        answer = as_owner.post(upload_url(source), {"file": SimpleUploadedFile("day.csv", DAY), "text": ""})
    assert answer.status_code == 502
    assert "You will be asked to choose it again" in answer.content.decode()
    again = as_owner.post(upload_url(source), posted_by(answer, "repeat"))
    assert "Choose a file, or paste rows" in again.content.decode()


def test_send_while_aurorax_is_down_sends_nothing_and_can_be_pressed_again(
    as_owner: Client, source: DataSource, portal: SandboxProcess, aurorax: AuroraX
) -> None:
    upload = received(as_owner, source)
    send = reverse("upload-send", args=[upload.pk])
    with portal.switched(drop_before=1):
        page = as_owner.post(send, follow=True).content.decode()
    upload.refresh_from_db()
    assert "AuroraX does not answer" in page
    assert "Send 2 new records" in page
    assert (upload.state, upload.chunks.count(), Event.objects.count()) == (State.CHECKED, 1, 0)
    assert records_of(aurorax, source) == (0, 0)
    assert "Verified" in as_owner.post(send, follow=True).content.decode()


def test_an_aurorax_that_goes_away_while_sending_pauses_and_nothing_is_doubled(
    as_owner: Client, source: DataSource, portal: SandboxProcess, aurorax: AuroraX, settings: Settings
) -> None:
    settings.UPLOAD_CHUNK_RECORDS = 1
    upload = received(as_owner, source)
    with portal.switched(drop_after=1, only="POST /api/v1/data_sources/*/ephemeris"):
        page = as_owner.post(reverse("upload-send", args=[upload.pk]), follow=True).content.decode()
    upload.refresh_from_db()
    assert (upload.state, upload.pause_reason, upload.verified) == (
        State.PAUSED,
        PauseReason.UNAVAILABLE,
        0,
    )
    assert "AuroraX does not answer" in page
    assert not Event.objects.filter(outcome="done").exists()
    page = as_owner.post(reverse("upload-resume", args=[upload.pk]), follow=True).content.decode()
    assert "Verified" in page
    portal.ingest()
    assert records_of(aurorax, source) == (2, 0)


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("/sign-in/", {"email": "owner@example.org", "password": "sandbox-owner"}),
        ("/sign-in/?with=key", {"email": "owner@example.org", "api_key": "sandbox-key-owner"}),
    ],
)
def test_nobody_is_signed_in_while_aurorax_is_down_and_the_address_stays_typed(
    portal: SandboxProcess, client: Client, outage: Outage, address: str, typed: dict[str, str]
) -> None:
    with outage():
        answer = client.post(address, typed)
    said_and_kept(answer.content.decode(), "AuroraX does not answer")
    assert answer.status_code == 422
    assert client.post(address, typed).status_code == 302


def test_an_aurorax_that_goes_away_half_way_through_signing_in_never_shows_the_key(
    portal: SandboxProcess, client: Client
) -> None:
    typed = {"email": "owner@example.org", "api_key": "sandbox-key-owner"}
    with portal.switched(errors="500=1", only="GET /api/v1/data_sources*"):
        answer = client.post("/sign-in/?with=key", typed)
    said_and_kept(answer.content.decode(), "AuroraX had a fault of its own")
    assert answer.status_code == 422


# Secrets and sessions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("/sign-in/", {"email": "owner@example.org", "password": "never mind"}),
        ("/sign-in/?with=key", {"email": "owner@example.org", "api_key": "never mind"}),
    ],
)
def test_a_wrong_secret_says_what_to_check_and_is_not_shown_again(
    portal: SandboxProcess, client: Client, address: str, typed: dict[str, str]
) -> None:
    answer = client.post(address, typed)
    said_and_kept(answer.content.decode(), "Check the e-mail address and the password or API key")
    assert "never mind" not in answer.content.decode()


@pytest.mark.usefixtures("untouched")
def test_a_session_that_ended_before_a_file_came_is_asked_for_and_the_file_too(
    as_owner: Client, source: DataSource, portal: SandboxProcess
) -> None:
    portal.expire_sessions()
    answer = as_owner.post(upload_url(source), {"file": SimpleUploadedFile("day.csv", DAY), "text": ""})
    assert answer.status_code == 401
    assert "You will be asked to choose it again" in answer.content.decode()
    answer = as_owner.post(upload_url(source), {"text": "", "sign_in_again": "sandbox-owner"})
    assert answer.status_code == 422
    assert "Choose a file, or paste rows" in answer.content.decode()


def said_and_kept(page: str, message: str) -> None:
    """The sign-in page says it, keeps the address and never the secret; nobody is signed in."""
    assert message in page
    assert 'value="owner@example.org"' in page
    assert 'value="sandbox-' not in page
    assert "Sign out" not in page
    assert not Credential.objects.exists()


# Files ----------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("kind", ["ephemeris", "products"])
@pytest.mark.parametrize(
    ("name", "content", "message", "way_on"),
    [
        ("empty.csv", b"", "The file is empty.", "Choose a file with records in it."),
        (
            "picture.csv",
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
            "This is a picture",
            "Save its records as CSV",
        ),
        ("data.csv", b"epoch\x00\x01\x02", "it holds binary data", "Save it as CSV or JSON"),
        ("open.json", b'[{"metadata": {}}', "ends before the closing bracket", "upload the file again"),
        (
            "open.json",
            b'[{"metadata": {"a": 1}',
            "a closing bracket or quotation mark is missing",
            "upload it again",
        ),
        (
            "open.ndjson",
            b'{"metadata": {}',
            "Line 1 is not a complete JSON object.",
            "Write one object a line",
        ),
    ],
    ids=["0 bytes", "picture", "binary", "bracket", "brace", "ndjson"],
)
def test_a_file_that_is_none_is_told_on_the_form_and_leaves_nothing(
    as_owner: Client, source: DataSource, kind: str, name: str, content: bytes, message: str, way_on: str
) -> None:
    answer = as_owner.post(upload_url(source, kind), {"file": SimpleUploadedFile(name, content), "text": ""})
    assert answer.status_code == 422
    (told,) = answer.context["form"].errors["file"]
    assert message in told
    assert way_on in told
    assert told in answer.content.decode()
    assert 'type="file"' in answer.content.decode()


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("megabytes", [65, 100])
def test_a_file_over_the_limit_is_refused_with_the_limit_and_leaves_nothing(
    as_owner: Client, source: DataSource, megabytes: int, tmp_path: Path, settings: Settings
) -> None:
    settings.UPLOAD_MAX_MEGABYTES = 64
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    file = SimpleUploadedFile("year.csv", bytes(megabytes * 1024 * 1024).replace(b"\0", b"1"))
    answer = as_owner.post(upload_url(source), {"file": file, "text": ""})
    assert answer.status_code == 422
    assert "The file is larger than 64 MB. Split it and upload the parts" in answer.content.decode()
    answer.wsgi_request.close()
    assert list(tmp_path.iterdir()) == []


def received(client: Client, source: DataSource) -> Upload:
    """A file of two records, read and checked."""
    answer = client.post(upload_url(source), {"file": SimpleUploadedFile("day.csv", DAY), "text": ""})
    assert answer.status_code == 302, answer.content.decode()
    return Upload.objects.get()
