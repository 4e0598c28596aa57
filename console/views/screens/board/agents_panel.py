"""The agents: who is in trouble stands on top; a press shows their tickets."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from console.clock import MINUTE, SECOND
from console.i18n import N_, _, ngettext
from console.models.domain.contacts import AgentState
from console.models.domain.glossary import word
from console.models.queries.figures import Unit
from console.models.queries.panels import AgentRow, agents, agents_by_state
from console.views import formats
from console.views.bridge import LiveBoard
from console.views.screens.board.faces import as_text, short
from console.views.screens.board.panel import Panel
from console.views.screens.board.panel_model import PanelCell, PanelColumn, PanelModel
from console.views.tables.ticket_columns import Cell
from console.views.theme import ColorName, State

_SHAPES = {
    AgentState.AVAILABLE: State.OK,
    AgentState.BUSY: State.INFO,
    AgentState.WRAP_UP: State.INFO,
    AgentState.BREAK: State.PAUSED,
    AgentState.AWAY: State.PAUSED,
    AgentState.OFFLINE: State.NEUTRAL,
}
_IN_SUM = (AgentState.AVAILABLE, AgentState.BUSY, AgentState.WRAP_UP, AgentState.BREAK, AgentState.AWAY)


class AgentsPanel(Panel):
    """Follows the board once a second, and at once when agents change."""

    menu_requested = Signal(object, QPoint)
    """The menu of an agent is wanted: their `AgentRow`, and where on the screen."""
    tickets_dropped = Signal(str, object)
    """Tickets were drawn onto an agent: the name, and the list of the tickets' ids."""

    def __init__(self, live: LiveBoard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self._pending: dict[str, str] = {}
        columns: tuple[PanelColumn[AgentRow], ...] = (
            PanelColumn("agent", N_("Agent"), 0, _name),
            PanelColumn("state", N_("State"), 88, self._state),
            PanelColumn(
                "since",
                N_("For"),
                72,
                self._since,
                right=True,
                hint=N_("How long in this state, or asking for a break"),
            ),
            PanelColumn("load", N_("Load"), 64, _load, right=True, hint=N_("Live contacts now, of how many at once")),
            PanelColumn(
                "waiting", N_("Wait"), 44, _waiting, right=True, hint=N_("Their customers who wait for an answer")
            ),
        )
        self._model: PanelModel[AgentRow] = PanelModel(columns, lambda row: row.id, self)
        self.view.setModel(self._model)
        self.view.fit()
        self.view.row_chosen.connect(self._on_row_chosen)
        self.view.menu_requested.connect(self._on_menu)
        self.view.tickets_dropped.connect(self._on_dropped)

    def takes_tickets(self) -> None:
        """Tickets may be dropped on agents from now on."""
        self.view.takes_tickets()

    def rows(self) -> list[AgentRow]:
        """Everybody who is shown."""
        return self._model.rows()

    def show_pending(self, pending: dict[str, str]) -> None:
        """What is on its way to agents, by their names and in a word or two."""
        if pending != self._pending:
            self._pending = pending
            self._model.refresh_column("state")

    def refresh(self) -> None:
        """Show everybody as they are now."""
        board = self._live.board
        if board is None:
            return
        rows = agents(board, self._live.now())
        self._model.show_rows(rows)
        self._model.refresh_column("since")
        counts = agents_by_state(rows)
        parts = [f"{counts[state]} {word(state).lower()}" for state in _IN_SUM if counts[state]]
        slow = sum(row.slow > 0 and row.state is not AgentState.OFFLINE for row in rows)
        if slow:
            parts.insert(0, _("{n} slow").format(n=slow))
        asking = sum(row.asked_at > 0 for row in rows)
        if asking:
            parts.insert(0, ngettext("{n} asks for a break", "{n} ask for a break", asking).format(n=asking))
        self.set_head(_("Agents"), " · ".join(parts))

    def retranslate(self) -> None:
        """Every word anew."""
        self._model.retranslate()
        self.refresh()

    def _since(self, row: AgentRow) -> PanelCell:
        if row.asked_at:
            return PanelCell(Cell(short((self._live.now() - row.asked_at) / SECOND), "text"))
        if not row.since:
            return PanelCell()
        return PanelCell(Cell(short((self._live.now() - row.since) / SECOND), "text_muted"))

    def _state(self, row: AgentRow) -> PanelCell:
        """What they do; before that what they ask for, and before all what is asked of them."""
        pending = self._pending.get(row.name)
        if pending:
            spoken = _("{state}, asked for: {what}").format(state=word(row.state), what=pending)
            return PanelCell(Cell(f"→ {pending}", "text_muted", State.STALE), spoken=spoken)
        if row.asked_at:
            minutes = -(-row.wanted // MINUTE)
            spoken = _("{state}, asks for a break of {n} min").format(state=word(row.state), n=minutes)
            return PanelCell(Cell(_("Break?"), "warning", State.WARNING), spoken=spoken)
        return _state(row)

    def _on_menu(self, place: int, where: QPoint) -> None:
        row = self._model.row(place)
        if row is not None:
            self.menu_requested.emit(row, where)

    def _on_dropped(self, place: int, tickets: list[int]) -> None:
        row = self._model.row(place)
        if row is not None:
            self.tickets_dropped.emit(row.name, tickets)

    def _on_row_chosen(self, place: int) -> None:
        row = self._model.row(place)
        if row is not None:
            self.filter_requested.emit({"assignee": frozenset({row.id})})


def _name(row: AgentRow) -> PanelCell:
    ink: ColorName = "text_muted" if row.state is AgentState.OFFLINE and not row.trouble else "text"
    if not row.slow:
        return PanelCell(Cell(row.name, ink, strong=row.trouble))
    # R-AGENT-SLOW: the alarm is in the inbox; here the agent is marked for coaching.
    time = as_text(row.slow, Unit.SECONDS)
    spoken = _("{agent}, an answer takes {time} on average").format(agent=row.name, time=time)
    return PanelCell(Cell(row.name, ink, State.WARNING, strong=True), spoken=spoken)


def _state(row: AgentRow) -> PanelCell:
    if not row.since:
        return PanelCell(Cell(formats.DASH, "text_muted"), spoken=_("state not known"))
    shape = State.WARNING if row.trouble and row.state in (AgentState.BREAK, AgentState.AWAY) else _SHAPES[row.state]
    ink: ColorName = "warning" if shape is State.WARNING else "text_muted" if shape is State.NEUTRAL else "text"
    return PanelCell(Cell(word(row.state), ink, shape))


def _load(row: AgentRow) -> PanelCell:
    if not row.limit:
        return PanelCell(Cell(str(row.load) if row.load else "", "text"))
    over = row.load > row.limit
    text = f"{row.load} / {row.limit}"
    spoken = _("{load} of {limit} contacts").format(load=row.load, limit=row.limit)
    full = row.load >= row.limit
    return PanelCell(
        Cell(
            text,
            "danger" if over else "text" if row.load else "text_muted",
            State.DANGER if over else State.NEUTRAL,
            full,
        ),
        spoken=spoken,
    )


def _waiting(row: AgentRow) -> PanelCell:
    return PanelCell(Cell(str(row.waiting) if row.waiting else "", "text"))
