"""Editors of the calendar: the working week, single days, public holidays, and rates by currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from console.i18n import _
from console.models.domain.calendars import CalendarError
from console.models.policy import holidays, kinds
from console.models.policy.saying import said_periods, said_word
from console.views import theme
from console.views.screens.settings.field_editors import FieldEditor, clear
from console.views.screens.settings.typed import parsed, periods, shown_number
from console.views.widgets.buttons import IconButton, button
from console.views.widgets.choice import ChoiceButton
from console.views.widgets.labels import label

_DAY_MINUTES = 1440
_DAYS = (*kinds.WEEKDAYS, kinds.MAKEUP)
_CLOSED, _OPEN, _OWN = "closed", "open", "own"
_PERIODS_WIDTH = 200
_LEAST_BAR = 72


class DayBar(QWidget):
    """The 24 hours of a day as a strip; its periods are filled."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._periods: list[tuple[int, int]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_periods(self, written: Sequence[str], carried: int = 0) -> int:
        """Fill these periods, and the minutes that the day before carries over; what cannot be read is left out.
        Returns the minutes that go on into the next day."""
        self._periods = [(0, carried)] if carried else []
        over = 0
        for told in written:
            try:
                start, end = kinds.period(told)
            except kinds.Wrong:
                continue
            self._periods.append((start, min(end, _DAY_MINUTES)))
            over = max(over, end - _DAY_MINUTES)
        self.setAccessibleName(said_periods(written))
        self.update()
        return over

    def sizeHint(self) -> QSize:
        """A thin strip."""
        return QSize(theme.px(192), theme.px(12))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The well, the periods, and a tick every six hours; nothing where there is no room to tell hours apart."""
        del event
        if self.width() < theme.px(_LEAST_BAR):
            return
        with QPainter(self) as painter:
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.setPen(QPen(theme.color("hairline"), 1))
            painter.setBrush(theme.color("sunken"))
            painter.drawRect(box)
            for start, end in self._periods:
                left = box.left() + box.width() * start / _DAY_MINUTES
                width = box.width() * (end - start) / _DAY_MINUTES
                painter.fillRect(QRectF(left, box.top() + 1, width, box.height() - 1), theme.color("accent"))
            painter.setPen(QPen(theme.color("control"), 1))
            for hour in (6, 12, 18):
                x = round(box.left() + box.width() * hour / 24)
                painter.drawLine(x, round(box.bottom()) - theme.px(3), x, round(box.bottom()))


class WeekEditor(FieldEditor):
    """A line for each weekday and for make-up workdays: its periods, typed and drawn."""

    wide = True

    def __init__(self, name: str) -> None:
        super().__init__(name)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(12))
        grid.setVerticalSpacing(theme.px(4))
        self.lines: dict[str, QLineEdit] = {}
        self.bars: dict[str, DayBar] = {}
        for place, day in enumerate(_DAYS):
            line, bar = self._line(_PERIODS_WIDTH, _("closed")), DayBar()
            line.setAccessibleName(said_word(day))
            line.textEdited.connect(self._tell)
            self.lines[day], self.bars[day] = line, bar
            grid.addWidget(label(said_word(day)), place, 0)
            grid.addWidget(line, place, 1)
            grid.addWidget(bar, place, 2, Qt.AlignmentFlag.AlignVCenter)
        copy = button(_("All workdays like Monday"), "link", flush=True)
        copy.clicked.connect(self._copy)
        grid.addWidget(copy, len(_DAYS), 1, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(2, 1)
        self.row.addLayout(grid, 1)

    def show_value(self, written: Any) -> None:
        """The periods of each day; what is being typed stays as it is typed."""
        for day in _DAYS:
            told = list(written.get(day, []))
            if periods(self.lines[day].text()) != told:
                self.lines[day].setText(", ".join(map(str, told)))
        # Sunday's night goes on into Monday; what lies before a make-up workday is not known.
        carried = 0
        for day in ("sunday", *kinds.WEEKDAYS):
            carried = self.bars[day].show_periods(written.get(day, []), carried)
        self.bars[kinds.MAKEUP].show_periods(written.get(kinds.MAKEUP, []))

    def _value(self) -> dict[str, list[str]]:
        return {day: periods(line.text()) for day, line in self.lines.items()}

    def _tell(self) -> None:
        value = self._value()
        self.show_value(value)
        self.edited.emit(value)

    def _copy(self) -> None:
        for day in (*_DAYS[1:5], kinds.MAKEUP):
            self.lines[day].setText(self.lines["monday"].text())
        self._tell()


class ExceptionsEditor(FieldEditor):
    """A line for each single day: the date, and how it is worked."""

    wide = True

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._column = QVBoxLayout()
        self._column.setSpacing(theme.px(4))
        self.row.addLayout(self._column)
        self.row.addStretch(1)
        self.days: list[tuple[QLineEdit, ChoiceButton, QLineEdit]] = []
        self._shown: Mapping[str, Any] | None = None
        self._add = button(_("Add a day"), "link", flush=True)
        self._add.setProperty("keep", True)
        self._add.clicked.connect(lambda: self._change([*self._typed(), ("", [])]))

    def show_value(self, written: Any) -> None:
        """The days as they stand in the file."""
        if self._shown is None or dict(written) != dict(self._shown):
            self._build(list(written.items()))
        self._shown = dict(written)

    def _build(self, days: Sequence[tuple[str, Any]]) -> None:
        clear(self._column)
        self.days = []
        for place, (day, told) in enumerate(days):
            self._column.addLayout(self._day(place, day, told))
        if not days:
            self._column.addWidget(_none(_("No single days.")))
        self._column.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)

    def _day(self, place: int, day: str, told: Any) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.px(4))
        date = self._line(96, "2026-10-01")
        date.setText(day)
        like = [(name, _("like {day}").format(day=said_word(name))) for name in kinds.WEEKDAYS]
        how = ChoiceButton(_("How it is worked"), [(_CLOSED, _("closed")), (_OPEN, _("open")), *like])
        hours = self._line(_PERIODS_WIDTH, "09:00-12:00")
        how.choose(told if isinstance(told, str) else _OPEN if told else _CLOSED)
        hours.setText("" if isinstance(told, str) else ", ".join(told))
        hours.setVisible(how.choice() == _OPEN)
        out = IconButton("x", _("Take out"))
        date.textEdited.connect(self._tell)
        hours.textEdited.connect(self._tell)
        how.chosen.connect(lambda key: self._on_how(hours, key))
        out.clicked.connect(lambda: self._change([each for at, each in enumerate(self._typed()) if at != place]))
        self.days.append((date, how, hours))
        for piece in (date, how, hours, out):
            row.addWidget(piece)
        row.addStretch(1)
        return row

    def _on_how(self, hours: QLineEdit, key: str) -> None:
        hours.setVisible(key == _OPEN)
        if key == _OPEN and not hours.text():
            hours.setText("09:00-12:00")
        self._tell()

    def _typed(self) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = []
        for date, how, hours in self.days:
            key = how.choice()
            told = periods(hours.text()) if key == _OPEN else [] if key == _CLOSED else key
            found.append((date.text().strip(), told))
        return found

    def _tell(self) -> None:
        self._shown = dict(self._typed())
        self.edited.emit(dict(self._shown))

    def _change(self, days: Sequence[tuple[str, Any]]) -> None:
        self._build(days)
        self._tell()
        if self.days and not self.days[-1][0].text():
            self.days[-1][0].setFocus(Qt.FocusReason.OtherFocusReason)


class HolidaysEditor(FieldEditor):
    """None, a country that is shipped, or a file of one's own; and the years that are known."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        choices = [("none", said_word("none")), ("cn", said_word("cn")), (_OWN, _("A file of our own"))]
        self.choice = ChoiceButton(name, choices)
        self.file = self._line(144, "holidays.toml")
        self.years = label("", "muted")
        self.choice.chosen.connect(self._on_chosen)
        self.file.textEdited.connect(lambda text: self.edited.emit(text.strip()))
        for piece in (self.choice, self.file, self.years):
            self.row.addWidget(piece)
        self.row.addStretch(1)
        self.setFocusProxy(self.choice)

    def show_value(self, written: Any) -> None:
        """Which it is, and from when to when."""
        own = written not in ("none", "cn")
        self.choice.choose(_OWN if own else written)
        self.file.setVisible(own)
        if own and self.file.text().strip() != written:
            self.file.setText(str(written))
        self.years.setText("" if own or written == "none" else known_years(written))

    def _on_chosen(self, key: str) -> None:
        value = (self.file.text().strip() or "holidays.toml") if key == _OWN else key
        self.show_value(value)
        self.edited.emit(value)


