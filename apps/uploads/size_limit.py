"""Refusing a file that is too large while it arrives, before any of it is kept."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from apps.uploads.receiving import MEGABYTE, largest_file


class SizeLimit(FileUploadHandler):
    """First of `settings.FILE_UPLOAD_HANDLERS`: skips the files of a request that is larger than any file may be. The
    form then says why (`is_too_large`).
    """

    too_large = False

    def handle_raw_input(self, *request: Any, **more: Any) -> None:
        """Called once, before anything is read: with the stream, the headers, and the length of the whole request."""
        self.too_large = request[2] > largest_file() + MEGABYTE

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Skip it, or let the other handlers have it."""
        super().new_file(*args, **kwargs)
        if self.too_large:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass it on."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Not ours: another handler makes the file."""


def is_too_large(request: HttpRequest) -> bool:
    """Whether `SizeLimit` has skipped the files of this request."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > largest_file() + MEGABYTE
