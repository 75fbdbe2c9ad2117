"""Deletions that are under way: whoever signs out is told of them."""

from apps.accounts.kept_sign_ins import WorkKind
from apps.accounts.models import User
from apps.deletions.models import Deletion
from apps.jobs.models import JobQuerySet
from apps.records.types import type_of
from apps.ui.links import Link


def _of(person: User) -> JobQuerySet[Deletion]:
    return Deletion.objects.filter(user=person)


def _link(deletion: Deletion) -> Link:
    kind = type_of(deletion.kind)
    label = f"The deletion of {kind.nouns} of {deletion.source_name} ({deletion.get_state_display().lower()})"
    return Link(label, kind.url("deletion", deletion.source_identifier, deletion.pk))


DELETIONS = WorkKind(Deletion, _of, _link)
