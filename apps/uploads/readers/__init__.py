"""Readers: from the bytes of a file to blocks of rows. Which one reads is decided by content, never by the file's name."""

from apps.uploads.readers.detection import look_at, open_table
from apps.uploads.readers.dialect import Dialect
from apps.uploads.readers.table import Layout, Table

__all__ = ["Dialect", "Layout", "Table", "look_at", "open_table"]
