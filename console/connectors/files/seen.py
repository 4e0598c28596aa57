"""How often the content of a row was seen before in the same file, in eight bytes a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RECENT = 65_536


class Seen:
    """Counts 64-bit digests. Those seen lately are in a dictionary, older ones in sorted arrays of doubling size."""

    def __init__(self) -> None:
        self._recent: set[int] = set()
        self._runs: list[NDArray[np.int64]] = []
        self._again: Counter[int] = Counter()
        """Digests that were seen more than once, and how often more."""

    def occurrences(self, digests: Sequence[int]) -> list[int]:
        """For each digest (signed 64-bit), how often it had been seen before; counts it."""
        known = self._in_runs(digests)
        counts = []
        for digest, old in zip(digests, known, strict=True):
            if old or digest in self._recent:
                self._again[digest] += 1
                counts.append(self._again[digest])
            else:
                self._recent.add(digest)
                counts.append(0)
        if len(self._recent) >= RECENT:
            self._settle()
        return counts

    def _in_runs(self, digests: Sequence[int]) -> list[bool]:
        if not self._runs:
            return [False] * len(digests)
        wanted = np.array(digests, dtype=np.int64)
        found = np.zeros(wanted.size, dtype=bool)
        for run in self._runs:
            places = np.searchsorted(run, wanted)
            places[places == run.size] = 0
            found |= run[places] == wanted
        return list(found.tolist())

    def _settle(self) -> None:
        run = np.fromiter(self._recent, dtype=np.int64, count=len(self._recent))
        self._recent.clear()
        while self._runs and self._runs[-1].size <= run.size:
            run = np.concatenate((self._runs.pop(), run))
        run.sort()
        self._runs.append(run)
