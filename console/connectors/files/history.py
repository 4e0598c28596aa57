"""The states that the rows of a file told, kept in a temporary file so that memory does not grow with the rows."""

from __future__ import annotations

import struct
import tempfile
from typing import NamedTuple

BLOCK = 16_384
"""Records kept in memory before they are written out."""


class State(NamedTuple):
    """A ticket as one row told it.

    ``at`` is the row's own time, ``created_at`` the ticket's (0: the log does not say), ``previous`` the place of the
    row of the same ticket before this one in the file (-1: none), ``ordinal`` its number within the ticket. ``told``
    has a bit for every attribute that an event was made of. ``disordered``: this row or one before it stands in the
    file after a row with a later time. ``values`` are codes or numbers of names, in the order of the mapping.
    """

    at: int
    digest: int
    created_at: int
    previous: int
    ordinal: int
    told: int
    disordered: bool
    values: tuple[int, ...]


class History:
    """An append-only list of states; one can be replaced."""

    def __init__(self, attributes: int) -> None:
        self._form = struct.Struct(f"<qqqiiH?{attributes}i")
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._tail = bytearray()
        self._written = 0
        self._count = 0

    def append(self, state: State) -> int:
        """Keep a state and return its place."""
        self._tail += self._packed(state)
        self._count += 1
        if len(self._tail) >= BLOCK * self._form.size:
            self._file.seek(0, 2)
            self._file.write(self._tail)
            self._written = self._count
            self._tail.clear()
        return self._count - 1

    def __getitem__(self, place: int) -> State:
        size = self._form.size
        if place >= self._written:
            fields = self._form.unpack_from(self._tail, (place - self._written) * size)
        else:
            self._file.seek(place * size)
            fields = self._form.unpack(self._file.read(size))
        at, digest, created_at, previous, ordinal, told, disordered = fields[:7]
        return State(at, digest, created_at, previous, ordinal, told, disordered, fields[7:])

    def replace(self, place: int, state: State) -> None:
        """Put another state in a place."""
        size = self._form.size
        if place >= self._written:
            start = (place - self._written) * size
            self._tail[start : start + size] = self._packed(state)
        else:
            self._file.seek(place * size)
            self._file.write(self._packed(state))

    def close(self) -> None:
        """Give the temporary file back."""
        self._file.close()

    def _packed(self, state: State) -> bytes:
        return self._form.pack(*state[:7], *state.values)
