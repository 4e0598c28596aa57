"""One run of the window: from the first frame to the orderly end."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from importlib import import_module

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QMessageBox

from console import logs
from console.errors import KnownError
from console.i18n import _
from console.models.domain.fairness import Verdict
from console.models.domain.ports import Cancelled
from console.models.queries.balance_words import percent, verdict_words
from console.settings import Settings
from console.views import theme
from console.views.bridge import LiveBoard
from console.views.feed import Feed, Opened
from console.views.pace import Pace
from console.views.screen import Context
from console.views.shell import tray
from console.views.shell.alarm import InboxAlarm
from console.views.shell.crash import CrashFunnel
from console.views.shell.instance import InstanceDoor
from console.views.shell.main_window import MainWindow, app_icon
from console.views.shell.policy_swap import PolicySwap
from console.views.shell.registry import Screen
from console.views.shell.sound import Sound
from console.views.shell.watchdog import Watchdog
from console.views.widgets.progress import ProgressStrip

log = logs.topic("window")
_WARM_AFTER_MS = 1_500
_WARM = ("xlsxwriter", "console.models.queries.timeline", "pyqtgraph")
"""Imports that the first use should not wait for; done in a thread once the window is in use."""


@dataclass(frozen=True)
class Plan:
    """How this run was asked for. ``began`` is `time.perf_counter` at the start of the process."""

    began: float
    screen: str = ""
    exit_after: float | None = None
    place: str = ""
    watch: bool = False
    on_screen: bool = True
    notice: str = ""


class WindowSession(QObject):
    """Makes the window, waits for the board, runs until the window is closed."""

    _opened = Signal(object)

    def __init__(
        self, context: Context, live: LiveBoard, feed: Feed, screens: Sequence[Screen], settings: Settings, plan: Plan
    ) -> None:
        super().__init__()
        self._context, self._live, self._feed, self._settings, self._plan = context, live, feed, settings, plan
        self._exit_code = 0
        self._watchdog = Watchdog(parent=self)
        self._pace = Pace(self)
        live.watch_sources(feed.sources)
        self.window = MainWindow(context, screens)
        self.window.person.set_idle_minutes(float(settings.get("idle_lock")))
        self._work = ProgressStrip()
        self.window.banners.layout().addWidget(self._work)  # type: ignore[union-attr]  # made with a layout
        self._door = InstanceDoor(plan.place, self) if plan.place else None
        self._tray: tray.Tray | None = None
        self._sound = Sound(time.monotonic, QApplication.beep)
        self._look = QTimer(self)
        self._look.setObjectName("look at the feed")
        self._look.setInterval(500)
        self._exit = self._once("exit", self.window.close)
        self._warm_up = self._once("warm-up", self._warm)
        self._swap: PolicySwap | None = None
        if context.policy is not None:
            self._swap = PolicySwap(context.policy, live, feed, context.ops, self._warn, self)
        self._connect()

    def run(self, funnel: CrashFunnel) -> int:
        """Show the window and return the exit code when it is closed."""
        funnel.reported.connect(self._on_mistake)
        funnel.told.connect(lambda text: self.window.toast.tell(text, theme.State.WARNING))
        signal.signal(signal.SIGINT, lambda *_args: self.window.close())
        signal.signal(signal.SIGTERM, lambda *_args: self.window.close())
        if self._plan.notice:
            self.window.banners.show_message("notice", self._plan.notice, theme.State.WARNING, dismissible=True)
        self._pace.start()
        self.window.open(self._plan.screen)
        self._look.start()
        self._feed.opened().add_done_callback(self._opened.emit)
        if self._plan.exit_after is not None:
            self._exit.start(round(self._plan.exit_after * 1_000))
        try:
            QApplication.exec()
        finally:
            self._end()
        return self._exit_code

    def _connect(self) -> None:
        self.window.first_painted.connect(self._on_first_painted)
        # The main window decides; Qt's own quit at the last window would come a second time, into the next loop.
        QApplication.setQuitOnLastWindowClosed(False)
        self.window.closed.connect(QApplication.quit)
        self.window.preferences.chosen.connect(self._on_preference)
        # Queued, for the board may be there, or have failed, before the loop that could end runs.
        self._opened.connect(self._on_opened, Qt.ConnectionType.QueuedConnection)
        self._look.timeout.connect(self._on_look)
        self.window.preferences.language_changed.connect(self._on_language)
        self._context.ops.failed.connect(self._on_failed)
        if self._door is not None:
            self._door.raise_requested.connect(self._raise)
        watch = self._context.watch
        if watch is not None:
            InboxAlarm(watch, self.window, self._live, self._context.clock, self._tell, self._sound, self._is_loud)
        if self._context.balance is not None:
            self._context.balance.alarmed.connect(self._on_uneven)

    def _on_uneven(self, verdict: Verdict) -> None:
        """R-SKEW: told where nobody looks at the window; the strip shows it to everybody else."""
        if not self.window.isActiveWindow():
            text = _("{share} of the last hour's contacts lie with the busiest.").format(share=percent(verdict.share))
            self._tell(verdict_words(verdict), text)

    def _is_loud(self) -> bool:
        return bool(self._settings.get("sound"))

    def _tell(self, title: str, text: str) -> None:
        if self._tray is None:
            return
        if self.window.curtain.drawn:  # no customer's word leaves a locked console
            title, text = _("Something needs a person"), _("Unlock the console to see what.")
        self._tray.tell(title, text)

    def _once(self, name: str, call: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setObjectName(name)
        timer.setSingleShot(True)
        timer.timeout.connect(call)
        return timer

    def _since(self) -> int:
        return round((time.perf_counter() - self._plan.began) * 1_000)

    def _on_first_painted(self) -> None:
        log.info("first_frame", extra=logs.fields(ms=self._since()))
        if self._plan.on_screen and self._settings.get("tray") and tray.available():
            self._tray = tray.Tray(app_icon(), self)
            self._tray.show_requested.connect(self._raise)
            self._tray.quit_requested.connect(self.window.close)
            self.window.preferences.language_changed.connect(self._tray.retranslate)

    @Slot(object)
    def _on_opened(self, future: Future[Opened]) -> None:
        error = future.exception()
        if isinstance(error, Cancelled):
            return
        if error is not None:
            self._fail(error)
            return
        opened = future.result()
        self._work.finish()
        self.window.person.begin(lambda: self._show_board(opened))

    def _show_board(self, opened: Opened) -> None:
        self._live.start(opened.board, opened.refold)
        self._feed.deliver(self._live.receive, self._live.refolded)
        self.window.strip.tick()
        self.window.after_paint(self._on_numbers_painted)
        self._warm_up.start(_WARM_AFTER_MS)
        if self._swap is not None:
            self._swap.begin()
        if self._context.balance is not None:
            self._context.balance.start()

    def _on_numbers_painted(self) -> None:
        if self._plan.watch:
            self._watchdog.start()
        board = self._live.board
        tickets = board.columns.count if board is not None else 0
        log.info("board_ready", extra=logs.fields(ms=self._since(), tickets=tickets))

    def _on_look(self) -> None:
        """Twice a second: how far the opening is, how the store is."""
        if not self._feed.opened().done():
            text, done, total = self._feed.progress()
            if self._work.isHidden():
                self._work.start(text, cancellable=False)
            self._work.set_progress(done, total)
            return
        self._show_filling()
        trouble = self._feed.trouble()
        if trouble is None:
            self.window.banners.clear("storage")
        else:
            state = theme.State.DANGER if trouble.grave else theme.State.WARNING
            self.window.banners.show_message("storage", trouble.text, state)

    def _on_language(self) -> None:
        """What goes on is said again in the words in force."""
        self._work.finish()
        self._on_look()

    def _show_filling(self) -> None:
        filling = self._feed.filling()
        if filling is None:
            self._work.finish()
            return
        if self._work.isHidden():
            self._work.start(_("Past weeks of the demonstration centre"), cancellable=False)
        self._work.set_progress(*filling)

    def _on_preference(self, key: str, value: object) -> None:
        try:
            self._settings.set(key, value)  # type: ignore[arg-type]  # checked by the settings themselves
            self._settings.save()
        except (KnownError, ValueError) as error:
            self.window.toast.tell(str(error), theme.State.WARNING)

    def _on_failed(self, error: object) -> None:
        if isinstance(error, KnownError):
            self._warn(str(error))

    def _warn(self, text: str) -> None:
        self.window.toast.tell(text, theme.State.WARNING)

    def _on_mistake(self, line: str, report: str) -> None:
        text = _("A mistake of the console: {line}. The board goes on. The report is in {path}.")
        self.window.banners.show_message(
            "notice", text.format(line=line, path=report), theme.State.WARNING, dismissible=True
        )

    def _fail(self, error: BaseException) -> None:
        """The board cannot be opened: say why, and end."""
        if not isinstance(error, KnownError):
            sys.excepthook(type(error), error, error.__traceback__)
        self._exit_code = error.exit_code if isinstance(error, KnownError) else 1
        log.error("not_opened", extra=logs.fields(error=str(error)))
        if sys.stderr is not None:
            sys.stderr.write(f"{error}\n")
        if self._plan.on_screen and self._plan.exit_after is None:
            QMessageBox.critical(self.window, _("Supervisor Console"), str(error))
        self.window.close()

    def _raise(self) -> None:
        self.window.showNormal() if self.window.isMinimized() else self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def _warm(self) -> None:
        def load() -> None:
            for name in _WARM:
                import_module(name)

        threading.Thread(target=load, name="warm-up", daemon=True).start()

    def _end(self) -> None:
        """First what shows, then what asks, then what feeds."""
        self._watchdog.stop()
        self._pace.stop()
        for timer in (self._look, self._exit, self._warm_up):
            timer.stop()
        self._sound.close()
        if self._tray is not None:
            self._tray.close()
        if self._door is not None:
            self._door.close()
        self._live.stop()
        self._context.ops.close()
        board = self._live.present
        facts = {"tickets": board.columns.count, "seq": board.seq} if board is not None else {}
        worst = round(self._watchdog.worst_seconds * 1_000, 1)
        self._feed.close()
        log.info("closed", extra=logs.fields(ms=self._since(), stalls=self._watchdog.count, worst_ms=worst, **facts))
