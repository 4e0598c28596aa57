"""The checks of ``console doctor``: each looks at one thing and says how it is, and what to do where it is not well."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from enum import IntEnum
from importlib import metadata
from pathlib import Path

from console import __version__, i18n, paths
from console.clock import SystemClock
from console.errors import KnownError
from console.i18n import _
from console.settings import FILE_NAME, Settings
from console.zones import system_zone, written

LIBRARIES = ("PySide6-Essentials", "numpy", "SQLAlchemy", "alembic", "pyqtgraph", "APScheduler", "openpyxl", "tzdata")
PYTHONS = ((3, 11), (3, 15))
LITTLE_SPACE = 1 << 30
MEGABYTE = 1 << 20


class State(IntEnum):
    """How a thing is: well, in need of attention, or so that the console cannot run."""

    OK = 0
    ATTENTION = 1
    BROKEN = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check-up. ``group`` and ``name`` are stable keys, ``value`` and ``remedy`` are for people."""

    group: str
    name: str
    value: str
    state: State = State.OK
    remedy: str = ""


def check_up(data_dir: Path) -> list[Finding]:
    """Look at everything, in the order in which things depend on each other."""
    checks: tuple[Callable[[Path], Iterator[Finding]], ...] = (
        _environment,
        _libraries,
        _folders,
        _settings,
        _policy,
        _time,
        _resources,
        _database,
        _audit,
    )
    return [finding for check in checks for finding in check(data_dir)]


def _environment(_data_dir: Path) -> Iterator[Finding]:
    yield Finding("environment", "console", __version__)
    low, high = PYTHONS
    fits = low <= sys.version_info[:2] < high
    wanted = _("Use Python {low} to {high}.").format(low="3.11", high="3.14")
    yield Finding(
        "environment", "python", platform.python_version(), State.OK if fits else State.BROKEN, "" if fits else wanted
    )
    yield Finding("environment", "system", f"{platform.system()} {platform.release()} {platform.machine()}")
    display = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY") or ""
    native = sys.platform in ("win32", "darwin")
    yield Finding("environment", "display", display or (_("the system's own") if native else _("none")))


def _libraries(_data_dir: Path) -> Iterator[Finding]:
    for library in LIBRARIES:
        try:
            yield Finding("libraries", library, metadata.version(library))
        except metadata.PackageNotFoundError:
            # The frozen program carries the modules without their package data; a checkout without it cannot run.
            frozen = getattr(sys, "frozen", False)
            state = State.OK if frozen else State.BROKEN
            remedy = "" if frozen else _("Run python3 dev.py run once; it installs what is missing.")
            yield Finding("libraries", library, _("built in") if frozen else _("missing"), state, remedy)
    import sqlite3

    yield Finding("libraries", "SQLite", sqlite3.sqlite_version)
    yield from _system_libraries()


def _system_libraries() -> Iterator[Finding]:
    from console import preflight

    missing = preflight.missing_libraries(window=True)
    if not missing:
        yield Finding("libraries", "system", _("complete"))
        return
    to_draw = [name for name in missing if name in preflight.DRAWING]
    state = State.BROKEN if to_draw else State.ATTENTION
    yield Finding("libraries", "system", ", ".join(missing), state, preflight.remedy(missing))


