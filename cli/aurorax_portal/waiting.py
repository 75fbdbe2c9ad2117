"""Waiting for an upload, and doing what the command is for when it stands still."""

import time
from typing import Any

from aurorax_portal.client import Client, Refusal
from aurorax_portal.progress import Progress

MOVING = ("working", "waiting", "reading")
STOPPED = ("key-needed", "refused", "fault")  # what an earlier run was stopped by
FIRST_LOOK, LONGEST = 0.2, 5.0  # seconds between two looks
MOST_SENDS = 3  # AuroraX may hold something else by the time it is sent: then it is compared and sent anew
Upload = dict[str, Any]


class Watch:
    """Follows one upload until it stands still, for `seconds` at most."""

    def __init__(self, client: Client, progress: Progress, *, seconds: float) -> None:
        self._client, self._progress = client, progress
        self._until = time.monotonic() + seconds

    def until_still(self, upload: Upload) -> Upload:
        """Until it waits for somebody or is over; it may still be moving when the time is up."""
        pause = FIRST_LOOK
        self._say(upload)
        while upload["outcome"] in MOVING and time.monotonic() + pause < self._until:
            time.sleep(pause)
            pause = min(pause * 1.3, LONGEST)
            upload = self._client.get(f"uploads/{upload['id']}")
            self._say(upload)
        return upload

    def sent(self, upload: Upload, *, only_new: bool, was_there: bool) -> Upload:
        """Sent and read back, or stopped by something that says so."""
        upload = self.until_still(upload)
        if was_there and upload["outcome"] in STOPPED:
            upload = self.until_still(self._act(upload, "resume"))
        for _ in range(MOST_SENDS):
            if upload["outcome"] != "ready":
                break
            upload = self.until_still(self._act(upload, "send", only_new=only_new))
        return upload

    def _act(self, upload: Upload, verb: str, **options: object) -> Upload:
        """Press a button. Where somebody was quicker, the same command in cron perhaps, look what has become of it."""
        try:
            return self._client.post(f"uploads/{upload['id']}/{verb}", options)
        except Refusal as refusal:
            if refusal.slug != "upload":
                raise
            return self._client.get(f"uploads/{upload['id']}")

    def _say(self, upload: Upload) -> None:
        self._progress.step(upload["title"])
        self._progress.at(upload["progress"]["done"], upload["progress"]["total"], "records")
