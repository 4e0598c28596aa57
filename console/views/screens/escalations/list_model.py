"""The rows of the inbox: a heading for each urgency, below it its entries. Tells the view only what differs, and what
differs in many places in few steps."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from console.models.domain.escalation import Entry
from console.models.queries.inbox_list import Row

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_ENABLED = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
_FEW = 8
"""So many runs of rows come or go one by one; Qt and its accessibility hear of more as of one run and a new order."""


class InboxModel(QAbstractListModel):
    """``spoken`` says a row in words, for screen readers; ``tip`` an entry in full, under the pointer."""

    def __init__(
        self, spoken: Callable[[Row], str], tip: Callable[[Entry], str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._spoken, self._tip = spoken, tip
        self._rows: list[Row] = []
        self._keys: list[int] = []
        self._places: dict[int, int] | None = {}

    @property
    def rows(self) -> Sequence[Row]:
        """Top to bottom."""
        return self._rows

    def entry(self, place: int) -> Entry | None:
        """The entry in a row; None on a heading, or where there is no row."""
        row = self._rows[place] if 0 <= place < len(self._rows) else None
        return row if isinstance(row, Entry) else None

    def place_of(self, entry: int) -> int | None:
        """The row of an entry, None when it is not shown."""
        return self._place().get(entry)

    def near(self, place: int, wanted: Collection[int]) -> int | None:
        """The first row of an entry behind this place whose key is wanted, else the last before it."""
        places: Sequence[int] = (*range(place + 1, len(self._rows)), *range(place - 1, -1, -1))
        for near in places:
            if self._keys[near] in wanted and self.entry(near) is not None:
                return near
        return None

    def entries(self) -> list[Entry]:
        """All entries that are shown, in order."""
        return [row for row in self._rows if isinstance(row, Entry)]

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Headings and entries."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row in words."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._spoken(self._rows[index.row()])
        if role == Qt.ItemDataRole.ToolTipRole and (entry := self.entry(index.row())) is not None:
            return self._tip(entry)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be chosen."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if self.entry(index.row()) is None:
            return Qt.ItemFlag.ItemNeverHasChildren
        return _ENABLED

    def show_rows(self, rows: Sequence[Row], keys: Sequence[int]) -> None:
        """Show these rows, which have these keys (`inbox_list.key_of`), each once."""
        rows, keys = list(rows), list(keys)
        if keys != self._keys:
            wanted, shown = set(keys), set(self._keys)
            self._drop(shown - wanted)
            kept = [at for at, key in enumerate(keys) if key in shown]
            self._reorder([rows[at] for at in kept], [keys[at] for at in kept])
            self._insert(rows, keys, wanted - shown)
        changed = [at for at, row in enumerate(rows) if row is not self._rows[at] and row != self._rows[at]]
        self._rows = rows
        if changed:
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))

    def _place(self) -> dict[int, int]:
        """The row of each key."""
        if self._places is None:
            self._places = dict(zip(self._keys, range(len(self._keys)), strict=True))
        return self._places

    def _drop(self, gone: Collection[int]) -> None:
        """Take rows out, from below."""
        place = self._place()
        runs = _runs(sorted(place[key] for key in gone))
        if len(runs) > _FEW:
            order = [at for at, key in enumerate(self._keys) if key not in gone]
            first = len(order)
            order += [at for run in runs for at in run]
            self._reorder([self._rows[at] for at in order], [self._keys[at] for at in order])
            runs = [range(first, len(order))]
        for run in reversed(runs):
            self.beginRemoveRows(_NOWHERE, run.start, run.stop - 1)
            self._put(run.start, run.stop, [], [])
            self.endRemoveRows()

    def _reorder(self, rows: list[Row], keys: list[int]) -> None:
        """The same rows in another order."""
        if keys == self._keys:
            return
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        before = [self._keys[index.row()] for index in kept]
        self._rows, self._keys, self._places = rows, keys, None
        place = self._place()
        self.changePersistentIndexList(kept, [self.index(place[key]) for key in before])
        self.layoutChanged.emit()

    def _insert(self, rows: list[Row], keys: list[int], come: Collection[int]) -> None:
        """Put new rows where they belong, from above; the others stand in their order already."""
        runs = _runs([at for at, key in enumerate(keys) if key in come] if come else [])
        if len(runs) > _FEW:
            first = len(self._rows)
            new = [at for run in runs for at in run]
            self.beginInsertRows(_NOWHERE, first, first + len(new) - 1)
            self._put(first, first, [rows[at] for at in new], [keys[at] for at in new])
            self.endInsertRows()
            self._reorder(rows, keys)
            return
        for run in runs:
            self.beginInsertRows(_NOWHERE, run.start, run.stop - 1)
            self._put(run.start, run.start, rows[run.start : run.stop], keys[run.start : run.stop])
            self.endInsertRows()

    def _put(self, first: int, last: int, rows: list[Row], keys: list[int]) -> None:
        self._rows[first:last] = rows
        self._keys[first:last] = keys
        self._places = None


def _runs(places: list[int]) -> list[range]:
    """Rising places, those that follow each other together."""
    runs: list[range] = []
    for at in places:
        if runs and runs[-1].stop == at:
            runs[-1] = range(runs[-1].start, at + 1)
        else:
            runs.append(range(at, at + 1))
    return runs
