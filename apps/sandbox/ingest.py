"""Work that is answered with 202 first and done later, in the order it came.

Nobody can see when it is done but by reading, so it is done before the first read after it falls due. Uploads catch up
too, which keeps the backlog short. One lock keeps the order: the sandbox is one process.
"""

import threading
from datetime import datetime, timedelta

import msgspec
from django.db import transaction
from django.utils import timezone

from apps.sandbox import records, storage
from apps.sandbox.models import DataProduct, DataSource, DeleteJob, Ephemeris, Pending
from apps.sandbox.records import Row
from apps.sandbox.state import state

_lock = threading.Lock()
_DECODERS = {
    Pending.Kind.EPHEMERIS: records.ephemeris_rows,
    Pending.Kind.DATA_PRODUCTS: records.data_product_rows,
}
_MODELS = {Pending.Kind.EPHEMERIS: Ephemeris, Pending.Kind.DATA_PRODUCTS: DataProduct}


def upload(source: DataSource, kind: Pending.Kind, body: bytes) -> None:
    """Accept an uploaded array. Raises 400 where it cannot be read; later faults are never reported (API document)."""
    rows = _DECODERS[kind](source, body)
    with _lock:
        _catch_up(timezone.now())
        if state.switches.ingest_delay:
            _postpone(source, kind, msgspec.msgpack.encode(rows))
        else:
            _store(source.identifier, kind, rows)


def delete_ephemeris(source: DataSource, start: str, end: str) -> DeleteJob:
    """Accept the deletion of a span, both ends included."""
    job = DeleteJob.objects.create(source=source, start=start, end=end, requested=timezone.now())
    _postpone(source, Pending.Kind.DELETE_EPHEMERIS, str(job.job_id).encode())
    catch_up()
    return job


def delete_data_products(source: DataSource, urls: list[str]) -> None:
    """Delete by URL, at once."""
    with _lock:
        _catch_up(timezone.now())
        state.touch(source.identifier)
        storage.delete_data_products(source.identifier, urls)


def catch_up() -> None:
    """Do what is due. Called before records are read."""
    if Pending.objects.filter(due__lte=timezone.now()).exists():
        with _lock:
            _catch_up(timezone.now())


def finish_now() -> int:
    """Do everything that is pending, due or not; answers how many pieces of work that were."""
    with _lock:
        return _catch_up(None)


def _postpone(source: DataSource, kind: Pending.Kind, body: bytes) -> None:
    due = timezone.now() + timedelta(seconds=state.switches.ingest_delay)
    Pending.objects.create(source=source, kind=kind, body=body, due=due)


def _catch_up(until: datetime | None) -> int:
    """Do all work that is due at `until` (all there is for None), each piece in one transaction with its removal."""
    waiting = Pending.objects.order_by("id")
    done = 0
    while work := (waiting.filter(due__lte=until) if until else waiting).first():
        with transaction.atomic():
            _do(work)
            work.delete()
        done += 1
    return done


def _do(work: Pending) -> None:
    kind = Pending.Kind(work.kind)
    if kind is Pending.Kind.DELETE_EPHEMERIS:
        _delete(DeleteJob.objects.get(pk=bytes(work.body).decode()))
    else:
        _store(work.source_id, kind, msgspec.msgpack.decode(work.body, type=list[Row]))


def _store(source: int, kind: Pending.Kind, rows: list[Row]) -> None:
    if state.switches.lose_every:
        rows = [row for row in rows if not state.loses()]
    state.touch(source)
    storage.store(_MODELS[kind], source, rows)


def _delete(job: DeleteJob) -> None:
    state.touch(job.source_id)
    job.deleted_count = storage.delete_ephemeris(job.source_id, job.start, job.end)
    job.finished = timezone.now()
    job.save(update_fields=["finished", "deleted_count"])
