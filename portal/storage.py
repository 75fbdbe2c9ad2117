"""Files on a disk of this machine."""

import contextlib
import os
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class LocalFiles(FileSystemStorage):
    """Django's, which leaves half a file where the disk was full; here nothing of it stays."""

    def _save(self, name: str, content: Any) -> str:
        """Keep all of the file or nothing. Nobody else writes by this name: they are made of an upload's or a copy's id."""
        was_there = os.path.lexists(self.path(name))
        try:
            return str(super()._save(name, content))  # type: ignore[misc]
        except OSError:
            if not was_there:
                with contextlib.suppress(OSError):
                    Path(self.path(name)).unlink()
            raise
