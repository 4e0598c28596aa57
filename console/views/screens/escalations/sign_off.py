"""The end of a person's shift: who gets what they have in the inbox, and the button that ends it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from console.i18n import _, ngettext
from console.models.actions.authorize import authorize, may_take
from console.models.domain.roles import Action, Target, same_person
from console.models.queries.handover import Sheet
from console.models.queries.inbox_lines import level_word
from console.views import theme
from console.views.bridge import LiveBoard
from console.views.screen import Context
from console.views.widgets.buttons import button
from console.views.widgets.labels import label


class SignOffPane(QWidget):
    """``wished`` carries the successor, empty for the first level of the chain."""

    wished = Signal(str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._sheet: Sheet | None = None
        self._has_ended = self._busy = False
        self._takers: Sequence[str] = ()
        self._name = label(kind="small")
        self.successor = QComboBox()
        self.successor.currentIndexChanged.connect(self._tell)
        self._effect = label(kind="small", wrap=True)
        self.end = button("")
        self.end.clicked.connect(self._on_end)
        column = QVBoxLayout(self)
        for piece in (self._name, self.successor, self._effect, self.end):
            column.addWidget(piece)
        self._column = column
        self._pad()
        theme.notifier().changed.connect(self._pad)

    @property
    def effect(self) -> str:
        """What the end will do, in words."""
        return self._effect.text()

    def read_takers(self) -> None:
        """Who has an account here whose roles permit to take an escalation may take over."""
        access = self._context.access
        if access is not None:
            self._context.ops.read(
                lambda _progress: [account.name for account in access.accounts.all() if may_take(account.actor)],
                self._on_takers,
                failure=lambda _error: None,
                key="handover/takers",
                owner=self,
            )

    def show_sheet(self, sheet: Sheet | None, *, busy: bool, has_ended: bool) -> None:
        """What the person has is on this sheet; ``busy`` while it is being signed, ``has_ended`` once it is done."""
        self._sheet, self._busy, self._has_ended = sheet, busy, has_ended
        self._tell()

    def retranslate(self) -> None:
        """Every word anew."""
        self._name.setText(_("Who gets what I have"))
        self.successor.setAccessibleName(self._name.text())
        self.end.setText(_("Sign and end my shift"))
        self._offer()

    def _on_takers(self, names: Sequence[str]) -> None:
        self._takers = names
        self._offer()

    def _offer(self) -> None:
        """The first level, where whoever is on shift takes it, then the colleagues."""
        chosen, me = str(self.successor.currentData() or ""), self._context.session.name
        others = [name for name in self._takers if not same_person(name, me)]
        self.successor.blockSignals(True)
        self.successor.clear()
        self.successor.addItem(self._first_level(), "")
        for name in others:
            self.successor.addItem(name, name)
        self.successor.setCurrentIndex(max(0, self.successor.findData(chosen)))
        self.successor.blockSignals(False)
        self._tell()

    def _tell(self) -> None:
        """What will happen, and whether it may."""
        refusal = authorize(self._context.session.actor(), Action.SHIFT_END, Target("hand_over", "")).reason
        self.end.setEnabled(self._sheet is not None and not refusal and not self._busy and not self._has_ended)
        self.end.setToolTip(refusal)
        self.successor.setEnabled(self.end.isEnabled())
        count, name = self._count(), self.successor.currentText()
        if self._sheet is None or refusal:
            self._effect.setText("")
        elif self._has_ended:
            self._effect.setText(_("Your shift has ended. {name} has what was yours.").format(name=name))
        elif not count:
            self._effect.setText(_("You have no escalation."))
        else:
            text = ngettext("{n} escalation: to {name}, at once.", "{n} escalations: to {name}, at once.", count)
            self._effect.setText(text.format(n=count, name=name))

    def _count(self) -> int:
        me = self._context.session.name
        lines = () if self._sheet is None else self._sheet.owed.lines
        return sum(same_person(line.entry.owner, me) for line in lines)

    def _first_level(self) -> str:
        live = self._context.live
        chain = live.policy.escalation.chain if isinstance(live, LiveBoard) else ()
        return _("next {level}").format(level=level_word(chain[0])) if chain else ""

    def _on_end(self) -> None:
        if self.end.isEnabled():
            self.wished.emit(str(self.successor.currentData() or ""))

    def _pad(self) -> None:
        self._column.setContentsMargins(0, theme.px(8), 0, 0)
        self._column.setSpacing(theme.px(4))
