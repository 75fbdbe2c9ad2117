"""Background work on deletions. A task is only a wake-up call: running it twice, late or never is harmless."""

from uuid import UUID

from django_tasks import task

from apps.deletions.models import Deletion
from apps.deletions.steps import RUNNER
from apps.jobs.leases import run_leased


@task
def carry_out(pk: str) -> None:
    """Work on a deletion until it needs a person, has to wait or is over, unless another worker is at it."""
    run_leased(Deletion.objects.filter(pk=UUID(pk)).first(), RUNNER.run)
