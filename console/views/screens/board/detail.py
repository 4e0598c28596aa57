"""One ticket in full: who, what, since when, until when, why it waits, and everything that was said and done."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from console.i18n import N_, _
from console.models.live.board import Delta
from console.models.queries.timeline import Line, Timelines, timeline
from console.views import theme
from console.views.bridge import LiveBoard
from console.views.ops import Ops
from console.views.screens.board.conversation import Conversation
from console.views.screens.board.ticket_facts import Facts, facts
from console.views.widgets.buttons import IconButton
from console.views.widgets.empty import EmptyState
from console.views.widgets.labels import ElidedLabel, StateMark, label

_READ_AFTER_MS = 250
_AGAIN_MS = 1_500
"""Events are shown before they are stored, so what is read at once may lack the last one."""
_ROWS = (
    ("customer", N_("Customer")),
    ("about", N_("About")),
    ("owner", N_("Owner")),
    ("status", N_("Status")),
    ("waits", N_("Waits")),
    ("platform", N_("Platform")),
)


class TicketDetail(QWidget):
    """Follows one ticket of the board that is looked at. ``closed`` is the wish to hide it."""

    closed = Signal()

    def __init__(self, live: LiveBoard, ops: Ops, log: Timelines, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self._ops = ops
        self._log = log
        self._ticket: int | None = None
        self._read_until = 0
        self._ref = label(kind="title")
        self._ref.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._mark = StateMark()
        self._due = label()
        self._close = IconButton("x", "")
        self._close.clicked.connect(self.closed)
        self._subject = label(wrap=True)
        self._why = label(wrap=True)
        self._names: dict[str, QLabel] = {}
        self._values: dict[str, ElidedLabel] = {}
        self._conversation = Conversation(live.zone)
        self._nothing = EmptyState("ticket", "")
        self._body = QWidget()
        self._timer = QTimer(self)
        self._timer.setObjectName("timeline")
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._read)
        self._lay_out()
        self.retranslate()
        theme.notifier().changed.connect(self._pad)

    @property
    def ticket(self) -> int | None:
        """The ticket it shows."""
        return self._ticket

    @property
    def conversation(self) -> Conversation:
        """The story."""
        return self._conversation

    def show_ticket(self, ticket: int | None) -> None:
        """Show another ticket, or that none is chosen."""
        if ticket == self._ticket:
            return
        self._ticket = ticket
        self._conversation.show_lines((), same_ticket=False)
        self.refresh()
        if ticket is not None:
            self._read()

    def follow(self, delta: Delta) -> None:
        """The board changed; read the story again when it is this ticket's."""
        board = self._live.board
        slot = None if board is None or self._ticket is None else board.slot(self._ticket)
        if slot is not None and slot in delta.slots:
            self.refresh()
            if not self._timer.isActive():
                self._timer.start(_READ_AFTER_MS)

    def restart(self) -> None:
        """The board is another one, perhaps of another moment."""
        self.refresh()
        if self._ticket is not None:
            self._read()

    def refresh(self) -> None:
        """Bring the facts and the countdown up to date."""
        shown = None
        if self._live.board is not None and self._ticket is not None:
            shown = facts(self._live.board, self._ticket, self._live.now(), self._live.zone)
        self._body.setVisible(shown is not None)
        self._nothing.setVisible(shown is None)
        if shown is not None:
            self._show(shown)

    def retranslate(self) -> None:
        """Every word anew."""
        self._nothing.set_words(_("No ticket chosen"), _("Choose a row; Space opens and closes this pane."))
        self._close.set_name(_("Close"), "Space")
        for key, words in _ROWS:
            self._names[key].setText(_(words))
        self._conversation.redraw()
        self.refresh()

    def sleep(self) -> None:
        """Nobody looks."""
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of what is read."""
        del event
        QPainter(self).fillRect(self.rect(), theme.color("raised"))

    def _show(self, shown: Facts) -> None:
        self._ref.setText(shown.ref)
        self._mark.set_state(shown.state)
        self._mark.setVisible(shown.state is not theme.State.NEUTRAL)
        self._due.setText(shown.due)
        self._due.setStyleSheet(f"color: {theme.color(shown.ink).name()}; font-weight: 600")
        self._subject.setText(shown.subject)
        self._subject.setVisible(bool(shown.subject))
        self._why.setText(shown.why)
        self._why.setVisible(bool(shown.why))
        for key, value in shown.rows.items():
            self._values[key].set_text(value)
        for piece in (self._names["platform"], self._values["platform"]):
            piece.setVisible(bool(shown.rows["platform"]))

    def _read(self) -> None:
        log, ticket = self._log, self._ticket
        if ticket is None:
            return
        until = self._live.past_at
        self._ops.read(
            lambda _progress: timeline(log, ticket, until),
            lambda lines: self._on_read(ticket, lines),
            key="board/timeline",
            owner=self,
        )

    def _on_read(self, ticket: int, lines: list[Line]) -> None:
        if ticket != self._ticket:
            return
        same = bool(self._conversation.toPlainText())
        self._conversation.show_lines(lines, same_ticket=same)
        board = self._live.board
        slot = None if board is None else board.slot(ticket)
        if board is None or slot is None:
            return
        last = lines[-1].at if lines else 0
        known = int(board.columns.last_at[slot])
        # Kinds that are not shown are newer than the last line too, so ask again only once for each change.
        if last < known and known != self._read_until and self._live.past_at is None:
            self._read_until = known
            self._timer.start(_AGAIN_MS)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._ref)
        head.addStretch(1)
        head.addWidget(self._mark)
        head.addWidget(self._due)
        head.addWidget(self._close)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for place, (key, words) in enumerate(_ROWS):
            self._names[key] = label(_(words), "small")
            self._values[key] = ElidedLabel()
            grid.addWidget(self._names[key], place, 0)
            grid.addWidget(self._values[key], place, 1)
        self._head, self._grid = head, grid
        inner = QVBoxLayout(self._body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        top = QVBoxLayout()
        self._top = top
        for piece in (head, grid):
            top.addLayout(piece)
        top.insertWidget(1, self._subject)
        top.insertWidget(2, self._why)
        inner.addLayout(top)
        inner.addWidget(self._conversation, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._body)
        column.addWidget(self._nothing)
        self._pad()

    def _pad(self) -> None:
        self._top.setContentsMargins(theme.px(12), theme.px(4), theme.px(4), theme.px(8))
        self._top.setSpacing(theme.px(4))
        self._head.setSpacing(theme.px(4))
        self._grid.setHorizontalSpacing(theme.px(12))
        self._grid.setVerticalSpacing(theme.px(2))
        self.refresh()
