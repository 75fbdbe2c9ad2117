"""Two clients in the same second, over overlapping records, in random orders: what AuroraX holds at the end is what some
page says, for every record; and a page that says something else says that it was written there since.

One order of each pair of acts and kind of record, 24 in all; `make torture` tries 240. PROPERTY_EXAMPLES sets the number for
each pair and kind.
"""

import os
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from apps.accounts.models import Credential, User
from apps.activity import snapshots
from apps.activity.models import Snapshot
from apps.aurorax import DataSource
from apps.deletions import context as deletion_context
from apps.deletions import restore
from apps.deletions import services as deletion_services
from apps.deletions.models import Deletion, DeletionState
from apps.permissions import Role
from apps.records import looks, windows
from apps.records import services as record_services
from apps.records.types import RecordType, record_types, type_of
from apps.uploads import later_writes, services
from apps.uploads.models import Upload
from apps.uploads.models.chunk import IN_AURORAX, ChunkState
from apps.uploads.receiving import receive
from apps.uploads.sendable import why_not_send
from apps.uploads.states import State
from apps.uploads.steps import context, read_back, recheck, send
from apps.uploads.steps.shared_pace import SharedPace
from apps.validation.row import Record
from tests.support.schedules import AtOnce, FakeAuroraX, Turns

pytestmark = pytest.mark.any_database

ORDERS = int(os.environ.get("PROPERTY_EXAMPLES", "1"))
DAY = datetime(2020, 1, 1, tzinfo=UTC)
RECORDS = 12
Claims = Mapping[str, Record | None]  # what a page says of each record, by key; None for "is not there"
Act = Callable[["World"], Callable[[], object]]


