"""Draws one screen into a picture, exactly as the window would show it."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from console.errors import KnownError, SetupError
from console.i18n import _
from console.views.bridge import LiveBoard
from console.views.feed import Feed, Opened
from console.views.inbox_watch import InboxWatch
from console.views.shell.main_window import MainWindow

_PATIENCE_SECONDS = 120
_SETTLE_MS = 120
"""After the last change, so that what is asked in the background has arrived."""


class Portrait(QObject):
    """Opens the board, turns to the moment, waits until the screen is ready, and saves the picture."""

    _opened = Signal(object)

    def __init__(
        self, window: MainWindow, live: LiveBoard, feed: Feed, at: int | None, watch: InboxWatch | None = None
    ) -> None:
        super().__init__()
        self._window, self._live, self._feed, self._at, self._watch = window, live, feed, at, watch
        self._error: BaseException | None = None
        # Queued, for the board may be there, or have failed, before the loop that could end runs.
        self._opened.connect(self._on_opened, Qt.ConnectionType.QueuedConnection)
        self._look = QTimer(self)
        self._look.setObjectName("portrait")
        self._look.setInterval(_SETTLE_MS)
        self._look.timeout.connect(self._on_look)
        self._still = 0
        self._looks = 0

    def take(self, size: tuple[int, int], out: Path) -> None:
        """Show the window at ``size`` without a frame and write the PNG; raises what made the board impossible, and
        `SetupError` when the picture cannot be written."""
        self._live.watch_sources(self._feed.sources)
        self._window.setMinimumSize(1, 1)
        self._window.resize(*size)
        self._window.show()
        self._feed.opened().add_done_callback(self._opened.emit)
        # A window would go on after a mistake of ours; a picture of one must not be taken for the truth.
        before, sys.excepthook = sys.excepthook, self._on_mistake
        try:
            QApplication.exec()
            self._window.strip.tick()
            picture = self._window.grab()
            if self._error is not None:
                raise self._error
        finally:
            sys.excepthook = before
            self._window.close()
        if not picture.save(str(out), "PNG"):
            raise SetupError(
                _("{path} cannot be written.").format(path=out), _("Choose a folder that exists and is yours.")
            )

    @Slot(object)
    def _on_opened(self, future: object) -> None:
        try:
            opened: Opened = future.result()  # type: ignore[attr-defined]  # a Future went through the signal
        except Exception as error:  # noqa: BLE001 - raised again by `take`
            self._error = error
            QApplication.quit()
            return
        self._window.person.begin(lambda: self._show_board(opened))

    def _show_board(self, opened: Opened) -> None:
        self._live.start(opened.board, opened.refold)
        if self._watch is not None:
            self._watch.look()
        self._feed.deliver(self._live.receive, self._live.refolded)
        if self._at is not None:
            self._window.travel(self._at)
        self._look.start()

    def _on_mistake(self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        self._error = self._error or error
        QApplication.quit()

    def _on_look(self) -> None:
        """Done when the screen was ready, at its moment and without backlog twice in a row."""
        self._looks += 1
        screen = self._window.stage.current()
        # Where a passphrase is asked for, the picture shows that.
        ready = screen is None or screen.ready() or self._window.curtain.drawn
        there = self._at is None or self._live.past_at == self._at
        ready = ready and self._window.person.settled
        counted = self._watch is None or self._watch.inbox is not None or self._watch.error is not None
        self._still = self._still + 1 if ready and there and counted and not self._live.backlog() else 0
        if self._still == 1:
            # The clock of a picture stands still: nobody else says that what tells of now is to be told anew.
            self._live.second.emit(self._live.now())
        if self._still >= 2:
            self._look.stop()
            QApplication.quit()
        elif self._looks * _SETTLE_MS > _PATIENCE_SECONDS * 1_000:
            self._error = KnownError(_("The screen did not become ready within {n} s.").format(n=_PATIENCE_SECONDS))
            self._look.stop()
            QApplication.quit()
