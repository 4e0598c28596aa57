"""The first thing that is read: how much of the work the busiest carry, and whether that is chance."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from console.i18n import _
from console.views import theme
from console.views.charts.sizes import Sizes
from console.views.theme import State
from console.views.widgets.buttons import IconButton
from console.views.widgets.labels import ElidedLabel, StateMark, label

_ROOM = 660
"""What figure and words take beside each other when they are large."""


@dataclass(frozen=True, slots=True)
class Face:
    """``figure`` is the share in words, ``meaning`` what it is a share of, ``verdict`` one sentence with its state,
    ``below`` what stands beside it: the fair day, the interval."""

    figure: str
    meaning: str = ""
    verdict: str = ""
    state: State = State.NEUTRAL
    below: str = ""


class Headline(QWidget):
    """``evidence_requested`` is the wish to see what the figure is made of."""

    evidence_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._large = False
        self._sized = (False, False)
        self._figure = label(kind="figure")
        self._meaning = ElidedLabel()
        self._mark = StateMark(size=11)
        self._verdict = ElidedLabel()
        self._below = ElidedLabel(kind="muted")
        self._evidence = IconButton("info-circle", _("How is this counted?"))
        self._evidence.clicked.connect(self.evidence_requested)
        told = QHBoxLayout()
        told.setSpacing(theme.px(6))
        told.addWidget(self._mark)
        told.addWidget(self._verdict, 1)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._meaning)
        words.addLayout(told)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(theme.px(12))
        self._line.addWidget(self._figure)
        self._line.addLayout(words, 1)
        whole = QHBoxLayout()
        whole.addLayout(self._line, 1)
        whole.addWidget(self._evidence, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        column.addLayout(whole)
        column.addWidget(self._below)

    @property
    def anchor(self) -> QWidget:
        """What the evidence opens beside."""
        return self._evidence

    def show_face(self, face: Face) -> None:
        """Show this."""
        self._figure.setText(face.figure)
        self._meaning.set_text(face.meaning)
        self._verdict.set_text(face.verdict)
        self._mark.set_state(face.state)
        self._mark.setVisible(face.state is not State.NEUTRAL)
        self._below.set_text(face.below)
        self.setAccessibleName(f"{face.figure} {face.meaning}. {face.verdict}. {face.below}")

    def set_large(self, large: bool) -> None:
        """For reading across a room, or as usual."""
        self._large = large
        self._size()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Large words stand below the figure where there is no room for them beside it."""
        super().resizeEvent(event)
        self._size()

    def _size(self) -> None:
        narrow = self._large and self.width() < theme.px(_ROOM)
        if self._sized == (self._large, narrow):
            return
        self._sized = (self._large, narrow)
        below = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._line.setDirection(below)
        self._line.setSpacing(0 if narrow else theme.px(12))
        sizes, figure = Sizes.of(large=self._large), 2 * theme.TEXT_PIXELS["figure"]
        words, least = (11, 10) if narrow else (15, 12)
        for piece, size in (
            (self._figure, figure),
            (self._meaning, words),
            (self._verdict, words),
            (self._below, least),
        ):
            piece.setStyleSheet(f"font-size: {sizes.px(size)}px" if self._large else "")

    def retranslate(self) -> None:
        """Every word that is not of the face."""
        self._evidence.set_name(_("How is this counted?"))
