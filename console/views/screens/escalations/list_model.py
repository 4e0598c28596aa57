"""The rows of the inbox: a heading for each urgency, below it its entries. Tells the view only what differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from console.models.domain.escalation import Entry, Urgency

Index = QModelIndex | QPersistentModelIndex
Row = Entry | Urgency
_NOWHERE = QModelIndex()
_ENABLED = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren


def _key(row: Row) -> int:
    """Entries have numbers from 1 on, so a heading is a number below 0."""
    return row.id if isinstance(row, Entry) else -int(row)


class InboxModel(QAbstractListModel):
    """``spoken`` says a row in words, for screen readers; ``tip`` an entry in full, under the pointer."""

    def __init__(
        self, spoken: Callable[[Row], str], tip: Callable[[Entry], str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._spoken, self._tip = spoken, tip
        self._rows: list[Row] = []
        self._place: dict[int, int] = {}

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
        return self._place.get(entry)

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

    def show_groups(self, groups: Mapping[Urgency, Sequence[Entry]]) -> None:
        """Show these entries under their headings."""
        rows: list[Row] = []
        for urgency, entries in groups.items():
            rows.append(urgency)
            rows += entries
        wanted = {_key(row) for row in rows}
        self._drop(wanted)
        self._reorder([row for row in rows if _key(row) in self._place])
        self._insert(rows)
        changed = [at for at, row in enumerate(rows) if row is not self._rows[at] and row != self._rows[at]]
        self._rows = rows
        self._place = {_key(row): at for at, row in enumerate(rows)}
        if changed:
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))

    def _drop(self, wanted: set[int]) -> None:
        """Take out, from below, runs of rows that are not wanted."""
        last = len(self._rows) - 1
        while last >= 0:
            if _key(self._rows[last]) in wanted:
                last -= 1
                continue
            first = last
            while first > 0 and _key(self._rows[first - 1]) not in wanted:
                first -= 1
            self.beginRemoveRows(_NOWHERE, first, last)
            del self._rows[first : last + 1]
            self._replace()
            self.endRemoveRows()
            last = first - 1

    def _reorder(self, rows: list[Row]) -> None:
        before = [_key(row) for row in self._rows]
        if before == [_key(row) for row in rows]:
            return
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        keys = [before[index.row()] for index in kept]
        self._rows = rows
        self._replace()
        self.changePersistentIndexList(kept, [self.index(self._place[key]) for key in keys])
        self.layoutChanged.emit()

    def _insert(self, rows: Sequence[Row]) -> None:
        """Put runs of new rows where they belong, from above; the others stand in their order already."""
        at = 0
        while at < len(rows):
            if _key(rows[at]) in self._place:
                at += 1
                continue
            end = at
            while end < len(rows) and _key(rows[end]) not in self._place:
                end += 1
            self.beginInsertRows(_NOWHERE, at, end - 1)
            self._rows[at:at] = rows[at:end]
            self._replace()
            self.endInsertRows()
            at = end

    def _replace(self) -> None:
        self._place = {_key(row): at for at, row in enumerate(self._rows)}
