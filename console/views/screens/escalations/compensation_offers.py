"""The three offers as three cards: what the customer gets, how it is reckoned, and whether it needs approval."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from console.i18n import _
from console.models.domain.compensation import Offer
from console.views import theme
from console.views.screens.escalations.compensation_words import how, notes, what
from console.views.widgets.labels import StateMark, label


class OfferCard(QAbstractButton):
    """One offer; it is chosen by a press, Space, or its number."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._number = label(str(number))
        self._number.setProperty("kind", "key")
        self._sum = label(kind="title")
        self._what = label(wrap=True)
        self._mark = StateMark(theme.State.WARNING)
        self._needs = label(kind="small")
        self._how = label(kind="small", wrap=True)
        self._wanted = False
        self._lay_out()
        theme.notifier().changed.connect(self._retheme)

    def show_offer(self, offer: Offer, *, asked: bool | None = None) -> None:
        """Show another offer; ``asked``: instead of whether it needs approval, whether it is the one asked for."""
        self._sum.setText(str(offer.total) if offer.total.hundredths else "")
        self._sum.setVisible(bool(offer.total.hundredths))
        self._what.setText(what(offer))
        self._how.setText(how(offer))
        # Where nothing is chosen a number would be a key that does nothing.
        self._number.setVisible(asked is None)
        self._wanted = offer.needs_approval and asked is None
        self._mark.setVisible(self._wanted)
        told = _("needs approval") if self._wanted else _("asked for") if asked else ""
        self._needs.setText(told)
        self._needs.setVisible(bool(told))
        words = (self._sum.text(), self._what.text(), self._how.text(), told)
        self.setAccessibleName(", ".join(filter(None, words)))
        self._retheme()

    def sizeHint(self) -> QSize:
        """What the words take."""
        inside = self.layout()
        return QSize() if inside is None else inside.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """As narrow as a word."""
        inside = self.layout()
        return QSize() if inside is None else inside.minimumSize()

    def hasHeightForWidth(self) -> bool:
        """The second line wraps."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height at a width."""
        inside = self.layout()
        return 0 if inside is None else inside.heightForWidth(width)

    def changeEvent(self, event: QEvent) -> None:
        """What cannot be chosen looks like it."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self._retheme()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground and the edge: accented when chosen, doubled when focused."""
        del event
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
            chosen, focused = self.isChecked(), self.hasFocus()
            width = 2.0 if focused or chosen else 1.0
            edge: theme.ColorName = "focus" if focused else "accent" if chosen else "hairline"
            ground: theme.ColorName = "accent_soft" if chosen else "hover" if self.underMouse() else "raised"
            painter.setPen(QPen(theme.color(edge), width))
            painter.setBrush(theme.color(ground))
            inset = width / 2
            painter.drawRoundedRect(
                QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), theme.px(4), theme.px(4)
            )

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._number)
        head.addWidget(self._sum)
        head.addStretch(1)
        head.addWidget(self._mark)
        head.addWidget(self._needs)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self._what)
        column.addWidget(self._how)
        self._head, self._column = head, column
        for child in self.findChildren(QLabel):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._mark.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._retheme()

    def _retheme(self) -> None:
        self._column.setContentsMargins(theme.px(8), theme.px(6), theme.px(8), theme.px(6))
        self._column.setSpacing(theme.px(2))
        self._head.setSpacing(theme.px(8))
        ink: theme.ColorName = "warning" if self._wanted else "text_muted"
        self._needs.setStyleSheet(f"color: {theme.color(ink).name()}")
        self.updateGeometry()


class OfferList(QWidget):
    """Three cards, one of them chosen. ``chosen`` carries its place, 0 to 2."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._cards: list[OfferCard] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        for place in range(3):
            card = OfferCard(place + 1)
            card.clicked.connect(lambda _checked=False, place=place: self.chosen.emit(place))
            self._group.addButton(card, place)
            self._cards.append(card)
            column.addWidget(card)
        self._cards[0].setChecked(True)
        self._notes = label(kind="small", wrap=True)
        column.addWidget(self._notes)
        self._locked = False

    @property
    def cards(self) -> Sequence[OfferCard]:
        """The three."""
        return self._cards

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """Show three others; the chosen place stays."""
        for place, (card, offer) in enumerate(zip(self._cards, offers, strict=True)):
            card.show_offer(offer, asked=place == self.place() if self._locked else None)
        self._notes.setText(notes(offers))
        self._notes.setVisible(bool(self._notes.text()))

    def place(self) -> int:
        """Which one is chosen."""
        return self._group.checkedId()

    def choose(self, place: int) -> None:
        """Choose one without telling."""
        self._cards[place].setChecked(True)

    def lock(self) -> None:
        """Only show: what was asked for cannot be changed here."""
        self._locked = True
        for card in self._cards:
            card.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            card.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up, down and the numbers move the choice."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}.get(
            Qt.Key(event.key())
        )
        place = "123".find(event.text()) if event.text() else -1
        if step is not None:
            place = min(max(self.place() + step, 0), len(self._cards) - 1)
        if place < 0 or not self._cards[place].focusPolicy():
            super().keyPressEvent(event)
            return
        self._cards[place].setFocus(Qt.FocusReason.TabFocusReason)
        self._cards[place].click()
