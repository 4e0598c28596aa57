"""What covers the window while it is locked: the time, how many escalations are open, and the way back in.

No customer's word is on it, and what it covers is hidden rather than painted over, so that a screen reader finds
nothing behind it either.
"""

from __future__ import annotations

from datetime import tzinfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from console.i18n import _, ngettext
from console.models.domain.ports import Clock
from console.views import formats, theme
from console.views.shell.passphrase import secret_field
from console.views.widgets.buttons import button
from console.views.widgets.labels import StateMark, label

_WIDTH = 280


class LockLayer(QWidget):
    """``unlock_requested`` carries the passphrase, ``switch_requested`` is the wish of another person to take over."""

    unlock_requested = Signal(str)
    switch_requested = Signal()

    def __init__(self, clock: Clock, zone: tzinfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock, self._zone = clock, zone
        self._asks = False
        self._person, self._roles = "", ""
        self._escalations: int | None = None
        self._time = label(kind="figure")
        self._date = label(kind="muted")
        self._mark = StateMark(theme.State.DANGER, size=12)
        self._open = label(kind="title")
        self._picture = QLabel()
        self._who = label(kind="title")
        self._what = label(kind="muted")
        self._field = secret_field()
        self._field.returnPressed.connect(self._send)
        self._unlock = button("", "primary")
        self._unlock.clicked.connect(self._send)
        self._switch = button("", "link")
        self._switch.clicked.connect(self.switch_requested)
        self._wrong = label(kind="wrong", wrap=True)
        self._lay_out()
        self.retranslate()
        theme.notifier().changed.connect(self.retranslate)

    def show_person(self, name: str, roles: str, *, asks: bool) -> None:
        """Who locked it, and whether a passphrase is wanted."""
        self._person, self._roles, self._asks = name, roles, asks
        self._wrong.setText("")
        self._field.clear()
        self.retranslate()

    def set_roles(self, roles: str) -> None:
        """The same in other words."""
        self._roles = roles

    def set_escalations(self, count: int | None) -> None:
        """How many are open; None where nobody knows."""
        self._escalations = count
        self._mark.setVisible(bool(count))
        text = ngettext("{n} open escalation", "{n} open escalations", count or 0).format(n=formats.count(count or 0))
        self._open.setText(text if count is not None else "")

    def set_busy(self, *, busy: bool) -> None:
        """While the answer is on its way nothing can be sent again."""
        for piece in (self._field, self._unlock, self._switch):
            piece.setEnabled(not busy)

    def refuse(self, text: str) -> None:
        """Say why it stays locked."""
        self.set_busy(busy=False)
        self._wrong.setText(text)
        self._field.selectAll()
        self._enter()

    def tick(self) -> None:
        """The present second."""
        now = self._clock.now()
        self._time.setText(formats.time_of_day(now, self._zone))
        zone = formats.zone_name(now, self._zone)
        self._date.setText(_("{date}, {zone}").format(date=formats.date(now, self._zone), zone=zone))

    def retranslate(self) -> None:
        """Words, sizes and icons anew."""
        self.setAccessibleName(_("The console is locked"))
        self._picture.setPixmap(theme.pixmap("lock", "text_muted", 24, self.devicePixelRatioF()))
        self._who.setText(_("Locked by {name}").format(name=self._person))
        self._what.setText(self._roles)
        self._field.setVisible(self._asks)
        self._field.setPlaceholderText(_("Passphrase"))
        self._field.setAccessibleName(_("Passphrase"))
        self._unlock.setText(_("Unlock"))
        self._switch.setText(_("Switch person…"))
        for piece in (self._field, self._unlock, self._wrong):
            piece.setFixedWidth(theme.px(_WIDTH))
        self._wrong.setMinimumHeight(theme.px(40))
        self.set_escalations(self._escalations)
        self.tick()

    def showEvent(self, event: QShowEvent) -> None:
        """Ready to type."""
        super().showEvent(event)
        self.set_busy(busy=False)
        self._enter()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A calm ground."""
        del event
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("surface"))

    def _send(self) -> None:
        if self._unlock.isEnabled():
            self.set_busy(busy=True)
            self._wrong.setText("")
            self.unlock_requested.emit(self._field.text())

    def _enter(self) -> None:
        (self._field if self._asks else self._unlock).setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setSpacing(theme.px(8))
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addStretch(3)
        column.addWidget(self._time, 0, centre)
        column.addWidget(self._date, 0, centre)
        column.addSpacing(theme.px(12))
        waiting = QHBoxLayout()
        waiting.setSpacing(theme.px(8))
        waiting.addStretch(1)
        waiting.addWidget(self._mark)
        waiting.addWidget(self._open)
        waiting.addStretch(1)
        column.addLayout(waiting)
        column.addSpacing(theme.px(32))
        for piece in (self._picture, self._who, self._what):
            column.addWidget(piece, 0, centre)
        column.addSpacing(theme.px(8))
        for field in (self._field, self._unlock, self._switch, self._wrong):
            column.addWidget(field, 0, centre)
        self._wrong.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addStretch(4)
