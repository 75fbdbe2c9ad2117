"""A row of a file, or a batch of rows, to records that AuroraX takes, or to findings. No Django here."""

import os

# Polars brings an allocator of its own (jemalloc), which reads this when it is loaded: with one arena, and freed memory
# given back after a second, reading five million rows takes hardly more memory than a hundred thousand.
os.environ.setdefault("_RJEM_MALLOC_CONF", "narenas:1,dirty_decay_ms:1000,muzzy_decay_ms:0")
# Zones such as +05:30, as pyarrow writes them into Parquet, are none that polars knows; it converts them to UTC all the same.
os.environ.setdefault("POLARS_IGNORE_TIMEZONE_PARSE_ERROR", "1")
