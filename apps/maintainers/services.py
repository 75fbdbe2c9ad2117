"""Adding and removing maintainers, one person at a time and never the whole list.

AuroraX keeps maintainers as one list in the data source and knows no revisions, so a careless PATCH undoes what
somebody else has just done. Here every change is made to a list read right before, is looked at again right after, and
is made again when it was lost; people who use the portal at the same moment take turns.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.accounts.entries import label_of
from apps.accounts.models import User
from apps.activity.bulk import several
from apps.activity.causes import NO_CAUSE, Cause
from apps.activity.recording import audited
from apps.aurorax import AuroraX, DataSource, errors
from apps.maintainers.changes import MaintainerChange, Verb, entries_for
from apps.maintainers.locks import source_lock
from apps.permissions import Action, check

ATTEMPTS = 4


@dataclass(frozen=True)
class Result:
    """How a change ended on one data source; `message` says why where it failed, `change` what exactly was made."""

    source: DataSource
    changed: bool
    message: str = ""
    change: MaintainerChange | None = None

    @property
    def failed(self) -> bool:
        """Whether the list is not as wanted."""
        return bool(self.message)

    @property
    def now(self) -> list[str]:
        """The list as it is, for people to read."""
        return [label_of(entry) for entry in self.source.maintainers]

    @property
    def written(self) -> str:
        """How the removed entry was written, where that says more than the address that was given."""
        made = self.change
        is_removal = made is not None and made.verb is Verb.REMOVE and self.changed
        return made.label if made and is_removal else ""

    @property
    def others(self) -> list[str]:
        """Other entries for the same address, in whatever spelling, that are still on the list."""
        made = self.change
        if made is None or self.failed:
            return []
        same = entries_for(made.address, self.source.maintainers)
        if made.verb is Verb.ADD:
            return [] if self.changed or made.address in same else [label_of(entry) for entry in same]
        return [label_of(entry) for entry in same]


def apply(
    *, by: User, client: AuroraX, source: DataSource, change: MaintainerChange, cause: Cause = NO_CAUSE
) -> Result:
    """Make the change on one data source, unless it is made already.

    Raises `NotAllowed`, and `errors.AuroraXError`; `errors.TryAgain` also when somebody else keeps undoing it, and
    `errors.Refused` where it is not plain which entry is to go.
    """
    check(by, Action.MAINTAINERS_ASSIGN, source)
    with source_lock(source.identifier):
        for _ in range(ATTEMPTS):
            current = client.sources.get(source.identifier)
            check(by, Action.MAINTAINERS_ASSIGN, current)
            change = change.settled(current.maintainers)
            if change.is_made(current.maintainers):
                return Result(current, changed=False, change=change)
            updated = _send(by, client, current, change, cause)
            if change.is_made(updated.maintainers):
                return Result(updated, changed=True, change=change)
    raise errors.TryAgain(
        f"Somebody else keeps changing the maintainers of {source.display_name}. Look at the list, then try again."
    )


def apply_to_several(
    *,
    by: User,
    client: AuroraX,
    sources: Sequence[DataSource],
    change: MaintainerChange,
    cause: Cause = NO_CAUSE,
) -> list[Result]:
    """Make the change on each data source; what fails on one does not stop the others.

    Raises `NotAllowed` before anything is sent when one of them is not this person's to change, and
    `errors.NotSignedIn`, after which the same call goes on where it stopped.
    """
    for source in sources:
        check(by, Action.MAINTAINERS_ASSIGN, source)
    if len(sources) == 1:
        return list(_one_by_one(by, client, sources, change, cause))
    summary = f"{change.summary()} of {len(sources):,} data sources"
    results: list[Result] = []
    with several(by=by, action=Action.MAINTAINERS_ASSIGN, summary=summary, cause=cause) as bulk:
        for result in _one_by_one(by, client, sources, change, bulk):
            results.append(result)
            bulk.count(failed=result.failed)
    return results


def _one_by_one(
    by: User, client: AuroraX, sources: Sequence[DataSource], change: MaintainerChange, cause: Cause
) -> Iterator[Result]:
    unreachable = ""
    for source in sources:
        if unreachable:
            yield Result(source, changed=False, message=f"Not tried. {unreachable}")
            continue
        try:
            yield apply(by=by, client=client, source=source, change=change, cause=cause)
        except errors.NotSignedIn:
            raise
        except errors.Refused as error:
            yield Result(source, changed=False, message=error.message)
        except errors.TryAgain as error:
            unreachable = error.message if isinstance(error, errors.Unreachable | errors.Maintenance) else ""
            yield Result(source, changed=False, message=error.message)


def _send(
    by: User, client: AuroraX, current: DataSource, change: MaintainerChange, cause: Cause
) -> DataSource:
    wanted = change.on(current.maintainers)
    with audited(
        by=by,
        action=Action.MAINTAINERS_ASSIGN,
        summary=change.summary(),
        source=current,
        before={"maintainers": list(current.maintainers)},
        after={"maintainers": wanted},
        cause=cause,
    ) as entry:
        updated = client.sources.update(current.identifier, {"maintainers": wanted})
        entry.after = {"maintainers": list(updated.maintainers)}
    return updated
