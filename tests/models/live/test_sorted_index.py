"""The index stays the sorted list of what was put in, through changes, merges and late adoption."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.models.live import sorted_index
from console.models.live.sorted_index import SLOT_BITS, SLOT_MASK, SortedIndex, entries


class LaterExecutor(Executor):
    """Runs nothing until told to: a merge that takes its time."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Any], Any, Any]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, fn, args))
        return future

    def run(self) -> None:
        for future, fn, args in self.waiting:
            future.set_result(fn(*args))
        self.waiting.clear()


steps = st.lists(
    st.tuples(st.sampled_from(["put", "put", "drop", "maintain", "finish"]), st.integers(0, 50), st.integers(0, 30)),
    max_size=60,
)


@given(steps, st.lists(st.integers(0, 50), max_size=40), st.integers(0, 90), st.integers(0, 20))
def test_it_equals_a_sorted_list(steps: list[tuple[str, int, int]], first: list[int], start: int, count: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorted_index, "_MERGE_AT", 5)
        model = dict(enumerate(first, start=100))
        index = SortedIndex(np.sort(_entries(model)))
        executor = LaterExecutor()
        for what, key, slot in steps:
            if what == "maintain":
                index.maintain(executor)
            elif what == "finish":
                executor.run()
                index.maintain(executor)
            else:
                old = _entries({slot: model.pop(slot)} if slot in model else {})
                if what == "put":
                    model[slot] = key
                index.change(old, _entries({slot: key} if what == "put" else {}))
        wanted = np.sort(_entries(model))
        assert len(index) == wanted.size
        assert index.all().tolist() == wanted.tolist()
        assert index.window(start, count).tolist() == (wanted & SLOT_MASK)[start : start + count].tolist()
        some = np.arange(0, wanted.size, 3)
        assert index.at(some).tolist() == (wanted & SLOT_MASK)[some].tolist()
        for key in (0, 7, 25, 50):
            assert index.rank(key << SLOT_BITS) == int((wanted < key << SLOT_BITS).sum())
            between = wanted[(wanted >> SLOT_BITS >= key) & (wanted >> SLOT_BITS < key + 9)]
            assert index.slots_between(key, key + 9).tolist() == (between & SLOT_MASK).tolist()


def _entries(model: dict[int, int]) -> np.ndarray[Any, np.dtype[np.int64]]:
    slots = np.array(list(model), dtype=np.int64)
    return entries(np.array(list(model.values()), dtype=np.int64), slots)


def test_many_changes_in_one_call() -> None:
    keys = np.arange(10_000) * 3
    slots = np.arange(10_000)
    index = SortedIndex(np.sort(entries(keys, slots)))
    chosen = np.arange(0, 10_000, 7)
    index.change(entries(keys[chosen], slots[chosen]), entries(keys[chosen] + 1, slots[chosen]))
    keys[chosen] += 1
    assert index.window(0, 10_000).tolist() == (np.sort(entries(keys, slots)) & SLOT_MASK).tolist()
