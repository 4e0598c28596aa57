"""What can be done in the agents panel: its menu, breaks that are asked for, tickets that are dropped on it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QMenu

from console.clock import SECOND
from console.models.domain.break_requests import BreakRequest
from console.models.domain.commands import Verb
from console.models.queries.break_effect import look
from console.models.queries.panels import AgentRow
from console.views.bridge import LiveBoard
from console.views.screen import Context, ScreenWidget
from console.views.screens.board.agent_deeds import AgentDeeds, pending_words
from console.views.screens.board.agent_menu import agent_menu, request_of
from console.views.screens.board.agents_panel import AgentsPanel
from console.views.screens.board.break_strip import BreakStrip
from console.views.screens.board.deeds import TicketDeeds
from console.views.screens.board.people_told import PeopleTold
from console.views.screens.board.queues_card import QueuesCard

_EFFECT_HOLDS = 5 * SECOND
"""What a break would do is told anew after so long."""


class AgentsDesk(QObject):
    """Joins panel and deeds; `refresh` once a second, behind the panel's own."""

    def __init__(
        self, context: Context, live: LiveBoard, panel: AgentsPanel, tickets: TicketDeeds, screen: ScreenWidget
    ) -> None:
        super().__init__(screen)
        self._context, self._live, self._panel, self._screen = context, live, panel, screen
        self.deeds = AgentDeeds(context, live, screen)
        self._people = PeopleTold(live, context.ops, context.store, self)
        self.strip = BreakStrip(self.deeds, live)
        self._told: tuple[BreakRequest, int, str] | None = None
        """Of which break the effect was told, when, and in which words."""
        panel.add_foot(self.strip)
        panel.menu_requested.connect(self._on_menu)
        self.deeds.changed.connect(self._on_pending)
        self._people.changed.connect(self._on_people)
        live.replaced.connect(self._on_people)
        if context.desk is not None:
            panel.takes_tickets()
            panel.tickets_dropped.connect(lambda agent, dropped: tickets.assign(dropped, agent))

    def refresh(self) -> None:
        """Another second has begun."""
        self.deeds.look()
        self._people.look()
        self._show()

    def effect(self, request: BreakRequest) -> str:
        """What the break would do if it were granted now; empty where that is not known yet."""
        board, now = self._live.board, self._live.now()
        if board is None:
            return ""
        told = self._told
        if told is not None and told[0] == request and 0 <= now - told[1] < _EFFECT_HOLDS:
            return told[2]
        agent = board.names.id("agent", request.agent)
        seen = look(board, self._people.directory(), agent, now, self.deeds.until(request))
        words = "" if seen is None else seen.sentence(self._live.zone)
        self._told = (request, now, words)
        return words

    def menu_of(self, row: AgentRow) -> QMenu:
        """The menu of an agent."""
        request = self._undecided(row)
        return agent_menu(
            self._panel,
            row if request is not None else row._replace(asked_at=0),
            self.deeds,
            self._live,
            effect="" if request is None else self.effect(request),
            change_queues=partial(self.change_queues, row),
            show_tickets=partial(self._panel.filter_requested.emit, {"assignee": frozenset({row.id})}),
        )

    def change_queues(self, row: AgentRow) -> QueuesCard | None:
        """Open the card of an agent's queues."""
        board = self._live.board
        if board is None:
            return None
        known = self._people.directory().people.get(row.id)
        names = (board.names.text("queue", id_) for id_ in range(1, board.names.size("queue")))
        served = {board.names.text("queue", queue) for queue in (known.queues if known is not None else ())}
        card = QueuesCard(self._screen.window(), row.name, sorted(filter(None, names)), served)
        card.chosen.connect(partial(self.deeds.set_queues, row.name))
        card.closed.connect(card.deleteLater)
        # The menu that asked for it still has the focus, and takes it along when it goes.
        QTimer.singleShot(0, card, lambda: card.open_beside(self._panel.view))
        return card

    def _show(self) -> None:
        waiting = [request for row in self._panel.rows() if (request := self._undecided(row)) is not None]
        waiting.sort(key=lambda request: (request.asked_at, request.agent))
        first = waiting[0] if waiting else None
        stale = self._panel.stale
        effect = "" if first is None or stale else self.effect(first)
        self.strip.show_request(first, len(waiting) - 1, effect, stale=stale)

    def _undecided(self, row: AgentRow) -> BreakRequest | None:
        decided = any(one.verb is Verb.BREAK for one in self.deeds.pending(row.name))
        return None if decided else request_of(row)

    def _on_menu(self, row: AgentRow, where: QPoint) -> None:
        menu = self.menu_of(row)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)

    def _on_pending(self) -> None:
        asked = {row.name: self.deeds.pending(row.name) for row in self._panel.rows()}
        self._panel.show_pending({name: pending_words(last[-1]) for name, last in asked.items() if last})
        self._show()

    def _on_people(self) -> None:
        self._told = None
