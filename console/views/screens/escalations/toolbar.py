"""The line above the inbox: whose entries, search, filters; at its end how fresh the look is and what is ticked."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.i18n import N_, _
from console.models.domain.contacts import Channel
from console.models.domain.escalation import Cause
from console.models.domain.glossary import word
from console.models.queries.inbox import InboxFilter, Scope
from console.models.queries.inbox_lines import cause_word
from console.views import formats, theme
from console.views.screens.board.flow import FlowLayout
from console.views.widgets.buttons import IconButton, button
from console.views.widgets.chips import FilterChip
from console.views.widgets.labels import ElidedLabel, StateMark, label
from console.views.widgets.options import Option
from console.views.widgets.search import SearchField
from console.views.widgets.segmented import SegmentedControl

_SEARCH_WIDTH, _SEARCH_LEAST = 184, 96
"""At scale 1."""
_SCOPES = (
    (Scope.ALL, N_("Open")),
    (Scope.UNOWNED, N_("Unowned")),
    (Scope.MINE, N_("Mine")),
    (Scope.RESOLVED, N_("Resolved")),
)


class InboxToolbar(QWidget):
    """``filter_changed`` carries the `InboxFilter` in force."""

    filter_changed = Signal(object)
    results_requested = Signal()
    shift_requested = Signal()
    """The page that ends a shift is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filter = InboxFilter()
        self._counts: Mapping[Scope, int] = {}
        self._scopes = SegmentedControl("", [(scope.value, _(words)) for scope, words in _SCOPES])
        self._scopes.chosen.connect(lambda key: self._change(scope=Scope(key)))
        self.search = SearchField("")
        self.search.words_changed.connect(lambda words: self._change(text=words))
        self.search.results_requested.connect(self.results_requested)
        self._causes, self._channels = FilterChip(""), FilterChip("")
        self._causes.chosen.connect(lambda keys: self._change(causes=keys))
        self._channels.chosen.connect(lambda keys: self._change(channels=keys))
        self._clear = button("", "link")
        self._clear.clicked.connect(self.clear)
        self._mark, self._checked = StateMark(theme.State.OK, size=9), label(kind="small")
        self._picked = label(kind="muted")
        self._end = QWidget()
        end = QHBoxLayout(self._end)
        end.setContentsMargins(0, 0, 0, 0)
        self._shift = IconButton("calendar-time", "")
        self._shift.clicked.connect(self.shift_requested)
        for part in (self._picked, self._mark, self._checked, self._shift):
            end.addWidget(part)
        self._row = end
        line = FlowLayout(self, gap=8, trailing=True)
        for piece in (self._scopes, self.search, self._causes, self._channels, self._clear, self._end):
            line.addWidget(piece)
        self._pad()
        self.retranslate()
        theme.notifier().changed.connect(self._pad)

    @property
    def filter(self) -> InboxFilter:
        """The filter in force."""
        return self._filter

    def clear(self) -> bool:
        """Lift everything but the scope; False when there was nothing to lift."""
        if not self._filter.narrowed:
            return False
        self.show_filter(InboxFilter(self._filter.scope))
        self.filter_changed.emit(self._filter)
        return True

    def show_filter(self, chosen: InboxFilter) -> None:
        """Bring a filter into force without telling."""
        self._filter = chosen
        self._scopes.choose(chosen.scope.value)
        self.search.show_words(chosen.text)
        self._causes.set_keys(chosen.causes)
        self._channels.set_keys(chosen.channels)
        self._clear.setVisible(chosen.narrowed)

    def show_counts(
        self, scopes: Mapping[Scope, int], causes: Mapping[Cause, int], channels: Mapping[Channel, int]
    ) -> None:
        """How many entries there are by scope, cause and channel."""
        if scopes != self._counts:
            self._counts = dict(scopes)
            self._show_scopes()
        self._causes.set_options(_options((cause, cause_word(cause), n) for cause, n in causes.items()))
        self._channels.set_options(_options((channel, word(channel), n) for channel, n in channels.items()))

    def show_freshness(self, words: str, state: theme.State) -> None:
        """How long ago the sweep looked."""
        self._checked.setText(words)
        self._checked.setStyleSheet("" if state is theme.State.OK else f"color: {theme.color(state.ink).name()}")
        self._mark.set_state(state)

    def show_picked(self, count: int) -> None:
        """How many rows are ticked."""
        self._picked.setText(_("{n} ticked").format(n=formats.count(count)) if count else "")
        self._picked.setVisible(bool(count))

    def retranslate(self) -> None:
        """Every word anew."""
        self._scopes.setAccessibleName(_("Whose"))
        self._show_scopes()
        self.search.set_name(_("Search the inbox"))
        self._causes.set_name(_("Cause"))
        self._channels.set_name(_("Channel"))
        self._clear.setText(_("Clear all"))
        self._shift.set_name(_("Hand over to the next shift"), "Ctrl+Shift+H")
        self._clear.setVisible(self._filter.narrowed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width leaves other room for the search."""
        super().resizeEvent(event)
        self._fit_search()

    def _change(self, **changes: object) -> None:
        values = {name: getattr(self._filter, name) for name in ("scope", "causes", "channels", "text")}
        self.show_filter(InboxFilter(**(values | changes)))
        self.filter_changed.emit(self._filter)

    def _show_scopes(self) -> None:
        self._scopes.set_words(
            [(scope.value, f"{_(words)}  {self._counts.get(scope, '')}".rstrip()) for scope, words in _SCOPES]
        )
        self._fit_search()

    def _pad(self) -> None:
        self._row.setSpacing(theme.px(8))
        self._fit_search()

    def _fit_search(self) -> None:
        """With large text the field takes what the scopes leave of the first line, rather than a line of its own."""
        left = self.width() - self._scopes.sizeHint().width() - theme.px(8)
        usual, least = theme.px(_SEARCH_WIDTH), theme.px(_SEARCH_LEAST)
        self.search.setFixedWidth(left if least <= left < usual else usual)


class NewsLine(QWidget):
    """What came in while a person looks elsewhere in the list; ``show_requested`` carries the entry's number."""

    show_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entry = 0
        self._mark = StateMark(theme.State.DANGER)
        self._text = ElidedLabel()
        self._show = button("", "link")
        self._show.clicked.connect(lambda: self.show_requested.emit(self._entry))
        self._close = IconButton("x", "")
        self._close.clicked.connect(self.hide)
        self._row = QHBoxLayout(self)
        for piece in (self._mark, self._text, self._show, self._close):
            self._row.addWidget(piece)
        self._row.setStretch(1, 1)
        self.hide()
        self._pad()
        theme.notifier().changed.connect(self._pad)

    @property
    def entry(self) -> int:
        """The newest entry that was told; 0 while nothing is told."""
        return 0 if self.isHidden() else self._entry

    def tell(self, words: str, entry: int) -> None:
        """Say what came in."""
        self._entry = entry
        self._text.set_text(words)
        self._show.setText(_("Show (N)"))
        self._close.set_name(_("Dismiss"))
        self.setAccessibleName(words)
        self.show()

    def keep_only(self, entries: Container[int]) -> None:
        """These still call for somebody; what was told of another one has lost its point."""
        if self._entry not in entries:
            self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A tint that says alarm."""
        del event
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("danger_soft"))
            painter.fillRect(0, 0, self.width(), 1, theme.color("hairline"))

    def _pad(self) -> None:
        self._row.setContentsMargins(theme.px(12), theme.px(2), theme.px(4), theme.px(2))
        self._row.setSpacing(theme.px(8))


def _options(found: Iterable[tuple[object, str, int]]) -> list[Option]:
    return [Option(key, words, formats.count(count)) for key, words, count in found if count]
