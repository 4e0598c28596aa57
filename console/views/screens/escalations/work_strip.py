"""The line below the list where a deed is completed: what it asks for, what it will do, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from console.i18n import _
from console.views import theme
from console.views.screens.board.flow import FlowLayout
from console.views.screens.escalations.deeds import Form
from console.views.widgets.buttons import IconButton, button
from console.views.widgets.labels import StateMark, label
from console.views.widgets.toast import Toast

_CHOICE, _REASON = 176, 264
"""Widths of a field at scale 1."""
_MOST_LINES = 4


@dataclass(frozen=True, slots=True)
class Ask:
    """What a deed asks for. ``head`` says what is about to be done to what, ``effect`` what that means (empty: clear
    enough); ``until`` and ``people`` and ``into`` are what can be chosen, as pairs of value and words; ``reasons`` are
    offered, others can be written; None where it is not asked for."""

    head: str
    effect: str = ""
    do: str = ""
    until: Sequence[tuple[int, str]] | None = None
    people: Sequence[str] | None = None
    people_name: str = ""
    into: Sequence[tuple[int, str]] | None = None
    into_name: str = ""
    reasons: Sequence[str] | None = None
    reason_name: str = ""


@dataclass(frozen=True, slots=True)
class Tell:
    """What became of it: one line each, with something to press where that helps."""

    state: theme.State
    head: str
    lines: Sequence[str] = ()
    action: str = ""
    run: Callable[[], None] | None = None


class WorkStrip(QWidget):
    """Hidden while there is nothing to ask or to tell. ``closed`` fires when it went."""

    closed = Signal()
    asking_changed = Signal(bool)
    """Whether a person is completing something: no other key may then begin something else."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answer: Callable[[Form], None] | None = None
        self._run: Callable[[], None] | None = None
        self._mark = StateMark(theme.State.INFO)
        self._head = label(wrap=True)
        self._head.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._effect = label(kind="small", wrap=True)
        self._close = IconButton("x", "")
        self._close.clicked.connect(self.dismiss)
        self._fields = QWidget()
        self._until, self._person, self._into, self._reason = (_Field() for _each in range(4))
        self._person.setEditable(True)
        self._reason.setEditable(True)
        self._do = button("", "primary")
        self._do.clicked.connect(self._on_do)
        self._lack = label(kind="small")
        self._lay_out()
        self.hide()
        self._pad()
        theme.notifier().changed.connect(self._pad)

    @property
    def asking(self) -> bool:
        """Whether it waits for a person to complete something."""
        return self._answer is not None and not self.isHidden()

    def ask(self, asked: Ask, answer: Callable[[Form], None]) -> None:
        """Ask; ``answer`` gets what was filled in."""
        self._answer, self._run = answer, None
        self._mark.set_state(theme.State.INFO)
        self._head.setText(asked.head)
        self._show_small(asked.effect)
        self._until.offer(
            [words for _value, words in asked.until or ()], [value for value, _words in asked.until or ()]
        )
        self._until.setVisible(asked.until is not None)
        self._until.setAccessibleName(_("Until"))
        self._person.offer(asked.people or ())
        self._person.setVisible(asked.people is not None)
        self._person.name(asked.people_name)
        self._into.offer([words for _value, words in asked.into or ()], [value for value, _words in asked.into or ()])
        self._into.setVisible(asked.into is not None)
        self._into.name(asked.into_name)
        self._reason.offer(asked.reasons or ())
        self._reason.setVisible(asked.reasons is not None)
        self._reason.name(asked.reason_name)
        if asked.reasons is not None:
            self._reason.setEditText("")
        self._do.setText(asked.do)
        self._do.show()
        self._fields.show()
        self._lack.hide()
        self._open()
        self.asking_changed.emit(True)
        (self._first() or self._do).setFocus(Qt.FocusReason.PopupFocusReason)

    def tell(self, told: Tell) -> None:
        """Say what became of something."""
        self._answer, self._run = None, told.run
        self.asking_changed.emit(False)
        self._mark.set_state(told.state)
        self._head.setText(told.head)
        lines = list(told.lines[:_MOST_LINES])
        if len(told.lines) > _MOST_LINES:
            lines.append(_("and {n} more").format(n=len(told.lines) - _MOST_LINES))
        self._show_small("\n".join(lines))
        for field in (self._until, self._person, self._into, self._reason):
            field.hide()
        self._lack.hide()
        self._do.setText(told.action)
        self._do.setVisible(told.run is not None)
        self._fields.setVisible(told.run is not None)
        self._open()

    def dismiss(self) -> bool:
        """Close it; False when it was closed."""
        if self.isHidden():
            return False
        self._answer = self._run = None
        self.hide()
        self.asking_changed.emit(False)
        self.closed.emit()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return does it, Escape closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_do()
        elif event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow list with large text the fields give way."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The tint of its state, and a line above."""
        del event
        state = self._mark.state
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color(state.soft))
            painter.fillRect(0, 0, self.width(), 1, theme.color("hairline"))
            painter.fillRect(0, 0, theme.px(3), self.height(), theme.color(state.ink))

    def _on_do(self) -> None:
        if self._run is not None:
            run = self._run
            self.dismiss()
            run()
            return
        if self._answer is None:
            return
        lack = self._lacks()
        if lack is not None:
            field, words = lack
            self._lack.setText(words)
            self._lack.show()
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        form = Form(
            self._until.value() if not self._until.isHidden() else 0,
            self._person.currentText().strip() if not self._person.isHidden() else "",
            self._into.value() if not self._into.isHidden() else 0,
            self._reason.currentText().strip() if not self._reason.isHidden() else "",
        )
        answer = self._answer
        self.dismiss()
        answer(form)

    def _lacks(self) -> tuple[QWidget, str] | None:
        """The first field that must not stay empty, and what to say of it."""
        if not self._person.isHidden() and not self._person.currentText().strip():
            return self._person, _("Say who gets it.")
        if not self._into.isHidden() and not self._into.value():
            return self._into, _("There is nothing to choose from.")
        if not self._reason.isHidden() and not self._reason.currentText().strip():
            return self._reason, _("A reason is needed: it stands in the history.")
        return None

    def _first(self) -> QWidget | None:
        """Where the focus goes: to the first field whose value is not a good guess already."""
        shown = [field for field in (self._person, self._into, self._reason, self._until) if not field.isHidden()]
        empty = [field for field in shown if field.isEditable() and not field.currentText()]
        return next(iter(empty or shown), None)

    def _open(self) -> None:
        self._close.set_name(_("Close"), _("Esc"))
        self.setAccessibleName(self._head.text())
        # A word about what was done before would lie over the fields.
        for toast in self.window().findChildren(Toast):
            toast.hide()
        self.show()
        self.update()

    def _show_small(self, words: str) -> None:
        self._effect.setText(words)
        self._effect.setVisible(bool(words))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._head)
        words.addWidget(self._effect)
        head.addLayout(words, 1)
        head.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        flow = FlowLayout(self._fields, gap=8)
        for piece in (self._person, self._into, self._until, self._reason, self._do, self._lack):
            flow.addWidget(piece)
        policy = self._fields.sizePolicy()
        policy.setHeightForWidth(True)
        self._fields.setSizePolicy(policy)
        self._row = head
        self._column = QVBoxLayout(self)
        self._column.addLayout(head)
        self._column.addWidget(self._fields)

    def _pad(self) -> None:
        self._column.setContentsMargins(theme.px(12), theme.px(8), theme.px(8), theme.px(8))
        self._column.setSpacing(theme.px(8))
        self._row.setSpacing(theme.px(8))
        for field in (self._until, self._person, self._into):
            field.setFixedWidth(theme.px(_CHOICE))
        self._fit()

    def _fit(self) -> None:
        """The widest field is never wider than the strip."""
        margins = self._column.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        self._reason.setFixedWidth(min(theme.px(_REASON), max(theme.px(_CHOICE), room)))


class _Field(QComboBox):
    """A list to choose from, or to write into; its label is its placeholder."""

    def __init__(self) -> None:
        super().__init__()
        self._values: list[int] = []
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)

    def offer(self, words: Sequence[str], values: Sequence[int] = ()) -> None:
        """What can be chosen."""
        self.clear()
        self.addItems(list(words))
        self._values = list(values)

    def value(self) -> int:
        """The value of what is chosen, 0 for none."""
        place = self.currentIndex()
        return self._values[place] if 0 <= place < len(self._values) else 0

    def name(self, words: str) -> None:
        """What it asks for."""
        self.setAccessibleName(words)
        edit = self.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and Escape are the strip's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.ignore()
        else:
            super().keyPressEvent(event)
