"""The channels: who waits where, how the day goes there, and whether its data still comes; a press filters."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from console.i18n import N_, _, ngettext
from console.models.domain.contacts import Channel
from console.models.domain.glossary import word
from console.models.queries.figures import target
from console.models.queries.panels import TREND_HOURS, ChannelRow, channels, sources_by_channel
from console.models.queries.today import Look
from console.views import formats
from console.views.bridge import LiveBoard
from console.views.screens.board.budget_line import BudgetLine
from console.views.screens.board.faces import short
from console.views.screens.board.panel import Panel
from console.views.screens.board.panel_model import PanelCell, PanelColumn, PanelModel
from console.views.tables.ticket_columns import Cell
from console.views.theme import ColorName, State

_SOURCES_EVERY_SECONDS = 60


class ChannelsPanel(Panel):
    """Follows the board once a second."""

    def __init__(self, live: LiveBoard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self._target = 1.0
        self._stale: Mapping[str, str] = {}
        self._sources: Mapping[Channel, frozenset[str]] = {}
        self._asked_at = 0
        columns: tuple[PanelColumn[ChannelRow], ...] = (
            PanelColumn("channel", N_("Channel"), 0, self._channel),
            PanelColumn("waiting", N_("Wait"), 44, _waiting, right=True, hint=N_("Customers who wait for us")),
            PanelColumn("oldest", N_("Oldest"), 72, _oldest, right=True, hint=N_("Longest wait")),
            PanelColumn("breached", N_("Over"), 48, _breached, right=True, hint=N_("Over their limit")),
            PanelColumn("progress", N_("Open"), 52, _progress, right=True, hint=N_("Tickets in progress")),
            PanelColumn(
                "level", N_("In time"), 58, self._level, right=True, hint=N_("Answered in time today, live channels")
            ),
            PanelColumn("trend", N_("Trend"), 48, _trend, hint=N_("Arrivals in the last six hours")),
        )
        self._model: PanelModel[ChannelRow] = PanelModel(columns, lambda row: row.channel, self)
        self.view.setModel(self._model)
        self.view.fit()
        self.view.row_chosen.connect(self._on_row_chosen)
        self.budget = BudgetLine(live)
        self.add_foot(self.budget)

    def refresh(self) -> None:
        """Show every channel as it is now."""
        board = self._live.board
        if board is None:
            return
        look = Look(board, self._live.now())
        if not 0 <= look.now - self._asked_at < _SOURCES_EVERY_SECONDS * 1_000_000:
            self._asked_at = look.now
            self._sources = sources_by_channel(board)
        self._target = target(look)[0]
        rows = channels(board, look.now, look)
        self._model.show_rows(rows)
        summary = ngettext("{n} in use", "{n} in use", len(rows)).format(n=len(rows))
        self.set_head(_("Channels"), summary)
        self.budget.refresh()

    def set_stale(self, ages: Mapping[str, str]) -> None:
        """Sources that are silent, with how long in words; channels fed by silent sources only are marked."""
        if ages != self._stale:
            self._stale = dict(ages)
            self._model.refresh_column("channel")

    def retranslate(self) -> None:
        """Every word anew."""
        self._model.retranslate()
        self.refresh()

    def _channel(self, row: ChannelRow) -> PanelCell:
        sources = self._sources.get(row.channel, frozenset())
        name = word(row.channel)
        if sources and sources <= self._stale.keys():
            age = next(self._stale[source] for source in sorted(sources))
            return PanelCell(
                Cell(name, "stale", State.STALE), spoken=_("{channel}, data {age} old").format(channel=name, age=age)
            )
        return PanelCell(Cell(name, "text"))

    def _level(self, row: ChannelRow) -> PanelCell:
        if not row.counted:
            return PanelCell(Cell(formats.DASH, "text_muted"))
        share = row.in_time / row.counted
        ink: ColorName = "text" if share >= self._target else "warning"
        spoken = _("{n} of {all} in time").format(n=row.in_time, all=row.counted)
        return PanelCell(Cell(formats.percent(row.in_time, row.counted), ink), spoken=spoken)

    def _on_row_chosen(self, place: int) -> None:
        row = self._model.row(place)
        if row is not None:
            self.filter_requested.emit({"channel": frozenset({int(row.channel)})})


def _waiting(row: ChannelRow) -> PanelCell:
    return PanelCell(Cell(formats.count(row.waiting) if row.waiting else "", "text", strong=bool(row.waiting)))


def _oldest(row: ChannelRow) -> PanelCell:
    return PanelCell(Cell("" if row.oldest_wait is None else short(row.oldest_wait), "text_muted"))


def _breached(row: ChannelRow) -> PanelCell:
    if row.breached:
        return PanelCell(Cell(formats.count(row.breached), "danger", State.DANGER, strong=True))
    if row.due_soon:
        return PanelCell(
            Cell(formats.count(row.due_soon), "warning", State.WARNING),
            spoken=_("{n} about to breach").format(n=row.due_soon),
        )
    return PanelCell()


def _progress(row: ChannelRow) -> PanelCell:
    return PanelCell(Cell(formats.count(row.in_progress) if row.in_progress else "", "text_muted"))


def _trend(row: ChannelRow) -> PanelCell:
    values = tuple(float(value) for value in row.arrivals)
    spoken = _("{n} arrivals in {hours} h").format(n=sum(row.arrivals), hours=TREND_HOURS)
    return PanelCell(Cell("", "text_muted"), trend=values, spoken=spoken)
