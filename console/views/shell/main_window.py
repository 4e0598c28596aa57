"""The main window: rail, top strip, banners, and the stage with the screens."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QHideEvent, QIcon, QPaintEvent, QShowEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console import paths
from console.i18n import _
from console.views import formats, theme
from console.views.screen import ActionSpec, Context, ScreenWidget, add_actions
from console.views.shell.actions import ACTIONS
from console.views.shell.banners import Banners
from console.views.shell.curtain import Curtain
from console.views.shell.person import PersonControl
from console.views.shell.preferences import Preferences
from console.views.shell.rail import NavigationRail
from console.views.shell.regions import focus_next
from console.views.shell.registry import Screen
from console.views.shell.stage import Stage
from console.views.shell.strip import TopStrip
from console.views.shell.window_cards import WindowCards
from console.views.widgets.popover import close_cards
from console.views.widgets.toast import Toast

_SMALLEST = (960, 600)
_FIRST_SIZE = (1280, 800)


class MainWindow(QWidget):
    """``first_painted`` fires once, after the first paint; ``closed`` when the window goes."""

    first_painted = Signal()
    closed = Signal()

    def __init__(self, context: Context, screens: Sequence[Screen]) -> None:
        super().__init__()
        self._context = context
        self._screens = screens
        self._after_paint: list[Callable[[], None]] = [self.first_painted.emit]
        self._at: int | None = None
        self.setObjectName("main window")
        self.setWindowIcon(app_icon())
        self.setMinimumSize(*_SMALLEST)
        self.preferences = Preferences(self)
        self._actions = add_actions(self, ACTIONS, self._handlers())
        self._screen_actions = self._add_screen_actions()
        for action in self.actions():
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self.rail = NavigationRail(screens)
        self.person = PersonControl(context, self, accounts=any(row.key == "audit" for row in screens))
        self.rail.add_foot(self.person.button)
        self.strip = TopStrip(context.clock, context.zone, context.live, self._actions)
        self.banners = Banners()
        self.stage = Stage(context, screens)
        self._cards = WindowCards(self, self.stage, self._screen_actions)
        self.toast = Toast(self)
        self.toast.stand_above(self._foot)
        self._body = QWidget()
        self._lay_out()
        self.curtain = Curtain(self, self._body, self.stage, self.strip, self.toast, self.person)
        self.person.told.connect(self.toast.tell)
        self.person.jump_requested.connect(self._on_jump)
        self.rail.screen_requested.connect(self.show_screen)
        self.strip.escalations_requested.connect(lambda: self.enter_screen("escalations"))
        self.strip.balance_requested.connect(lambda: self.enter_screen("balance"))
        if context.watch is not None:
            context.watch.changed.connect(self._on_inbox)
            self._on_inbox()
        if context.balance is not None:
            context.balance.changed.connect(self._on_balance)
        self.stage.screen_shown.connect(self._on_screen_shown)
        self.stage.screen_made.connect(self._on_screen_made)
        theme.notifier().changed.connect(self.stage.retheme)
        self.preferences.language_changed.connect(self.retranslate)
        self.preferences.refused.connect(lambda text: self.toast.tell(text, theme.State.WARNING))
        self._second = QTimer(self)
        self._second.setObjectName("second")
        self._second.setInterval(1_000)
        for each in (self.strip, self.curtain):
            self._second.timeout.connect(each.tick)
        self.retranslate()

    def open(self, screen: str = "") -> None:
        """Restore what is remembered and show the window with ``screen`` (or the remembered one) in front."""
        layout = self._context.layout
        if not self.restoreGeometry(layout.geometry("window/geometry")):
            self.resize(*_FIRST_SIZE)
        known = [row.key for row in self._screens]
        first = next((key for key in (screen, layout.text("window/screen")) if key in known), known[0] if known else "")
        if first:
            self.enter_screen(first)
        detached = layout.data("window/detached", [])
        for key in detached if isinstance(detached, list) else []:
            if key in known:
                self.stage.detach(key)
        self.show()

    def show_screen(self, key: str) -> None:
        """Bring a screen to the front; raises KeyError for an unknown key."""
        self.stage.show_screen(key)

    def enter_screen(self, key: str) -> None:
        """Bring a screen to the front and the focus into it, to where the screen wants it first (its focus proxy)."""
        self.stage.show_screen(key).setFocus(Qt.FocusReason.OtherFocusReason)

    def travel(self, at: int | None) -> None:
        """Every screen shows the moment ``at`` (microseconds since the epoch), or the present with None."""
        self._at = at
        self.stage.set_past(at)
        self._actions["present"].setEnabled(at is not None)
        if at is None:
            self.banners.clear("past")
            return
        zone = self._context.zone
        when = f"{formats.instant(at, zone)} {formats.zone_name(at, zone)}"
        text = _("You are looking at {time}. Times and colours are those of that moment.").format(time=when)
        self.banners.show_message("past", text, theme.State.INFO, _("Return to the present"), lambda: self.travel(None))

    def retranslate(self) -> None:
        """Every word anew; a card that is open was written in the other language."""
        close_cards(self)
        for action in self.actions():
            spec = action.data()
            if isinstance(spec, ActionSpec):
                action.setText(_(spec.text))
        self.rail.retranslate()
        self.strip.retranslate()
        self.person.retranslate()
        self.stage.retranslate()
        self.travel(self._at)
        self._retitle()

    def _handlers(self) -> dict[str, Callable[[], object]]:
        return {
            "palette": lambda: self._cards.open_palette(),  # noqa: PLW0108 - the cards are made later
            "help": lambda: self._cards.open_help(self._title()),
            "present": lambda: self.travel(None),
            "next_region": lambda: focus_next((self.rail, self.strip, self.stage)),
            "detach": self._toggle_detached,
            "theme": self.preferences.toggle_theme,
            "theme_system": lambda: self.preferences.set_theme("system"),
            "language": self.preferences.toggle_language,
            "larger": lambda: self.preferences.step_scale(1),
            "smaller": lambda: self.preferences.step_scale(-1),
            "full_screen": lambda: self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen),
            "quit": self.close,
        }

    def _add_screen_actions(self) -> list[QAction]:
        specs = [ActionSpec(row.key, row.title, row.shortcut, row.icon) for row in self._screens]
        handlers = {row.key: lambda key=row.key: self.enter_screen(key) for row in self._screens}
        return list(add_actions(self, specs, handlers).values())

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.strip)
        right.addWidget(self.banners)
        right.addWidget(self.stage, 1)
        row = QHBoxLayout(self._body)
        row.addWidget(self.rail)
        row.addLayout(right, 1)
        whole = QVBoxLayout(self)
        whole.addWidget(self._body)
        whole.addWidget(self.person.layer)
        for layout in (row, whole):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)

    def _toggle_detached(self) -> None:
        key = self.stage.front
        if not key:
            return
        if self.stage.is_detached(key):
            self.stage.attach(key)
        else:
            self.stage.detach(key)

    def _row(self, key: str) -> Screen:
        return next(row for row in self._screens if row.key == key)

    def _title(self) -> str:
        return _(self._row(self.stage.front).title) if self.stage.front else ""

    def _retitle(self) -> None:
        title = self._title()
        self.strip.set_title(title)
        name = _("Supervisor Console")
        self.setWindowTitle(_("{screen} – Supervisor Console").format(screen=title) if title else name)

    def _on_screen_shown(self, key: str) -> None:
        self.rail.mark(key)
        self._retitle()

    def _on_screen_made(self, screen: ScreenWidget) -> None:
        screen.past_requested.connect(self.travel)
        screen.preference_requested.connect(self.preferences.choose)
        screen.toast_requested.connect(self.toast.tell)
        screen.undo_offered.connect(self.toast.tell)
        screen.foot_changed.connect(self.toast.place)
        screen.jump_requested.connect(self._on_jump)

    def _on_jump(self, key: str, what: object) -> None:
        self.enter_screen(key)
        screen = self.stage.current()
        if screen is not None:
            screen.go_to(what)

    def _foot(self) -> int:
        screen = self.stage.current()
        return 0 if screen is None or self.stage.is_detached(self.stage.front) else screen.foot()

    def _on_inbox(self) -> None:
        watch = self._context.watch
        inbox = None if watch is None else watch.inbox
        self.strip.set_escalations(None if inbox is None else inbox.counts())

    def _on_balance(self) -> None:
        watch = self._context.balance
        self.strip.set_balance(None if watch is None else watch.verdict)

    def after_paint(self, call: Callable[[], None]) -> None:
        """Paint everything anew, and call when it is on the screen."""
        self._after_paint.append(call)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """What waits for this paint is called once the loop comes round, when the children are painted too."""
        super().paintEvent(event)
        calls, self._after_paint = self._after_paint, []
        for call in calls:
            QTimer.singleShot(0, self, call)

    def showEvent(self, event: QShowEvent) -> None:
        """Wake up."""
        super().showEvent(event)
        self._second.start()
        if self._context.watch is not None:
            self._context.watch.start()
        self.stage.set_in_sight(not self.isMinimized())

    def hideEvent(self, event: QHideEvent) -> None:
        """Sleep."""
        super().hideEvent(event)
        self._second.stop()
        self.stage.set_in_sight(False)

    def changeEvent(self, event: QEvent) -> None:
        """Sleep while minimised."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.stage.set_in_sight(self.isVisible() and not self.isMinimized())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the layout, close what was detached, and go."""
        self._context.layout.keep_geometry("window/geometry", self.saveGeometry())
        self.stage.remember()
        self._context.layout.flush()
        if self._context.watch is not None:
            self._context.watch.stop()
        if self._context.balance is not None:
            self._context.balance.stop()
        self.stage.shut()
        self.person.close()
        super().closeEvent(event)
        self.closed.emit()


def app_icon() -> QIcon:
    """The program's own icon."""
    return QIcon(str(paths.resource("icons/app.svg")))
