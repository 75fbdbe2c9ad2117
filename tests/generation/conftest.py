"""Files are made and uploaded here, and nothing waits."""

from tests.support.uploads import _no_waiting, source, upload_file  # noqa: F401
