"""The panes of a compensation over a real database, beside a morning of the demonstration centre."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from console.clock import FixedClock
from console.models.actions.session import Session
from console.models.domain.compensation import Case
from console.models.domain.complaints import Cause
from console.models.domain.events import Kind
from console.models.domain.money import Money
from console.models.domain.requests import Request
from console.models.domain.roles import Actor
from console.views.screens.escalations.compensation import CompensationPane
from console.views.screens.escalations.compensation_approval import ApprovalPane
from tests.models.actions.house import LI, WANG, House
from tests.views.screens.centre import MORNING, Stage, morning

P = TypeVar("P", CompensationPane, ApprovalPane)


class CompensationStage(Stage):
    """``complaint`` is a ticket whose complaint names an amount and a cause; ``toasts`` is what the panes told."""

    def __init__(self, folder: Path, who: Actor = LI) -> None:
        board, log = morning()
        clock = FixedClock(MORNING)
        super().__init__(board, log, None, clock)
        self.house = House(folder, clock)
        self.toasts: list[str] = []
        self._panes: list[QWidget] = []
        complaints = [
            ticket
            for ticket, entries in log.of_ticket.items()
            for entry in entries
            if entry.kind == Kind.COMPLAINT and entry.detail.get("cause") == "logistics_delay"
        ]
        self.complaint = min(complaints)
        self.sign_in(who)

    def sign_in(self, who: Actor) -> None:
        """Somebody else sits down."""
        self.context = replace(self.context, session=Session.of(who, self.clock))

    def ask(self, case: Case | None = None, note: str = "第三次延误，客户三天后婚礼") -> Request:
        """A request of Li's for the complaint, above the limit."""
        case = case or Case(Money(180_00), Cause.LOGISTICS_DELAY, Money(180_00), Money(12_00))
        return self.house.desk.propose(LI, self.complaint, case, 1, note=note)

    def calculator(self, ticket: int | None = None) -> CompensationPane:
        """The calculator for the complaint."""
        number = self.complaint if ticket is None else ticket
        pane = CompensationPane(self.context, self.house.desk, number, "T-20418")
        return self._keep(pane)

    def approval(self, request: int, who: Actor = WANG) -> ApprovalPane:
        """A request as somebody else sees it."""
        self.sign_in(who)
        return self._keep(ApprovalPane(self.context, self.house.desk, request))

    def close(self) -> None:
        """Take everything apart."""
        for pane in self._panes:
            pane.close()
            pane.deleteLater()
        super().close()
        self.house.close()

    def _keep(self, pane: P) -> P:
        pane.toast_requested.connect(lambda text, _state: self.toasts.append(text))
        self._panes.append(pane)
        return pane
