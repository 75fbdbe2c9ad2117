"""What a form about a data source would send, as code."""

from django.conf import settings

from apps.aurorax import DataSource
from apps.snippets import Code, sources
from apps.sources.changes import editable, merge
from apps.sources.conflicts import ConflictChoices
from apps.sources.editor import SourceDraft

BUTTON = "code"  # the name of the button that only asks for it
NO_CHANGE = "Nothing is changed in the form, so there is nothing to send."
OTHERS = "Somebody has changed the same fields meanwhile. Press Save changes to look at them first."


def is_asked_for(draft: SourceDraft) -> bool:
    """Whether a form was sent only to be written as code, and can be."""
    return draft.is_submitted and BUTTON in draft.posted and draft.is_valid()


def of_creation(draft: SourceDraft) -> Code:
    """Making it as it is typed."""
    return sources.created(settings.AURORAX_API_URL, draft.fields())


def of_update(draft: SourceDraft, decisions: ConflictChoices, source: DataSource) -> Code:
    """Sending what is changed in the form."""
    mine, theirs = draft.fields(), editable(source)
    merged = merge(base=decisions.base, mine=mine, theirs=theirs, leave=decisions.leave)
    if merged.conflicts:
        return Code("", note=OTHERS)
    if not merged.changes:
        return Code("", note=NO_CHANGE)
    return sources.updated(settings.AURORAX_API_URL, source.identifier, merged.changes)


def of_deletion(source: DataSource) -> Code:
    """Deleting it."""
    return sources.deleted(settings.AURORAX_API_URL, source.identifier)
