"""Notices that nobody touches the console any more.

It listens to the native windows, which hear of keys, pointer and wheel and of little else: a filter over every event
of the program would cost the board its frames.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

_MINUTE_MS = 60_000
_LOOK_MS = 5_000
_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
        QEvent.Type.InputMethod,
    }
)


class IdleWatch(QObject):
    """``idle`` fires once after so many minutes without a touch; `set_minutes` with 0 switches it off."""

    idle = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rest = QTimer(self)
        self._rest.setObjectName("idle")
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self.idle)
        # Windows come and go: dialogs, and screens in windows of their own.
        self._look = QTimer(self)
        self._look.setObjectName("windows to watch")
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._watch_windows)

    @property
    def running(self) -> bool:
        """Whether it waits."""
        return self._rest.isActive()

    def set_minutes(self, minutes: float) -> None:
        """Begin to wait anew; 0 ends it."""
        if minutes <= 0:
            self.stop()
            return
        self._rest.start(round(minutes * _MINUTE_MS))
        self._look.start()
        self._watch_windows()

    def stop(self) -> None:
        """Wait no more."""
        self._rest.stop()
        self._look.stop()
        for window in QGuiApplication.topLevelWindows():
            window.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A touch: wait anew."""
        if event.type() in _TOUCHES and self._rest.isActive():
            self._rest.start()
        return super().eventFilter(watched, event)

    def _watch_windows(self) -> None:
        for window in QGuiApplication.topLevelWindows():
            window.installEventFilter(self)  # once more changes nothing
