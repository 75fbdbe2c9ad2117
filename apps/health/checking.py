"""What a worker does to look at the records of a data source: one search after the other, type by type."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django_tasks import task

from apps.accounts import background
from apps.accounts.background import ensure_live, open_credential
from apps.accounts.models import Credential
from apps.aurorax import AuroraX, DataSource
from apps.aurorax.times import TimeSpan, parse
from apps.health.models import CheckState, HealthCheck
from apps.health.operation import DaysAtWork
from apps.jobs.leases import Lease, run_leased
from apps.records.types import RecordType, record_types
from apps.validation.unusual import Known, Remark

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@task
def check_health(pk: str) -> None:
    """Look on, unless another worker is at it. Only a wake-up call: harmless twice, late or never."""
    run_leased(HealthCheck.objects.select_related("user").filter(pk=UUID(pk)).first(), RUNNER.run)


def run(check: HealthCheck, lease: Lease[HealthCheck], credential: Credential) -> None:
    """Look at all of it. Raises `errors.AuroraXError`."""
    client = AuroraX(open_credential(credential))
    source = client.sources.get(check.source_identifier, include_stats=True)
    windows = [(kind, _windows(kind, client, source, check)) for kind in record_types()]
    check.update_fields(done=0, total=sum(len(each) for _, each in windows), found={})
    days = DaysAtWork()
    found = {}
    for kind, spans in windows:
        rows = _rows(kind, client, source, spans)
        found[kind.slug] = _look(kind, source, _signs_of_life(rows, check, lease, credential), days)
    check.update_fields(found=found)
    check.transition(CheckState.DONE)


def _look(
    kind: RecordType, source: DataSource, batches: Iterator[list[Any]], days: DaysAtWork
) -> dict[str, Any]:
    """How many records there are of this type, and what is unusual about them."""
    watched, count = kind.batch_validator_class.watched_class(), 0
    for rows in batches:
        watched.observe_each(
            [(_number(kind, row, count + at), kind.record_of(row)) for at, row in enumerate(rows)]
        )
        days.observe(kind, rows)
        count += len(rows)
    remarks = [
        *watched.remarks(watched.summary(), Known(source.source_type, source.instrument_type)),
        *days.remarks(kind),
    ]
    return {"records": count, "remarks": [_json(kind, remark) for remark in remarks]}


def _json(kind: RecordType, remark: Remark) -> dict[str, Any]:
    """With rows as times, where records are kept by time, and else without."""
    rows = [f"{EPOCH + row * MINUTE:%Y-%m-%dT%H:%M}" for row in remark.rows] if kind.key_is_time else []
    found: dict[str, Any] = msgspec.to_builtins(remark)
    return found | {"rows": rows}


def _number(kind: RecordType, row: Any, place: int) -> int:
    """What stands for the line of a file: the minute of a record that is kept by time."""
    return (parse(kind.key(row)) - EPOCH) // MINUTE if kind.key_is_time else place


def _windows(kind: RecordType, client: AuroraX, source: DataSource, check: HealthCheck) -> list[TimeSpan]:
    """The searches for what is there in the span of the check."""
    first = datetime.combine(check.first, time.min, UTC)
    last = datetime.combine(check.last, time(23, 59, 59), UTC)
    span = kind.counts.span(source.stats) if source.stats else None
    if span is None or span.last < check.first or span.first > check.last:
        return []
    return kind.windows(client, source, [(first, last)])


def _rows(
    kind: RecordType, client: AuroraX, source: DataSource, spans: list[TimeSpan]
) -> Iterator[list[Any]]:
    for span in spans:
        yield kind.search_window(client, source, span)()


def _signs_of_life(
    batches: Iterator[list[Any]], check: HealthCheck, lease: Lease[HealthCheck], credential: Credential
) -> Iterator[list[Any]]:
    for rows in batches:
        lease.renew()
        ensure_live(credential)
        yield rows
        check.update_fields(done=check.done + 1)


def live_credential(check: HealthCheck) -> Credential | None:
    """The newest live one of whoever wants to know."""
    return background.live_credential(check.user, job=check.pk)


RUNNER = background.SignedInRunner(
    states=frozenset({CheckState.RUNNING}), credential=live_credential, step=run
)
