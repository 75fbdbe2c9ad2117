"""What there is to say of an upload after its end: what was left alone, and what has become of it since."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from apps.aurorax import times
from apps.uploads.later_writes import Later, later_writes
from apps.uploads.models import Upload
from apps.uploads.steps.recheck import is_under_way


class Keys(NamedTuple):
    """Records with something to know about them: a title, and their keys with a word on each where there is one."""

    title: str
    rows: Sequence[tuple[str, str]]
    more: int  # that are not listed


@dataclass(frozen=True)
class UploadOutcome:
    """The end of one upload."""

    upload: Upload

    @property
    def lists(self) -> list[Keys]:
        """Records that were left alone, or are not as they were sent, by reason; only reasons there are."""
        upload, undo, again = self.upload, self.upload.undo, self.upload.checked_again
        found = [
            _keys("Left alone: somebody else changed them while they were sent", upload.report.others_listed, upload.report.left_to_others),
            _keys("Left alone, because somebody has changed them since", undo.get("listed"), undo.get("left_alone")),
            _keys("Deleted by somebody since, so not put back", undo.get("deleted_listed"), undo.get("deleted_since")),
            _keys_of("Left alone, because a later upload stands for them", undo.get("shared_listed"), undo.get("shared")),
            _keys_of("Refused by AuroraX when they were to be put back", undo.get("refused_listed"), undo.get("refused")),
            _keys("Checked again: another value than the file has", again.get("differing_listed"), again.get("differing")),
            _keys("Checked again: no longer there", again.get("gone_listed"), again.get("gone")),
        ]  # fmt: skip
        return [each for each in found if each.rows]

    @property
    def let_go_note(self) -> str:
        """What of the upload is not kept any more; empty while all of it is."""
        upload = self.upload
        if upload.let_go_at:
            return f"What undoing needs, and the file, were let go on {upload.let_go_at:%Y-%m-%d}. The receipt stays."
        return "" if upload.file else "The file itself is not kept any more; what was read of it is."

    @cached_property
    def later_writes(self) -> list[Later]:
        """What the portal has written to these records since they were read back."""
        return later_writes(self.upload)

    @property
    def checked_again(self) -> str:
        """What the last look afterwards found, in a message; empty where nobody asked."""
        again = self.upload.checked_again
        if not again:
            return ""
        if "at" not in again:
            return "Checking again …" if is_under_way(self.upload) else "Checking again was not finished."
        at = f"Checked again at {times.parse(again['at']):%Y-%m-%d %H:%M:%S} UTC"
        if problem := again.get("problem"):
            return f"{at}: {problem}"
        if not again["differing"] and not again["gone"]:
            return f"{at}: all {again['same']:,} records are in AuroraX with equal values."
        return (
            f"{at}: {again['same']:,} records are in AuroraX with equal values, {again['differing']:,} have another"
            f" value by now, {again['gone']:,} are not there any more."
        )


def _keys(title: str, keys: Sequence[str] | None, count: int | None) -> Keys:
    return _keys_of(title, [(key, "") for key in keys or ()], count)


def _keys_of(title: str, pairs: Sequence[Sequence[str]] | None, count: int | None) -> Keys:
    rows = [(key, word) for key, word in pairs or ()]
    return Keys(title, rows, (count or 0) - len(rows))
