"""What a change of metadata schemas would do to the records there are: sampled at once, then looked at one and all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from apps.accounts.models import Credential, User
from apps.aurorax import AuroraX, DataSource, DataSourceStats, MetadataField, errors
from apps.jobs.recovery import resume_all, wake
from apps.permissions import Action, check
from apps.records.types import RecordType, record_types
from apps.sources.changes import fingerprint
from apps.sources.models import SchemaScan
from apps.sources.samples import sample
from apps.sources.schema_fit import SchemaFit, by_name, can_break
from apps.sources.sets import SCHEMAS


@dataclass(frozen=True)
class SchemaImpact:
    """Of one record type: what the sample shows, of how many records, and the look at all of them. `trouble` says why the sample
    could not be taken.
    """

    kind: RecordType
    total: int
    fit: SchemaFit
    scan: SchemaScan | None = None
    trouble: str = ""

    @property
    def is_harmless(self) -> bool:
        """Whether every single record was looked at, and fits."""
        return not self.trouble and not self.fit.broken and self.fit.looked_at >= self.total


def impact_of(
    *, by: User, client: AuroraX, source: DataSource, changes: Mapping[str, Any]
) -> list[SchemaImpact]:
    """For each record type whose schema `changes` (fields of the source, in the API's shape) narrows, and of which there are
    records. Begins the look at all of them where the sample does not settle it.

    Raises `NotAllowed`, and `errors.NotSignedIn`; what else AuroraX refuses is said in its place.
    """
    check(by, Action.SOURCE_UPDATE, source)
    changed = _with_schemas(source, changes)
    narrowed = [
        kind
        for kind in record_types()
        if can_break(by_name(kind.schema(source)), by_name(kind.schema(changed)))
    ]
    if not narrowed:
        return []
    counted = client.sources.get(source.identifier, include_stats=True)
    held = [kind for kind in narrowed if kind.counts.total(counted.stats or DataSourceStats())]
    found = [_sampled(by, client, counted, changed, kind) for kind in held]
    return [each for each in found if not each.is_harmless]


def resume_after_sign_in(person: User) -> None:
    """Let this person's looks at all records go on that wait for a sign-in."""
    resume_all(SchemaScan.objects.filter(user=person).waiting_for_sign_in())


def mark_of(source: DataSource, changes: Mapping[str, Any]) -> str:
    """Stands for this change of the schemas: whoever has seen what it does says so with it."""
    now = source.to_api()
    return fingerprint(
        source.identifier,
        [now[name] for name in SCHEMAS],
        [changes.get(name, now[name]) for name in SCHEMAS],
    )


def _sampled(
    by: User, client: AuroraX, source: DataSource, changed: DataSource, kind: RecordType
) -> SchemaImpact:
    total = kind.counts.total(source.stats or DataSourceStats())
    fit, trouble = SchemaFit(), ""
    old, new = by_name(kind.schema(source)), by_name(kind.schema(changed))
    try:
        for row in sample(client, source, kind):
            fit.look_at(kind.name_of(row), row.metadata, old, new)
    except errors.NotSignedIn:
        raise
    except errors.AuroraXError as error:
        trouble = error.message
    is_settled = not trouble and fit.looked_at >= total
    scan = None if is_settled else _begin(by, source, kind, kind.schema(source), kind.schema(changed))
    return SchemaImpact(kind, total, fit, scan, trouble)


def _begin(
    by: User,
    source: DataSource,
    kind: RecordType,
    old: Sequence[MetadataField],
    new: Sequence[MetadataField],
) -> SchemaScan | None:
    """The look at all records for this very change: the one that was begun before, or another. None without a sign-in."""
    schemas = {"old": [each.to_api() for each in old], "new": [each.to_api() for each in new]}
    mark = fingerprint(source.identifier, kind.slug, schemas)
    known = SchemaScan.objects.filter(user=by, fingerprint=mark).first()
    if known is not None or not Credential.objects.live().of_browsers().filter(user=by).exists():
        return known
    scan = SchemaScan.objects.create(
        user=by, kind=kind.slug, source_identifier=source.identifier, fingerprint=mark, **schemas
    )
    wake(scan)
    return scan


def _with_schemas(source: DataSource, changes: Mapping[str, Any]) -> DataSource:
    schemas = {name: tuple(map(MetadataField.from_api, changes[name])) for name in SCHEMAS if name in changes}
    return replace(source, **schemas)  # type: ignore[arg-type]
