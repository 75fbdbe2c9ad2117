"""Any table of records from file to AuroraX."""

import os

# Polars brings an allocator of its own (jemalloc), which reads this when it is loaded: with one arena, and freed memory
# given back after a second, reading five million rows takes hardly more memory than a hundred thousand.
os.environ.setdefault("_RJEM_MALLOC_CONF", "narenas:1,dirty_decay_ms:1000,muzzy_decay_ms:0")
