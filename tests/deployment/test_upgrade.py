"""A running installation upgrades by `migrate` alone: what was under way in the release before is finished in this one.

The rows are those of release 0.2, written through its own models as the migrations know them.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import User
from apps.activity import snapshots
from apps.aurorax import AuroraX, DataSource, EphemerisRecord, Location
from apps.deletions.models import Deletion, DeletionState
from apps.jobs.recovery import recover_all
from apps.uploads.models import ReadingPreset, Upload
from apps.uploads.states import State
from tests.conftest import NewSource, SignIn
from tests.support.sandbox import SandboxProcess

UPLOADS = ("uploads", "0006_chunk_without_sha256")  # deletions were among them
DAY = datetime(2020, 1, 1, tzinfo=UTC)
HEADER = ("When", "location_geo.lat", "location_geo.lon", "metadata.note")
NOT_NOW = timedelta(minutes=5)

pytestmark = pytest.mark.django_db(transaction=True)


class ReleaseBefore:
    """What release 0.2 wrote to its database and to its storage."""

    def __init__(
        self, models: Any, client: AuroraX, new_source: NewSource, owner: User, api_url: str
    ) -> None:
        self._models, self._client, self._new_source = models, client, new_source
        self._owner, self._api_url = owner, api_url

    def upload(self, name: str, state: str, chunks: Sequence[str], **fields: Any) -> UUID:
        """An upload of two minutes for each of these chunks, given by their states. Those that AuroraX has accepted are
        there, and so is one whose answer is not known.
        """
        source = self._new_source()
        records = self._records(source, 2 * len(chunks))
        snapshot = snapshots.take(
            by=self._owner, kind="ephemeris", source_identifier=source.identifier, records=[]
        )
        upload = self._models("uploads", "Upload").objects.create(
            **self._of(source), program=source.program, platform=source.platform,
            instrument_type=source.instrument_type, api_url=self._api_url, owner_id=self._owner.pk,
            credential_id=self._owner.credentials.get().pk, file=ContentFile(b"", name), name=name, size=0, sha256="",
            format="CSV", columns=[[name, name] for name in HEADER], state=state, rows=len(records),
            valid=len(records), new=len(records), first=DAY, last=DAY + timedelta(minutes=len(records) - 1),
            days={"2020-01-01": len(records)}, first_records=records[:5], compared_at=timezone.now(),
            snapshot=snapshot.pk, sent=2 * chunks.count("accepted"), started_at=timezone.now(),
            **fields,
        )  # fmt: skip
        for index, its_state in enumerate(chunks):
            part = records[2 * index : 2 * index + 2]
            first = DAY + timedelta(minutes=2 * index)
            body = json.dumps(part).encode()
            self._models("uploads", "Chunk").objects.create(
                upload_id=upload.pk, index=index, count=2, to_send=2, first=first, last=first + timedelta(minutes=1),
                state=its_state, attempts=its_state != "waiting", body=ContentFile(body, "x.json"),
            )  # fmt: skip
            if its_state != "waiting":
                self._client.ephemeris.upload(source.identifier, body)
        return UUID(str(upload.pk))

    def deletion(self, state: str, *, gone: int = 0, **fields: Any) -> UUID:
        """A deletion of the first six of ten minutes, of which so many are gone."""
        source = self._new_source()
        records = self._records(source, 10)
        self._client.ephemeris.upload(source.identifier, json.dumps(records).encode())
        end = DAY + timedelta(minutes=5)
        found = [each.to_api() for each in self._client.ephemeris.search(source, DAY, end)]
        if state in ("deleting", "checking"):
            copy = snapshots.take(
                by=self._owner, kind="ephemeris", source_identifier=source.identifier, records=found
            )
            fields["snapshot"] = copy.pk
        if gone:
            self._client.ephemeris.delete(source, DAY, DAY + timedelta(minutes=gone - 1))
        row = self._models("uploads", "Deletion").objects.create(
            **self._of(source), user_id=self._owner.pk, start=DAY, end=end, state=state,
            survey=_survey(found), fingerprint=_fingerprint(found), **fields,
        )  # fmt: skip
        return UUID(str(row.pk))

    def recipe(self) -> DataSource:
        """What was chosen for files with a header of its own, for the data source that is answered."""
        source = self._new_source()
        header = hashlib.sha256("\x1f".join(name.lower() for name in HEADER).encode()).hexdigest()
        mapping = {"When": "epoch"} | {name: name for name in HEADER[1:]}
        self._models("uploads", "Recipe").objects.create(
            owner_id=self._owner.pk, source_identifier=source.identifier, kind="ephemeris", header=header,
            mapping=mapping,
        )  # fmt: skip
        return source

    def _of(self, source: DataSource) -> dict[str, Any]:
        return {
            "kind": "ephemeris",
            "source_identifier": source.identifier,
            "source_name": source.display_name,
        }

    def _records(self, source: DataSource, count: int) -> list[dict[str, Any]]:
        """As this release and the one before send them."""
        minutes = (DAY + timedelta(minutes=n) for n in range(count))
        records = (EphemerisRecord(each, Location(51.0, -114.0), metadata={"note": "x"}) for each in minutes)
        return [record.to_api() | source.key for record in records]


def _survey(records: Sequence[dict[str, Any]]) -> dict[str, Any]:
    first, last = records[0]["epoch"], records[-1]["epoch"]
    days = {"2020-01-01": len(records)}
    return {"count": len(records), "first": first, "last": last, "days": days, "head": records[:5], "tail": records[5:]}  # fmt: skip


def _fingerprint(records: Sequence[dict[str, Any]]) -> str:
    """As release 0.2 had it: the digest of the digests of the records."""
    whole = hashlib.sha256()
    for record in records:
        text = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        whole.update(hashlib.sha256(text.encode()).digest())
    return whole.hexdigest()


@pytest.fixture
def browser(sign_in: SignIn) -> Client:
    """Somebody who was signed in before the upgrade, and still is."""
    return sign_in("owner")


@pytest.fixture
def before(
    portal: SandboxProcess, browser: Client, aurorax: AuroraX, new_source: NewSource
) -> Iterator[ReleaseBefore]:
    """The database as it was."""
    executor = MigrationExecutor(connection)
    executor.migrate([UPLOADS, ("deletions", None)])
    try:
        models = executor.loader.project_state([UPLOADS]).apps.get_model
        yield ReleaseBefore(models, aurorax, new_source, User.objects.get(), portal.url)
    finally:
        upgrade()


def upgrade() -> None:
    call_command("migrate", verbosity=0)


def minutes(client: AuroraX, identifier: int) -> list[int]:
    """What AuroraX holds of the day."""
    found = client.ephemeris.search(client.sources.get(identifier), DAY, DAY + timedelta(days=1))
    return [record.epoch.minute for record in found]


def later() -> int:
    """Recover some minutes after the upgrade."""
    for model in (Upload, Deletion):
        model.objects.update(woken_at=timezone.now() - NOT_NOW)
    return recover_all()


def test_uploads_that_were_being_sent_arrive_whole_and_paused_ones_wait(
    before: ReleaseBefore, browser: Client, aurorax: AuroraX
) -> None:
    states = ["accepted", "sending", "waiting"]
    lost = {"lease_holder": "of before", "lease_until": timezone.now() - NOT_NOW}
    keys = [
        before.upload("being sent.csv", "sending", states, **lost),
        before.upload("being read back.csv", "verifying", ["accepted"] * 3, sent_at=timezone.now(), **lost),
        before.upload(
            "waits for AuroraX.csv", "paused", states, paused_because="unavailable", retry_at=timezone.now()
        ),
        before.upload("waits for its turn.csv", "sending", states),
    ]
    paused = before.upload(
        "paused.csv", "paused", ["accepted", "waiting"], paused_because="you", sentence="As you said."
    )
    upgrade()
    assert later() == 4
    for key in keys:
        upload = Upload.objects.get(pk=key)
        assert (upload.state, upload.is_verified, upload.verified) == (State.DONE, True, 6), upload.name
        assert minutes(aurorax, upload.source_identifier) == [*range(6)]
        assert "Verified" in browser.get(reverse("upload-detail", args=[key])).content.decode()
    assert browser.get(reverse("upload-list")).status_code == 200
    resume_and_undo(browser, aurorax, paused)


def resume_and_undo(browser: Client, client: AuroraX, key: UUID) -> None:
    """What somebody paused before goes on when they say so, on its page."""
    page = browser.get(reverse("upload-detail", args=[key])).content.decode()
    assert "Paused: by hand" in page
    assert "As you said." in page
    browser.post(reverse("upload-resume", args=[key]))
    upload = Upload.objects.get(pk=key)
    assert upload.is_verified
    browser.post(reverse("upload-undo", args=[key]))
    upload.refresh_from_db()
    assert (upload.state, upload.undo["gone"]) == (State.UNDONE, 4)
    assert minutes(client, upload.source_identifier) == []


def test_files_are_read_as_their_owner_chose_before(before: ReleaseBefore, browser: Client) -> None:
    source = before.recipe()
    upgrade()
    assert ReadingPreset.objects.count() == 1
    content = "\n".join([",".join(HEADER), "2020-01-01T00:00:00,51,-114,x"]).encode()
    browser.post(
        reverse("ephemeris-upload", args=[source.identifier]),
        {"file": SimpleUploadedFile("new.csv", content)},
    )
    upload = Upload.objects.get()
    assert (upload.state, upload.valid, upload.mapping["When"]) == (State.CHECKED, 1, "epoch")


BY_RECOVERY: list[dict[str, Any]] = [{"state": "deleting", "gone": 3}, {"state": "checking", "gone": 6}]
BY_HAND: dict[str, dict[str, Any]] = {
    "confirm": {"state": "ready"},
    "resume": {"state": "paused", "resumes_at": "saving", "sentence": "AuroraX is away."},
}


def test_deletions_are_finished(before: ReleaseBefore, browser: Client, aurorax: AuroraX) -> None:
    held_until = timezone.now() + timedelta(minutes=10)
    recovered = [before.deletion(**row, leased_until=held_until) for row in BY_RECOVERY]
    decided = {decision: before.deletion(**row) for decision, row in BY_HAND.items()}
    cancelled = before.deletion("deleting", gone=2)
    upgrade()
    cancel(browser, cancelled)
    assert later() == len(recovered)
    for decision, key in decided.items():
        assert browser.get(address_of(key)).status_code == 200
        posted = {"decision": decision, "count": "6"}
        assert browser.post(address_of(key), posted).status_code == 302
    for key in (*recovered, *decided.values()):
        deletion = Deletion.objects.get(pk=key)
        assert (deletion.state, deletion.count_deleted) == (DeletionState.DONE, 6)
        assert deletion.ended_at
        assert minutes(aurorax, deletion.source_identifier) == [6, 7, 8, 9]
        assert "Deleted and checked" in browser.get(address_of(key)).content.decode()


def address_of(key: UUID) -> str:
    source = Deletion.objects.get(pk=key).source_identifier
    return reverse("ephemeris-deletion", args=[source, key])


def cancel(browser: Client, key: UUID) -> None:
    """The page says what was deleted before the upgrade."""
    page = browser.post(address_of(key), {"decision": "cancel"}, follow=True).content.decode()
    assert "2 of 6 ephemeris records had been deleted by then" in page


def test_tasks_that_were_queued_before_are_still_run(
    before: ReleaseBefore, aurorax: AuroraX, settings: Settings
) -> None:
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415 - its table is there with this queue only

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    upload, deletion = before.upload("queued.csv", "sending", ["waiting"]), before.deletion("deleting")
    for path, key in (("apps.uploads.tasks.work_on", upload), ("apps.uploads.deletions.carry_out", deletion)):
        assert import_module(path.rpartition(".")[0])
        DBTaskResult.objects.create(
            task_path=path, args_kwargs={"args": [str(key)], "kwargs": {}}, backend_name="default"
        )
    upgrade()
    call_command("db_worker", batch=True, interval=0.1, startup_delay=False, reload=False)
    assert Upload.objects.get(pk=upload).is_verified
    assert Deletion.objects.get(pk=deletion).state == DeletionState.DONE
    assert minutes(aurorax, Deletion.objects.get().source_identifier) == [6, 7, 8, 9]
