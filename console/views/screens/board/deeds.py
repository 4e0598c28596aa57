"""What can be done with the chosen tickets from the command palette: give them to an agent, correct their type.

Each is asked for on a worker; what becomes of it is told when the ticket's source has answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from PySide6.QtCore import QObject

from console.errors import KnownError
from console.i18n import _, ngettext
from console.models.domain.commands import Delivery, Ordered
from console.models.domain.contacts import InquiryType
from console.models.domain.glossary import word
from console.views import theme
from console.views.bridge import LiveBoard
from console.views.desk import TicketDesk
from console.views.screen import Context, Offer, ScreenWidget

_ANSWER_SECONDS = 3.0
"""So long a source may take; after that its answer is told by the ticket alone."""


class TicketDeeds(QObject):
    """Offers for the palette; what comes of them is told by the toasts of ``screen``."""

    def __init__(
        self, context: Context, live: LiveBoard, chosen: Callable[[], Sequence[int]], screen: ScreenWidget
    ) -> None:
        """``chosen`` gives the tickets that are selected."""
        super().__init__(screen)
        self._screen = screen
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

    def _assign(self, desk: TicketDesk, tickets: list[int], agent: str) -> None:
        actor, done = self._context.session.actor(), _("Assigned to {agent}").format(agent=agent)
        self._ask(desk, lambda: desk.assign(actor, tickets, agent), done, can_undo=True)

    def _classify(self, desk: TicketDesk, ticket: int, kind: InquiryType) -> None:
        actor, done = self._context.session.actor(), _("Type corrected: {type}").format(type=word(kind))
        self._ask(desk, lambda: desk.classify(actor, ticket, kind), done)

    def _undo(self, desk: TicketDesk, made: Sequence[Ordered]) -> None:
        actor = self._context.session.actor()
        self._ask(desk, lambda: desk.undo(actor, made) or [], _("Taken back"))

    def _ask(
        self, desk: TicketDesk, work: Callable[[], Sequence[Ordered]], done: str, *, can_undo: bool = False
    ) -> None:
        def on_asked(made: Sequence[Ordered]) -> None:
            self._context.ops.read(
                lambda _progress: desk.answers(made, _ANSWER_SECONDS),
                lambda answers: self._tell(desk, answers, done, can_undo=can_undo),
                failure=self._on_failure,
                owner=self,
            )

        self._context.ops.write(lambda _progress: work(), on_asked, failure=self._on_failure, owner=self)

    def _tell(self, desk: TicketDesk, answers: Sequence[Ordered], done: str, *, can_undo: bool) -> None:
        refused = [one for one in answers if one.state in (Delivery.REFUSED, Delivery.CONFLICT)]
        pending = [one for one in answers if one.pending]
        if refused:
            why = refused[0].reason or refused[0].words
            text = _("Not changed: {n} of {all}. {reason}").format(n=len(refused), all=len(answers), reason=why)
            self._screen.toast_requested.emit(text, theme.State.WARNING)
        elif pending:
            self._screen.toast_requested.emit(_("Asked for: {how}").format(how=pending[0].words), theme.State.INFO)
        elif can_undo:
            self._screen.undo_offered.emit(done, theme.State.OK, _("Undo"), partial(self._undo, desk, answers))
        else:
            self._screen.toast_requested.emit(done, theme.State.OK)

    def _on_failure(self, error: BaseException) -> None:
        known = isinstance(error, KnownError)
        text = str(error) if known else _("Something went wrong.")
        self._screen.toast_requested.emit(text, theme.State.WARNING if known else theme.State.DANGER)
