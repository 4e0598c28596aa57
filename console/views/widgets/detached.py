"""A second window that holds one thing taken out of the main window, and gives it back when it is closed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget


class DetachedWindow(QWidget):
    """``returned`` carries the content when a person closes the window; its owner takes it back."""

    returned = Signal(QWidget)

    def __init__(self, content: QWidget, title: str) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setWindowTitle(title)
        self._content: QWidget | None = content
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(content)
        content.show()

    def content(self) -> QWidget | None:
        """What it holds, None once it was given back."""
        return self._content

    def release(self) -> QWidget | None:
        """Take the content out without telling, and close."""
        content, self._content = self._content, None
        if content is not None:
            content.setParent(None)
        self.close()
        return content

    def closeEvent(self, event: QCloseEvent) -> None:
        """Give the content back."""
        content, self._content = self._content, None
        if content is not None:
            content.setParent(None)
            self.returned.emit(content)
        event.accept()
        self.deleteLater()
