"""How the index went: hour by hour over the last day, or day by day over eight weeks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta, tzinfo

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from console.clock import DAY, moment
from console.i18n import N_, _, ngettext
from console.models.domain.concentration import Numbers
from console.models.domain.ports import Progress
from console.models.queries.balance_history import BalanceHistory, Index, Point
from console.models.queries.balance_windows import Window, days, hours
from console.models.queries.balance_words import percent
from console.views import formats
from console.views.bridge import LiveBoard
from console.views.charts.index_chart import IndexChart, IndexData
from console.views.screen import Context
from console.views.screens.balance.asked import Count
from console.views.screens.balance.reading import Reading, chosen_of
from console.views.screens.balance.work_page import WorkPage
from console.views.widgets.segmented import SegmentedControl

STEPS = (("hour", N_("24 hours")), ("day", N_("8 weeks")))
_DAYS = 56


class HistoryPage(WorkPage[tuple[Point, ...]]):
    """``span_requested`` carries the hour or day (a `Window`) that was pressed."""

    span_requested = Signal(object)

    def __init__(self, context: Context, live: LiveBoard) -> None:
        super().__init__(context, live, "history", self.look, self.show_found)
        self._steps = SegmentedControl(_("Over"), [(key, _(words)) for key, words in STEPS])
        self._steps.chosen.connect(lambda _key: self._again())
        self.chart = IndexChart(_("Share of the busiest over time"))
        self.chart.chosen.connect(self._on_chosen)
        self._history: BalanceHistory | None = None
        self._found: tuple[Point, ...] = ()
        head = QHBoxLayout()
        head.addWidget(self._steps)
        head.addStretch(1)
        self.column.addLayout(head)
        self.column.addWidget(self.chart, 1)

    def look(self, reading: Reading, progress: Progress) -> tuple[Point, ...]:
        """A point for each hour or day."""
        board = self.live.board
        if board is None:
            raise RuntimeError("there is no board")
        policy, now = board.policy, self.live.now()
        history = self._history
        if history is None or history.rules != policy.skew:
            history = self._history = BalanceHistory(policy.skew)
        chosen, log = chosen_of(reading.asked, reading.directory), self.context.store.log
        if self._steps.choice() == "hour":
            spans = hours(Window(now - DAY, now), policy)
        else:
            # What was before the first event is no day of the log.
            spans = days(Window(max(now - _DAYS * DAY, log.first_at()), now), policy)
        return history.points(log, board, reading.directory, spans, now, chosen, progress)

    def show_found(self, found: tuple[Point, ...]) -> None:
        """Show how it went, in the count that was asked for."""
        self._found = found
        reading, zone = self.reading, self.context.zone
        minutes = reading is not None and reading.asked.count is Count.MINUTES
        index = [point.by_minutes if minutes else point.by_contacts for point in found]
        daily = self._steps.choice() == "day"
        names = [_name(point, zone, daily=daily) for point in found]
        share, low, high = (_numbers(index, key) for key in ("share", "low", "high"))
        spoken = [_spoken(name, point, one) for name, point, one in zip(names, found, index, strict=True)]
        self.chart.show_data(IndexData(names, share, low, high, self.live.policy.skew.alarm_share, spoken))

    def key_of(self, reading: Reading) -> object:
        """It does not depend on the window or the measure."""
        asked = reading.asked
        return (self._steps.choice(), tuple(sorted(asked.limits.items())), asked.teams)

    def follow(self, reading: Reading, *, seen: bool) -> None:
        """Another count shows the same points in it."""
        before = self.reading
        super().follow(reading, seen=seen)
        if before is not None and before.asked.count is not reading.asked.count and self._found:
            self.show_found(self._found)

    def retranslate(self) -> None:
        """Every word anew."""
        self._steps.set_words([(key, _(words)) for key, words in STEPS])
        self.chart.setAccessibleName(_("Share of the busiest over time"))
        if self._found:
            self.show_found(self._found)

    def _again(self) -> None:
        if self.reading is not None:
            self.follow(self.reading, seen=True)

    def _on_chosen(self, place: int) -> None:
        if place < len(self._found):
            self.span_requested.emit(self._found[place].span)


def _numbers(index: Sequence[Index | None], key: str) -> Numbers:
    return np.array([np.nan if one is None else getattr(one, key) for one in index], dtype=np.float64)


def _name(point: Point, zone: tzinfo, *, daily: bool) -> str:
    if not daily:
        return formats.time_of_day(point.span.begin, zone, seconds=False)
    # Noon, for the day of a clock change is shorter or longer.
    local = moment(point.span.begin).astimezone(zone) + timedelta(hours=1)
    return f"{local.month}-{local.day:02d}"


def _spoken(name: str, point: Point, index: Index | None) -> str:
    if index is None:
        return _("{time}: nothing was handled").format(time=name)
    contacts = ngettext("{n} contact", "{n} contacts", point.contacts).format(n=formats.count(point.contacts))
    return _("{time}: {share} ({low} to {high}), {contacts}, Gini {gini}").format(
        time=name,
        share=percent(index.share),
        low=percent(index.low),
        high=percent(index.high),
        contacts=contacts,
        gini=f"{index.gini:.2f}",
    )
