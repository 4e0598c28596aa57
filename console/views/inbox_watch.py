"""Follows the escalation inbox for the strip, the signals and the screen: one look a second, by a worker."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from console import logs, turns
from console.models.domain.escalation import Entry
from console.models.domain.escalation_ports import EscalationReader
from console.models.domain.ports import Clock
from console.models.queries.inbox import Inbox, calling, read_inbox
from console.views.ops import Ops

log = logs.topic("escalations")
_EVERY_MS = 1_000
_PATIENT_LOOKS = 4
STALE_AFTER = 5_000_000
"""Microseconds without a look of the sweep, or of ours, after which the inbox says that it may be behind."""


class _Look(NamedTuple):
    """What a worker has read, and what in it calls for a person."""

    inbox: Inbox
    called: list[Entry]


class InboxWatch(QObject):
    """``changed`` when entries are not what they were, ``looked`` after each look, ``called`` with the entries that
    call for a person anew, ``failed`` with what kept it from looking."""

    changed = Signal()
    looked = Signal()
    called = Signal(object)
    failed = Signal(object)
    _nudged = Signal()

    def __init__(self, reader: EscalationReader, ops: Ops, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader, self._ops, self._clock = reader, ops, clock
        self._inbox: Inbox | None = None
        self._error: Exception | None = None
        self._looked_at = 0
        self._looks = 0
        self._busy = False
        self._again = False
        self._timer = QTimer(self)
        self._timer.setObjectName("inbox")
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._nudged.connect(self.look, Qt.ConnectionType.QueuedConnection)

    @property
    def inbox(self) -> Inbox | None:
        """The last look; None before the first."""
        return self._inbox

    @property
    def error(self) -> Exception | None:
        """What the last look failed by; None when it went well."""
        return self._error

    @property
    def looked_at(self) -> int:
        """When it last looked with success (microseconds since the epoch, 0 for never)."""
        return self._looked_at

    @property
    def settled(self) -> bool:
        """Whether a picture of the inbox would be true: the sweep has left its mark, or has had the time for it."""
        return self._inbox is not None and (self._inbox.swept_at > 0 or self._looks >= _PATIENT_LOOKS)

    def start(self) -> None:
        """Look now, and every second from now on."""
        self._timer.start()
        self.look()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def nudge(self) -> None:
        """Look soon: something was told. Safe on any thread."""
        self._nudged.emit()

    def look(self) -> None:
        """Look now, or once more as soon as the present look is done."""
        if self._busy:
            self._again = True
            return
        self._busy = True
        reader, known = self._reader, self._inbox
        self._ops.read(lambda _progress: _read(reader, known), self._on_read, owner=self)

    def _on_read(self, found: _Look | Exception | None) -> None:
        self._busy = False
        if isinstance(found, Exception):
            self._on_failed(found)
        elif found is not None:
            self._adopt(found.inbox, found.called)
        if self._again:
            self._again = False
            self._nudged.emit()

    def _adopt(self, inbox: Inbox, called: list[Entry]) -> None:
        before, self._inbox = self._inbox, inbox
        self._looks += 1
        self._looked_at, self._error = self._clock.now(), None
        if before is None or before.stamp != inbox.stamp:
            self.changed.emit()
            if called:
                self.called.emit(called)
        self.looked.emit()

    def _on_failed(self, error: Exception) -> None:
        if self._error is None:
            log.warning("the inbox cannot be read: %s", error)
        self._error = error
        self.failed.emit(error)


def _read(reader: EscalationReader, known: Inbox | None) -> _Look | Exception | None:
    """The inbox; None until the database is open, which is no failure; else what went wrong. A database that is busy
    for a moment is no mistake of the console: the next look is in a second."""
    try:
        inbox = read_inbox(reader, known, turns.after_the_frame)
    except RuntimeError:
        return None
    except Exception as error:  # noqa: BLE001 - shown where the inbox would be
        return error
    # At the first look everything is new: that is the state of things, and no event.
    return _Look(inbox, calling(known, inbox) if known is not None and known.stamp != inbox.stamp else [])
