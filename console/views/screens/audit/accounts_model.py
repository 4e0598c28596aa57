"""The accounts as a table: a tick for each role, which only an administrator can set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from console.i18n import N_, _
from console.models.domain.access_ports import Account
from console.models.domain.roles import ROLE_WORDS, AccountRole
from console.views import formats

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
ROLES = tuple(role for role in AccountRole if role is not AccountRole.VIEWER)
"""Those that can be given; everybody is a viewer."""
_BEFORE: tuple[tuple[str, int], ...] = ((N_("User account"), 160),)
_AFTER: tuple[tuple[str, int], ...] = ((N_("Passphrase"), 104), (N_("Last sign-in"), 136), (N_("State"), 0))
WIDTHS = (*(width for _title, width in _BEFORE), *(112 for _role in ROLES), *(width for _title, width in _AFTER))


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account, and when it last signed in (microseconds, 0: never)."""

    account: Account
    signed_in_at: int = 0


class AccountsModel(QAbstractTableModel):
    """``role_wished`` carries the account's name, a role, and whether it is to be given; nothing is ticked before it
    was done."""

    role_wished = Signal(str, object, bool)

    def __init__(self, zone: tzinfo, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._lines: tuple[AccountLine, ...] = ()
        self._now = 0
        self._editable = False

    def line(self, place: int) -> AccountLine | None:
        """The account at a place."""
        return self._lines[place] if 0 <= place < len(self._lines) else None

    def place_of(self, name: str) -> int | None:
        """Where an account stands, None when it is not there."""
        return next((place for place, line in enumerate(self._lines) if line.account.name == name), None)

    def show_lines(self, lines: Sequence[AccountLine], now: int, *, editable: bool) -> None:
        """Show these accounts at ``now`` (microseconds); ``editable`` lets roles be ticked."""
        same = [line.account.name for line in lines] == [line.account.name for line in self._lines]
        if not same:
            self.beginResetModel()
        self._lines, self._now, self._editable = tuple(lines), now, editable
        if not same:
            self.endResetModel()
        elif lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, self.columnCount() - 1))

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """How many accounts there are."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(WIDTHS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words and ticks; a screen reader hears the role with its tick."""
        line = self.line(index.row()) if index.isValid() else None
        if line is None:
            return None
        given = self._role(index.column())
        if given is not None:
            has = given in line.account.roles
            if role == Qt.ItemDataRole.CheckStateRole:
                return Qt.CheckState.Checked if has else Qt.CheckState.Unchecked
            if role == Qt.ItemDataRole.AccessibleTextRole:
                answer = _("yes") if has else _("no")
                return f"{_(ROLE_WORDS[given])}: {answer}"
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._words(line, index.column())
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A tick is a wish; it shows when it was done."""
        line, wished = self.line(index.row()), self._role(index.column())
        if role == Qt.ItemDataRole.CheckStateRole and line is not None and wished is not None and self._editable:
            self.role_wished.emit(line.account.name, wished, Qt.CheckState(value) == Qt.CheckState.Checked)
        return False

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Ticks can be set where that is permitted."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        tick = self._editable and self._role(index.column()) is not None
        return plain | Qt.ItemFlag.ItemIsUserCheckable if tick else plain

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(WIDTHS):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        given = self._role(section)
        if given is not None:
            return _(ROLE_WORDS[given])
        return _(_BEFORE[section][0] if section < len(_BEFORE) else _AFTER[section - len(_BEFORE) - len(ROLES)][0])

    def retranslate(self) -> None:
        """Every word anew."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(WIDTHS) - 1)
        if self._lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._lines) - 1, len(WIDTHS) - 1))

    def _role(self, column: int) -> AccountRole | None:
        place = column - len(_BEFORE)
        return ROLES[place] if 0 <= place < len(ROLES) else None

    def _words(self, line: AccountLine, column: int) -> str:
        account = line.account
        if column == 0:
            return account.name
        key = column - len(_BEFORE) - len(ROLES)
        if key == 0:
            return _("set") if account.passphrase else _("none")
        if key == 1:
            return formats.instant(line.signed_in_at, self._zone) if line.signed_in_at else _("never")
        if account.locked_until > self._now:
            until = formats.time_of_day(account.locked_until, self._zone, seconds=False)
            return _("locked until {time}").format(time=until)
        return _("Viewer only") if not account.roles else ""
