"""Mending an upload: what is said is kept beside it, and its file is read again, which itself stays as it is."""

from collections.abc import Callable, Mapping

from django.db import transaction

from apps.accounts.models import User
from apps.aurorax import AuroraX
from apps.jobs.recovery import wake
from apps.readers import Dialect
from apps.uploads import events, presets, services
from apps.uploads.models import Upload, UploadMending
from apps.uploads.self_sending import by_hand_from_now_on
from apps.uploads.states import State
from apps.validation import fixes
from apps.validation.fixes import Fix

MOST_EDITS = 10_000  # cells
TOO_MANY_EDITS = f"At most {MOST_EDITS:,} cells are kept. Correct the file where more are wrong."
NOTHING = "Nothing was changed in the cells."
Edits = Mapping[int, Mapping[str, str]]


def apply_fix(*, upload: Upload, by: User, client: AuroraX, fix: Fix) -> None:
    """Do this to all rows it is meant for. Raises `NotAllowed`, `UploadRefused`, `errors.AuroraXError`; so do all of these."""
    _change(upload, by, client, lambda mending: _with(mending, [*mending.chosen, fix]))


def take_back(*, upload: Upload, by: User, client: AuroraX, place: int) -> None:
    """Do it no more: the fix at this place, by what is listed."""
    _change(upload, by, client, lambda mending: _with(mending, _without(mending.chosen, place)))


def edit_cells(*, upload: Upload, by: User, client: AuroraX, cells: Edits) -> None:
    """Write these texts into single cells."""
    if not any(cells.values()):
        raise services.UploadRefused(NOTHING)

    def change(mending: UploadMending) -> None:
        edits = {line: {**known} for line, known in mending.edits.items()}
        for line, given in cells.items():
            edits.setdefault(str(line), {}).update(given)
        if sum(map(len, edits.values())) > MOST_EDITS:
            raise services.UploadRefused(TOO_MANY_EDITS)
        mending.edits = edits

    _change(upload, by, client, change)


def take_back_cells(*, upload: Upload, by: User, client: AuroraX) -> None:
    """All cells as the file has them."""

    def change(mending: UploadMending) -> None:
        mending.edits = {}

    _change(upload, by, client, change)


def use_recipe(*, upload: Upload, by: User, client: AuroraX) -> None:
    """Mend it as the earlier file with these columns was."""
    recipe = presets.recipe(upload)
    if not recipe:
        raise services.UploadRefused("There is nothing kept for files with these columns.")
    _change(upload, by, client, lambda mending: _with(mending, [*mending.chosen, *recipe]))


def forget_recipe(*, upload: Upload, by: User, client: AuroraX) -> None:
    """Offer it no more for files with these columns."""
    services.check_act(by, upload, client)
    presets.forget_recipe(upload)


def _change(upload: Upload, by: User, client: AuroraX, change: Callable[[UploadMending], None]) -> None:
    services.check_act(by, upload, client)
    services.check_kept(upload)
    with transaction.atomic():
        mending, _ = UploadMending.objects.select_for_update().get_or_create(upload=upload)
        before = mending.chosen
        change(mending)
        mending.save(update_fields=["fixes", "edits"])
        services.move(
            upload,
            State.READING,
            attempts=0,
            chosen_dialect=_answered(upload, before, mending.chosen),
            **by_hand_from_now_on(upload),
        )
        events.record_decision(upload, by, "Mended rows of")
    wake(upload)


def _with(mending: UploadMending, chosen: list[Fix]) -> None:
    mending.fixes = fixes.to_json(_once(chosen))


def _once(chosen: list[Fix]) -> list[Fix]:
    found: list[Fix] = []
    for each in chosen:
        if each not in found:
            found.append(each)
    return found


def _without(chosen: list[Fix], place: int) -> list[Fix]:
    if not 0 <= place < len(chosen):
        raise services.UploadRefused("This is taken back already.")
    return chosen[:place] + chosen[place + 1 :]


def _answered(upload: Upload, before: list[Fix], after: list[Fix]) -> dict[str, object]:
    """Fixes that are answers to questions about the file stand where the other answers do."""
    dialect = Dialect.from_json(upload.chosen_dialect)
    gone = {each.old for each in before if each.kind == "answer" and each not in after}
    given = {each.old: each.new for each in after if each.kind == "answer"}
    answers = {name: answer for name, answer in dialect.answers.items() if name not in gone}
    return dialect.with_(answers=answers | given).to_json()
