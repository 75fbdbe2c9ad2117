"""Who sees an upload, who may decide about it, and the page that updates itself."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.support.uploads import UploadFile, csv_of, minutes


@pytest.fixture
def upload(upload_file: UploadFile) -> Upload:
    return upload_file(csv_of(*minutes(3)))


def detail(upload: Upload) -> str:
    return reverse("upload-detail", args=[upload.pk])


def test_the_uploader_and_administrators_may_act_and_others_with_rights_only_look(
    upload: Upload, as_owner: Client, as_admin: Client, as_maintainer: Client
) -> None:
    for client in (as_owner, as_admin):
        assert "Send 3 new records" in client.get(detail(upload)).content.decode()
    page = as_maintainer.get(detail(upload))
    assert page.status_code == 200
    assert "Send 3 new records" not in page.content.decode()
    answer = as_maintainer.post(reverse("upload-send", args=[upload.pk]))
    assert answer.status_code == 403
    assert "Only the person who made this upload" in answer.content.decode()


@pytest.mark.parametrize(
    "page", ["upload-detail", "upload-problems", "upload-receipt", "upload-receipt-page"]
)
def test_nobody_else_sees_it(
    upload: Upload, as_owner2: Client, as_user: Client, client: Client, page: str
) -> None:
    address = reverse(page, args=[upload.pk])
    assert as_owner2.get(address).status_code == 403
    assert as_user.get(address).status_code == 403
    assert client.get(address).status_code == 302


@pytest.mark.parametrize(
    "verb", ["send", "pause", "resume", "cancel", "read", "compare", "undo", "check-again"]
)
def test_nobody_else_decides_and_nothing_moves(
    upload: Upload, as_owner2: Client, as_user: Client, client: Client, verb: str
) -> None:
    address = reverse(f"upload-{verb}", args=[upload.pk])
    assert as_owner2.post(address).status_code == 403
    assert as_user.post(address).status_code == 403
    assert client.post(address).status_code == 401
    upload.refresh_from_db()
    assert upload.state == State.CHECKED


def test_the_list_holds_ones_own_and_for_administrators_everybodys(
    upload: Upload, as_owner: Client, as_owner2: Client, as_admin: Client
) -> None:
    address = reverse("upload-list")
    assert detail(upload) in as_owner.get(address).content.decode()
    assert "No uploads yet" in as_owner2.get(address).content.decode()
    assert "owner@example.org" in as_admin.get(address).content.decode()


def test_somebody_without_uploads_is_told_where_to_begin(as_owner: Client) -> None:
    page = as_owner.get(reverse("upload-list")).content.decode()
    assert "No uploads yet" in page
    assert f'href="{reverse("source-list")}?mine=on"' in page


def test_an_upload_that_is_not_there_is_not_found(as_owner: Client) -> None:
    answer = as_owner.get("/uploads/00000000-0000-4000-8000-000000000000/")
    assert answer.status_code == 404


def test_the_page_asks_again_only_while_a_worker_is_at_it(upload: Upload, as_owner: Client) -> None:
    assert 'hx-trigger="every' not in as_owner.get(detail(upload)).content.decode()
    upload.transition(State.SENDING, started_at=timezone.now(), snapshot=uuid4())
    headers = {"HX-Request": "true", "HX-Target": "div#upload-progress"}
    fragment = as_owner.get(detail(upload), headers=headers).content.decode()
    assert fragment.startswith('<div id="upload-progress" hx-get=')
    assert 'hx-trigger="every 1s"' in fragment
    assert "Pause" in fragment
    assert "0 of 3 records" in fragment


def test_looking_at_an_upload_whose_worker_was_lost_wakes_another(upload: Upload, as_owner: Client) -> None:
    upload.transition(
        State.SENDING, started_at=timezone.now(), lease_until=timezone.now() - timedelta(seconds=1)
    )
    as_owner.get(detail(upload))
    upload.refresh_from_db()
    assert upload.is_verified


def test_a_poll_asks_the_database_little_and_aurorax_nothing(
    upload: Upload,
    as_owner: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leased = timezone.now() + timedelta(seconds=20)
    upload.transition(State.SENDING, started_at=timezone.now(), lease_until=leased)
    monkeypatch.setattr("apps.aurorax.transport.Transport.send", _nobody_asks)
    headers = {"HX-Request": "true", "HX-Target": "div#upload-progress"}
    with django_assert_max_num_queries(4):
        assert as_owner.get(detail(upload), headers=headers).status_code == 200


def _nobody_asks(*args: object, **kwargs: object) -> None:
    raise AssertionError("AuroraX was asked")
