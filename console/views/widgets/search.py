"""A field for free-text search: tells the words once typing pauses, clears with Escape."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent, Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from console.i18n import _
from console.views import theme
from console.views.widgets.buttons import IconButton

_PAUSE_MS = 120


class SearchField(QLineEdit):
    """``words_changed`` fires after a pause in typing and at once on Return; Down wishes to enter the results."""

    words_changed = Signal(str)
    results_requested = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told = ""
        self.set_name(name)
        # Qt's own icons inside a field sit too low once a style sheet pads it.
        self._clear = IconButton("x", _("Clear"), self)
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.setCursor(Qt.CursorShape.ArrowCursor)
        self._clear.clicked.connect(self._on_clear)
        self._clear.hide()
        self._pause = QTimer(self)
        self._pause.setObjectName("search pause")
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._tell)
        self.textChanged.connect(self._on_text_changed)
        self.returnPressed.connect(self._tell)
        self._retheme()
        theme.notifier().changed.connect(self._retheme)

    def set_name(self, name: str) -> None:
        """What it searches: placeholder, and name for screen readers."""
        self.setPlaceholderText(name)
        self.setAccessibleName(name)

    def words(self) -> str:
        """What is typed, without the blanks around it."""
        return self.text().strip()

    def show_words(self, words: str) -> None:
        """Show other words than were typed, without telling; the same words typed later are told anew."""
        if self.words() != words:
            self.setText(words)
            self._pause.stop()
        self._told = words

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape clears, then is free for others; Down goes to the results."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self._on_clear()
        elif event.key() == Qt.Key.Key_Down:
            self.results_requested.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the cross at the right end."""
        super().resizeEvent(event)
        side = self.height()
        self._clear.setGeometry(self.width() - side, 0, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The lens before the text."""
        super().paintEvent(event)
        lens = theme.pixmap("search", "text_muted", 14, self.devicePixelRatioF())
        with QPainter(self) as painter:
            painter.drawPixmap(theme.px(8), (self.height() - theme.px(14)) // 2, lens)

    def _on_clear(self) -> None:
        self.clear()
        self._tell()

    def _on_text_changed(self) -> None:
        self._clear.set_name(_("Clear"))
        self._clear.setVisible(bool(self.text()))
        self._pause.start()

    def _tell(self) -> None:
        self._pause.stop()
        words = self.words()
        if words != self._told:
            self._told = words
            self.words_changed.emit(words)

    def _retheme(self) -> None:
        self.setTextMargins(theme.px(20), 0, theme.px(20), 0)
