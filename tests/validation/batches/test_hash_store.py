"""What a store of hashes remembers, in memory and on disk."""

import random
import tracemalloc
from contextlib import closing

import numpy as np
import pytest

from apps.validation.batches.hash_store import BLOCK, HashStore


def as_hashes(numbers: list[int]) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
    return np.array(numbers, dtype=np.uint64)


@pytest.mark.parametrize("in_memory", [1, 700, 5 * BLOCK, 10**9])
def test_every_hash_is_known_from_the_second_time_on_wherever_it_is_kept(in_memory: int) -> None:
    generator = random.Random(7)
    numbers = [generator.randrange(6_000) * 3_074_457_345_618_258 for _ in range(12_000)]
    numbers += [0, 2**64 - 1, 0, 2**64 - 1]
    told, seen, expected = list[bool](), set[int](), list[bool]()
    with closing(HashStore(in_memory)) as store:
        for start in range(0, len(numbers), 500):
            part = numbers[start : start + 500]
            told += store.take(as_hashes(part)).tolist()
            expected += [number in seen for number in part]
            seen.update(part)
    assert told == expected


def test_two_million_hashes_take_half_the_memory_of_an_array() -> None:
    generator = np.random.default_rng(7)
    tracemalloc.start()
    with closing(HashStore(in_memory=100_000)) as store:
        for _ in range(100):
            assert not store.take(generator.integers(0, 2**64, 20_000, dtype=np.uint64)).any()
        held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 8_000_000
