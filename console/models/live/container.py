"""One file of named arrays with a few facts: written all or nothing, checked when read.

The start-up snapshot, the deltas of the history and the boards that a worker process hands over are such files. A file
is written beside its place, forced to the disk and renamed, so that a crash leaves the old one or the new one.
"""

from __future__ import annotations

import json
import mmap
import os
import sys
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
PART = ".part"
"""What the name of a file ends with while it is written."""

_MAGIC = b"SVCONS\x1a\n"
_PREFIX = 16
_ALIGN = 64


class Damaged(Exception):
    """The file is not what was written, or was written by another version; the message says in what way."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds. The arrays can be written to; the file does not change with them."""

    facts: Mapping[str, Any]
    arrays: Mapping[str, Array]


@dataclass(frozen=True, slots=True)
class _Section:
    name: str
    dtype: str
    shape: list[int]
    offset: int
    length: int
    crc: int | None


def write(
    path: Path, form: str, facts: Mapping[str, Any], arrays: Mapping[str, Array], *, durable: bool = True
) -> None:
    """Write a file of the given form (a word with a version, such as ``board 1``) in place of an older one.

    Without ``durable`` it is neither checked nor forced to the disk: for files that another process reads at once.
    Raises OSError when it cannot be written; the older file is then left as it was.
    """
    arrays = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    sections = []
    offset = 0
    for name, array in arrays.items():
        crc = zlib.crc32(_bytes(array)) if durable else None
        sections.append([name, array.dtype.str, list(array.shape), offset, array.nbytes, crc])
        offset += -(-array.nbytes // _ALIGN) * _ALIGN
    header = json.dumps(
        {"form": form, "order": sys.byteorder, "facts": dict(facts), "sections": sections}, separators=(",", ":")
    ).encode()
    with _replacing(path, durable=durable) as file:
        file.write(_MAGIC + len(header).to_bytes(4, "little") + zlib.crc32(header).to_bytes(4, "little") + header)
        for array in arrays.values():
            file.write(bytes(-file.tell() % _ALIGN))
            file.write(_bytes(array))


def facts(path: Path, form: str) -> Mapping[str, Any]:
    """Only the facts; raises `Damaged`, or OSError when the file cannot be read at all."""
    with path.open("rb") as file:
        return _header(file, form)[0]


def read(path: Path, form: str) -> Contents:
    """Read a whole file into memory; raises `Damaged`, or OSError when it cannot be read at all."""
    with path.open("rb") as file:
        told, sections, start = _header(file, form)
        arrays = {}
        for section in sections:
            array = np.empty(section.shape, dtype=section.dtype)
            file.seek(start + section.offset)
            if array.nbytes != section.length or file.readinto(_bytes(array)) != section.length:
                raise Damaged(f"{section.name} is cut off")
            _check(section, array)
            arrays[section.name] = array
    return Contents(told, arrays)


def attach(path: Path, form: str, *, check: bool = True) -> Contents:
    """Map a file into memory without reading it; what is written to the arrays stays in this process.

    Raises `Damaged`, or OSError when it cannot be read at all.
    """
    with path.open("rb") as file:
        told, sections, start = _header(file, form)
        view = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))
    arrays = {}
    for section in sections:
        first = start + section.offset
        if first + section.length > view.nbytes:
            raise Damaged(f"{section.name} is cut off")
        array = np.frombuffer(view[first : first + section.length], dtype=section.dtype).reshape(section.shape)
        if check:
            _check(section, array)
        arrays[section.name] = array
    return Contents(told, arrays)


@contextmanager
def _replacing(path: Path, *, durable: bool) -> Iterator[BinaryIO]:
    part = path.with_name(path.name + PART)
    try:
        with part.open("wb") as file:
            yield file
            if durable:
                file.flush()
                os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system can."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _header(file: BinaryIO, form: str) -> tuple[Mapping[str, Any], list[_Section], int]:
    prefix = file.read(_PREFIX)
    if len(prefix) < _PREFIX or prefix[:8] != _MAGIC:
        raise Damaged("it is not a file of this program")
    length = int.from_bytes(prefix[8:12], "little")
    header = file.read(length)
    if len(header) < length or zlib.crc32(header) != int.from_bytes(prefix[12:16], "little"):
        raise Damaged("its beginning is damaged")
    told = json.loads(header)
    if told["form"] != form or told["order"] != sys.byteorder:
        raise Damaged(f"it has the form {told['form']!r} ({told['order']}), not {form!r}")
    start = -(-(_PREFIX + length) // _ALIGN) * _ALIGN
    return told["facts"], [_Section(*section) for section in told["sections"]], start


def _check(section: _Section, array: Array) -> None:
    if section.crc is not None and zlib.crc32(_bytes(array)) != section.crc:
        raise Damaged(f"{section.name} is damaged")


def _bytes(array: Array) -> memoryview:
    return array.reshape(-1).view(np.uint8).data
