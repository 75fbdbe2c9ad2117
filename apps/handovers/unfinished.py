"""Hand-overs that are under way: whoever signs out is told of them."""

from django.urls import reverse

from apps.accounts.kept_sign_ins import WorkKind
from apps.accounts.models import User
from apps.handovers.models import Handover
from apps.jobs.models import JobQuerySet
from apps.ui.links import Link


def _of(person: User) -> JobQuerySet[Handover]:
    return Handover.objects.filter(user=person)


def _link(handover: Handover) -> Link:
    return Link(f"The hand-over to {handover.new_owner}", reverse("handover-detail", args=[handover.pk]))


HANDOVERS = WorkKind(Handover, _of, _link)
