"""What is private stays out of caches, and out of reach of other users of the machine."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.activity import snapshots
from tests.conftest import NewSource
from tests.support.uploads import UploadFile, csv_of, minutes, source, upload_file

__all__ = ["source", "upload_file"]  # fixtures
PROJECT = Path(__file__).resolve().parents[1]


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    "name",
    ["overview", "account", "upload-list", "activity-list", "activity-export", "source-export-csv", "people"],
)
def test_no_cache_keeps_a_page_of_somebody(as_admin: Client, name: str) -> None:
    answer = as_admin.get(reverse(name))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_no_cache_keeps_a_download(as_owner: Client, upload_file: UploadFile) -> None:
    upload = upload_file(csv_of(*minutes(2), "never,1,2,x"))
    source = upload.source_identifier
    copy = snapshots.take(by=User.objects.get(), kind="ephemeris", source_identifier=source, records=[])
    for address in (
        reverse("upload-receipt", args=[upload.pk]),
        reverse("upload-problems", args=[upload.pk]),
        reverse("upload-detail", args=[upload.pk]),
        reverse("snapshot-download", args=[copy.pk]),
        reverse("ephemeris-template", args=[upload.source_identifier]),
    ):
        answer = as_owner.get(address)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store"), address


def test_no_cache_keeps_a_refusal_or_a_way_on(as_user: Client, client: Client, new_source: NewSource) -> None:
    edit = reverse("source-edit", args=[new_source().identifier])
    for answer in (as_user.get(edit), as_user.get("/nothing/"), client.get(edit), client.get("/sign-in/")):
        assert answer.headers["Cache-Control"] == "no-store"


def test_files_are_readable_by_their_user_only(tmp_path: Path) -> None:
    before = os.umask(0o022)  # what many machines have
    try:
        storage = FileSystemStorage(location=tmp_path / "files")
        name = storage.save("snapshots/2020/copy.ndjson", ContentFile(b"{}"))
    finally:
        os.umask(before)
    path = Path(storage.path(name))
    assert mode_of(path) == 0o600
    assert {mode_of(folder) for folder in (path.parent, path.parent.parent, tmp_path / "files")} == {0o700}


def test_the_database_and_the_folder_of_files_are_readable_by_their_user_only(tmp_path: Path) -> None:
    files, database = tmp_path / "files", tmp_path / "portal.sqlite3"
    files.mkdir(mode=0o755)
    database.touch(0o644)  # of an older portal
    database.chmod(0o644)
    run = (
        "import os; os.umask(0o022); import django; django.setup(); from django.db import connection as c;"
        "c.cursor().execute('CREATE TABLE one (two)'); import glob;"
        f"print(sorted(oct(os.stat(f).st_mode)[-3:] for f in glob.glob('{database}*')))"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": f"sqlite:///{database}",
        "MEDIA_ROOT": str(files),
        "SECRET_KEY": "only for this test",
    }
    done = subprocess.run(
        [sys.executable, "-c", run], cwd=PROJECT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['600', '600', '600']"  # with its log and its index
    assert mode_of(files) == 0o700
