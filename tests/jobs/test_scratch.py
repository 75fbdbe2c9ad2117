"""A table on disk."""

import tracemalloc

from apps.jobs.scratch import scratch_table


def test_values_are_found_by_their_keys_and_the_last_of_a_key_counts() -> None:
    rows = [("a", b"1"), ("é", b"\x00\xff"), ("a", b"2")]
    with scratch_table(rows) as table:
        assert [table.get(key) for key in ("a", "é", "b")] == [b"2", b"\x00\xff", None]


def test_a_hundred_thousand_are_not_held_in_memory() -> None:
    tracemalloc.start()
    with scratch_table((f"key {n}", b"x" * 100) for n in range(100_000)) as table:
        assert table.get("key 99999")
        _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2_000_000
