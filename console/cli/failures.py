"""How a run ends: exit codes, one message per known failure, and the crash log for what nobody expected."""

from __future__ import annotations

import errno
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from console import __version__, paths
from console.clock import SystemClock, moment
from console.errors import KnownError, SetupError
from console.i18n import N_, _

EXIT_CODES = N_(
    "exit codes: 0 done, 1 the data says no, 2 wrong usage, 3 the machine does not allow it, 130 interrupted"
)

CRASHED = 3
INTERRUPTED = 128 + signal.SIGINT
CRASH_LOG = "crash.log"


def guarded(work: Callable[[], int], *, debug: bool = False) -> int:
    """Do the work and return its exit code; every failure becomes one message on standard error and a code."""
    try:
        exit_code = work()
        sys.stdout.flush()
        return exit_code
    except KnownError as error:
        say(_("Error: {what}").format(what=error.what), error.remedy)
        return error.exit_code
    except KeyboardInterrupt:
        say(_("Interrupted."))
        return INTERRUPTED
    except BrokenPipeError:
        return _reader_went_away()
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else 0
    except Exception as error:  # noqa: BLE001 - the last place that can still say something sensible
        known = _known_trouble(error)
        if known is None:
            return _crashed(error, debug=debug)
        if debug:
            say("".join(traceback.format_exception(error)))
        say(_("Error: {what}").format(what=known.what), known.remedy)
        return known.exit_code


def _known_trouble(error: Exception) -> KnownError | None:
    """What a database that broke under our hands is to the user, and a disk without room; None for our mistakes."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
        return SetupError(
            _("There is no room on the disk: {error}.").format(error=error), _("Make room and start the command again.")
        )
    if "sqlite3" not in sys.modules:
        return None
    from console.models.store.trouble import told

    return told(error)


def say(*sentences: str) -> None:
    """Write sentences to standard error, one line each; empty ones are left out."""
    for sentence in sentences:
        if sentence:
            sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


def _reader_went_away() -> int:
    """Whoever read our output has enough (``… | head``): leave quietly, as other tools do."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _crashed(error: Exception, *, debug: bool) -> int:
    text = "".join(traceback.format_exception(error))
    say(_("The console met an unexpected error: {kind}: {error}").format(kind=type(error).__name__, error=error))
    if debug:
        say(text)
    try:
        path = write_crash(text)
    except OSError as failure:
        say(_("The crash log could not be written: {error}").format(error=failure))
    else:
        say(_("Details are in {path}. Please send that file with your report.").format(path=path))
    return CRASHED


def write_crash(text: str) -> Path:
    """Append a traceback with time and version to the crash log and return its path; raises OSError."""
    path = paths.state_dir() / CRASH_LOG
    path.parent.mkdir(parents=True, exist_ok=True)
    # The machine's clock on purpose: this is when it happened here, whatever clock a demo or a drill runs on.
    now = moment(SystemClock().now()).isoformat(timespec="seconds")
    with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
        log.write(f"--- {now} supervisor-console {__version__} python {sys.version.split()[0]}\n{text}\n")
    return path
