"""What is undone or restored is exported byte by byte as before."""

from django.test import Client

from apps.aurorax import DataSource
from tests.deletions.test_restore import deleted, restored
from tests.support.uploads import UploadFile, act, csv_of, minutes
from tests.undo.test_uploads import exported

FEW, MANY = 3_000, 10_000


def rows(count: int, *, lat: float) -> list[str]:
    """A minute each, from the first of January on."""
    return [
        f"2020-01-{n // 1440 + 1:02}T{n // 60 % 24:02}:{n % 60:02}:00,{lat + n / 1e5!r},-114.07,state {n}"
        for n in range(count)
    ]


def test_ten_thousand_uploaded_over_three_thousand_and_undone_leave_the_bytes_there_were(
    as_owner: Client, source: DataSource, upload_file: UploadFile
) -> None:
    act(as_owner, upload_file(csv_of(*rows(FEW, lat=50.0))), "send")
    before = exported(as_owner, source)
    upload = upload_file(csv_of(*rows(MANY, lat=51.0)))
    act(as_owner, upload, "send")
    assert (upload.new, upload.changed, upload.is_verified) == (MANY - FEW, FEW, True)
    act(as_owner, upload, "undo")
    assert exported(as_owner, source) == before
    assert len(before.splitlines()) == FEW


def test_what_was_deleted_and_restored_has_the_bytes_it_had(
    as_owner: Client, source: DataSource, upload_file: UploadFile
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(60, lat=0.1 + 0.2))), "send")
    before = exported(as_owner, source)
    address = deleted(as_owner, source, start="2020-01-01T00:00:00", end="2020-01-01T23:59:00")
    assert exported(as_owner, source) == b""
    act(as_owner, restored(as_owner, address), "send")
    assert exported(as_owner, source) == before
