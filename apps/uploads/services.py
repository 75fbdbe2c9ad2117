"""What people do with an upload: choose its columns, send, pause, resume, cancel."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import Credential, User
from apps.aurorax import AuroraX, DataSource
from apps.permissions import Decision, NotAllowed, Role, check
from apps.uploads import outcomes, tasks
from apps.uploads.kinds import kind_of
from apps.uploads.models import Upload
from apps.uploads.states import Because, State, WrongTransition

NOT_YOURS = "Only the person who made this upload, or an Administrator, may do this."


class UploadRefused(Exception):
    """Not possible with this upload now; the sentence says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def may_act(person: User, upload: Upload) -> Decision:
    """Whether the person may send, pause, resume or cancel this upload at all."""
    mine = upload.owner_id == person.pk or person.role == Role.ADMINISTRATOR
    return Decision(mine, "" if mine else NOT_YOURS)


def choose_columns(*, upload: Upload, by: User, mapping: Mapping[str, str]) -> None:
    """Say what the unknown columns mean ("" ignores one), and read the file again with that."""
    _check_act(by, upload)
    if unanswered := [header for header in upload.headers if header not in mapping]:
        raise UploadRefused(f"Say for every column what it means, or ignore it: {', '.join(unanswered)}.")
    _move(upload, State.READING, mapping=upload.mapping | dict(mapping))
    tasks.wake(upload)


def send(*, upload: Upload, by: User, client: AuroraX, credential: Credential | None) -> None:
    """Begin to send all valid records. `client` is the person's own: their right is asked for with the source as it is
    now. Raises `NotAllowed`, `UploadRefused`, `errors.AuroraXError`.
    """
    _check_right(by, upload, client)
    if not upload.valid:
        raise UploadRefused("No row of this file can be sent. Correct the file and upload it again.")
    fields: dict[str, object] = {"started_at": timezone.now()}
    if by.pk == upload.owner_id:
        fields |= {"credential": credential}
    _move(upload, State.SENDING, **fields)
    tasks.wake(upload)


def pause(*, upload: Upload, by: User) -> None:
    """Stop at the next chunk's edge."""
    _check_act(by, upload)
    _move(upload, State.PAUSED, paused_because=Because.YOU)


def resume(*, upload: Upload, by: User, client: AuroraX) -> None:
    """Go on from the next chunk, with the newest live sign-in of the upload's owner."""
    _check_right(by, upload, client)
    _move(upload, State.SENDING)
    tasks.wake(upload)


def cancel(*, upload: Upload, by: User) -> None:
    """Send nothing more. What AuroraX has accepted stays there, and is told of."""
    _check_act(by, upload)
    was = upload.state
    with transaction.atomic():
        _move(upload, State.CANCELLED)
        if was == State.PAUSED and upload.started_at:  # a worker that is still at it writes the event itself
            outcomes.record(upload)


def resume_after_sign_in(person: User) -> None:
    """Let this person's uploads go on that wait for a sign-in."""
    for upload in Upload.objects.filter(owner=person, state=State.PAUSED, paused_because=Because.SIGN_IN):
        _move(upload, State.SENDING)
        tasks.wake(upload)


def _check_act(by: User, upload: Upload) -> None:
    decision = may_act(by, upload)
    if not decision:
        raise NotAllowed(decision.reason)


def _check_right(by: User, upload: Upload, client: AuroraX) -> DataSource:
    """Act, and still be allowed on the source."""
    _check_act(by, upload)
    if upload.is_for_another_aurorax:
        raise UploadRefused(
            f"This file was checked for {upload.api_url}, not for the AuroraX the portal uses now."
        )
    source = client.sources.get(upload.source_identifier)
    check(by, kind_of(upload.kind).create, source)
    return source


def _move(upload: Upload, to: State, **changes: object) -> None:
    try:
        upload.move(to, **changes)
    except WrongTransition as wrong:
        raise UploadRefused(
            f"This upload is {State(wrong.now).label.lower()} by now: look at it again."
        ) from wrong
