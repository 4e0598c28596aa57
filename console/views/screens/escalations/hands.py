"""What a person does in the inbox by keys, buttons and the menu."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from console.i18n import _
from console.models.domain.escalation import Entry
from console.models.queries.inbox_lines import Line
from console.views import theme
from console.views.screens.escalations.acting import Acting
from console.views.screens.escalations.actions import ADVICE_ACTIONS, DEED_ACTIONS, LETTERS, MENU
from console.views.screens.escalations.body import InboxBody
from console.views.screens.escalations.detail import EntryDetail
from console.views.screens.escalations.list_view import InboxView
from console.views.screens.escalations.shift_pages import ShiftPages
from console.views.screens.escalations.side import Side
from console.views.screens.escalations.toolbar import InboxToolbar, NewsLine
from console.views.screens.escalations.work_strip import WorkStrip


class Parts(NamedTuple):
    """The pieces of the screen that are worked with."""

    view: InboxView
    toolbar: InboxToolbar
    news: NewsLine
    strip: WorkStrip
    acting: Acting
    detail: EntryDetail
    side: Side
    body: InboxBody
    pages: ShiftPages


class Hands(QObject):
    """The signals are the screen's own (`ScreenWidget`)."""

    toast_requested = Signal(str, object)
    undo_offered = Signal(str, object, str, object)
    jump_requested = Signal(str, object)

    def __init__(
        self,
        parts: Parts,
        line: Callable[[Entry], Line],
        open_entry: Callable[[int], None],
        catch_up: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        """``line`` joins an entry with its ticket; ``catch_up`` lets the detail show the row that has the focus."""
        super().__init__(parent)
        self._parts, self._line, self._open_entry, self._catch_up = parts, line, open_entry, catch_up
        self._undo: Callable[[], object] | None = None
        self._actions: Mapping[str, QAction] = {}

    def own(self, actions: Mapping[str, QAction]) -> None:
        """These are switched off and on as the screen has room for them."""
        self._actions = actions

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each action of the screen does."""
        handlers: dict[str, Callable[[], object]] = {
            "next": lambda: self._parts.view.step(1),
            "previous": lambda: self._parts.view.step(-1),
            "newest": self.show_newest,
            "tick": self._parts.view.toggle,
            "group": self._parts.view.pick_group,
            "compensate": self.decide,
            "calls": self._show_calls,
            "shift": self._parts.pages.show_shift,
            "undo": self._take_back,
            "find": self._find,
            "clear": self._clear,
            "detail": lambda: self._parts.body.show_detail(not self._parts.body.has_detail),
            "board": self._show_ticket,
            "tab": self._parts.detail.next_tab,
        }
        for spec in DEED_ACTIONS:
            handlers[spec.key] = partial(self.begin, spec.key)
        for number, spec in enumerate(ADVICE_ACTIONS):
            handlers[spec.key] = partial(self.follow_advice, number)
        return handlers

    def begin(self, key: str) -> None:
        """Begin a deed with what is ticked, else with the row that has the focus."""
        entries = self._parts.view.chosen()
        if key == "merge" and len(entries) > 1:
            current = self._parts.view.current()
            self._parts.acting.start(key, entries, current.id if current is not None else 0)
        else:
            self._parts.acting.start(key, entries)

    def follow_advice(self, place: int) -> None:
        """Do what is suggested at a place."""
        self._catch_up()
        line, suggestions = self._parts.detail.line, self._parts.detail.advice.suggestions
        if line is not None and place < len(suggestions):
            self._parts.acting.follow(suggestions[place], line)

    def _clear(self) -> None:
        if self._parts.pages.leave_shift() or self._parts.strip.dismiss() or self._parts.side.close_pane():
            self._parts.view.setFocus()
        elif self._parts.view.picked:
            self._parts.view.pick(())
        elif self._parts.toolbar.search.hasFocus() and not self._parts.toolbar.search.words():
            self._parts.view.setFocus()
        elif not self._parts.toolbar.clear() and self._parts.body.has_detail:
            self._parts.body.show_detail(False)

    def _take_back(self) -> None:
        undo, self._undo = self._undo, None
        if undo is None:
            self.toast_requested.emit(_("There is nothing to undo."), theme.State.INFO)
        else:
            undo()

    def decide(self) -> None:
        """Open what the entry with the focus asks to be decided or settled."""
        current = self._parts.view.current()
        if current is not None:
            self._parts.body.show_detail(True)
            self._parts.side.decide(self._line(current))

    def _show_calls(self) -> None:
        self._parts.body.show_detail(True)
        self._parts.side.show_calls()

    def pause(self, shown: bool) -> None:
        """Nothing may be done to entries that nobody sees."""
        self._enable((key for key in self._actions if key not in ("clear", "shift")), not shown)

    def hold_advice(self, held: bool) -> None:
        """While a pane stands in place of the entry its suggestions are out of sight."""
        self._enable((spec.key for spec in ADVICE_ACTIONS), not held)

    def hold_letters(self, held: bool) -> None:
        """While something is asked for, letters are typed."""
        self._enable(LETTERS, not held)

    def _enable(self, keys: Iterable[str], enabled: bool) -> None:
        for key in keys:
            self._actions[key].setEnabled(enabled)

    def _find(self) -> None:
        self._parts.toolbar.search.setFocus()
        self._parts.toolbar.search.selectAll()

    def show_newest(self) -> None:
        """Show the entry that the news are of."""
        if self._parts.news.entry:
            self._open_entry(self._parts.news.entry)
            self._parts.news.hide()

    def _show_ticket(self) -> None:
        current = self._parts.view.current()
        if current is not None and current.ticket:
            self.jump_requested.emit("board", ("ticket", current.ticket))

    def finish(self, text: str, state: object, undo: object) -> None:
        """A deed was done: say so, and offer to take it back where that can be."""
        self._undo = undo if callable(undo) else None
        if undo is None:
            self.toast_requested.emit(text, state)
        else:
            self.undo_offered.emit(text, state, _("Undo"), undo)
        self._parts.view.pick(())
        self._parts.view.setFocus()

    def show_menu(self, where: QPoint) -> None:
        """The menu of the row with the focus."""
        menu = QMenu(self._parts.view)
        menu.addActions([self._actions[key] for key in MENU])
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)
