"""A small table model over frozen rows that are shown anew every second: tells the view only what differs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from console.i18n import _
from console.views.tables.ticket_columns import Cell

Index = QModelIndex | QPersistentModelIndex
Row = TypeVar("Row")
_NOWHERE = QModelIndex()
_NO_CELL = Cell("")


@dataclass(frozen=True, slots=True)
class PanelCell:
    """What a cell shows: words with their state, or a trend; ``spoken`` replaces the words for screen readers."""

    cell: Cell = _NO_CELL
    trend: tuple[float, ...] = ()
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class PanelColumn(Generic[Row]):
    """A column. ``title`` is marked with `N_`; ``width`` in pixels at scale 1, 0 for the column that takes the rest;
    ``hint`` says in full what a short title means."""

    key: str
    title: str
    width: int
    show: Callable[[Row], PanelCell]
    right: bool = False
    hint: str = ""


class PanelModel(QAbstractTableModel, Generic[Row]):
    """Rows in the order given. ``identity`` tells which row is the same one after a change."""

    def __init__(
        self,
        columns: Sequence[PanelColumn[Row]],
        identity: Callable[[Row], Hashable],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._identity = identity
        self._rows: list[Row] = []
        self._cells: list[list[PanelCell]] = []

    @property
    def columns(self) -> tuple[PanelColumn[Row], ...]:
        """The columns, left to right."""
        return self._columns

    def row(self, place: int) -> Row | None:
        """The row at a place, None where there is none."""
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def rows(self) -> list[Row]:
        """All rows, top to bottom."""
        return list(self._rows)

    def cells(self, place: int) -> Sequence[PanelCell]:
        """What a row shows, left to right."""
        return self._cells[place]

    def place_of(self, identity: Hashable) -> int | None:
        """Where a row stands, None when it is not shown."""
        return next((place for place, row in enumerate(self._rows) if self._identity(row) == identity), None)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words, and what a screen reader says."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        shown = self._cells[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return shown.cell.text
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return shown.spoken or shown.cell.text
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles, their hints, and how they are aligned."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return _(column.title)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return _(column.hint or column.title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; only what differs is told."""
        self._fit_length(len(rows))
        before = [self._identity(row) for row in self._rows]
        after = [self._identity(row) for row in rows]
        if before[: len(self._rows)] != after and set(before) == set(after):
            self._reorder(rows, before, after)
        else:
            self._replace(rows)

    def retranslate(self) -> None:
        """The language changed: every word anew."""
        self._cells = [self._cells_of(row) for row in self._rows]
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(0, len(self._columns) - 1))
        self._tell(0, len(self._rows) - 1)

    def _fit_length(self, count: int) -> None:
        have = len(self._rows)
        if count < have:
            self.beginRemoveRows(_NOWHERE, count, have - 1)
            del self._rows[count:], self._cells[count:]
            self.endRemoveRows()

    def _reorder(self, rows: Sequence[Row], before: list[Hashable], after: list[Hashable]) -> None:
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        moved = {identity: place for place, identity in enumerate(after)}
        self._rows = list(rows)
        self._cells = [self._cells_of(row) for row in rows]
        self.changePersistentIndexList(kept, [self.index(moved[before[index.row()]], index.column()) for index in kept])
        self.layoutChanged.emit()

    def _replace(self, rows: Sequence[Row]) -> None:
        have = len(self._rows)
        for place, row in enumerate(rows[:have]):
            if row != self._rows[place]:
                self._rows[place], self._cells[place] = row, self._cells_of(row)
                self._tell(place, place)
        if len(rows) > have:
            self.beginInsertRows(_NOWHERE, have, len(rows) - 1)
            self._rows.extend(rows[have:])
            self._cells.extend(self._cells_of(row) for row in rows[have:])
            self.endInsertRows()

    def refresh_column(self, key: str) -> None:
        """A column that counts the seconds says something else now."""
        place = next(place for place, column in enumerate(self._columns) if column.key == key)
        column = self._columns[place]
        changed = []
        for at, row in enumerate(self._rows):
            shown = column.show(row)
            if shown != self._cells[at][place]:
                self._cells[at][place] = shown
                changed.append(at)
        if changed:
            self.dataChanged.emit(self.index(changed[0], place), self.index(changed[-1], place))

    def _cells_of(self, row: Row) -> list[PanelCell]:
        return [column.show(row) for column in self._columns]

    def _tell(self, first: int, last: int) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))