def _folders(data_dir: Path) -> Iterator[Finding]:
    for name, folder in (("data", data_dir), ("state", paths.state_dir()), ("config", paths.config_dir())):
        existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
        if not (existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)):
            state = State.BROKEN if name == "data" else State.ATTENTION
            remedy = _("Allow writing there, or choose another folder with --data-dir.")
            yield Finding("folders", name, _("{folder} cannot be written").format(folder=folder), state, remedy)
            continue
        free = shutil.disk_usage(existing).free
        value = _("{folder}, {free} MB free").format(folder=folder, free=free // MEGABYTE)
        little = free < LITTLE_SPACE
        yield Finding(
            "folders",
            name,
            value,
            State.ATTENTION if little else State.OK,
            _("Make room: there is less than 1 GB left.") if little else "",
        )
    crash = paths.state_dir() / "crash.log"
    if crash.exists():
        yield Finding("folders", "crash log", str(crash))


def _settings(_data_dir: Path) -> Iterator[Finding]:
    path = paths.config_dir() / FILE_NAME
    try:
        settings = Settings(path)
    except KnownError as error:
        yield Finding("settings", "file", error.what, State.ATTENTION, error.remedy)
        return
    yield Finding("settings", "file", str(path) if path.exists() else _("none, the defaults are in force"))
    for sentence in settings.wrong():
        remedy = _("Correct or remove that line in {path}.").format(path=path)
        yield Finding("settings", "entry", sentence, State.ATTENTION, remedy)


def _policy(data_dir: Path) -> Iterator[Finding]:
    from console.models.policy import policy
    from console.models.policy.outlook import lacking

    loaded = policy.load_site(data_dir)
    yield Finding("policy", "source", loaded.source.value)
    remedy = _("Correct the file; until then the policy above is in force.")
    for problem in loaded.problems:
        yield Finding("policy", "file", str(problem), State.ATTENTION, remedy)
    if missing := lacking(loaded.policy, SystemClock().now()):
        yield Finding("policy", "holidays", missing, State.ATTENTION)


def _time(_data_dir: Path) -> Iterator[Finding]:
    zone: tzinfo = system_zone()
    now = SystemClock().now()
    yield Finding("time", "system zone", f"{zone}, {written(now - now % 1_000_000, zone)}")


def _resources(_data_dir: Path) -> Iterator[Finding]:
    fonts: list[str] = []
    try:
        folder = paths.resource("fonts")
        fonts = sorted(path.name for path in folder.iterdir() if path.suffix in (".ttf", ".otf", ".ttc", ".woff2"))
    except FileNotFoundError:
        pass
    missing = _("Install the console again: its resources are incomplete.")
    yield Finding(
        "resources",
        "fonts",
        ", ".join(fonts) or _("missing"),
        State.OK if fonts else State.ATTENTION,
        "" if fonts else missing,
    )
    yield Finding("resources", "language", i18n.language())
    for language in i18n.LANGUAGES[1:]:
        built = Path("translations") / language / "LC_MESSAGES" / "console.mo"
        try:
            paths.resource(str(built))
            yield Finding("resources", language, _("translated"))
        except FileNotFoundError:
            remedy = _("Run python3 dev.py run once; it builds the catalogues.")
            yield Finding("resources", language, _("the catalogue is not built"), State.ATTENTION, remedy)


def _database(data_dir: Path) -> Iterator[Finding]:
    from console.models.store.database import place
    from console.models.store.examination import examine

    spot = place(data_dir)
    found = examine(spot)
    if not found.exists:
        yield Finding("database", "file", _("none yet in {folder}").format(folder=data_dir))
        return
    size = _("{file}, {size} MB").format(file=spot.file, size=round(found.size / MEGABYTE, 1))
    if found.fault:
        yield Finding(
            "database", "file", f"{size}: {found.fault}", State.BROKEN, _("Restore it from a backup, or move it away.")
        )
        return
    yield Finding("database", "file", size)
    yield Finding(
        "database",
        "content",
        _("{events} events of {tickets} tickets").format(events=found.events, tickets=found.tickets),
    )
    wal = found.journal_mode == "wal"
    yield Finding(
        "database",
        "journal mode",
        found.journal_mode,
        State.OK if wal else State.ATTENTION,
        "" if wal else _("Start the console once; it sets write-ahead logging again."),
    )
    yield Finding("database", "revision", found.revision or _("none"))
    yield Finding(
        "database",
        "pending migrations",
        ", ".join(found.pending) or _("none"),
        State.ATTENTION if found.pending else State.OK,
        _("Start the console once; it makes a backup and brings the database up to date.") if found.pending else "",
    )
    sound = found.soundness == "ok"
    yield Finding(
        "database",
        "quick check",
        found.soundness,
        State.OK if sound else State.BROKEN,
        "" if sound else _("Restore the database from a backup."),
    )
    yield Finding("database", "writer", _("process {pid}").format(pid=found.writer) if found.writer else _("none"))
    if found.spool_size:
        remedy = _("Start the console; it brings the waiting events to the database.")
        yield Finding(
            "database", "spool", _("{size} bytes wait").format(size=found.spool_size), State.ATTENTION, remedy
        )


def _audit(data_dir: Path) -> Iterator[Finding]:
    import keyring
    from keyring.backends.fail import Keyring as NoKeyring

    from console.models.domain.audit import Finding as Wrong
    from console.models.domain.audit import Flaw
    from console.models.store.audit import AuditTrail
    from console.models.store.database import place
    from console.models.store.examination import examine

    backend = keyring.get_keyring()
    without = _("none: the audit trail's anchor is out of the way, but who can write it can forge it")
    yield Finding("audit", "keyring", without if isinstance(backend, NoKeyring) else backend.name)
    spot = place(data_dir)
    found = examine(spot)
    if not found.exists or found.fault or found.pending:
        return
    trail = AuditTrail(spot.file)
    try:
        rows, look = trail.glance()
    finally:
        trail.close()
    yield Finding("audit", "rows", str(rows))
    if look.anchor is not None and look.flaw is None:
        reached = _("reaches row {row}: {file}").format(row=look.anchor.head.count, file=look.file)
        short = look.anchor.head.count > rows
        remedy = _("Run console audit verify; it says what is missing.") if short else ""
        yield Finding("audit", "anchor", reached, State.ATTENTION if short else State.OK, remedy)
    elif rows:
        wrong = Wrong(look.flaw or Flaw.NO_ANCHOR)
        yield Finding("audit", "anchor", wrong.sentence, State.ATTENTION, wrong.remedy)
