"""Where events wait while the database cannot take them: an append-only file, fsync'd at every record.

A record is ``length (4 bytes) + CRC-32 (4 bytes) + payload (JSON, UTF-8)``. A tail torn by a crash was never
acknowledged: it is cut off when the file is opened.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from console.models.store.encoding import Encoded, as_rows

_HEADER = struct.Struct(">II")
_MAGIC = b"console spool 1\n"
_LISTS = ("parameters", "tickets", "names", "bodies", "sources")


class Spool:
    """The file; one thread uses it at a time."""

    def __init__(self, path: Path) -> None:
        """Open and cut a torn tail off; raises OSError. The file itself is made when it is first needed."""
        self.path = path
        self._descriptor: int | None = None
        self._end = 0
        if path.exists():
            self._open()

    @property
    def empty(self) -> bool:
        """Whether nothing waits."""
        return self._end <= len(_MAGIC)

    def append(self, encoded: Encoded) -> None:
        """Add a record and fsync it; on an OSError the file is as before."""
        payload = json.dumps(
            {name: getattr(encoded, name) for name in (*_LISTS, "last_seq")},
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode()
        descriptor = self._open()
        record = _HEADER.pack(len(payload), zlib.crc32(payload)) + payload
        try:
            _write_all(descriptor, record, self._end)
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, self._end)
            raise
        self._end += len(record)

    def records(self) -> Iterator[Encoded]:
        """What waits, in the order it came."""
        if self._descriptor is None:
            return
        position = len(_MAGIC)
        while position < self._end:
            payload = _record(self._descriptor, position)
            if payload is None:
                return
            yield _decoded(payload)
            position += _HEADER.size + len(payload)

    def clear(self) -> None:
        """Forget everything, after the database took it."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, len(_MAGIC))
            os.fsync(self._descriptor)
            self._end = len(_MAGIC)

    def close(self) -> None:
        """Close, and remove the file when nothing waits in it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
            if self.empty:
                self.path.unlink(missing_ok=True)

    def _open(self) -> int:
        if self._descriptor is None:
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
            descriptor = os.open(self.path, flags, 0o600)
            try:
                self._end = _sound_end(descriptor)
                if self._end == 0:
                    _write_all(descriptor, _MAGIC, 0)
                    self._end = len(_MAGIC)
                    _sync_folder(self.path.parent)
                os.ftruncate(descriptor, self._end)
            except OSError:
                os.close(descriptor)
                raise
            self._descriptor = descriptor
        return self._descriptor


def _sound_end(descriptor: int) -> int:
    """Where the last whole record ends; 0 when the file does not even begin right."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    if os.read(descriptor, len(_MAGIC)) != _MAGIC:
        return 0
    position = len(_MAGIC)
    while (payload := _record(descriptor, position)) is not None:
        position += _HEADER.size + len(payload)
    return position


def _record(descriptor: int, position: int) -> bytes | None:
    os.lseek(descriptor, position, os.SEEK_SET)
    header = os.read(descriptor, _HEADER.size)
    if len(header) < _HEADER.size:
        return None
    length, checksum = _HEADER.unpack(header)
    payload = b""
    while len(payload) < length:
        part = os.read(descriptor, length - len(payload))
        if not part:
            return None
        payload += part
    return payload if zlib.crc32(payload) == checksum else None


def _decoded(payload: bytes) -> Encoded:
    values = json.loads(payload)
    for name in _LISTS:
        values[name] = [tuple(row) for row in values[name]]
    return Encoded(**values, rows=as_rows(values["parameters"]))


def _write_all(descriptor: int, data: bytes, position: int) -> None:
    os.lseek(descriptor, position, os.SEEK_SET)
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _sync_folder(folder: Path) -> None:
    """Make the file's name durable too; Windows has no such call and needs none."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
