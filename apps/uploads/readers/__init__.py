"""Readers: from the bytes of a file to numbered rows. Which one reads is decided by content, never by the file's name."""

from apps.uploads.readers.detection import look_at, open_table
from apps.uploads.readers.table import Table

__all__ = ["Table", "look_at", "open_table"]
