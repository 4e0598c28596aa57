"""The first line of an entry in full: its state, whom it is about, what comes and when, and the button to close it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from console.i18n import _
from console.views import theme
from console.views.widgets.buttons import IconButton
from console.views.widgets.labels import ElidedLabel, StateMark, label


class HeadLine(QWidget):
    """Where both do not fit beside each other, what comes stands below the name: nobody works on half a name."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = StateMark(size=12)
        self._who = ElidedLabel(kind="title")
        self._time = label()
        self._close = IconButton("x", "")
        self._close.clicked.connect(self.closed)
        self._is_narrow = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        for place, piece in enumerate((self._mark, self._who, self._time, self._close)):
            self._grid.addWidget(piece, 0, place)
        self._pad()
        theme.notifier().changed.connect(self._pad)

    @property
    def is_narrow(self) -> bool:
        """Whether what comes stands below the name."""
        return self._is_narrow

    def show_words(self, state: theme.State, who: str, time: str) -> None:
        """Show an entry's state, who it is about, and what comes with the time that is left."""
        self._mark.set_state(state)
        self._who.set_text(who)
        self._time.setText(time)
        ink: theme.ColorName = "text" if state is theme.State.INFO else state.ink
        self._time.setStyleSheet(f"color: {theme.color(ink).name()}; font-weight: 600")
        self._fit()

    def retranslate(self) -> None:
        """Every word anew."""
        self._close.set_name(_("Close"), _("Esc"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may part them, or bring them together."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        name = self._who.fontMetrics().horizontalAdvance(self._who.full_text())
        others = sum(piece.sizeHint().width() for piece in (self._mark, self._time, self._close))
        narrow = name + others + 3 * self._grid.horizontalSpacing() > self.width()
        if narrow is not self._is_narrow:
            self._is_narrow = narrow
            self._grid.removeWidget(self._time)
            if narrow:
                self._grid.addWidget(self._time, 1, 1, 1, 3, Qt.AlignmentFlag.AlignLeft)
            else:
                self._grid.addWidget(self._time, 0, 2)

    def _pad(self) -> None:
        self._grid.setHorizontalSpacing(theme.px(8))
        self._grid.setVerticalSpacing(0)
        self._fit()
