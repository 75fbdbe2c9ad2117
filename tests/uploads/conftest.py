"""Files are uploaded here, and nothing waits."""

from tests.support.tokens import make_token, program  # noqa: F401
from tests.support.uploads import _no_waiting, source, upload_file  # noqa: F401
