"""What was chosen for one file is offered for the next of its kind."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.aurorax import DataSource
from apps.uploads.models import ReadingPreset, Upload
from apps.uploads.states import State
from tests.conftest import NewSource
from tests.support.uploads import UploadFile, act

MARCH = b"moment;Breite;Laenge\n1577836800;51,05;-114,07\n"
APRIL = b"Moment;BREITE;laenge\n1577836860;51,05;-114,07\n"
COLUMNS = {
    "column-0": "epoch as Unix seconds",
    "column-1": "location_geo.lat",
    "column-2": "location_geo.lon",
}


def send_march(client: Client, upload_file: UploadFile) -> Upload:
    upload = upload_file(MARCH, name="march.csv")
    assert upload.state == State.NEEDS_COLUMNS
    client.post(reverse("upload-read", args=[upload.pk]), COLUMNS)
    upload.refresh_from_db()
    assert (upload.state, upload.valid) == (State.CHECKED, 1), upload.message
    act(client, upload, "send")
    return upload


def test_the_next_file_with_the_same_header_loads_without_a_question(
    as_owner: Client, upload_file: UploadFile
) -> None:
    send_march(as_owner, upload_file)
    april = upload_file(APRIL, name="april.csv")
    assert (april.state, april.new) == (State.CHECKED, 1)
    page = as_owner.get(reverse("upload-detail", args=[april.pk])).content.decode()
    assert "Read as your last file with these columns" in page


def test_a_recipe_is_for_one_person_one_data_source_and_one_kind(
    as_owner: Client, as_maintainer: Client, upload_file: UploadFile, new_source: NewSource
) -> None:
    send_march(as_owner, upload_file)
    assert upload_file(MARCH, client=as_maintainer).state == State.NEEDS_COLUMNS
    other = new_source()
    as_owner.post(
        reverse("ephemeris-upload", args=[other.identifier]), {"file": SimpleUploadedFile("a", MARCH)}
    )
    assert Upload.objects.latest("created_at").state == State.NEEDS_COLUMNS


def test_nothing_is_remembered_of_a_file_that_was_not_sent(as_owner: Client, upload_file: UploadFile) -> None:
    upload = upload_file(MARCH)
    as_owner.post(reverse("upload-read", args=[upload.pk]), COLUMNS)
    assert not ReadingPreset.objects.exists()


def test_a_dialect_chosen_by_hand_is_used_again(as_owner: Client, upload_file: UploadFile) -> None:
    content = b"epoch;lat;lon;metadata.note\n2020-01-01T00:00:00;51.05;-114.07;fine\n"
    upload = upload_file(content, name="first.csv")
    columns = {f"column-{place}": name for place, (_, name) in enumerate(upload.columns)}
    as_owner.post(
        reverse("upload-read", args=[upload.pk]), columns | {"delimiter": ";", "encoding": "cp1252"}
    )
    upload.refresh_from_db()
    assert (upload.state, upload.dialect["encoding"]) == (State.CHECKED, "cp1252")
    act(as_owner, upload, "send")
    again = upload_file(content.replace(b"00:00;", b"01:00;"), name="second.csv")
    assert again.dialect["encoding"] == "cp1252"


def test_only_if_all_are_valid_is_remembered(
    as_owner: Client, source: DataSource, upload_file: UploadFile
) -> None:
    address = reverse("ephemeris-upload", args=[source.identifier])
    header = "epoch,lat,lon"
    as_owner.post(address, {"text": f"{header}\n2020-01-01T00:00:00,51,1", "only_if_all_valid": "on"})
    act(as_owner, Upload.objects.get(), "send")
    again = upload_file(f"{header}\n2020-01-01T00:01:00,51,1\nsoon,,".encode())
    assert again.only_if_all_valid
    page = as_owner.get(reverse("upload-detail", args=[again.pk])).content.decode()
    assert ">Send " not in page
