"""Files that arrive in pieces."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from pytest_django import Settings

from apps.aurorax import DataSource
from apps.uploads import incoming
from apps.uploads.models import IncomingFile, Upload
from tests.support.tokens import Program, announced
from tests.support.uploads import csv_of, minutes

WEEK = csv_of(*minutes(20))


def begun(program: Program, source: DataSource, content: bytes = WEEK, **more: Any) -> str:
    answer = program.post(f"sources/{source.identifier}/files", announced(content, **more))
    assert answer.status_code == 201, answer.content.decode()
    return f"files/{answer.json()['file']['id']}"


def test_a_file_that_was_broken_off_goes_on_where_it_was(program: Program, source: DataSource) -> None:
    path = begun(program, source)
    assert program.patch(path, 0, WEEK[:100]).headers["Upload-Offset"] == "100"
    again = program.post(f"sources/{source.identifier}/files", announced(WEEK))
    assert (again.status_code, again.json()["file"]["offset"]) == (200, 100)
    head = program.client.head(f"/api/{path}")
    assert (head.headers["Upload-Offset"], head.headers["Upload-Length"]) == ("100", str(len(WEEK)))
    assert head.headers["Tus-Resumable"] == "1.0.0"
    program.patch(path, 100, WEEK[100:])
    assert program.post(f"{path}/upload").json()["upload"]["rows"]["read"] == 20
    assert Upload.objects.get().file.open().read() == WEEK


def test_a_piece_that_does_not_follow_is_refused_with_the_place_to_go_on(
    program: Program, source: DataSource
) -> None:
    path = begun(program, source)
    program.patch(path, 0, WEEK[:100])
    for offset, piece in ((0, WEEK[:100]), (101, WEEK[101:]), (100, WEEK[100:] + b"more")):
        answer = program.patch(path, offset, piece)
        assert (answer.status_code, answer.json()["offset"]) == (409, 100)
    assert IncomingFile.objects.get().offset == 100


def test_the_same_piece_at_the_same_time_is_kept_once(program: Program, source: DataSource) -> None:
    begun(program, source)
    one, other = IncomingFile.objects.get(), IncomingFile.objects.get()
    incoming.append(file=one, offset=0, piece=WEEK[:10])
    with pytest.raises(incoming.WrongOffset):
        incoming.append(file=other, offset=0, piece=WEEK[:10])
    assert len(default_storage.listdir(f"incoming/{one.pk}")[1]) == 1


def test_a_file_that_is_not_whole_becomes_no_upload(program: Program, source: DataSource) -> None:
    path = begun(program, source)
    program.patch(path, 0, WEEK[:100])
    assert program.post(f"{path}/upload").status_code == 409
    assert not Upload.objects.exists()


def test_other_bytes_than_were_announced_are_forgotten(program: Program, source: DataSource) -> None:
    path = begun(program, source)
    program.patch(path, 0, b"x" * len(WEEK))
    answer = program.post(f"{path}/upload")
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (422, "digest")
    assert program.get(path).json()["offset"] == 0
    program.patch(path, 0, WEEK)
    assert program.post(f"{path}/upload").status_code == 201


def test_asking_twice_for_the_upload_makes_one(program: Program, source: DataSource) -> None:
    path = begun(program, source)
    program.patch(path, 0, WEEK)
    first, again = program.post(f"{path}/upload"), program.post(f"{path}/upload")
    assert first.json()["upload"]["id"] == again.json()["upload"]["id"]
    assert Upload.objects.count() == 1
    assert not default_storage.listdir(f"incoming/{path.removeprefix('files/')}")[1]


def test_an_upload_that_was_made_before_the_process_died_is_found_again(
    program: Program, source: DataSource
) -> None:
    path = begun(program, source)
    program.patch(path, 0, WEEK)
    made = program.post(f"{path}/upload").json()["upload"]["id"]
    IncomingFile.objects.update(upload=None)  # it died before it could say so
    assert program.post(f"{path}/upload").json()["upload"]["id"] == made
    assert Upload.objects.count() == 1


def test_a_file_nobody_can_read_is_a_problem_with_the_words_of_the_page(
    program: Program, source: DataSource
) -> None:
    for content in (b"", b"\x00\x01\x02" * 100):
        path = begun(program, source, content)
        program.patch(path, 0, content)
        answer = program.post(f"{path}/upload")
        assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (422, "unreadable-file")
        assert answer.json()["detail"]


def test_too_much_is_refused_before_anything_is_sent(
    program: Program, source: DataSource, settings: Settings
) -> None:
    settings.UPLOAD_MAX_MEGABYTES = 1
    told = announced(WEEK) | {"size": 2 * 1024 * 1024}
    answer = program.post(f"sources/{source.identifier}/files", told)
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (413, "too-large")
    settings.UPLOAD_QUOTA_MEGABYTES = 0
    answer = program.post(f"sources/{source.identifier}/files", announced(WEEK))
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (507, "quota")


@pytest.mark.parametrize(
    "wrong",
    [
        {"sha256": "short"},
        {"size": -1},
        {"kind": "pictures"},
        {"unknown": 1},
        {"name": ""},
        {"only_if_all_valid": "perhaps"},
    ],
)
def test_what_cannot_be_meant_is_refused(
    program: Program, source: DataSource, wrong: dict[str, object]
) -> None:
    answer = program.post(f"sources/{source.identifier}/files", announced(WEEK) | wrong)
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (422, "body")
    assert not IncomingFile.objects.exists()


def test_a_body_that_is_no_json_is_refused(program: Program, source: DataSource) -> None:
    answer = program.client.post(f"/api/sources/{source.identifier}/files", b"{", "application/json")
    assert answer.status_code == 422


def test_pieces_that_are_no_pieces_are_refused(
    program: Program, source: DataSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = begun(program, source)
    assert program.patch(path, 0, WEEK, content_type="text/csv").status_code == 415
    assert program.patch(path, 0, WEEK, **{"Tus-Resumable": "0.2.2"}).status_code == 412
    assert program.patch(path, -1, WEEK).status_code == 422
    monkeypatch.setattr(incoming, "LARGEST_PIECE", 10)
    assert program.patch(path, 0, WEEK).status_code == 413


def test_a_file_is_forgotten_when_asked_and_after_two_days(program: Program, source: DataSource) -> None:
    path = begun(program, source)
    program.patch(path, 0, WEEK[:10])
    assert program.client.delete(f"/api/{path}").status_code == 204
    assert program.get(path).status_code == 404
    begun(program, source)
    program.patch(path, 0, WEEK[:10])
    assert [*incoming.old()] == []
    IncomingFile.objects.update(changed_at=timezone.now() - timedelta(days=3))
    for each in incoming.old():
        each.remove()
    assert not IncomingFile.objects.exists()


def test_a_piece_that_cannot_be_kept_is_a_problem_and_can_be_sent_again(
    program: Program, source: DataSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = begun(program, source)

    def full(*args: object, **kwargs: object) -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(type(default_storage), "save", full, raising=False)
        patched.setattr("apps.uploads.incoming.default_storage.save", full, raising=False)
        assert program.patch(path, 0, WEEK).status_code == 503
    assert program.patch(path, 0, WEEK).status_code == 204