class World:
    """One data source, one AuroraX, one order; and everything that people do there."""

    def __init__(self, kind: RecordType, seed: int) -> None:
        self.kind, self.dice, self.turns = kind, random.Random(seed), Turns(seed)
        self.source = DataSource(
            identifier=7, program="p", platform="f", instrument_type="i", source_type="ground",
            display_name="Seven", owner="owner@example.org",
        )  # fmt: skip
        self.client: Any = FakeAuroraX(self.source, self.turns)
        self.owner = User.objects.remember(
            username="owner@example.org", email="owner@example.org", role=Role.OWNER
        )
        self.credential = Credential(user=self.owner, kind=Credential.Kind.API_KEY)
        self.credential.keep("secret")

    def record(self, number: int, value: str) -> str:
        """A row of a file."""
        if self.kind.slug == "ephemeris":
            return f"2020-01-01T00:{number:02}:00,51.0,-114.0,{value}"
        return f"keogram,2020-01-01T00:{number:02}:00,2020-01-01T01:{number:02}:00,{number}.jpg,{value}"

    def some(self) -> list[int]:
        """A run of numbers that overlaps with most others."""
        first = self.dice.randrange(RECORDS // 2)
        return list(range(first, first + self.dice.randrange(4, RECORDS)))

    def upload(self, name: str, values: Mapping[int, str]) -> Upload:
        """Upload a file, and press "Send" as long as there is something to send."""
        header = "epoch,location_geo.lat,location_geo.lon,metadata.state"
        if self.kind.slug == "products":
            header = "data_product_type,start,end,url,metadata.state"
        rows = [self.record(number, value) for number, value in values.items()]
        file = SimpleUploadedFile(name, "\n".join([header, *rows]).encode())
        upload = receive(
            by=self.owner, credential=self.credential, kind=self.kind, source=self.source, file=file
        )
        return self.send(upload)

    def send(self, upload: Upload, *, only_new: bool = False) -> Upload:
        """Press the button, and again after a change."""
        for _ in range(9):
            upload.refresh_from_db()
            if upload.state != State.CHECKED or why_not_send(upload, only_new=only_new):
                break
            services.send(
                upload=upload,
                by=self.owner,
                client=self.client,
                credential=self.credential,
                only_new=only_new,
            )
        upload.refresh_from_db()
        return upload

    def undo(self, upload: Upload) -> Upload:
        """Undo it, whoever else does so at the same time."""
        upload = Upload.objects.get(pk=upload.pk)
        with suppress(services.UploadRefused):  # somebody else is at it
            services.undo(upload=upload, by=self.owner, client=self.client)
        upload.refresh_from_db()
        return upload

    def delete(self) -> Deletion:
        """Delete a span; after a change look again, and decide anew."""
        numbers = self.some()
        deletion = deletion_services.look_for(
            by=self.owner,
            source=self.source,
            kind=self.kind.slug,
            start=DAY + timedelta(minutes=numbers[0]),
            end=DAY + timedelta(minutes=numbers[-1], hours=1),
        )
        for _ in range(9):
            if deletion.state == DeletionState.READY and deletion.count:
                deletion_services.confirm(by=self.owner, source=self.source, deletion=deletion)
                deletion.refresh_from_db()
            if deletion.state == DeletionState.STOPPED:
                deletion_services.look_again(by=self.owner, source=self.source, deletion=deletion)
                deletion.refresh_from_db()
        return deletion

    def edit(self) -> dict[str, Record]:
        """Change a few records by hand; one that somebody has changed meanwhile is left as it is."""
        saved = {}
        for number in self.dice.sample(range(RECORDS), 3):
            first, last = DAY + timedelta(minutes=number), DAY + timedelta(minutes=number, hours=1)
            rows = self.kind.search(self.client, self.source, first, last)
            found = {self.kind.key(row): self.kind.record_of(row) for row in rows}
            key = f"2020-01-01T00:{number:02}:00" if self.kind.slug == "ephemeris" else f"{number}.jpg"
            if key not in found:
                continue
            record = self.source.key | found[key] | {"metadata": {"state": f"edited {number}"}}
            try:
                record_services.save(
                    by=self.owner, kind=self.kind, client=self.client, source=self.source,
                    record=record, base=found[key],
                )  # fmt: skip
            except record_services.ChangedMeanwhile:
                continue
            saved[key] = record
        return saved


# What pages say ------------------------------------------------------------------------------------------------------


def claims(world: World, page: object) -> dict[str, Record | None]:
    """What the page of this act says of each record that it speaks of."""
    if isinstance(page, Deletion):
        return dict(_of_deletion(world, page))
    if not isinstance(page, Upload):
        assert isinstance(page, dict)
        return dict(page)
    said = _of_undone if page.state == State.UNDONE else _of_upload
    return dict(said(world.kind, page))


def _of_upload(kind: RecordType, upload: Upload) -> Iterator[tuple[str, Record | None]]:
    """All that was sent, or was there already; except for what is listed as somebody else's."""
    assert upload.state in (State.DONE, State.CHECKED), upload.message
    assert not upload.missing
    if upload.state == State.CHECKED:
        return  # it says that nothing was sent
    for chunk in upload.chunks.exclude(state=ChunkState.REFUSED):
        for place, row in enumerate(kind.rows_of(chunk.content())):
            left_alone = upload.only_new and place in chunk.left_out
            if kind.key(row) not in upload.report.others_listed and not left_alone:
                yield kind.key(row), kind.record_of(row)


def _of_undone(kind: RecordType, upload: Upload) -> Iterator[tuple[str, Record | None]]:
    """Old values and nothing, except for what is listed."""
    assert upload.undo["not_done"] == 0
    snapshot = Snapshot.objects.get(pk=str(upload.snapshot))
    old = {kind.key(kind.row_of(record)): record for record in snapshots.records_of(snapshot)}
    shared = {key for key, _ in upload.undo["shared_listed"]}
    for chunk in upload.chunks.filter(state__in=IN_AURORAX):
        for row in kind.rows_of(chunk.sendable()):
            key = kind.key(row)
            if key in upload.undo["listed"]:
                continue
            gone = key in upload.undo["deleted_listed"]
            yield key, kind.record_of(row) if key in shared else None if gone else old.get(key)


def _of_deletion(world: World, deletion: Deletion) -> Iterator[tuple[str, Record | None]]:
    """Nothing is there any more, except for what is listed; or some of it is still shown, exactly as it was copied."""
    if deletion.state == DeletionState.READY:
        return  # it says that nothing was deleted
    still_shown = deletion.state == DeletionState.PAUSED
    assert still_shown == (deletion.resumes_at == DeletionState.CHECKING), deletion.message
    assert still_shown or deletion.state == DeletionState.DONE, deletion.message
    for record in snapshots.records_of(Snapshot.objects.get(pk=str(deletion.snapshot))):
        key = world.kind.key(world.kind.row_of(record))
        if key not in deletion.left_alone["listed"]:
            yield key, record if still_shown and key in world.client.held.rows else None


def is_so(world: World, key: str, said: Record | None) -> bool:
    """Whether AuroraX holds what is said."""
    row = world.client.held.rows.get(key)
    if row is None or said is None:
        return row is said is None
    return world.kind.same(world.kind.row_of(said), row)


# The acts ------------------------------------------------------------------------------------------------------------


def uploading(name: str) -> Act:
    """A file that agrees with what is there in about half of its records."""

    def begin(world: World) -> Callable[[], object]:
        values = {n: world.dice.choice(["a", "a", name]) for n in world.some()}
        return lambda: world.upload(f"{name}.csv", values)

    return begin


def undoing(which: int) -> Act:
    """The first, or the second, of the two uploads that are there already."""
    return lambda world: lambda: world.undo(Upload.objects.order_by("created_at")[which])


def restoring_a_deletion(world: World) -> Callable[[], object]:
    """Put back what was deleted before, and leave alone or replace what is there since."""
    deletion = Deletion.objects.get()
    only_new = world.dice.random() < 0.5

    def act() -> Upload:
        upload = restore.restore(
            by=world.owner, credential=world.credential, source=world.source, deletion=deletion
        )
        return world.send(upload, only_new=only_new)

    return act


def deleting_a_span(world: World) -> Callable[[], object]:
    return world.delete


def editing(world: World) -> Callable[[], object]:
    return world.edit


PAIRS: dict[str, tuple[Act, Act]] = {
    "upload x upload": (uploading("b"), uploading("c")),
    "upload x undo": (uploading("b"), undoing(0)),
    "undo x undo": (undoing(0), undoing(1)),
    "the same undo twice": (undoing(1), undoing(1)),
    "delete x upload": (deleting_a_span, uploading("b")),
    "delete x undo": (deleting_a_span, undoing(1)),
    "edit x upload": (editing, uploading("b")),
    "edit x undo": (editing, undoing(1)),
    "edit x delete": (editing, deleting_a_span),
    "edit x edit": (editing, editing),
    "restore x upload": (restoring_a_deletion, uploading("b")),
    "restore x edit": (restoring_a_deletion, editing),
}


@pytest.fixture(autouse=True)
def _at_the_client_s_edge(monkeypatch: pytest.MonkeyPatch, settings: Settings, db: None) -> None:
    """Nothing waits, nothing runs in a thread, and chunks are small enough for many questions."""
    settings.UPLOAD_CHUNK_RECORDS = 3
    settings.UPLOAD_CONNECTIONS = 1
    settings.UPLOAD_VERIFY_SECONDS = 0
    for module in (windows, looks, context):
        monkeypatch.setattr(module, "map_ahead", lambda make, items, at_once, **options: map(make, items))
    monkeypatch.setattr(looks, "FRESH", 0)  # every request has a look of its own
    for module in (send, read_back):
        monkeypatch.setattr(module, "ThreadPoolExecutor", AtOnce)
    monkeypatch.setattr(SharedPace, "wait_for", lambda pace, turn: True)  # all of them share one thread
    monkeypatch.setattr(SharedPace, "end", lambda pace: None)
    monkeypatch.setattr(read_back, "TRY_AGAIN", 0)
    for kind in record_types():  # so few are looked at together that reading back begins before all is sent
        monkeypatch.setattr(kind, "compare_batch_size", 6)
    monkeypatch.setattr("apps.jobs.leases.time.sleep", lambda seconds: None)


@pytest.mark.parametrize("slug", ["ephemeris", "products"])
@pytest.mark.parametrize("pair", PAIRS)
def test_what_is_there_at_the_end_is_what_some_page_says(
    monkeypatch: pytest.MonkeyPatch, pair: str, slug: str
) -> None:
    for seed in range(ORDERS):
        for each in (Deletion, Upload):
            each.objects.all().delete()
        world = World(type_of(slug), seed)
        for module in (context, recheck, deletion_context):
            monkeypatch.setattr(module, "AuroraX", lambda *args, client=world.client, **kwargs: client)
        check(world, pair, f"{pair}, {slug}, seed {seed}")


def check(world: World, pair: str, order: str) -> None:
    """Play one order, and hold what AuroraX holds then against the pages."""
    first = world.upload("first.csv", dict.fromkeys(range(RECORDS), "a"))
    second = world.upload("second.csv", {n: "a" if n % 3 else f"new {n}" for n in range(4, RECORDS + 3)})
    if "restore" in pair:
        world.delete()
    prepared = {"first": first, "second": second}
    one, other = (begin(world) for begin in PAIRS[pair])
    pages = prepared | world.turns.run(one=one, other=other)
    for page in pages.values():
        if isinstance(page, Upload | Deletion):
            page.refresh_from_db()
    said = {name: claims(world, page) for name, page in pages.items()}
    for key, writer in world.client.held.last_writer.items():
        if writer:
            assert key in said[writer], f"{order}: {writer} wrote {key} last and does not speak of it"
            assert is_so(world, key, said[writer][key]), f"{order}: {writer} wrote {key} last"
    for name, page in pages.items():
        if isinstance(page, Upload) and not all(is_so(world, *claim) for claim in said[name].items()):
            assert later_writes.later_writes(page), (
                f"{order}: the page of {name} is wrong and does not say so"
            )
