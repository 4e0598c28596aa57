"""Text lines of a stream, with a look ahead and the possibility to put lines back."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO

from console.connectors.files.encodings import ESCAPE

LONGEST_RECORD = 2_000
"""Lines. A quoted cell that goes on for longer is a stray quote."""


class RunawayRecord(Exception):
    """One record took more lines than any sensible one."""


def text_stream(stream: BinaryIO, codec: str) -> io.TextIOWrapper:
    """The text of a byte stream; bytes that do not decode become escapes (`encodings.is_damaged`)."""
    return io.TextIOWrapper(stream, encoding=codec, errors=ESCAPE, newline="")


class Lines:
    """An iterator of lines. ``count`` is the number handed out, ``taken`` those since it was last cleared."""

    def __init__(self, source: Iterable[str]) -> None:
        self._source = iter(source)
        self._waiting: deque[str] = deque()
        self.taken: list[str] = []
        self.count = 0

    def sample(self, size: int) -> list[str]:
        """Up to ``size`` of the next lines, without taking them."""
        self._waiting.extend(islice(self._source, max(0, size - len(self._waiting))))
        return list(islice(self._waiting, size))

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= LONGEST_RECORD:
            raise RunawayRecord
        line = self._waiting.popleft() if self._waiting else next(self._source)
        self.count += 1
        self.taken.append(line)
        return line

    def put_back(self, lines: list[str]) -> None:
        """Hand out these lines again, the first one first."""
        self._waiting.extendleft(reversed(lines))
        self.count -= len(lines)
