"""What people do with an upload: choose its columns, send, pause, resume, cancel."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import Credential, User
from apps.accounts.roles import confirm_role
from apps.activity.reused_identifiers import ANOTHER, is_another_source
from apps.aurorax import AuroraX, DataSource, errors
from apps.jobs.models import PauseReason, WrongTransition
from apps.jobs.queue import enqueue
from apps.jobs.recovery import resume_all, wake
from apps.permissions import Decision, NotAllowed, check, decide
from apps.readers import Dialect
from apps.records.types import type_of
from apps.uploads import events, presets, tasks, undo_preview
from apps.uploads.models import Upload
from apps.uploads.self_sending import by_hand_from_now_on
from apps.uploads.sendable import why_not_send
from apps.uploads.states import State
from apps.uploads.steps import recheck

NOT_YOURS = (
    "Only the person who made this upload, or an Administrator, may do this; once sending has begun also the owner and the"
    " maintainers of the data source."
)


class UploadRefused(Exception):
    """Not possible with this upload now; the message says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def may_act(person: User, upload: Upload, source: DataSource | None = None) -> Decision:
    """Whether the person may send, pause, resume, undo or cancel this upload at all.

    What has begun to be sent is also for those to finish, or to undo, who may upload to the data source (`source`)
    themselves: its sender may be away, or have lost the right. Behind an API key an address is only stated, and must not meddle with what others have begun.
    """
    mine = upload.owner_id == person.pk or person.is_administrator
    if not mine and source is not None and upload.started_at and person.email_is_proved:
        mine = bool(decide(person, type_of(upload.kind).actions.create, source))
    return Decision(mine, "" if mine else NOT_YOURS)


def send(
    *,
    upload: Upload,
    by: User,
    client: AuroraX,
    credential: Credential | None,
    only_new: bool = False,
    empty_missing: bool = False,
) -> None:
    """Begin to send what is new and (unless `only_new`) what is changed. What the file does not give stays as AuroraX holds
    it, or is emptied with `empty_missing`. `client` is the person's own: their right is asked for with the source as it is
    now. Raises `NotAllowed`, `UploadRefused`, `errors.AuroraXError`.
    """
    _check_right(by, upload, client)
    if reason := why_not_send(upload, only_new=only_new, empty_missing=empty_missing):
        raise UploadRefused(reason)
    _check_sign_in(by)
    move(
        upload,
        State.SENDING,
        started_at=timezone.now(),
        ended_at=None,
        only_new=only_new,
        empty_missing=empty_missing,
        acting=by,
        credential=credential,
    )
    presets.save(upload)
    wake(upload)


def pause(*, upload: Upload, by: User, client: AuroraX) -> None:
    """Stop at the next chunk's edge."""
    check_act(by, upload, client)
    with _refusing():
        upload.pause(PauseReason.YOU)
    events.record_decision(upload, by, "Paused")


def resume(*, upload: Upload, by: User, client: AuroraX, credential: Credential | None = None) -> None:
    """Go on from the next chunk, from now on under the sign-in of whoever resumes: raises `errors.NotSignedIn` without.

    `credential`, here and below, is the one to work under where that is not for the person's sign-ins to say.
    """
    _check_right(by, upload, client)
    if upload.is_running or upload.state in (State.DONE, State.UNDONE):
        return  # signing in again was enough, or somebody was quicker
    _check_sign_in(by)
    with _refusing():
        upload.resume(acting=by, **_under(credential))
    wake(upload)


def compare_again(*, upload: Upload, by: User, client: AuroraX) -> None:
    """Look again at what AuroraX holds."""
    _check_right(by, upload, client)
    move(upload, State.COMPARING, acting=by)
    wake(upload)


def read_again(
    *, upload: Upload, by: User, client: AuroraX, dialect: Dialect, mapping: Mapping[str, str]
) -> None:
    """Read the file again, in another way or with another meaning of its columns ("" ignores one): nothing of it has been
    sent yet. What is chosen is chosen for this file from now on, and not recalled from an earlier one.
    """
    check_act(by, upload, client)
    check_kept(upload)
    chosen = {"chosen_dialect": dialect.to_json(), "mapping": dict(mapping), "recalled_from": None}
    move(upload, State.READING, **chosen, **by_hand_from_now_on(upload), attempts=0)
    wake(upload)


def check_kept(upload: Upload) -> None:
    """Raises `UploadRefused` where the file is not kept any more."""
    if not upload.file:
        raise UploadRefused("This file is not kept any more. Upload it again.")


