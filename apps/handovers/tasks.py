"""Background work on hand-overs. A task is only a wake-up call: running it twice, late or never is harmless."""

from uuid import UUID

from django_tasks import task

from apps.handovers.models import Handover, HandoverState
from apps.handovers.steps import RUNNER, end
from apps.jobs.leases import holding


@task
def hand_over(pk: str) -> None:
    """Hand over until all is done or a person is needed, unless another worker is at it."""
    handover = Handover.objects.select_related("user").filter(pk=UUID(pk)).first()
    if handover is None:
        return
    with holding(handover) as lease:
        if lease is None:
            return
        RUNNER.run(handover, lease)
        if handover.state == HandoverState.CANCELLED:
            end(handover, HandoverState.CANCELLED)
