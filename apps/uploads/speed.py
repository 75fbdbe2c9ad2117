"""How far an upload has come, how fast, and for how long still."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from apps.uploads import messages
from apps.uploads.models import Upload
from apps.uploads.states import RUNNING, State


@dataclass(frozen=True)
class Speed:
    """The measures of one upload."""

    upload: Upload

    @property
    def bar(self) -> tuple[int, int] | None:
        """How much of how much is done, in records; None where there is nothing to measure."""
        upload = self.upload
        if upload.state == State.COMPARING or (upload.state == State.SENDING and not upload.snapshot):
            return upload.compared, max(upload.valid, 1)
        if upload.state == State.VERIFYING:
            return upload.verified, max(upload.sent, 1)
        if upload.snapshot and upload.state in (State.SENDING, State.PAUSED):
            return upload.sent + upload.refused, max(upload.to_send, 1)
        return None

    @property
    def percent(self) -> int:
        """The bar in whole percent."""
        return 100 * self.bar[0] // self.bar[1] if self.bar else 0

    @property
    def tab_title(self) -> str:
        """What the browser's tab says: how far it is, and in the end how it came out."""
        is_moving = self.bar is not None and self.upload.state in RUNNING
        words = f"{self.percent}%" if is_moving else f"{messages.title(self.upload)} ·"
        return f"{words} {self.upload.name}"

    @property
    def rate(self) -> int:
        """Records a second since sending began or went on; 0 before there is anything to measure."""
        since: datetime | None = self.upload.pace_since
        if since is None or self.upload.state != State.SENDING:
            return 0
        sent = self.upload.sent - self.upload.pace_from
        return round(sent / max((timezone.now() - since).total_seconds(), 0.1))

    @property
    def seconds_left(self) -> int | None:
        """How long sending will take at that rate."""
        return (self.upload.to_send - self.upload.sent) // self.rate if self.rate else None

    @property
    def pace(self) -> str:
        """How much is being sent at once, in words; empty while nothing is."""
        connections, records = self.upload.pace_connections, self.upload.pace_records
        if self.upload.state != State.SENDING or not self.rate:
            return ""
        if connections == 1:
            return f"1 connection, {records:,} records a request"
        return f"{connections:,} connections, {records:,} records each"
