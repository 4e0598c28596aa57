"""Who did how much in which hour."""

from __future__ import annotations

from PySide6.QtCore import Signal

from console.clock import DAY
from console.i18n import _
from console.models.domain.concentration import Numbers
from console.models.domain.ports import Progress
from console.models.queries.balance_windows import Window, hours
from console.models.queries.work_by_hour import WorkByHour, work_by_hour
from console.views import formats
from console.views.bridge import LiveBoard
from console.views.charts.heat_map import HeatData, HeatMap
from console.views.screen import Context
from console.views.screens.balance.asked import Count, Measure
from console.views.screens.balance.reading import Reading, chosen_of
from console.views.screens.balance.work_page import WorkPage

_LEAST = 8 * 60 * 60_000_000
"""An hour alone is no sheet: the eight up to it are shown."""


class HoursPage(WorkPage[WorkByHour]):
    """``cell_requested`` carries an agent and the hour (a `Window`) whose contacts are to be shown."""

    cell_requested = Signal(int, object)

    def __init__(self, context: Context, live: LiveBoard) -> None:
        super().__init__(context, live, "hours", self.look, self.show_found)
        self.sheet = HeatMap(_("Work by agent and hour"))
        self.sheet.chosen.connect(self._on_chosen)
        self._found: WorkByHour | None = None
        self._order: list[int] = []
        self.column.addWidget(self.sheet, 1)

    def look(self, reading: Reading, progress: Progress) -> WorkByHour:
        """The sheet of the hours of the window."""
        board = self.live.board
        if board is None:
            raise RuntimeError("there is no board")
        span = _span(reading, self.live.now())
        chosen = chosen_of(reading.asked, reading.directory)
        log = self.context.store.log
        policy = board.policy
        return work_by_hour(log, board, hours(span, policy), policy.skew, reading.directory, chosen, progress)

    def show_found(self, found: WorkByHour) -> None:
        """Show the sheet in the count that was asked for, the busiest first."""
        self._found = found
        self._order = (-self._values(found).sum(axis=1)).argsort(kind="stable").tolist()
        self._draw(found)

    def go_on(self, reading: Reading) -> None:
        """Show what the hour that runs has become; everybody keeps their row."""
        if self._found is not None and reading.hour is not None and not self.busy:
            self._found = self._found.gone_on(reading.hour)
            self._draw(self._found)

    def _values(self, found: WorkByHour) -> Numbers:
        return found.minutes if self._in_minutes() else found.contacts.astype(float)

    def _in_minutes(self) -> bool:
        return self.reading is not None and self.reading.asked.count is Count.MINUTES

    def _draw(self, found: WorkByHour) -> None:
        values, order, zone = self._values(found), self._order, self.context.zone
        self.sheet.show_data(
            HeatData(
                [found.agents[row] for row in order],
                [found.names[row] for row in order],
                [formats.time_of_day(hour.begin, zone, seconds=False) for hour in found.hours],
                values[order],
                (found.staffed_minutes[order] <= 0) & (values[order] <= 0),
                _("minutes") if self._in_minutes() else _("contacts"),
            )
        )

    def key_of(self, reading: Reading) -> object:
        """The count only chooses what is shown of the same sheet."""
        asked = reading.asked
        return (asked.measure, asked.window, asked.own, tuple(sorted(asked.limits.items())), asked.teams)

    def follow(self, reading: Reading, *, seen: bool) -> None:
        """Another count shows the same sheet in it."""
        before = self.reading
        super().follow(reading, seen=seen)
        if before is not None and before.asked.count is not reading.asked.count and self._found is not None:
            self.show_found(self._found)

    def retranslate(self) -> None:
        """Every word anew."""
        self.sheet.setAccessibleName(_("Work by agent and hour"))
        if self._found is not None:
            self.show_found(self._found)

    def _on_chosen(self, agent: int, column: int) -> None:
        if self._found is not None:
            self.cell_requested.emit(agent, self._found.hours[column])


def _span(reading: Reading, now: int) -> Window:
    """The window, or the eight hours up to its end; of what is open now those before now. Of a week its last day."""
    span = Window(now, now) if reading.asked.measure is Measure.OPEN else reading.span
    length = min(max(span.end - span.begin, _LEAST), DAY)
    return Window(span.end - length, span.end)
