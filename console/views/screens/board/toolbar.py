"""The line above the filters: saved views, scope, search, how many tickets are shown, and the table's tools."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from console.i18n import _, ngettext
from console.models.live.board import Board
from console.models.live.counters import UNASSIGNED
from console.models.live.filters import Scope
from console.models.queries.today import Look
from console.views import formats, theme
from console.views.screen import ActionSpec
from console.views.screens.board.choices import SCOPES
from console.views.screens.board.flow import FlowLayout
from console.views.widgets.buttons import IconButton, button
from console.views.widgets.labels import label
from console.views.widgets.search import SearchField
from console.views.widgets.segmented import SegmentedControl

_SEARCH_WIDTH = 184
_VIEW_WIDTH = 160
"""What a saved view is called may be longer than the line."""


class Toolbar(QWidget):
    """``scope_chosen`` carries a `Scope`, ``words_changed`` what is searched for."""

    scope_chosen = Signal(object)
    words_changed = Signal(str)
    results_requested = Signal()
    clear_requested = Signal()
    evidence_lifted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: dict[Scope, str] = {}
        self._view = ""
        self._views = _MenuButton("bookmark")
        self._scopes = SegmentedControl(_("Scope"), [(scope.value, _(words)) for scope, words in SCOPES])
        self._scopes.chosen.connect(lambda key: self.scope_chosen.emit(Scope(key)))
        self._search = SearchField(_("Search tickets"))
        self._search.words_changed.connect(self.words_changed)
        self._search.results_requested.connect(self.results_requested)
        self._evidence = _MenuButton("x")
        self._evidence.clicked.connect(self.evidence_lifted)
        self._clear = button("", "link")
        self._clear.clicked.connect(self.clear_requested)
        self._shown = label(kind="muted")
        self._end = QWidget()
        self._row = QHBoxLayout(self._end)
        self._row.addWidget(self._shown)
        line = FlowLayout(self, gap=8, trailing=True)
        for piece in (self._views, self._scopes, self._search, self._evidence, self._clear, self._end):
            line.addWidget(piece)
        self._tools: dict[str, QToolButton] = {}
        self._compact = False
        self._pad()
        self.retranslate()
        theme.notifier().changed.connect(self._pad)

    @property
    def search(self) -> SearchField:
        """The search field."""
        return self._search

    @property
    def views_button(self) -> QToolButton:
        """What opens the saved views."""
        return self._views

    def add_tool(self, action: QAction) -> QToolButton:
        """A button at the right end for an action of the screen."""
        spec = action.data()
        icon = spec.icon if isinstance(spec, ActionSpec) else ""
        made = IconButton(icon, action.text())
        made.clicked.connect(action.trigger)
        action.changed.connect(lambda: self._follow(made, action))
        self._follow(made, action)
        self._row.addWidget(made)
        self._tools[action.objectName()] = made
        return made

    def tool(self, key: str) -> QToolButton:
        """The button of an action."""
        return self._tools[key]

    def show_scope(self, scope: Scope) -> None:
        """Mark the scope in force."""
        self._scopes.choose(scope.value)

    def show_words(self, words: str) -> None:
        """Show what is searched for, without telling."""
        self._search.show_words(words)

    def show_filter(self, *, narrowed: bool, evidence_name: str) -> None:
        """Whether anything is to be lifted, and which figure's tickets are shown (empty: of none)."""
        self._clear.setVisible(narrowed)
        self._evidence.setVisible(bool(evidence_name))
        self._evidence.set_active(bool(evidence_name))
        self._evidence.setText(evidence_name)
        self._evidence.setAccessibleName(_("{name}, press to lift").format(name=evidence_name))

    def set_compact(self, compact: bool) -> None:
        """On a low window the button of the views is its icon alone, so that it stands beside the scopes."""
        self._compact = compact
        self.show_view(self._view)

    def show_view(self, name: str) -> None:
        """The saved view in force, empty for none."""
        self._view = name
        shown = self._views.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, theme.px(_VIEW_WIDTH))
        self._views.setText("" if self._compact else shown or _("Views"))
        self._views.setToolTip((name or _("Views")) if self._compact or shown != name else "")
        self._views.setAccessibleName(_("Saved views: {name}").format(name=name) if name else _("Saved views"))
        self._views.set_active(bool(name))

    def show_counts(self, board: Board, now: int) -> None:
        """How many tickets each scope holds."""
        look = Look(board, now)
        counts = {
            Scope.IN_PROGRESS: look.in_progress,
            Scope.WAITING: int(look.waiting_by("channel").sum()),
            Scope.UNASSIGNED: board.counters.total(UNASSIGNED),
            Scope.DONE: look.done,
            Scope.ALL: board.columns.count,
        }
        written = {scope: formats.count(number) for scope, number in counts.items()}
        if written != self._counts:
            self._counts = written
            self._show_scopes()

    def show_shown(self, shown: int, selected: int) -> None:
        """How many tickets the table shows, and how many of them are selected."""
        text = ngettext("{n} ticket", "{n} tickets", shown).format(n=formats.count(shown))
        if selected > 1:
            text = _("{n} selected of {all}").format(n=formats.count(selected), all=formats.count(shown))
        self._shown.setText(text)

    def retranslate(self) -> None:
        """Every word anew."""
        self._show_scopes()
        self._search.set_name(_("Search tickets"))
        self._clear.setText(_("Clear all"))
        self._clear.setToolTip(_("Lift every filter (Esc)"))
        self._search.setToolTip(_("Search number, subject, customer (Ctrl+F)"))
        self.show_view(self._view)

    def _show_scopes(self) -> None:
        self._scopes.set_words(
            [(scope.value, f"{_(words)}  {self._counts.get(scope, '')}".rstrip()) for scope, words in SCOPES]
        )

    def _follow(self, made: IconButton, action: QAction) -> None:
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        made.set_name(action.text(), keys)
        made.setCheckable(action.isCheckable())
        made.setChecked(action.isChecked())
        made.setEnabled(action.isEnabled())

    def _pad(self) -> None:
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.px(8))
        self._search.setFixedWidth(theme.px(_SEARCH_WIDTH))


class _MenuButton(QToolButton):
    """A button with words that opens a list; lit while a view is in force."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self.setProperty("kind", "chip")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._active = False
        self._retheme()
        theme.notifier().changed.connect(self._retheme)

    def set_active(self, active: bool) -> None:
        """Whether what it stands for is in force."""
        self._active = active
        self.setProperty("active", active)
        self.style().unpolish(self)
        self.style().polish(self)
        self._retheme()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down and Return open, as Space does."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _retheme(self) -> None:
        self.setIcon(theme.icon(self._icon, "accent" if self._active else "text_muted", 14))
        self.setIconSize(QSize(theme.px(14), theme.px(14)))
