"""What can be done with tickets: from the command palette with the chosen ones, by a drag with those that are drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from PySide6.QtCore import QObject

from console.i18n import _, ngettext
from console.models.domain.contacts import InquiryType
from console.models.domain.glossary import word
from console.views.bridge import LiveBoard
from console.views.desk import TicketDesk
from console.views.screen import Context, Offer, ScreenWidget
from console.views.screens.board.asking import Asking


class TicketDeeds(QObject):
    """Offers for the palette; what comes of them is told by the toasts of ``screen``."""

    def __init__(
        self, context: Context, live: LiveBoard, chosen: Callable[[], Sequence[int]], screen: ScreenWidget
    ) -> None:
        """``chosen`` gives the tickets that are selected."""
        super().__init__(screen)
        self._asking = Asking(context, screen)
        self._context = context
        self._live = live
        self._chosen = chosen

    def offers(self, words: str, limit: int) -> Iterable[Offer]:
        """At most ``limit`` lines for these words; none without tickets, and none where nothing can be changed."""
        desk, tickets, wanted = self._context.desk, list(self._chosen()), words.casefold().split()
        if desk is None or not tickets or not wanted or self._live.past_at is not None:
            return []
        lines = [*self._types(desk.tickets, tickets), *self._agents(desk.tickets, tickets)]
        return [line for line in lines if all(part in line.title.casefold() for part in wanted)][:limit]

    def _types(self, desk: TicketDesk, tickets: list[int]) -> Iterator[Offer]:
        # R-CLASSIFY: a correction is one person's judgement of one contact.
        if len(tickets) == 1:
            for kind in InquiryType:
                if kind:
                    title = _("Correct the type: {type}").format(type=word(kind))
                    yield Offer(title, self._refs(tickets), "tag", partial(self._classify, desk, tickets[0], kind))

    def _agents(self, desk: TicketDesk, tickets: list[int]) -> Iterator[Offer]:
        board = self._live.board
        names = [] if board is None else [board.names.text("agent", id_) for id_ in range(1, board.names.size("agent"))]
        for name in filter(None, names):
            title = ngettext("Assign {n} ticket to {agent}", "Assign {n} tickets to {agent}", len(tickets))
            run = partial(self._assign, desk, tickets, name)
            yield Offer(title.format(n=len(tickets), agent=name), self._refs(tickets), "user-plus", run)

    def _refs(self, tickets: list[int]) -> str:
        board = self._live.board
        slots = [] if board is None else [board.slot(ticket) for ticket in tickets[:3]]
        refs = [board.texts.get(slot)[0] for slot in slots if board is not None and slot is not None]
        return ", ".join(refs) + (" …" if len(tickets) > len(refs) else "")

    def assign(self, tickets: Sequence[int], agent: str) -> None:
        """Give tickets to an agent; nothing happens where nothing can be changed."""
        if self._context.desk is not None and tickets and self._live.past_at is None:
            self._assign(self._context.desk.tickets, list(tickets), agent)

    def _assign(self, desk: TicketDesk, tickets: list[int], agent: str) -> None:
        actor, done = self._context.session.actor(), _("Assigned to {agent}").format(agent=agent)
        self._asking.ask(desk, lambda: desk.assign(actor, tickets, agent), done, can_undo=True)

    def _classify(self, desk: TicketDesk, ticket: int, kind: InquiryType) -> None:
        actor, done = self._context.session.actor(), _("Type corrected: {type}").format(type=word(kind))
        self._asking.ask(desk, lambda: desk.classify(actor, ticket, kind), done)
