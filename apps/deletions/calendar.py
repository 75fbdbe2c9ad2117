"""What a deletion will take, day by day."""

from apps.availability.calendar import by_day
from apps.charts.calendars import Change
from apps.deletions.models import Deletion


def loss_of(deletion: Deletion) -> Change:
    """What a deletion will take, as it was last looked at."""
    return Change(lost=by_day(deletion.survey["days"]))
