"""What SQLite complains of, as a message with the remedy that fits the cause."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from console.errors import SetupError
from console.i18n import _

_CAUSES = {
    "damaged": (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB),
    "room": (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR),
    "permission": (sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_AUTH),
    "busy": (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED),
}
_UNDECODABLE = "Could not decode to UTF-8"
"""The driver says this without a code, of text that is no longer what was written."""


def told(error: BaseException, file: Path | None = None) -> SetupError | None:
    """The failure as the user should hear it; None when it is not the database file's or the machine's fault."""
    complaint = _complaint(error)
    if complaint is None:
        return None
    cause = _cause(complaint)
    return None if not cause else _message(complaint, cause, file)


def told_opening(error: BaseException, file: Path) -> SetupError:
    """The same for a file that does not open: then whatever SQLite says is the file's fault."""
    complaint = _complaint(error)
    return _message(complaint or error, "damaged" if complaint is None else _cause(complaint) or "damaged", file)


@contextmanager
def telling(file: Path) -> Iterator[None]:
    """What goes wrong inside with the database file is raised as the user should hear it."""
    try:
        yield
    except Exception as error:
        complaint = told(error, file)
        if complaint is None:
            raise
        raise complaint from error


def _complaint(error: BaseException | None) -> sqlite3.Error | None:
    """SQLite's own exception behind those that carry it."""
    while error is not None and not isinstance(error, sqlite3.Error):
        error = error.__cause__
    return error


def _cause(complaint: sqlite3.Error) -> str:
    if str(complaint).startswith(_UNDECODABLE):
        return "damaged"
    code = getattr(complaint, "sqlite_errorcode", 0) & 0xFF
    return next((cause for cause, codes in _CAUSES.items() if code in codes), "")


def _message(complaint: BaseException, cause: str, file: Path | None) -> SetupError:
    remedy = {
        "damaged": _("Restore it from a backup; the doctor command examines it."),
        "room": _("Make room on its disk and see that the disk is sound."),
        "permission": _("Check the permissions of the file and its folder, or choose another --data-dir."),
        "busy": _("Close other programs that use it."),
    }[cause]
    if file is None:
        return SetupError(_("The database cannot be used: {reason}.").format(reason=complaint), remedy)
    return SetupError(_("{file} cannot be used: {reason}.").format(file=file, reason=complaint), remedy)
