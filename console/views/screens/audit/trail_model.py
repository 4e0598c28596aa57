"""The trail as a table: the numbers of all wanted rows, and the rows themselves only where somebody looks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import Any, NamedTuple

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from console.i18n import N_, _
from console.models.domain.audit import Outcome, Row
from console.models.domain.audit_ports import Numbers
from console.models.domain.audit_words import action_words, actor_words, object_words, outcome_words, reason_words
from console.views import formats, theme
from console.views.tables.ticket_columns import Cell

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_PAGE = 100
_KEPT = 20_000
"""Rows that stay in memory; a screen shows about 30."""


class Column(NamedTuple):
    """A column; ``title`` is marked with `N_`, ``width`` in pixels at scale 1, 0 for the one that takes the rest."""

    key: str
    title: str
    width: int
    show: Callable[[Row, tzinfo], str]
    right: bool = False


def time_words(row: Row, zone: tzinfo) -> str:
    """Day and time to the second; of a row that somebody changed, what stands there."""
    try:
        return f"{formats.instant(row.at, zone)[:10]} {formats.time_of_day(row.at, zone)}"
    except (TypeError, ValueError, OverflowError, OSError):
        return str(row.at)


COLUMNS: tuple[Column, ...] = (
    Column("seq", N_("No."), 64, lambda row, _zone: formats.count(row.seq), right=True),
    Column("at", N_("Time"), 144, time_words),
    Column("actor", N_("Person"), 96, lambda row, _zone: actor_words(row.actor)),
    Column("action", N_("Action"), 168, lambda row, _zone: action_words(row.action)),
    Column("object", N_("Object"), 128, lambda row, _zone: object_words(row.object_kind, row.object_id)),
    Column("outcome", N_("Outcome"), 84, lambda row, _zone: outcome_words(row.outcome)),
    Column("reason", N_("Reason"), 0, lambda row, _zone: reason_words(row.outcome, row.reason)),
)


class TrailModel(QAbstractTableModel):
    """``page_wanted`` carries the numbers of rows that somebody looks at and that are not here yet."""

    page_wanted = Signal(object)

    def __init__(self, zone: tzinfo, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._numbers: Numbers = np.zeros(0, dtype=np.int64)
        self._rows: OrderedDict[int, Row] = OrderedDict()
        self._asked: set[int] = set()
        self._gone: set[int] = set()
        self._bad = 0

    @property
    def numbers(self) -> Numbers:
        """The numbers of all rows, newest first."""
        return self._numbers

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._numbers)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(COLUMNS)

    def row(self, place: int) -> Row | None:
        """The row at a place; None where there is none, or it is still on its way."""
        if not 0 <= place < len(self._numbers):
            return None
        number = int(self._numbers[place])
        found = self._rows.get(number)
        if found is None and number not in self._gone:
            self._ask(place)
        return found

    def place_of(self, number: int) -> int | None:
        """Where a row stands, None when it is not shown."""
        # Newest first: from the end the numbers rise.
        place = len(self._numbers) - 1 - int(np.searchsorted(self._numbers[::-1], number))
        return place if place >= 0 and self._numbers[place] == number else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words and how they stand; the user's role holds the whole `Cell`."""
        if not index.isValid():
            return None
        column = COLUMNS[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.UserRole):
            return None
        cell = self._cell(index.row(), column)
        return cell if role == Qt.ItemDataRole.UserRole else cell.text

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _(COLUMNS[section].title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if COLUMNS[section].right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def show_numbers(self, numbers: Numbers) -> None:
        """Show these rows. Rows that only came on top are inserted, so that what is selected and in sight stays."""
        more = len(numbers) - len(self._numbers)
        if more >= 0 and np.array_equal(numbers[more:], self._numbers) and len(self._numbers):
            if more:
                self.beginInsertRows(_NOWHERE, 0, more - 1)
                self._numbers = numbers
                self.endInsertRows()
            return
        self.beginResetModel()
        self._numbers = numbers
        self._asked.clear()
        self.endResetModel()

    def take_rows(self, asked: Sequence[int], rows: Sequence[Row]) -> None:
        """Rows that were asked for have come."""
        self._asked.difference_update(asked)
        for row in rows:
            self._rows[row.seq] = row
        self._gone.update(set(asked) - {row.seq for row in rows})
        while len(self._rows) > _KEPT:
            self._rows.popitem(last=False)
        places = [place for number in (asked[0], asked[-1]) if (place := self.place_of(number)) is not None]
        if places:
            self.dataChanged.emit(self.index(min(places), 0), self.index(max(places), len(COLUMNS) - 1))

    def mark_bad(self, number: int) -> None:
        """The row that a verification found bad, 0 for none. What was read before may be what stood there before."""
        self._bad = number
        if number:
            self._rows.clear()
            self._gone.clear()
            self.retranslate()

    def give_up(self, asked: Sequence[int]) -> None:
        """What was asked for does not come; the next look asks again."""
        self._asked.difference_update(asked)

    def retranslate(self) -> None:
        """Every word anew."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        if len(self._numbers):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._numbers) - 1, len(COLUMNS) - 1))

    def _cell(self, place: int, column: Column) -> Cell:
        """What a cell shows, also while its row is on its way, or when somebody took the row away."""
        row, key = self.row(place), column.key
        if row is not None:
            return Cell(column.show(row, self._zone), state=self._state(key, row))
        number = int(self._numbers[place])
        if number not in self._gone:
            return Cell("…" if key == "seq" else "", "text_muted")
        if key == "seq":
            return Cell(formats.count(number), "danger", theme.State.DANGER)
        return Cell(_("This row is missing.") if key == "action" else "", "danger")

    def _state(self, column: str, row: Row) -> theme.State:
        if column == "seq" and row.seq == self._bad:
            return theme.State.DANGER
        refused = column == "outcome" and row.outcome == Outcome.REFUSED.value
        return theme.State.WARNING if refused else theme.State.NEUTRAL

    def _ask(self, place: int) -> None:
        if int(self._numbers[place]) in self._asked:
            return
        start = place // _PAGE * _PAGE
        page = [
            number
            for number in self._numbers[start : start + _PAGE].tolist()
            if number not in self._rows and number not in self._asked
        ]
        self._asked.update(page)
        self.page_wanted.emit(page)
