"""Who asked for something waits for what became of it, so that a refusal of the source reaches the person who asked."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from console.models.domain.command_ports import CommandReader
from console.models.domain.commands import Ordered


class Answers:
    """`heard` is called by the dispatcher; `wait` blocks a worker."""

    def __init__(self, reader: CommandReader) -> None:
        self._reader = reader
        self._changed = threading.Condition()
        self._count = 0

    def heard(self, _ordered: Ordered) -> None:
        """A command came to an end."""
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def wait(self, made: Sequence[Ordered], seconds: float) -> list[Ordered]:
        """These commands as they stand once all of them came to an end, or after so long."""
        ids, now, seen = [ordered.id for ordered in made], list(made), -1

        def all_settled() -> bool:
            nonlocal seen, now
            if seen != self._count:
                seen = self._count
                now = self._reader.ordered(ids)
            return not any(ordered.pending for ordered in now)

        with self._changed:
            self._changed.wait_for(all_settled, seconds)
        return now
