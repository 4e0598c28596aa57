"""Work that comes once a second, handed on from frame to frame: together it would be too much for one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

Step = Callable[[], object]


class Relay:
    """Runs of steps that wait for their turn. Whoever keeps the frames takes one step behind a frame's paint."""

    def __init__(self) -> None:
        self._runs: dict[str, deque[Step]] = {}

    def run(self, name: str, steps: Iterable[Step]) -> None:
        """Queue steps; they replace those of the same name that have not been taken yet."""
        self.drop(name)
        waiting = deque(steps)
        if waiting:
            self._runs[name] = waiting

    def drop(self, name: str) -> None:
        """Forget the steps of a name."""
        self._runs.pop(name, None)

    def waits(self, name: str) -> bool:
        """Whether steps of a name have not been taken yet."""
        return name in self._runs

    def step(self) -> bool:
        """Take the next step, the names by turns; returns whether there was one."""
        if not self._runs:
            return False
        name, steps = next(iter(self._runs.items()))
        del self._runs[name]
        step = steps.popleft()
        if steps:
            self._runs[name] = steps
        step()
        return True
