"""Where the screens stand: made when first needed, one in front, some in windows of their own, the unseen asleep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from console.i18n import _
from console.views.screen import Context, ScreenWidget
from console.views.shell.registry import Screen
from console.views.widgets.detached import DetachedWindow
from console.views.widgets.empty import EmptyState
from console.views.widgets.popover import close_cards


class Stage(QStackedWidget):
    """``screen_shown`` carries the key of the screen that came to the front, ``screen_made`` a screen just made."""

    screen_shown = Signal(str)
    screen_made = Signal(object)

    def __init__(self, context: Context, screens: Sequence[Screen], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._rows = {row.key: row for row in screens}
        self._made: dict[str, ScreenWidget] = {}
        self._windows: dict[str, DetachedWindow] = {}
        self._places: dict[str, EmptyState] = {}
        self._front = ""
        self._past: int | None = None
        self._in_sight = False
        self._covered = False
        self._awake: set[str] = set()

    @property
    def front(self) -> str:
        """The key of the screen in front, empty before the first."""
        return self._front

    def screens(self) -> Iterator[ScreenWidget]:
        """Those made so far."""
        return iter(tuple(self._made.values()))

    def current(self) -> ScreenWidget | None:
        """The screen in front."""
        return self._made.get(self._front)

    def show_screen(self, key: str) -> ScreenWidget:
        """Bring a screen to the front, or its own window when it has one; raises KeyError for an unknown key."""
        screen = self._make(key)
        self._front = key
        window = self._windows.get(key)
        self.setCurrentWidget(self._places[key] if window is not None else screen)
        if window is not None:
            window.raise_()
            window.activateWindow()
        self._wake()
        self.screen_shown.emit(key)
        return screen

    def is_detached(self, key: str) -> bool:
        """Whether the screen is in a window of its own."""
        return key in self._windows

    def detach(self, key: str) -> DetachedWindow:
        """Move a screen into a window of its own; returns the window, also when it was there already."""
        if key in self._windows:
            return self._windows[key]
        screen = self._make(key)
        close_cards(self.window())
        self.removeWidget(screen)
        place = EmptyState("external-link", "")
        place.action_requested.connect(lambda: self.attach(key))
        self._places[key] = place
        self.addWidget(place)
        window = DetachedWindow(screen, "")
        window.actions_from(self.window())
        window.returned.connect(lambda _screen: self.attach(key))
        window.sight_changed.connect(self._wake)
        self._windows[key] = window
        geometry = self._context.layout.geometry(f"detached/{key}")
        if geometry.isEmpty():
            window.resize(self.size())
        else:
            window.restoreGeometry(geometry)
        self.retranslate()
        window.show()
        if self._front == key:
            self.setCurrentWidget(place)
        self._wake()
        return window

    def attach(self, key: str) -> None:
        """Take a screen back from its window; does nothing when it has none."""
        window = self._windows.pop(key, None)
        if window is None:
            return
        self._context.layout.keep_geometry(f"detached/{key}", window.saveGeometry())
        screen = self._made[key]
        close_cards(window)
        window.release()
        self.addWidget(screen)
        place = self._places.pop(key)
        if self._front == key:
            self.setCurrentWidget(screen)
        self.removeWidget(place)
        place.deleteLater()
        self._wake()

    def set_past(self, at: int | None) -> None:
        """Every screen shows this moment, also those made later; None is the present."""
        self._past = at
        for screen in self._made.values():
            screen.set_past(at)

    def set_in_sight(self, in_sight: bool) -> None:
        """Whether the main window can be seen; screens sleep while it cannot."""
        self._in_sight = in_sight
        self._wake()

    def set_covered(self, covered: bool) -> None:
        """While the console is locked every screen sleeps, and windows of their own show nothing."""
        self._covered = covered
        for window in self._windows.values():
            close_cards(window)
            window.set_covered(covered)
        self._wake()

    def retranslate(self) -> None:
        """Every word anew."""
        for screen in self._made.values():
            screen.retranslate()
        for key, window in self._windows.items():
            close_cards(window)
            title = _(self._rows[key].title)
            window.setWindowTitle(_("{screen} – Supervisor Console").format(screen=title))
            self._places[key].set_words(
                _("{screen} is in a window of its own").format(screen=title), "", _("Bring it back")
            )

    def retheme(self) -> None:
        """Every icon anew."""
        for screen in self._made.values():
            screen.retheme()

    def remember(self) -> None:
        """Keep what is detached, where, and what each screen wants kept."""
        layout = self._context.layout
        layout.keep_text("window/screen", self._front)
        layout.keep_data("window/detached", sorted(self._windows))
        for key, window in self._windows.items():
            layout.keep_geometry(f"detached/{key}", window.saveGeometry())
        for screen in self._made.values():
            screen.remember()

    def shut(self) -> None:
        """Close the windows and let every screen sleep."""
        for key in tuple(self._windows):
            self.attach(key)
        self.set_in_sight(False)

    def _make(self, key: str) -> ScreenWidget:
        if key not in self._made:
            screen = self._rows[key].factory(self._context)
            screen.setObjectName(key)
            self._made[key] = screen
            self.addWidget(screen)
            if self._past is not None:
                screen.set_past(self._past)
            self.screen_made.emit(screen)
        return self._made[key]

    def _wake(self) -> None:
        """Tell those that came into sight and those that went."""
        wanted = {key for key, window in self._windows.items() if window.in_sight()}
        if self._in_sight and self._front and self._front not in self._windows:
            wanted.add(self._front)
        if self._covered:
            wanted.clear()
        before, self._awake = self._awake, wanted
        for key in before - wanted:
            self._made[key].deactivated()
        for key in wanted - before:
            self._made[key].activated()
