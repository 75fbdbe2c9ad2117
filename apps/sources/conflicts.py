"""Asking somebody what to do about fields that another person has changed since they opened the form."""

from collections.abc import Sequence
from typing import NamedTuple

from django.http import QueryDict

from apps.aurorax import DataSource
from apps.sources.changes import EDITABLE, Fields, NoBase, rebased, seal, shown, unseal
from apps.sources.editor import SourceDraft
from apps.sources.labels import FIELD_LABELS, in_words
from apps.sources.last_changes import last_change
from apps.sources.services import SourceChangedMeanwhile
from apps.sources.sets import entry_of

MINE, THEIRS = "mine", "theirs"
NO_BASE = (
    "The portal cannot tell which version of the data source this form was made from. Compare it with what AuroraX"
    " holds now, then save again."
)


class ConflictChoice(NamedTuple):
    """One field, or entry of one, that needs a decision: what AuroraX holds now, and who has put it there when, or what the
    form holds.
    """

    name: str
    label: str
    theirs: str
    who: str
    decision: str


class ConflictChoices:
    """What an edit form knows about conflicts: the version it was made from, and what was decided so far.

    A conflict is asked as a choice called `keep-<field>`. The form that asks is made from the newer version, so that
    a decision is compared with what the person has seen: a field that is changed once more is asked about once more.
    """

    def __init__(self, posted: QueryDict, source: DataSource) -> None:
        self.source = source
        self.sealed = posted.get("base", "") if posted else seal(source)
        self.made = {
            name: posted.get(f"keep-{name}", "")
            for name in posted.getlist("asked")
            if name.partition(".")[0] in EDITABLE
        }
        try:
            self.base: Fields = unseal(self.sealed, source)
        except NoBase:
            self.base = {}

    @property
    def questions(self) -> list[ConflictChoice]:
        """Every field that is asked about, with the decision where there is one."""
        return [self._question(name, decision) for name, decision in self.made.items()]

    @property
    def leave(self) -> list[str]:
        """The fields where the other person's value stays."""
        return [name for name, decision in self.made.items() if decision == THEIRS]

    def is_complete(self, draft: SourceDraft) -> bool:
        """Whether the form's version is known and every question is answered; if not, the form says so."""
        if not self.base:
            self.sealed = seal(self.source)
            draft.form.add_error(None, NO_BASE)
            return False
        unanswered = [name for name, decision in self.made.items() if decision not in (MINE, THEIRS)]
        if unanswered:
            draft.form.add_error(None, f"Choose which {_in_words(unanswered)} to keep.")
        return not unanswered

    def ask(self, draft: SourceDraft, changed: SourceChangedMeanwhile) -> None:
        """Ask about the conflicts, and let the form start from the version that is there now of what is asked about."""
        self.base = rebased(self.base, changed.conflicts)
        self.sealed = seal(changed.current, self.base)
        names = [conflict.name for conflict in changed.conflicts]
        decided = {name: decision for name, decision in self.made.items() if name not in names}
        self.made = decided | dict.fromkeys(names, "")
        draft.form.add_error(
            None,
            f"Somebody else has changed the {_in_words(names)} since you opened this form. Choose what to keep.",
        )

    def _question(self, name: str, decision: str) -> ConflictChoice:
        field, _, part = name.partition(".")
        value = self.base.get(field)
        theirs = entry_of(field, part, value or []) if part else value
        who = last_change(self.source.identifier, field, theirs, part)
        return ConflictChoice(name, _label(name), shown(theirs), who, decision)


def _label(name: str) -> str:
    field, _, part = name.partition(".")
    return f"{FIELD_LABELS[field]}, {part}" if part else FIELD_LABELS[field]


def _in_words(names: Sequence[str]) -> str:
    """As part of a sentence, each field once."""
    return in_words(list(dict.fromkeys(name.partition(".")[0] for name in names)))
