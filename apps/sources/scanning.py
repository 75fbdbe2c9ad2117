"""What a worker does to look at all records: one search after the other, each counted once, wherever it was killed."""

from uuid import UUID

from django_tasks import task

from apps.accounts import background
from apps.accounts.background import ensure_live, open_credential
from apps.accounts.models import Credential
from apps.aurorax import AuroraX, DataSource, DataSourceStats, MetadataField
from apps.aurorax.times import TimeSpan
from apps.jobs.leases import Lease, run_leased
from apps.records.types import RecordType, type_of
from apps.sources.models import ScanState, SchemaScan
from apps.sources.schema_fit import SchemaFit, by_name


@task
def scan_records(pk: str) -> None:
    """Look on, unless another worker is at it. Only a wake-up call: harmless twice, late or never."""
    run_leased(SchemaScan.objects.select_related("user").filter(pk=UUID(pk)).first(), RUNNER.run)


def run(scan: SchemaScan, lease: Lease[SchemaScan], credential: Credential) -> None:
    """Look at the searches that are left, in the order of time. Raises `errors.AuroraXError`."""
    kind, client = type_of(scan.kind), AuroraX(open_credential(credential))
    source = client.sources.get(scan.source_identifier, include_stats=True)
    old, new = (by_name(map(MetadataField.from_api, schema)) for schema in (scan.old, scan.new))
    windows = windows_of(kind, client, source)
    for number, window in enumerate(windows[scan.done :], start=scan.done + 1):
        lease.renew()
        ensure_live(credential)
        fit = SchemaFit.from_json(scan.found) if scan.found else SchemaFit()
        for row in kind.search_window(client, source, window)():
            fit.look_at(kind.name_of(row), row.metadata, old, new)
        scan.update_fields(done=number, total=len(windows), found=fit.to_json())
    scan.transition(ScanState.DONE)


def windows_of(kind: RecordType, client: AuroraX, source: DataSource) -> list[TimeSpan]:
    """The searches that find all records of this type. `source` is read with its statistics."""
    stats = source.stats or DataSourceStats()
    first, last = kind.counts.earliest(stats), kind.counts.latest(stats)
    if first is None or last is None:
        return []
    return kind.windows(client, source, [(first, last)], whole_source=True)


def live_credential(scan: SchemaScan) -> Credential | None:
    """The newest live one of whoever changes the schema."""
    return background.live_credential(scan.user, job=scan.pk)


RUNNER = background.SignedInRunner(
    states=frozenset({ScanState.RUNNING}), credential=live_credential, step=run
)
