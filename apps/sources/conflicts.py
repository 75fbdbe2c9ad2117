"""Asking somebody what to do about fields that another person has changed since they opened the form."""

from typing import NamedTuple

from django.http import QueryDict

from apps.aurorax import DataSource
from apps.sources.changes import EDITABLE, Fields, NoBase, seal, shown, unseal
from apps.sources.editor import SourceDraft
from apps.sources.labels import FIELD_LABELS, in_words
from apps.sources.services import SourceChangedMeanwhile

MINE, THEIRS = "mine", "theirs"
NO_BASE = (
    "The portal cannot tell which version of the data source this form was made from. Compare it with what AuroraX"
    " holds now, then save again."
)


class ConflictChoice(NamedTuple):
    """One field that needs a decision: what AuroraX holds now, or what the form holds."""

    name: str
    label: str
    theirs: str
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
            name: posted.get(f"keep-{name}", "") for name in posted.getlist("asked") if name in EDITABLE
        }
        try:
            self.base: Fields = unseal(self.sealed, source)
        except NoBase:
            self.base = {}

    @property
    def questions(self) -> list[ConflictChoice]:
        """Every field that is asked about, with the decision where there is one."""
        return [
            ConflictChoice(name, FIELD_LABELS[name], shown(self.base.get(name)), decision)
            for name, decision in self.made.items()
        ]

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
            draft.form.add_error(None, f"Choose which {in_words(unanswered)} to keep.")
        return not unanswered

    def ask(self, draft: SourceDraft, changed: SourceChangedMeanwhile) -> None:
        """Ask about the conflicts, and let the form start from the version that is there now."""
        self.sealed = seal(changed.current)
        self.base = unseal(self.sealed, changed.current)
        names = [conflict.name for conflict in changed.conflicts]
        self.made = dict.fromkeys(names, "")
        draft.form.add_error(
            None,
            f"Somebody else has changed the {in_words(names)} since you opened this form. Choose what to keep.",
        )
