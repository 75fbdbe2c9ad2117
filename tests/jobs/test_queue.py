"""A queue that is away: what somebody has decided stands, and recovery has it done later."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks.backends.immediate import ImmediateBackend
from redis.exceptions import ConnectionError as RedisAway

from apps.jobs.recovery import recover_all
from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.support.uploads import UploadFile, act, csv_of, minutes


def away(*args: object, **kwargs: object) -> None:
    raise RedisAway("Error 111 connecting to 127.0.0.1:6379")


def test_sending_is_no_fault_and_goes_on_when_the_queue_is_back(
    as_owner: Client,
    upload_file: UploadFile,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    upload = upload_file(csv_of(*minutes(3)))
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(ImmediateBackend, "enqueue", away)
        act(as_owner, upload, "send")
        assert upload.state == State.SENDING
        assert "recovery does it later" in caplog.text
        Upload.objects.update(woken_at=timezone.now() - timedelta(minutes=2))
        recover_all()
        upload.refresh_from_db()
        assert upload.state == State.SENDING
    Upload.objects.update(woken_at=timezone.now() - timedelta(minutes=2))
    recover_all()
    upload.refresh_from_db()
    assert upload.is_verified
