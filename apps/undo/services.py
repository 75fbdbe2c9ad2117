"""Undo: look what it would do, then do exactly that. One way for whatever an event tells of."""

from collections.abc import Callable, Collection

from apps.accounts.models import User
from apps.activity.bulk import BulkPart, several
from apps.activity.causes import Because
from apps.activity.models import Event
from apps.activity.reused_identifiers import is_another_source
from apps.aurorax import AuroraX, DataSource, errors
from apps.maintainers.locks import source_lock
from apps.permissions import Action, NotAllowed
from apps.records.services import ChangedMeanwhile
from apps.undo.plans import CannotUndo, UndoOutcome, UndoPlan
from apps.undo.single_records import RecordPlan
from apps.undo.source_fields import FieldsPlan
from apps.undo.whole_sources import CreationPlan, DeletionPlan

CHANGED = "AuroraX holds something else than when this page was made. Look at what undoing does now, and decide anew."
NOT_THIS = "There is nothing to take back here. Uploads and deletions of records are undone on their own pages: see the buttons."
UNDID, AGAIN = "Undid: ", "Did again: "
CAN_HAVE_ARRIVED = (Event.Outcome.DONE, Event.Outcome.BEGUN, Event.Outcome.FAILED)


class LookAgain(Exception):
    """What undoing would do is not what was shown; nothing was sent. `plan` is what it would do now."""

    def __init__(self, plan: UndoPlan) -> None:
        super().__init__(CHANGED)
        self.plan = plan


Planner = Callable[[Event, AuroraX], UndoPlan]


def can_be_planned(event: Event) -> bool:
    """Whether an event tells of a single write that can be looked at here. Uploads and deletions have pages of their own."""
    return event.outcome in CAN_HAVE_ARRIVED and _planner(event) is not None


def plan(*, client: AuroraX, event: Event) -> UndoPlan:
    """What undoing this event would do now. Raises `CannotUndo` and `errors.AuroraXError`."""
    planner = _planner(event) if event.outcome in CAN_HAVE_ARRIVED else None
    if planner is None:
        raise CannotUndo(NOT_THIS)
    return planner(event, client)


def undo(
    *, by: User, client: AuroraX, event: Event, seen: str, chosen: Collection[str] = (), note: str = ""
) -> UndoOutcome:
    """Do what the plan with the fingerprint `seen` said, with those of its parts that were chosen besides.

    Raises `LookAgain` where it would be something else by now, `CannotUndo`, `NotAllowed` and `errors.AuroraXError`.
    """
    with source_lock(event.source_identifier or 0):
        found = plan(client=client, event=event)
        found.check(by)
        if found.fingerprint != seen:
            raise LookAgain(found)
        return _carry_out(found, by=by, client=client, chosen=chosen, cause=Because(note, event.pk))


def plan_bulk(*, client: AuroraX, event: Event) -> list[UndoPlan]:
    """The plans of all parts of a bulk action."""
    return [plan(client=client, event=part) for part in parts_of(event) if can_be_planned(part)]


def undo_bulk(
    *, by: User, client: AuroraX, event: Event, chosen: Collection[str] = (), note: str = ""
) -> list[tuple[Event, UndoOutcome]]:
    """Undo each part, as it stands when its turn comes, and answer how each ended; what fails does not stop the others.

    Names of parts are chosen as `<event> <name>`. Raises `NotAllowed` before anything is sent where one of them is not this
    person's to undo, and `errors.NotSignedIn`, after which the same call goes on where it stopped.
    """
    parts = [part for part in parts_of(event) if can_be_planned(part)]
    for part in parts:
        plan(client=client, event=part).check(by)
    results: list[tuple[Event, UndoOutcome]] = []
    cause = Because(note, event.pk)
    with several(by=by, action=Action(event.action), summary=undoing(event), cause=cause) as bulk:
        for part in parts:
            outcome = _undo_part(by, client, part, chosen, BulkPart(bulk, part.pk))
            bulk.count(failed=not outcome.complete)
            results.append((part, outcome))
    return results


def parts_of(event: Event) -> list[Event]:
    """The events of a bulk action, in their order."""
    return list(Event.objects.filter(part_of=event.pk).order_by("at"))


def undoing(event: Event) -> str:
    """What is written down of an undo; undoing that does the thing again."""
    if event.undoes is not None and event.summary.startswith(UNDID):
        return AGAIN + event.summary.removeprefix(UNDID)
    return UNDID + event.summary.removeprefix(AGAIN)


def _undo_part(
    by: User, client: AuroraX, event: Event, chosen: Collection[str], cause: BulkPart
) -> UndoOutcome:
    names = {name.partition(" ")[2] for name in chosen if name.startswith(f"{event.pk} ")}
    try:
        with source_lock(event.source_identifier or 0):
            found = plan(client=client, event=event)
            return _carry_out(found, by=by, client=client, chosen=names, cause=cause)
    except errors.NotSignedIn:
        raise
    except errors.AuroraXError as error:
        return UndoOutcome(None, error.message, complete=False)
    except LookAgain:
        return UndoOutcome(None, CHANGED, complete=False)
    except CannotUndo as refusal:
        return UndoOutcome(None, refusal.message, complete=False)
    except NotAllowed as refusal:
        return UndoOutcome(None, refusal.reason, complete=False)


def _carry_out(
    found: UndoPlan, *, by: User, client: AuroraX, chosen: Collection[str], cause: Because | BulkPart
) -> UndoOutcome:
    if found.blocked:
        raise CannotUndo(found.blocked)
    if found.is_needless:
        return UndoOutcome(None, "All is as it was before already. Nothing was sent.")
    if found.parts and not found.wanted(chosen):
        raise CannotUndo(
            "All of it was changed by somebody since, and you chose none of it. Nothing was sent."
        )
    try:
        return found.carry_out(by=by, client=client, chosen=chosen, cause=cause, summary=undoing(found.event))
    except ChangedMeanwhile:
        raise LookAgain(plan(client=client, event=found.event)) from None


def _planner(event: Event) -> Planner | None:
    if event.record_kind and event.about is None:
        return _record if event.before is not None or event.after is not None else None
    if event.action == Action.SOURCE_CREATE and event.after and event.source_identifier is not None:
        return lambda event, client: CreationPlan.of(event, _source(event, client, include_stats=True))
    if event.action == Action.SOURCE_DELETE and event.before:
        return _deletion
    if event.action in (Action.SOURCE_UPDATE, Action.SOURCE_CHANGE_OWNER, Action.MAINTAINERS_ASSIGN):
        has_fields = event.source_identifier is not None and event.before and event.after
        return (lambda event, client: FieldsPlan.of(event, _source(event, client))) if has_fields else None
    return None


def _record(event: Event, client: AuroraX) -> UndoPlan:
    return RecordPlan.of(event, client, _source(event, client))


def _deletion(event: Event, client: AuroraX) -> UndoPlan:
    was = DataSource.from_api(event.before or {"identifier": 0})
    held = _held(event, client)
    alike = client.sources.list(
        program=was.program, platform=was.platform, instrument_type=was.instrument_type
    )
    return DeletionPlan.of(event, held, alike[0] if alike else None)


def _source(event: Event, client: AuroraX, *, include_stats: bool = False) -> DataSource | None:
    """As it is now; None where there is none, or another one under its identifier."""
    source = _held(event, client, include_stats=include_stats)
    return None if source is None or is_another_source(source, event.at) else source


def _held(event: Event, client: AuroraX, *, include_stats: bool = False) -> DataSource | None:
    return client.sources.find(event.source_identifier or 0, include_stats=include_stats)
