"""What is done beside the workers' round, because mail servers, other people's addresses and AuroraX may take their time."""

import logging

from django.core.cache import cache
from django.utils import timezone
from django_tasks import task

from apps.accounts.models import User
from apps.aurorax import AuroraX, errors
from apps.jobs.queue import enqueue
from apps.notifications import quiet
from apps.notifications.delivering import deliver
from apps.notifications.models import Delivery

logger = logging.getLogger(__name__)
ASKED_KEY, ASKED_AT_MOST_EVERY = "notices-asked-for", 10  # seconds


@task
def deliver_due() -> None:
    """Send what is due."""
    deliver()


@task
def look_for_quiet(person_id: str) -> None:
    """Tell one person of their data sources that went quiet."""
    person = User.objects.filter(pk=person_id).first()
    if person is None:
        return
    try:
        quiet.tell_of_quiet(person, AuroraX())
    except errors.AuroraXError as trouble:
        logger.info("Nobody was told of quiet data sources: %s", trouble)


def ask_for_delivery() -> int:
    """A chore of every worker: something is due, and nobody has been asked to send it just now. Wakes nobody."""
    if Delivery.objects.due(timezone.now()).exists() and cache.add(ASKED_KEY, True, ASKED_AT_MOST_EVERY):
        enqueue(deliver_due)
    return 0


def ask_about_quiet() -> int:
    """The same, once a day: has anything gone quiet?"""
    if cache.add(quiet.LOOKED_KEY, timezone.now(), quiet.EVERY):
        for person in quiet.people():
            enqueue(look_for_quiet, str(person.pk))
    return 0