def undo(
    *,
    upload: Upload,
    by: User,
    client: AuroraX,
    with_shared: bool = False,
    with_theirs: bool = False,
    note: str = "",
    credential: Credential | None = None,
) -> None:
    """Put back what was changed, and delete what was created; `with_shared`: also what later uploads stand for;
    `with_theirs`: also what somebody has changed since, as it is now, of which a copy is kept.

    Raises `NotAllowed` unless the person may delete there.
    """
    source = _check_right(by, upload, client)
    check(by, type_of(upload.kind).actions.delete, source)
    if upload.let_go_at:
        raise UploadRefused(f"What undoing needs was let go on {upload.let_go_at:%Y-%m-%d}.")
    if not upload.sent:
        raise UploadRefused("Nothing of this upload is in AuroraX, so there is nothing to undo.")
    if upload.state == State.UNDONE and not (upload.undo.get("not_done") or upload.undo.get("shared")):
        raise UploadRefused("This upload is undone already.")
    _check_sign_in(by)
    copy = (
        undo_preview.copy_of_theirs(by=by, upload=upload, client=client, source=source)
        if with_theirs
        else None
    )
    why = {"undo_note": note, "undo_copy": copy.pk if copy else None}
    move(upload, State.UNDOING, acting=by, undo_shared=with_shared, undo={}, **why, **_under(credential))
    wake(upload)


def check_again(*, upload: Upload, by: User, client: AuroraX) -> None:
    """Read back what this upload stands for, and say what of it is another now. Changes nothing."""
    check_act(by, upload, client)
    if upload.let_go_at:
        raise UploadRefused(f"What to compare with was let go on {upload.let_go_at:%Y-%m-%d}.")
    if upload.state != State.DONE:
        raise UploadRefused("Only what has been sent and read back can be checked again.")
    recheck.begin(upload)
    enqueue(tasks.check_again, str(upload.pk))


def cancel(*, upload: Upload, by: User, client: AuroraX) -> None:
    """Send nothing more. What AuroraX has accepted stays there, and is shown."""
    check_act(by, upload, client)
    was = upload.state
    with transaction.atomic():
        move(upload, State.CANCELLED, acting=by)
        if was == State.PAUSED and upload.started_at:  # a worker that is still at it writes the event itself
            events.record(upload)
        elif not upload.started_at:
            events.record_decision(upload, by, "Cancelled")


def resume_after_sign_in(person: User) -> None:
    """Let this person's uploads go on that wait for a sign-in."""
    acting = Q(acting=person) | Q(acting=None, owner=person)
    resume_all(Upload.objects.filter(acting).waiting_for_sign_in())


def check_act(by: User, upload: Upload, client: AuroraX) -> None:
    """Raises `NotAllowed` for who may not decide about it. AuroraX is asked for the source only where the answer hangs on it."""
    decision = may_act(by, upload) or may_act(by, upload, client.sources.get(upload.source_identifier))
    if not decision:
        raise NotAllowed(decision.reason)
    _confirm_role(by, upload, client)


def _check_right(by: User, upload: Upload, client: AuroraX) -> DataSource:
    """Act, and still be allowed on the source."""
    if upload.is_for_another_aurorax:
        check_act(by, upload, client)
        raise UploadRefused(
            f"This file was checked for {upload.api_url}, not for the AuroraX the portal uses now."
        )
    source = client.sources.get(upload.source_identifier)
    if is_another_source(source, upload.created_at):
        raise UploadRefused(ANOTHER.format(name=source.display_name))
    decision = may_act(by, upload, source)
    if not decision:
        raise NotAllowed(decision.reason)
    _confirm_role(by, upload, client)
    check(by, type_of(upload.kind).actions.create, source)
    return source


def _confirm_role(by: User, upload: Upload, client: AuroraX) -> None:
    """AuroraX is asked who somebody is before they decide about another's upload: raises `errors.NotSignedIn`."""
    if upload.owner_id != by.pk:
        confirm_role(by=by, client=client)


def _check_sign_in(by: User) -> None:
    """The work goes on in the background under this person's sign-in: raises `errors.NotSignedIn` without a live one."""
    if not Credential.objects.live().filter(user=by).exists():
        raise errors.NotSignedIn


def _under(credential: Credential | None) -> dict[str, Credential]:
    return {"credential": credential} if credential else {}


def move(upload: Upload, to: State, **changes: object) -> None:
    """To another state, with these fields. Raises `UploadRefused` where it is elsewhere by now."""
    with _refusing():
        upload.transition(to, **changes)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except WrongTransition as wrong:
        raise UploadRefused(
            f"This upload is {State(wrong.now).label.lower()} by now: look at it again."
        ) from wrong
