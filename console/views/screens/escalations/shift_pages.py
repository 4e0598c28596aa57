"""The inbox, or in its place the page that ends a shift; that page is made when it is first wanted."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from console.i18n import _
from console.views import theme
from console.views.screen import Context
from console.views.screens.escalations.handover import HandOverPage
from console.views.screens.escalations.side import leave_escape


class ShiftPages(QStackedWidget):
    """``told`` carries words and a state for a toast; ``left`` fires when the inbox is back."""

    told = Signal(str, object)
    left = Signal()
    shift_shown = Signal(bool)
    """Whether the page that ends a shift stands in place of the inbox."""

    def __init__(self, context: Context, inbox: QWidget) -> None:
        super().__init__()
        self._context, self._inbox = context, inbox
        self._page: HandOverPage | None = None
        self.addWidget(inbox)

    def show_shift(self) -> None:
        """Show the page that ends a shift."""
        desk = self._context.desk
        if desk is None:
            self.told.emit(_("Nothing can be changed here."), theme.State.WARNING)
            return
        if self._page is None:
            self._page = HandOverPage(self._context, desk.hand_over)
            self._page.closed.connect(self.leave_shift)
            self._page.toast_requested.connect(self.told)
            self.addWidget(self._page)
            leave_escape(self._page)
        self.setCurrentWidget(self._page)
        self.shift_shown.emit(True)
        self._page.activated()
        self._page.setFocus()

    def leave_shift(self) -> bool:
        """Show the inbox; False when it was shown."""
        if self._page is None or self.currentWidget() is not self._page:
            return False
        self._page.deactivated()
        self.setCurrentWidget(self._inbox)
        self.shift_shown.emit(False)
        self.left.emit()
        return True

    def sleep(self) -> None:
        """Nobody looks."""
        if self._page is not None and self.currentWidget() is self._page:
            self._page.deactivated()

    def remember(self) -> None:
        """Keep what was written to the next shift."""
        if self._page is not None:
            self._page.remember()

    def retranslate(self) -> None:
        """Every word anew."""
        if self._page is not None:
            self._page.retranslate()
