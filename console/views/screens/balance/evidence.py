"""From a figure of the balance to the contacts behind it, which the board then shows."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from console.i18n import _
from console.models.domain.ports import Progress
from console.models.domain.skew_causes import WORDS, Origin
from console.models.queries.balance_tickets import Wanted, of_busiest, of_cause, of_people, tickets_behind
from console.models.queries.balance_windows import Window
from console.views.bridge import LiveBoard
from console.views.screen import Context
from console.views.screens.balance.reading import Reading, chosen_of

_ORIGINS = {origin.key: origin for origin in Origin}


class BalanceEvidence(QObject):
    """``jump_requested`` carries the screen to go to and what to show there; ``failed`` what kept it from that."""

    jump_requested = Signal(str, object)
    failed = Signal(object)

    def __init__(self, context: Context, live: LiveBoard, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._live = context, live

    def show_busiest(self, reading: Reading) -> None:
        """The contacts of those who belong to the busiest part."""
        self._show(reading, of_busiest(self._live.policy.skew), _("contacts of the busiest"))

    def show_agents(self, reading: Reading, agents: frozenset[int], name: str, span: Window | None = None) -> None:
        """What these people handled, in the window or in another span."""
        self._show(reading, of_people(agents), name, span)

    def show_cause(self, reading: Reading, part: str) -> bool:
        """The contacts behind a part of the excess; False for a part that no contacts stand for."""
        origin = _ORIGINS.get(part)
        if origin is None:
            return False
        self._show(reading, of_cause(origin, self._context.store.log, self._live.policy.skew), _(WORDS[part]))
        return True

    def show_tickets(self, tickets: frozenset[int], name: str) -> None:
        """These contacts."""
        self.jump_requested.emit("board", ("tickets", tickets, name))

    def _show(self, reading: Reading, wanted: Wanted, name: str, span: Window | None = None) -> None:
        board, log = self._live.board, self._context.store.log
        if board is None:
            return
        chosen = chosen_of(reading.asked, reading.directory)

        def work(progress: Progress) -> frozenset[int]:
            rules = board.policy.skew
            within = span or reading.handled_span
            return tickets_behind(log, board, within, rules, reading.directory, chosen, wanted, progress)

        self._context.ops.read(
            work,
            lambda tickets: self.show_tickets(tickets, name),
            failure=self.failed.emit,
            key="balance/evidence",
            owner=self,
        )
