"""Background work on deletions. A task is only a wake-up call: running it twice, late or never is harmless."""

from uuid import UUID

from django_tasks import task

from apps.deletions.models import Deletion
from apps.deletions.steps import RUNNER
from apps.jobs.leases import holding


@task
def carry_out(pk: str) -> None:
    """Work on a deletion until it needs a person, has to wait or is over, unless another worker is at it."""
    deletion = Deletion.objects.filter(pk=UUID(pk)).first()
    if deletion is None:
        return
    with holding(deletion) as lease:
        if lease is not None:
            RUNNER.run(deletion, lease)
