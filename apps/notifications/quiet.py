"""Data sources that went quiet: their people are told, by the rule by which the overview tells them."""

from datetime import timedelta

from django.utils import timezone

from apps.accounts.models import User
from apps.aurorax import AuroraX
from apps.notifications.models import Topic
from apps.notifications.telling import tell
from apps.sources.overview import overview_of

LOOKED_KEY, EVERY = "quiet-looked-for", 24 * 60 * 60  # seconds
STILL_HERE = timedelta(days=90)  # since they last signed in


def tell_of_quiet(person: User, client: AuroraX) -> int:
    """Tell one person of theirs, each once for each time that it goes quiet; answers how many are quiet now. Everybody may
    read what AuroraX holds, so it takes no sign-in. Raises `errors.AuroraXError`.
    """
    shown = overview_of(by=person, client=client, with_counts=True)
    if shown.trouble is not None:
        raise shown.trouble
    silent = shown.coverage.silent if shown.coverage else []
    for held, quiet in silent:
        source, kind = held.source, held.kind
        tell(
            person=person,
            topic=Topic.QUIET,
            subject=f"{source.display_name} has gone quiet",
            message=f"No {kind.nouns} after {quiet.last} (UTC), for {quiet.days} days.",
            path=kind.url("availability", source.identifier),
            about=f"quiet {source.identifier} {kind.slug} {quiet.last}",
            thing=f"source {source.identifier}",
        )
    return len(silent)


def people() -> list[User]:
    """Those who were here of late, by an address that AuroraX has proved."""
    here = User.objects.filter(is_active=True, last_login__gte=timezone.now() - STILL_HERE)
    return [person for person in here if person.email_is_proved]
