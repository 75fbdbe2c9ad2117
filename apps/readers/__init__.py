"""Readers: from the bytes of a file to batches of rows. Which one reads is decided by content, never by the file's name."""

from apps.readers.detection import look_at
from apps.readers.dialect import Dialect
from apps.readers.joined_times import open_table
from apps.readers.table import Layout, Table

__all__ = ["Dialect", "Layout", "Table", "look_at", "open_table"]
