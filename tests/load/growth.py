"""A database as after years of use, and how long lists then take."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from tests.load.visitor import Visitor

BATCH = 5_000
LISTS = (
    "/activity/",
    "/activity/?person=owner",
    "/activity/?outcome=failed",
    "/activity/?source=103",
    "/uploads/",
    "/account/",
    "/",
)
LOOKS = 7  # at each list; the quickest counts, for machines do other things too


def measured(visitor: Visitor) -> dict[str, float]:
    """Seconds of each list."""
    return {path: min(visitor.get(path) for _ in range(LOOKS)) for path in LISTS}


def grow(*, events: int, copies: int, uploads: int) -> None:
    """Put so many rows into the portal's database, spread over two years."""
    from django.utils import timezone  # noqa: PLC0415 - the settings are there by now

    from apps.accounts.models import User  # noqa: PLC0415
    from apps.activity.models import Event, Snapshot  # noqa: PLC0415
    from apps.uploads.models import Upload, UploadReport  # noqa: PLC0415
    from apps.uploads.states import State  # noqa: PLC0415

    now, owner = timezone.now(), User.objects.get(username="owner@example.org")

    def moments(count: int) -> Iterator[tuple[int, Any]]:
        return ((number, now - timedelta(days=730) * number / count) for number in range(count))

    save(
        Snapshot.objects,
        (
            Snapshot(taken_at=at, actor=owner.email, user=owner, kind="ephemeris", source_identifier=103, count=9, file=f"snapshots/{n}")
            for n, at in moments(copies)
        ),
    )  # fmt: skip
    save(
        Event.objects,
        (
            Event(
                at=at, actor=owner.email if n % 50 else "admin@example.org", actor_role="Owner", action="ephemeris.update",
                outcome="done" if n % 100 else "failed", summary=f"Changed record {n}", source_identifier=n % 200,
                before={"n": n}, after={"n": n + 1}, snapshot=uuid.uuid4(),
            )
            for n, at in moments(events)
        ),
    )  # fmt: skip
    rows = [
        Upload(
            kind="ephemeris", source_identifier=103, source_name="A source", program="p", platform="p", instrument_type="i",
            api_url="http://127.0.0.1", owner=owner, name=f"{n}.csv", size=1_000, sha256="", state=State.DONE, rows=9, valid=9,
            sent=9, verified=9, started_at=at, created_at=at, ended_at=at, first=at, last=at,
        )
        for n, at in moments(uploads)
    ]  # fmt: skip
    save(Upload.objects, iter(rows))
    save(UploadReport.objects, (UploadReport(upload=row) for row in rows))


def save(manager: Any, rows: Iterator[Any]) -> None:
    """Batch by batch, so that nothing has to be held."""
    while batch := list(islice(rows, BATCH)):
        manager.bulk_create(batch)
