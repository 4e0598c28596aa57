from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.models.domain.events import ROW
from console.models.store.segments import Damaged, pack, unpack, unpack_times

INT64 = st.integers(-(2**63), 2**63 - 1)


def rows_of(values: list[int], seed: int) -> np.ndarray:
    """Rows with these values in every 64-bit column and anything in the others."""
    rows = np.zeros(len(values), ROW)
    chance = np.random.default_rng(seed)
    for name in ROW.names:
        if ROW[name].itemsize == 8:
            rows[name] = chance.permutation(np.array(values, np.int64))
        else:
            rows[name] = chance.integers(0, np.iinfo(ROW[name]).max, len(values), endpoint=True)
    return rows


@given(st.lists(INT64, max_size=50), st.integers(0, 9))
def test_a_segment_gives_back_exactly_what_was_packed(values: list[int], seed: int) -> None:
    rows = rows_of(values, seed)
    assert np.array_equal(unpack(pack(rows)), rows)
    assert np.array_equal(unpack_times(pack(rows)), rows["at"])


@given(st.lists(INT64, min_size=1, max_size=50), st.integers(0, 10_000), st.integers(0, 9))
def test_a_cut_segment_is_noticed(values: list[int], cut: int, seed: int) -> None:
    data = pack(rows_of(values, seed))
    with pytest.raises(Damaged):
        unpack(data[: cut % len(data)])


def test_a_segment_of_ordinary_events_is_small() -> None:
    rows = np.zeros(60_000, ROW)
    rows["seq"] = np.arange(60_000)
    rows["at"] = 1_772_445_600_000_000 + np.arange(60_000) * 40_000
    rows["subject"] = np.arange(60_000) // 5
    assert len(pack(rows)) < rows.nbytes / 40
