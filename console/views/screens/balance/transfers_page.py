"""R-TRANSFER: what was passed on, what of it was needless, and how long contacts take against the goal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from console.i18n import N_, _, ngettext
from console.models.domain.contacts import InquiryType
from console.models.domain.glossary import word
from console.models.domain.ports import Progress
from console.models.queries.balance_words import percent
from console.models.queries.transfers import OfAgent, OfType, Transfers, transfers_in
from console.views import formats
from console.views.bridge import LiveBoard
from console.views.screen import Context
from console.views.screens.balance.reading import Reading, chosen_of
from console.views.screens.balance.work_page import WorkPage
from console.views.screens.board.panel_model import PanelCell, PanelColumn, PanelModel
from console.views.screens.board.panel_view import PanelView
from console.views.tables.ticket_columns import Cell
from console.views.theme import State
from console.views.widgets.labels import ElidedLabel

Counted = Callable[[Any], int]


class TransfersPage(WorkPage[Transfers]):
    """``tickets_requested`` carries the contacts behind a figure and its name."""

    tickets_requested = Signal(object, str)

    def __init__(self, context: Context, live: LiveBoard) -> None:
        super().__init__(context, live, "transfers", self.look, self.show_found)
        self._summary = ElidedLabel()
        self._found: Transfers | None = None
        self._types: PanelModel[OfType] = PanelModel(_type_columns(), lambda row: row.type, self)
        self._agents: PanelModel[OfAgent] = PanelModel(_agent_columns(), lambda row: row.agent, self)
        self.types, self.agents = PanelView(_("Transfers by type")), PanelView(_("Transfers by agent"))
        self.types.setModel(self._types)
        self.agents.setModel(self._agents)
        tables = QHBoxLayout()
        for table in (self.types, self.agents):
            table.fit()
            tables.addWidget(table, 1)
        self.types.row_chosen.connect(self._on_type)
        self.agents.row_chosen.connect(self._on_agent)
        self.column.addWidget(self._summary)
        self.column.addLayout(tables, 1)

    def look(self, reading: Reading, progress: Progress) -> Transfers:
        """The transfers of the window; of what is open now those of the last hour."""
        board = self.live.board
        if board is None:
            raise RuntimeError("there is no board")
        span = reading.handled_span
        chosen = chosen_of(reading.asked, reading.directory)
        log = self.context.store.log
        return transfers_in(log, board, span, board.policy.handle_time_goal, chosen, progress)

    def show_found(self, found: Transfers) -> None:
        """Show what was passed on."""
        self._found = found
        self._summary.set_text(_summary(found))
        self._types.show_rows(found.by_type)
        self._agents.show_rows(found.by_agent)

    def key_of(self, reading: Reading) -> object:
        """It does not depend on the count."""
        asked = reading.asked
        return (asked.measure, asked.window, asked.own, tuple(sorted(asked.limits.items())), asked.teams)

    def retranslate(self) -> None:
        """Every word anew."""
        self._types.retranslate()
        self._agents.retranslate()
        if self._found is not None:
            self.show_found(self._found)

    def _on_type(self, place: int) -> None:
        row = self._types.row(place)
        if row is not None:
            of = row.tally.tickets or (row.handle_time.over if row.handle_time is not None else ())
            self.tickets_requested.emit(frozenset(of), _("transferred: {what}").format(what=_type(row)))

    def _on_agent(self, place: int) -> None:
        row = self._agents.row(place)
        if row is not None:
            of = (*row.passed_on.tickets, *row.received.tickets)
            self.tickets_requested.emit(frozenset(of), _("transferred: {what}").format(what=row.name))


def _summary(found: Transfers) -> str:
    tally = found.now.tally
    count, needless = len(tally.all), len(tally.needless)
    parts = [
        ngettext("{n} transfer", "{n} transfers", count).format(n=formats.count(count)),
        _("{share} of the contacts").format(share=percent(found.now.transferred_share)),
        ngettext("{n} needless", "{n} needless", needless).format(n=formats.count(needless)),
        ngettext("{n} straight back", "{n} straight back", len(tally.ping_pong)).format(n=len(tally.ping_pong)),
    ]
    if found.change is not None:
        change = f"{100 * found.change:+.0f}\N{NO-BREAK SPACE}%"
        parts.append(_("needless per contact {change} to the span before").format(change=change))
    if found.handle_time is not None:
        parts.append(
            _("handle time {mean} on average, goal {goal}").format(
                mean=_minutes(found.handle_time.mean), goal=_minutes(found.handle_time.goal)
            )
        )
    return " · ".join(parts)


def _type_columns() -> tuple[PanelColumn[OfType], ...]:
    return (
        PanelColumn("type", N_("Type"), 0, lambda row: PanelCell(Cell(_type(row), "text"))),
        _counted("contacts", N_("Contacts"), 68, lambda row: row.contacts),
        _counted("transfers", N_("Transfers"), 72, lambda row: len(row.tally.all)),
        _counted("needless", N_("Needless"), 72, lambda row: len(row.tally.needless)),
        PanelColumn("aht", N_("Handle time"), 84, _handle_time, right=True, hint=N_("Handling minutes of a contact")),
    )


def _agent_columns() -> tuple[PanelColumn[OfAgent], ...]:
    return (
        PanelColumn("agent", N_("Agent"), 0, lambda row: PanelCell(Cell(row.name, "text"))),
        _counted("passed", N_("Passed on"), 76, lambda row: len(row.passed_on.all)),
        _counted("passed_needless", N_("Needless"), 72, lambda row: len(row.passed_on.needless)),
        _counted("received", N_("Received"), 76, lambda row: len(row.received.all)),
        _counted("straight_back", N_("Straight back"), 104, lambda row: len(row.received.ping_pong)),
    )


def _counted(key: str, title: str, width: int, of: Counted) -> PanelColumn[Any]:
    def show(row: Any) -> PanelCell:
        number = of(row)
        return PanelCell(Cell(formats.count(number) if number else formats.DASH, "text" if number else "text_muted"))

    return PanelColumn(key, title, width, show, right=True)


def _handle_time(row: OfType) -> PanelCell:
    told = row.handle_time
    if told is None:
        return PanelCell(Cell(formats.DASH, "text_muted"))
    state = State.NEUTRAL if told.met else State.WARNING
    spoken = _("{mean} on average, {share} of the contacts over the goal of {goal}").format(
        mean=_minutes(told.mean), share=percent(told.over_share), goal=_minutes(told.goal)
    )
    return PanelCell(Cell(_minutes(told.mean), "text" if told.met else "warning", state), spoken=spoken)


def _minutes(minutes: float) -> str:
    whole = round(60 * minutes)
    return f"{whole // 60}:{whole % 60:02d}"


def _type(row: OfType) -> str:
    return word(InquiryType(row.type))
