"""Whether an identifier still means the data source that it meant: AuroraX gives that of a deleted one to the next."""

from datetime import datetime

from apps.activity.models import Event
from apps.aurorax import DataSource, ListedSource
from apps.permissions import Action

ANOTHER = "The data source that this was written to was deleted, and {name} has its identifier now. Bring that one back first."


def is_another_source(source: DataSource | ListedSource, since: datetime) -> bool:
    """Whether the one that had the identifier then was deleted here since, and this is not the same one brought back."""
    deletions = Event.objects.about_source(source.identifier).filter(
        action=Action.SOURCE_DELETE, outcome=Event.Outcome.DONE, at__gte=since
    )
    deleted = deletions.order_by("at").first()
    if deleted is None or not deleted.before:
        return False
    return any(deleted.before.get(name) != value for name, value in source.key.items())
