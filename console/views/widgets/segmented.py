"""A few choices side by side, one of them in force; arrow keys move between them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QSizePolicy, QWidget

from console.views import theme


class _Segment(QAbstractButton):
    """One choice, drawn flat; the one in force is raised."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """The words with room at both sides; strong words are wider, so they decide."""
        strong = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(strong + theme.px(24), theme.px(theme.CONTROL_HEIGHT - 4))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, edge when it has the focus, words."""
        del event
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            radius = theme.px(3)
            if self.isChecked() or self.hasFocus():
                painter.setBrush(theme.color("raised") if self.isChecked() else Qt.BrushStyle.NoBrush)
                painter.setPen(
                    QPen(theme.color("focus" if self.hasFocus() else "control"), 1.5 if self.hasFocus() else 1)
                )
                painter.drawRoundedRect(box, radius, radius)
            painter.setFont(theme.font())
            ink: theme.ColorName = (
                "text_disabled" if not self.isEnabled() else "text" if self.isChecked() else "text_muted"
            )
            painter.setPen(theme.color(ink))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


class SegmentedControl(QWidget):
    """``chosen`` carries the key of the choice that a person made."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """``choices`` are pairs of key and words; the first is in force."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._segments: dict[str, _Segment] = {}
        self._columns = len(choices)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(2, 2, 2, 2)
        self._grid.setSpacing(2)
        for key, words in choices:
            segment = _Segment(words, self)
            segment.setAccessibleName(words)
            segment.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            self._group.addButton(segment)
            self._segments[key] = segment
            self._grid.addWidget(segment, 0, len(self._segments) - 1)
        if choices:
            self.choose(choices[0][0])
        theme.notifier().changed.connect(self._on_theme)

    def choose(self, key: str) -> None:
        """Bring a choice into force without telling; raises KeyError for an unknown one."""
        self._segments[key].setChecked(True)

    def choice(self) -> str:
        """The key in force."""
        return next((key for key, segment in self._segments.items() if segment.isChecked()), "")

    def set_words(self, choices: Sequence[tuple[str, str]]) -> None:
        """Other words for the same keys."""
        for key, words in choices:
            self._segments[key].setText(words)
            self._segments[key].setAccessibleName(words)
            self._segments[key].updateGeometry()

    def width_of_all(self) -> int:
        """How wide all choices are in one row."""
        gaps = self._grid.spacing() * (len(self._segments) + 1)
        return sum(segment.sizeHint().width() for segment in self._segments.values()) + gaps

    def set_columns(self, columns: int) -> None:
        """How many choices stand in a row; the others go on in rows below."""
        if columns != self._columns:
            self._columns = columns
            for place, segment in enumerate(self._segments.values()):
                self._grid.addWidget(segment, place // columns, place % columns)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move the choice, and tell."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        keys = list(self._segments)
        target = keys[(keys.index(self.choice()) + step) % len(keys)]
        self._segments[target].setFocus(Qt.FocusReason.TabFocusReason)
        self._segments[target].click()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The well that the choices lie in."""
        del event
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
            painter.setPen(QPen(theme.color("hairline"), 1))
            painter.setBrush(theme.color("sunken"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.px(4), theme.px(4))

    def _on_theme(self) -> None:
        for segment in self._segments.values():
            segment.updateGeometry()
