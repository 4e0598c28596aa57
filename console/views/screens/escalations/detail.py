"""One entry in full: who, why, by which rule, who has it and what comes; what can be done; conversation, clocks,
customer and history.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from console.i18n import N_, _, ngettext
from console.models.domain.clock_states import State as ClockState
from console.models.domain.escalation import Entry
from console.models.domain.glossary import word
from console.models.queries.inbox_advice import Suggestion
from console.models.queries.inbox_detail import EntryStory, OtherTicket
from console.models.queries.inbox_lines import Line, coming, level_word, stakes, standing, who, why
from console.models.queries.rule_words import rule_id, rule_words
from console.views import formats, theme
from console.views.screens.board.conversation import Conversation
from console.views.screens.board.flow import FlowLayout
from console.views.screens.board.panel_model import PanelModel
from console.views.screens.board.panel_view import PanelView
from console.views.screens.escalations.advice_list import AdviceList
from console.views.screens.escalations.deeds import DEEDS, Deed
from console.views.screens.escalations.faces import state_of, time_left
from console.views.screens.escalations.head_line import HeadLine
from console.views.screens.escalations.tables import Step, clock_columns, history_columns, other_columns
from console.views.widgets.buttons import button
from console.views.widgets.empty import EmptyState
from console.views.widgets.labels import label
from console.views.widgets.segmented import SegmentedControl

_TABS = (
    ("talk", N_("Conversation")),
    ("clocks", N_("Clocks")),
    ("customer", N_("Customer")),
    ("history", N_("History")),
)


_LEAST_PART = 132
"""The least height of conversation and tables, at scale 1."""


class EntryDetail(QWidget):
    """``deed_requested`` carries the key of a deed, ``advice_chosen`` the place of a suggestion, ``ticket_requested``
    a ticket that is to be shown on the board, ``closed`` the wish to hide it."""

    deed_requested = Signal(str)
    advice_chosen = Signal(int)
    ticket_requested = Signal(int)
    closed = Signal()

    def __init__(
        self,
        now: Callable[[], int],
        zone: tzinfo,
        keys: Callable[[str], str],
        person: Callable[[], str] = str,
        parent: QWidget | None = None,
    ) -> None:
        """``keys`` says by which key a deed is done, ``person`` who looks."""
        super().__init__(parent)
        self._now, self._zone, self._keys, self._person = now, zone, keys, person
        self._line: Line | None = None
        self._story = EntryStory()
        self._repeats = 0
        self._also: tuple[Line, ...] = ()
        self._head = HeadLine()
        self._head.closed.connect(self.closed)
        self._why, self._stands, self._rule = (label(wrap=True) for _each in range(3))
        self._rule.setProperty("kind", "small")
        self._reasons = label(wrap=True)
        self._to_ticket = button("", "link", flush=True)
        self._to_ticket.clicked.connect(self._on_ticket)
        self._buttons: dict[str, QPushButton] = {}
        self._barred = label(kind="small", wrap=True)
        self._verbs = QWidget()
        self.advice = AdviceList(zone)
        self.advice.chosen.connect(self.advice_chosen)
        self._advice_head = label(kind="small")
        self.conversation = Conversation(zone)
        self._clocks = PanelModel(clock_columns(now, self._written), _clock_key, self)
        self._others: PanelModel[OtherTicket] = PanelModel(other_columns(self._written), lambda other: other.id, self)
        self._steps: PanelModel[Step] = PanelModel(history_columns(self._written), lambda step: step.place, self)
        self._views = {key: self._table(model) for key, model in self._models().items()}
        self._views["customer"].row_chosen.connect(self._on_other)
        self.tabs = SegmentedControl(_("Part"), [(key, _(words)) for key, words in _TABS])
        self.tabs.chosen.connect(self._show_tab)
        self._stack = _Part()
        for piece in (self.conversation, *self._views.values()):
            self._stack.addWidget(piece)
        self._nothing = EmptyState("bell-ringing", "")
        self._body, self._area = QWidget(), QScrollArea()
        self._lay_out()
        self.retranslate()
        theme.notifier().changed.connect(self._pad)

    @property
    def line(self) -> Line | None:
        """What it shows."""
        return self._line

    def show_nothing(self) -> None:
        """No entry is chosen."""
        self._line = None
        self._area.hide()
        self._nothing.show()

    def show_line(self, line: Line, deeds: Sequence[Deed], barred: str, repeats: int) -> None:
        """Show an entry as it stands; `show_story` and `show_others` follow when they were read."""
        fresh = self._line is None or self._line.entry.id != line.entry.id
        self._line = line
        if fresh:
            self._story = EntryStory()
            self.conversation.show_lines((), same_ticket=False)
            for model in self._models().values():
                model.show_rows(())
        self._area.show()
        self._nothing.hide()
        self._repeats = repeats
        self._show_head(line)
        self._show_verbs(deeds, barred)
        self._show_tabs()

    def show_also(self, others: Sequence[Line]) -> None:
        """The same ticket is here for these reasons too; what is done is done to all of them."""
        self._also = tuple(others)
        if self._line is not None:
            self._show_head(self._line)

    def show_story(self, entry: Entry, story: EntryStory) -> None:
        """Conversation, clocks and history were read."""
        if self._line is None or self._line.entry.id != entry.id:
            return
        same = bool(self.conversation.toPlainText())
        self._story = story
        self.conversation.show_lines(story.lines, same_ticket=same)
        self._clocks.show_rows(story.clocks)
        self._steps.show_rows([Step(n, past, entry.chain) for n, past in enumerate(story.history)][::-1])
        self._show_head(self._line)
        self._show_tabs()

    def show_others(self, others: Sequence[OtherTicket]) -> None:
        """The customer's other tickets were found."""
        self._others.show_rows(others)
        self._show_tabs()

    def show_advice(self, suggestions: Sequence[Suggestion]) -> None:
        """What could be done."""
        self.advice.show_suggestions(suggestions)
        self._advice_head.setVisible(bool(suggestions))

    def refresh(self, repeats: int) -> None:
        """A second has passed."""
        if self._line is not None:
            self._repeats = repeats
            self._show_head(self._line)
            self._clocks.refresh_column("left")

    def next_tab(self) -> None:
        """Show the next part: conversation, clocks, customer, history."""
        keys = [key for key, _words in _TABS]
        following = keys[(keys.index(self.tabs.choice()) + 1) % len(keys)]
        self.tabs.choose(following)
        self._show_tab(following)

    def retranslate(self) -> None:
        """Every word anew."""
        self._nothing.set_words(_("No escalation chosen"), _("Choose one with the arrow keys or j and k."))
        self._head.retranslate()
        self._to_ticket.setText(_("On the board (B)"))
        self._advice_head.setText(_("What could be done"))
        for deed in DEEDS:
            words = _(deed.title)
            keys = self._keys(deed.key)
            self._buttons[deed.key].setText(f"{words}  {keys}" if keys else words)
            self._buttons[deed.key].setAccessibleName(words)
        self.conversation.redraw()
        for key, model in self._models().items():
            model.retranslate()
            self._views[key].setAccessibleName(_(dict(_TABS)[key]))
        self._show_tabs()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """With large text the parts need two rows."""
        super().resizeEvent(event)
        self._fit_tabs()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of what is read."""
        del event
        QPainter(self).fillRect(self.rect(), theme.color("raised"))

    # Inside

    def _show_head(self, line: Line) -> None:
        entry, now, zone = line.entry, self._now(), self._zone
        state = state_of(entry, now)
        about = [who(line)]
        if line.tier:
            about.append(word(line.tier))
        if line.channel:
            about.append(word(line.channel))
        left = time_left(entry, now)
        comes = f"{coming(entry)}  {left}" if left else coming(entry)
        self._head.show_words(state, " · ".join(about), comes)
        self._why.setText(why(line, now, zone) + (f" – {entry.reason}" if entry.reason else ""))
        also = _("; ").join(why(other, now, zone) for other in self._also)
        self._reasons.setText(_("Also: {reasons}").format(reasons=also) if also else "")
        self._reasons.setVisible(bool(also))
        gone = " · ".join(stakes(line, self._story.amount))
        stands = standing(line, self._repeats, zone, person=self._person())
        self._stands.setText(f"{gone} · {stands}" if gone else stands)
        told = _("told in turn: {chain}").format(chain=" → ".join(level_word(level) for level in entry.chain))
        parts = [
            _("Rule: {words} ({rule})").format(words=rule_words(entry.rule), rule=rule_id(entry.rule)),
            _("since {time}").format(time=self._written(entry.since)),
            _("in the inbox since {time}").format(time=self._written(entry.raised_at)),
        ]
        if entry.count > 1:
            parts.append(ngettext("seen {n} time", "seen {n} times", entry.count).format(n=entry.count))
        if entry.reopened:
            parts.append(ngettext("back {n} time", "back {n} times", entry.reopened).format(n=entry.reopened))
        parts.append(told)
        self._rule.setText(f"#{entry.id} · " + " · ".join(parts))
        self._to_ticket.setVisible(line.slot >= 0)

    def _show_verbs(self, deeds: Sequence[Deed], barred: str) -> None:
        keys = [deed.key for deed in deeds]
        for key, made in self._buttons.items():
            made.setVisible(key in keys)
            kind = "primary" if keys and key == keys[0] else "plain"
            if made.property("kind") != kind:
                made.setProperty("kind", kind)
                made.style().unpolish(made)
                made.style().polish(made)
        self._barred.setText(barred)
        self._barred.setVisible(bool(barred))
        self._verbs.setVisible(bool(keys))

    def _show_tabs(self) -> None:
        late = sum(
            clock.state is ClockState.BREACHED and clock.cycle.stopped_at is None for clock in self._story.clocks
        )
        counts = {
            "clocks": ngettext("{n} late", "{n} late", late).format(n=late) if late else "",
            "customer": str(self._others.rowCount() or ""),
            "history": str(len(self._story.history) or ""),
        }
        self.tabs.set_words([(key, f"{_(words)} {counts.get(key, '')}".rstrip()) for key, words in _TABS])
        self._fit_tabs()

    def _fit_tabs(self) -> None:
        """In one row where there is room, else in two."""
        edges = self._tab_row.contentsMargins()
        room = self._area.viewport().width() - edges.left() - edges.right()
        self.tabs.set_columns(len(_TABS) if self.tabs.width_of_all() <= room else len(_TABS) // 2)

    def _show_tab(self, key: str) -> None:
        self._stack.setCurrentWidget(self.conversation if key == "talk" else self._views[key])

    def _models(self) -> Mapping[str, PanelModel[object]]:
        return {"clocks": self._clocks, "customer": self._others, "history": self._steps}  # type: ignore[dict-item]  # each is asked only what all can do

    def _table(self, model: PanelModel[object]) -> PanelView:
        view = PanelView("")
        view.setModel(model)
        view.fit()
        return view

    def _written(self, at: int) -> str:
        zone, now = self._zone, self._now()
        today = formats.instant(at, zone)[:10] == formats.instant(now, zone)[:10]
        return formats.time_of_day(at, zone, seconds=False) if today else formats.instant(at, zone)[5:]

    def _on_ticket(self) -> None:
        if self._line is not None and self._line.entry.ticket:
            self.ticket_requested.emit(self._line.entry.ticket)

    def _on_other(self, place: int) -> None:
        other = self._others.row(place)
        if other is not None:
            self.ticket_requested.emit(other.id)

    def _lay_out(self) -> None:
        flow = FlowLayout(self._verbs, gap=4)
        for deed in DEEDS:
            made = button("")
            made.clicked.connect(lambda _checked=False, key=deed.key: self.deed_requested.emit(key))
            self._buttons[deed.key] = made
            flow.addWidget(made)
        policy = self._verbs.sizePolicy()
        policy.setHeightForWidth(True)
        self._verbs.setSizePolicy(policy)
        stands = QHBoxLayout()
        stands.addWidget(self._stands, 1)
        stands.addWidget(self._to_ticket, 0, Qt.AlignmentFlag.AlignTop)
        self._top = QVBoxLayout()
        self._top.addWidget(self._head)
        self._top.addWidget(self._why)
        self._top.addWidget(self._reasons)
        self._top.addLayout(stands)
        for piece in (self._rule, self._verbs, self._barred):
            self._top.addWidget(piece)
        self._middle = QVBoxLayout()
        self._middle.addWidget(self._advice_head)
        self._tab_row = QHBoxLayout()
        self._tab_row.addWidget(self.tabs)
        self._tab_row.addStretch(1)
        inner = QVBoxLayout(self._body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addLayout(self._top)
        inner.addLayout(self._middle)
        inner.addWidget(self.advice)
        inner.addLayout(self._tab_row)
        inner.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        # With large text in a low window the whole of it scrolls, rather than that lines are squeezed into each other.
        self._area.setWidget(self._body)
        self._area.setWidgetResizable(True)
        self._body.setMinimumWidth(1)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for ground in (self._body, self._area.viewport()):
            ground.setAutoFillBackground(False)
        column.addWidget(self._area)
        column.addWidget(self._nothing)
        self._area.hide()
        self._pad()

    def _pad(self) -> None:
        px = theme.px
        self._top.setContentsMargins(px(12), px(4), px(4), px(8))
        self._top.setSpacing(px(4))
        self._middle.setContentsMargins(px(12), px(4), px(12), 0)
        self._tab_row.setContentsMargins(px(12), px(8), px(8), px(4))
        self._stack.updateGeometry()
        for view in self._views.values():
            view.fit()


class _Part(QStackedWidget):
    """The part that is chosen; it takes the height that is left, and asks for a little."""

    def sizeHint(self) -> QSize:
        """Enough to read a few lines."""
        return QSize(0, theme.px(_LEAST_PART))

    def minimumSizeHint(self) -> QSize:
        """The same: below it the whole detail scrolls."""
        return self.sizeHint()


def _clock_key(clock: object) -> object:
    cycle = clock.cycle  # type: ignore[attr-defined]  # an AppliedClock; the model is typed by its columns
    return cycle.clock, cycle.number
