"""Where files are kept, when it is full, read-only or away."""

import errno
import sqlite3

NO_ROOM = (
    "The portal cannot keep files just now: its storage is full, read-only or away. Nothing of this was kept. Try again in "
    "a few minutes, or tell whoever runs the portal."
)
WAITS = (
    "The portal cannot keep files just now: its storage is full, read-only or away. This goes on by itself."
)
OUT_OF_ORDER = frozenset({
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM, errno.ENODEV, errno.ESTALE, errno.ENOTCONN,
    errno.EMFILE, errno.ENFILE,
})  # fmt: skip


def is_away(error: BaseException | None) -> bool:
    """Whether this error says that files cannot be kept now. A single file that is not there does not say so."""
    if isinstance(error, sqlite3.OperationalError):  # of a scratch table; Django's own errors are others
        return "full" in str(error) or "disk" in str(error)
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in OUT_OF_ORDER
    return type(error).__module__.startswith("botocore.")  # of an S3-compatible store
