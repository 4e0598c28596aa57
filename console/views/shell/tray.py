"""The icon in the system tray, where there is one: shows the window, tells what needs a person, quits."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from console.i18n import _


class Tray(QObject):
    """Make it only where `available` says so."""

    show_requested = Signal()
    quit_requested = Signal()

    def __init__(self, icon: QIcon, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._menu = QMenu()
        self._show = self._menu.addAction("")
        self._quit = self._menu.addAction("")
        self._show.triggered.connect(self.show_requested)
        self._quit.triggered.connect(self.quit_requested)
        self._icon = QSystemTrayIcon(icon, self)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._on_activated)
        self._icon.messageClicked.connect(self.show_requested)
        self.retranslate()
        self._icon.show()

    def tell(self, title: str, text: str) -> None:
        """Say something to a person who looks elsewhere."""
        self._icon.showMessage(title, text, self._icon.icon())

    def retranslate(self) -> None:
        """Words anew."""
        self._show.setText(_("Show the console"))
        self._quit.setText(_("Quit"))
        self._icon.setToolTip(_("Supervisor Console"))

    def close(self) -> None:
        """Take the icon away."""
        self._icon.hide()
        self._menu.deleteLater()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.show_requested.emit()


def available() -> bool:
    """Whether the desktop has a tray."""
    return QSystemTrayIcon.isSystemTrayAvailable()
