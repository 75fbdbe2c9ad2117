"""One metadata schema for several data sources: what it changes on each, and giving it to them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from apps.accounts.models import User
from apps.activity.bulk import several
from apps.activity.causes import Cause
from apps.aurorax import AuroraX, DataSource, ListedSource, errors
from apps.permissions import Action, check, decide
from apps.sources import services
from apps.sources.changes import editable, fingerprint
from apps.sources.impact import SchemaImpact, impact_of

MOST = 25  # data sources in one go: the records of each are sampled


@dataclass(frozen=True)
class PlannedCopy:
    """What one data source loses and gains: names of fields. `changed` are described otherwise on it now."""

    source: DataSource
    added: Sequence[str]
    changed: Sequence[str]
    removed: Sequence[str]
    impacts: Sequence[SchemaImpact] = ()

    @property
    def is_same(self) -> bool:
        """Whether it has this schema already."""
        return not (self.added or self.changed or self.removed)


@dataclass(frozen=True)
class CopyResult:
    """How it went on one data source; `message` says why where it failed."""

    source: DataSource
    changed: bool
    message: str = ""


def targets(everything: Sequence[ListedSource], *, by: User, source: DataSource) -> list[ListedSource]:
    """The data sources that can be given a schema of `source`: those of its program first."""
    others = [
        each
        for each in everything
        if each.identifier != source.identifier and decide(by, Action.SOURCE_UPDATE, each)
    ]
    return sorted(others, key=lambda each: (each.program != source.program, each.identifier))


def plan(
    *, by: User, client: AuroraX, source: DataSource, name: str, chosen: Sequence[ListedSource]
) -> list[PlannedCopy]:
    """What would change, with a sample of the records that would no longer fit. `name` is the field of the schema.

    Raises `NotAllowed` and `errors.AuroraXError`.
    """
    schema = source.to_api()[name]
    return [_planned(by, client, each, name, schema) for each in client.sources.again(chosen)]


def mark_of(name: str, schema: Sequence[Any], planned: Sequence[PlannedCopy]) -> str:
    """Stands for what would be done: whoever has seen it says so with it."""
    return fingerprint(
        name, schema, [[each.source.identifier, each.source.to_api()[name]] for each in planned]
    )


def give(
    *,
    by: User,
    client: AuroraX,
    source: DataSource,
    name: str,
    planned: Sequence[PlannedCopy],
    cause: Cause,
) -> list[CopyResult]:
    """Give the schema to each, as this very request has planned it; what fails on one does not stop the others.

    Raises `NotAllowed` before anything is sent, and `errors.NotSignedIn`, after which the same call goes on where it stopped.
    """
    for each in planned:
        check(by, Action.SOURCE_UPDATE, each.source)
    schema = source.to_api()[name]
    summary = f"Gave {len(planned):,} data sources the {_words(name)} of {source.display_name}"
    results = []
    with several(by=by, action=Action.SOURCE_UPDATE, summary=summary, cause=cause) as bulk:
        for result in _one_by_one(by, client, planned, {name: schema}, bulk):
            results.append(result)
            bulk.count(failed=bool(result.message))
    return results


def _one_by_one(
    by: User, client: AuroraX, planned: Sequence[PlannedCopy], changes: dict[str, Any], cause: Cause
) -> Iterator[CopyResult]:
    for each in planned:
        try:
            yield _give(by, client, each, changes, cause)
        except errors.NotSignedIn:
            raise
        except errors.AuroraXError as error:
            yield CopyResult(each.source, changed=False, message=error.message)


def _give(
    by: User, client: AuroraX, planned: PlannedCopy, changes: dict[str, Any], cause: Cause
) -> CopyResult:
    source, base = planned.source, editable(planned.source)
    done = services.update(by=by, client=client, source=source, base=base, mine=base | changes, cause=cause)
    return CopyResult(done.source, changed=bool(done.sent))


def _planned(
    by: User, client: AuroraX, source: DataSource, name: str, schema: Sequence[dict[str, Any]]
) -> PlannedCopy:
    check(by, Action.SOURCE_UPDATE, source)
    now = {field["field_name"]: field for field in source.to_api()[name]}
    wanted = {field["field_name"]: field for field in schema}
    changed = [field for field in wanted if field in now and now[field] != wanted[field]]
    added, removed = (
        [field for field in wanted if field not in now],
        [field for field in now if field not in wanted],
    )
    impacts = (
        impact_of(by=by, client=client, source=source, changes={name: schema}) if changed or removed else []
    )
    return PlannedCopy(source, added, changed, removed, impacts)


def _words(name: str) -> str:
    return name.replace("_", " ")
