"""Background work on uploads. A task is only a wake-up call with an upload's id: running it twice, late or never is
harmless, because states, leases and the ledger say what there is to do.
"""

import logging
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django_tasks import task

from apps.aurorax import AuroraX, DataSource, errors
from apps.jobs.leases import Lease, LeaseLost, holding
from apps.jobs.log_context import UPLOAD, about
from apps.jobs.models import WrongTransition
from apps.jobs.recovery import wake
from apps.ui import storage
from apps.uploads import turns
from apps.uploads.models import Upload
from apps.uploads.states import NEEDS_SIGN_IN, READS, State
from apps.uploads.steps import read, recheck, runner

logger = logging.getLogger(__name__)
READ_AGAIN_AFTER = timedelta(minutes=1)


@task
def work_on(upload_id: str) -> None:
    """Do what there is to do for this upload, unless another worker is at it."""
    upload = Upload.objects.select_related("owner").filter(pk=UUID(upload_id)).first()
    if upload is None:
        return
    with about(UPLOAD, upload_id), holding(upload) as lease:
        if lease is None:
            return
        has_turn = turns.has_turn(upload)
        if has_turn:
            _work(upload, lease)
    if following := turns.next_of(upload) if has_turn else turns.again(upload):
        wake(following)


def _work(upload: Upload, lease: Lease[Upload]) -> None:
    if upload.state in READS:
        _read(upload, lease)
    if upload.state in NEEDS_SIGN_IN:
        runner.run(upload, lease)


@task
def check_again(upload_id: str) -> None:
    """Read back once more what was sent, unless a worker is at the upload for something else."""
    upload = Upload.objects.select_related("owner").filter(pk=UUID(upload_id)).first()
    if upload is None:
        return
    with about(UPLOAD, upload_id), holding(upload) as lease:
        if lease is not None and upload.state == State.DONE:
            recheck.run(upload, lease)


def read_now(upload: Upload, source: DataSource) -> None:
    """Read a file without waiting for a worker, who then compares it; or reads it, where that takes long."""
    with about(UPLOAD, str(upload.pk)), holding(upload) as lease:
        is_left = lease is not None and not read.run(upload, source, lease, in_request=True)
    if is_left or upload.state == State.COMPARING:
        wake(upload)


def _read(upload: Upload, lease: Lease[Upload]) -> None:
    """Read the file by the schema the data source has now: everybody may read that, so no credential is needed."""
    try:
        source = AuroraX(base_url=upload.api_url).sources.get(upload.source_identifier)
        read.run(upload, source, lease)
    except errors.TryAgain:
        logger.warning("AuroraX does not answer; upload %s is read later", upload.pk)
    except errors.Refused as refusal:
        read.reject(upload, refusal.message)
    except (LeaseLost, WrongTransition):
        logger.info("Another worker has upload %s", upload.pk)
    except Exception as error:
        if not storage.is_away(error):
            read.reject(upload, read.FAULT)
            raise
        logger.warning("Files cannot be kept; upload %s is read later", upload.pk, exc_info=True)
        with suppress(OSError):
            read.forget(upload)  # half of it would only take room
        upload.update_fields(attempts=0, message=storage.WAITS, retry_at=timezone.now() + READ_AGAIN_AFTER)