class RatesEditor(FieldEditor):
    """A line for each other currency: what one unit of it costs."""

    wide = True

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._column = QVBoxLayout()
        self._column.setSpacing(theme.px(4))
        self.row.addLayout(self._column)
        self.row.addStretch(1)
        self.lines: list[tuple[QLineEdit, QLineEdit]] = []
        self._shown: Mapping[str, Any] | None = None
        self._add = button(_("Add a currency"), "link", flush=True)
        self._add.setProperty("keep", True)
        self._add.clicked.connect(lambda: self._change([*self._typed(), ("", "")]))

    def show_value(self, written: Any) -> None:
        """The rates as they stand in the file."""
        if self._shown is None or dict(written) != dict(self._shown):
            self._build(list(written.items()))
        self._shown = dict(written)

    def _build(self, rates: Sequence[tuple[str, Any]]) -> None:
        clear(self._column)
        self.lines = []
        for place, (currency, rate) in enumerate(rates):
            row = QHBoxLayout()
            row.setSpacing(theme.px(4))
            name, cost = self._line(64, "USD"), self._line(72, "7.20")
            name.setText(currency)
            cost.setText(shown_number(rate))
            cost.setAlignment(Qt.AlignmentFlag.AlignRight)
            out = IconButton("x", _("Take out"))
            name.textEdited.connect(self._tell)
            cost.textEdited.connect(self._tell)
            out.clicked.connect(lambda _on=False, place=place: self._take_out(place))
            self.lines.append((name, cost))
            for piece in (label("1", "muted"), name, label("=", "muted"), cost, out):
                row.addWidget(piece)
            row.addStretch(1)
            self._column.addLayout(row)
        if not rates:
            self._column.addWidget(_none(_("No other currencies.")))
        self._column.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)

    def _typed(self) -> list[tuple[str, Any]]:
        return [(name.text().strip().upper(), parsed(cost.text())) for name, cost in self.lines]

    def _tell(self) -> None:
        self._shown = dict(self._typed())
        self.edited.emit(dict(self._shown))

    def _take_out(self, place: int) -> None:
        self._change([each for at, each in enumerate(self._typed()) if at != place])

    def _change(self, rates: Sequence[tuple[str, Any]]) -> None:
        self._build(rates)
        self._tell()
        if self.lines and not self.lines[-1][0].text():
            self.lines[-1][0].setFocus(Qt.FocusReason.OtherFocusReason)


def _none(words: str) -> QLabel:
    made = label(words, "muted")
    made.setMinimumHeight(theme.px(theme.CONTROL_HEIGHT))
    return made


@cache
def _span(country: str) -> tuple[int, int] | None:
    try:
        years = holidays.of_country(country).years
    except CalendarError:
        return None
    return (min(years), max(years)) if years else None


def known_years(country: str) -> str:
    """The years of which the days are announced, in words."""
    span = _span(country)
    return _("years known: {first}\N{EN DASH}{last}").format(first=span[0], last=span[1]) if span else ""
