"""A second window that holds one thing taken out of the main window, and gives it back when it is closed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QShowEvent, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget


class DetachedWindow(QWidget):
    """``returned`` carries the content when a person closes the window; its owner takes it back. ``sight_changed``
    fires when the window was shown, hidden, minimised or restored."""

    returned = Signal(QWidget)
    sight_changed = Signal()

    def __init__(self, content: QWidget, title: str) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setWindowTitle(title)
        self._content: QWidget | None = content
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(content)
        content.show()

    def actions_from(self, window: QWidget) -> None:
        """Let the shortcuts of another window work here too."""
        self.setWindowIcon(window.windowIcon())
        self.addActions(window.actions())

    def set_covered(self, covered: bool) -> None:
        """Hide the content while the console is locked."""
        if self._content is not None:
            self._content.setVisible(not covered)

    def in_sight(self) -> bool:
        """Whether somebody may be looking at it."""
        return self.isVisible() and not self.isMinimized()

    def release(self) -> None:
        """Let the content go without telling, and close."""
        if self._content is not None:
            self._content.setParent(None)
            self._content = None
        self.close()

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that it is in sight."""
        super().showEvent(event)
        self.sight_changed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that it is out of sight."""
        super().hideEvent(event)
        self.sight_changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Tell when it was minimised or restored."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.sight_changed.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Give the content back."""
        event.accept()
        if self._content is not None:
            self.returned.emit(self._content)
        self.deleteLater()
