"""The queues and who serves each: people are drawn from one to another, tickets onto the one that they belong to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from console.i18n import N_, _
from console.models.domain.contacts import AgentState
from console.models.domain.glossary import word
from console.models.queries.queue_rows import QueueRow, Server
from console.views import formats, theme
from console.views.charts.load_bars import agent_as_mime, agent_of
from console.views.screens.balance.reading import Reading
from console.views.screens.board.panel_model import PanelCell, PanelColumn, PanelModel
from console.views.screens.board.panel_view import PanelView
from console.views.tables.ticket_columns import Cell
from console.views.tables.ticket_drag import is_far, tickets_of
from console.views.theme import State
from console.views.widgets.labels import ElidedLabel

_SHAPES = {
    AgentState.AVAILABLE: State.OK,
    AgentState.BUSY: State.INFO,
    AgentState.WRAP_UP: State.INFO,
    AgentState.BREAK: State.PAUSED,
    AgentState.AWAY: State.PAUSED,
}


class QueuesPage(QWidget):
    """``queues_wished`` carries an agent's name and the queues that they are to serve from now on; ``tickets_wished``
    ticket ids and the queue that they are to go to; ``queue_requested`` a queue whose tickets are to be shown."""

    queues_wished = Signal(str, object)
    tickets_wished = Signal(object, str)
    queue_requested = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[QueueRow, ...] = ()
        self._reading: Reading | None = None
        self._queues: PanelModel[QueueRow] = PanelModel(_queue_columns(), lambda row: row.id, self)
        self._servers: PanelModel[Server] = PanelModel(_server_columns(), lambda row: row.agent, self)
        self.queues = QueueTable(_("Queues"))
        self.servers = ServerTable(_("Who serves it"))
        self._title = ElidedLabel(kind="muted")
        self.queues.setModel(self._queues)
        self.servers.setModel(self._servers)
        left, right = QVBoxLayout(), QVBoxLayout()
        self._lead = ElidedLabel(kind="muted")
        left.addWidget(self._lead)
        left.addWidget(self.queues, 1)
        right.addWidget(self._title)
        right.addWidget(self.servers, 1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, theme.px(8), 0, 0)
        line.setSpacing(theme.px(8))
        line.addLayout(left, 1)
        line.addLayout(right, 1)
        for table in (self.queues, self.servers):
            table.fit()
        self.queues.selectionModel().currentRowChanged.connect(lambda *_rows: self._show_servers())
        self.queues.row_chosen.connect(self._on_queue)
        self.queues.agent_dropped.connect(self._on_agent_dropped)
        self.queues.tickets_dropped.connect(self._on_tickets_dropped)
        self.servers.drag_wished.connect(self._drag)
        self.servers.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.servers.customContextMenuRequested.connect(self._open_menu)
        self.retranslate()

    def follow(self, reading: Reading) -> None:
        """Show the queues of a reading."""
        self._reading, self._rows = reading, reading.queues
        self._queues.show_rows(reading.queues)
        if not self.queues.currentIndex().isValid() and reading.queues:
            self.queues.selectRow(0)
        self._show_servers()

    def retranslate(self) -> None:
        """Every word anew."""
        self._lead.set_text(_("Draw people onto the queue they are to serve; with Ctrl they serve it as well"))
        self._queues.retranslate()
        self._servers.retranslate()
        self._show_servers()

    def served_by(self, agent: int) -> list[str]:
        """The names of the queues that somebody serves now, without those they help out in."""
        return [row.name for row in self._rows if any(one.agent == agent and not one.helps for one in row.servers)]

    def give(self, agent: int, name: str, to: str, *, also: bool) -> None:
        """Somebody serves another queue instead of the chosen one, or as well."""
        chosen = self._current()
        served = self.served_by(agent)
        leaves = "" if also or chosen is None else chosen.name
        wanted = [queue for queue in served if queue != leaves]
        if to not in wanted:
            wanted.append(to)
        if sorted(wanted) != sorted(served):
            self.queues_wished.emit(name, wanted)

    def _current(self) -> QueueRow | None:
        return self._queues.row(self.queues.currentIndex().row())

    def _show_servers(self) -> None:
        row = self._current()
        self._servers.show_rows(() if row is None else row.servers)
        self._title.set_text("" if row is None else _("Who serves {queue}").format(queue=row.name))

    def _on_queue(self, place: int) -> None:
        row = self._queues.row(place)
        if row is not None:
            self.queue_requested.emit(row.id, row.name)

    def _on_agent_dropped(self, agent: int, place: int, also: bool) -> None:
        row, chosen = self._queues.row(place), self._current()
        people = {} if self._reading is None else self._reading.directory.people
        if row is not None and agent in people:
            # Who is drawn from elsewhere leaves no queue for it.
            here = chosen is not None and any(one.agent == agent for one in chosen.servers)
            self.give(agent, people[agent].name, row.name, also=also or not here)

    def _on_tickets_dropped(self, tickets: Sequence[int], place: int) -> None:
        row = self._queues.row(place)
        if row is not None:
            self.tickets_wished.emit(tickets, row.name)

    def _drag(self, place: int) -> None:
        person = self._servers.row(place)
        if person is None:
            return
        made = QDrag(self.servers)
        made.setMimeData(agent_as_mime(person.agent))
        made.exec(Qt.DropAction.MoveAction | Qt.DropAction.CopyAction, Qt.DropAction.MoveAction)

    def _open_menu(self, at: QPoint) -> None:
        person = self._servers.row(self.servers.rowAt(at.y()))
        chosen = self._current()
        if person is None or chosen is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for title, also in ((_("Serve instead"), False), (_("Serve as well"), True)):
            others = menu.addMenu(title)
            for row in self._rows:
                if row.id != chosen.id:
                    action = others.addAction(row.name)
                    action.triggered.connect(
                        lambda _checked=False, to=row.name, also=also: self.give(
                            person.agent, person.name, to, also=also
                        )
                    )
        menu.popup(self.servers.viewport().mapToGlobal(at))


class QueueTable(PanelView):
    """``agent_dropped`` carries an agent, the row, and whether they serve it as well; ``tickets_dropped`` ticket ids
    and the row."""

    agent_dropped = Signal(int, int, bool)
    tickets_dropped = Signal(object, int)

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Tickets and agents are welcome."""
        if _is_ours(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Onto a queue, not between."""
        on_row = self.rowAt(event.position().toPoint().y()) >= 0
        event.setAccepted(on_row and _is_ours(event.mimeData()))

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell what was put onto which queue."""
        row, mime = self.rowAt(event.position().toPoint().y()), event.mimeData()
        if row < 0 or not _is_ours(mime):
            return
        event.acceptProposedAction()
        if agent := agent_of(mime):
            also = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self.agent_dropped.emit(agent, row, also)
        else:
            self.tickets_dropped.emit(tickets_of(mime), row)


class ServerTable(PanelView):
    """``drag_wished`` carries the row that is drawn away."""

    drag_wished = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._pressed: QPoint | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press may become a drag."""
        super().mousePressEvent(event)
        self._pressed = event.position().toPoint() if event.button() == Qt.MouseButton.LeftButton else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Far enough from the press it is one."""
        at = event.position().toPoint()
        if self._pressed is not None and is_far(self._pressed, at):
            row, self._pressed = self.rowAt(self._pressed.y()), None
            if row >= 0:
                self.drag_wished.emit(row)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """It was a press."""
        self._pressed = None
        super().mouseReleaseEvent(event)


def _is_ours(mime: QMimeData) -> bool:
    return bool(agent_of(mime) or tickets_of(mime))


def _queue_columns() -> tuple[PanelColumn[QueueRow], ...]:
    return (
        PanelColumn("queue", N_("Queue"), 0, _queue),
        PanelColumn("waiting", N_("Waiting"), 72, lambda row: _number(row.waiting), right=True),
        PanelColumn("oldest", N_("Longest"), 88, _oldest, right=True, hint=N_("How long the first of them has waited")),
        PanelColumn("open", N_("Open"), 64, lambda row: _number(row.open), right=True),
        PanelColumn("there", N_("There"), 64, _there, right=True, hint=N_("Of its own people, who takes contacts now")),
        PanelColumn("free", N_("Free"), 64, lambda row: _number(row.free), right=True, hint=N_("Free places now")),
    )


def _server_columns() -> tuple[PanelColumn[Server], ...]:
    return (
        PanelColumn("agent", N_("Agent"), 0, _server),
        PanelColumn("team", N_("Team"), 148, lambda row: PanelCell(Cell(row.team, "text_muted"))),
        PanelColumn("state", N_("State"), 96, _state),
        PanelColumn("load", N_("Load"), 72, _load, right=True, hint=N_("Live contacts now, of how many at once")),
    )


def _queue(row: QueueRow) -> PanelCell:
    starved = row.waiting > 0 and not row.free
    return PanelCell(Cell(row.name, "text", State.WARNING if starved else State.NEUTRAL, strong=starved))


def _oldest(row: QueueRow) -> PanelCell:
    if row.oldest_wait is None:
        return PanelCell(Cell(formats.DASH, "text_muted"))
    return PanelCell(Cell(formats.span(row.oldest_wait), "text"))


def _there(row: QueueRow) -> PanelCell:
    alone = not row.there and row.waiting > 0
    return PanelCell(
        Cell(formats.count(row.there), "danger" if alone else "text", State.DANGER if alone else State.NEUTRAL)
    )


def _number(value: int) -> PanelCell:
    return PanelCell(Cell(formats.count(value) if value else formats.DASH, "text" if value else "text_muted"))


def _server(row: Server) -> PanelCell:
    name = _("{name} (helps out)").format(name=row.name) if row.helps else row.name
    return PanelCell(Cell(name, "text" if row.there else "text_muted"))


def _state(row: Server) -> PanelCell:
    return PanelCell(
        Cell(word(row.state), "text" if row.there else "text_muted", _SHAPES.get(row.state, State.NEUTRAL))
    )


def _load(row: Server) -> PanelCell:
    text = f"{row.load} / {row.limit}" if row.limit else str(row.load)
    return PanelCell(Cell(text, "text" if row.load else "text_muted"))
