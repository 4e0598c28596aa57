"""One process writes: a lock on a file beside the database, held while the process lives and freed with it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Self

from console.errors import SetupError
from console.i18n import _

if sys.platform == "win32":
    import msvcrt

    # Windows locks bytes, not files: one far behind the text, so that others can still read the pid.
    _LOCKED_BYTE = 1 << 30

    def _try_lock(descriptor: int) -> None:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Locked(SetupError):
    """Another process writes to this database; ``pid`` is its number, 0 where it could not be read."""

    def __init__(self, path: Path, pid: int) -> None:
        self.path = path
        self.pid = pid
        super().__init__(
            _("{directory} is in use by another console (process {pid}).").format(
                directory=path.parent, pid=pid or "?"
            ),
            _("Close it, or use another --data-dir."),
        )


class FileLock:
    """The right to write. Freed by `release`, by the end of the process, or at the end of a ``with`` block."""

    def __init__(self, path: Path) -> None:
        """Take the lock at once or raise `Locked`; the folder must exist."""
        self.path = path
        self._descriptor: int | None = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            _try_lock(self._descriptor)
        except OSError:
            os.close(self._descriptor)
            self._descriptor = None
            raise Locked(path, holder(path)) from None
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, f"{os.getpid()}\n".encode())

    def release(self) -> None:
        """Let others write; harmless when it was done before."""
        if self._descriptor is not None:
            # The file stays: removing it would let two processes lock two files of one name.
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.release()


def holder(path: Path) -> int:
    """The pid written in a lock file, 0 when there is none."""
    try:
        return int(path.read_text(encoding="ascii").strip() or 0)
    except (OSError, ValueError):
        return 0
