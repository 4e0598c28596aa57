"""The room below the toolbar: the list or what stands in its place, the strip below it, the entry in full beside it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from console.views import theme
from console.views.layout import Layout
from console.views.screens.escalations.list_view import InboxView
from console.views.screens.escalations.pages import Calm, NoEntry, NotKept, Reading, Unreadable
from console.views.screens.escalations.row_painter import ROW_HEIGHT
from console.views.screens.escalations.side import Side
from console.views.screens.escalations.toolbar import NewsLine
from console.views.screens.escalations.work_strip import WorkStrip

_LIST, _DETAIL = 760, 460
_BELOW = (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Resize)
_LEAST_LIST, _LEAST_DETAIL = 420, 360


class InboxBody(QWidget):
    """``detail_toggled`` carries whether the entry is shown in full."""

    detail_toggled = Signal(bool)
    foot_changed = Signal()
    """What stands below the list came, went, or has another height."""

    def __init__(self, view: InboxView, news: NewsLine, strip: WorkStrip, detail: Side) -> None:
        super().__init__()
        self._view, self._detail, self._below = view, detail, (news, strip)
        for below in self._below:
            below.installEventFilter(self)
        self.calm, self.no_entry, self.reading = Calm(), NoEntry(), Reading()
        self.unreadable, self.not_kept = Unreadable(), NotKept()
        self._stack = QStackedWidget()
        for page in (view, self.calm, self.no_entry, self.reading, self.unreadable, self.not_kept):
            self._stack.addWidget(page)
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self._stack, 1)
        # Below: what opens above the list would move every row in it.
        left.addWidget(news)
        left.addWidget(strip)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        for place, piece in enumerate((self._left, detail)):
            self._split.addWidget(piece)
            self._split.setCollapsible(place, False)
            self._split.setStretchFactor(place, 1 - place)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._split)
        self.setFocusProxy(view)
        self._wanted = True
        self._size()
        theme.notifier().changed.connect(self._size)

    @property
    def has_detail(self) -> bool:
        """Whether the entry is shown in full."""
        return not self._detail.isHidden()

    def foot(self) -> int:
        """The height of what stands below the list."""
        return sum(piece.height() for piece in self._below if not piece.isHidden())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell when something below the list comes, goes or grows."""
        if event.type() in _BELOW:
            self.foot_changed.emit()
        return super().eventFilter(watched, event)

    def page(self) -> QWidget | None:
        """The page in place of the list, None while the list shows."""
        shown = self._stack.currentWidget()
        return None if shown is self._view else shown

    def show_page(self, page: QWidget | None) -> None:
        """Show a page in place of the list, or the list with None."""
        wanted = page or self._view
        if self._stack.currentWidget() is not wanted:
            had_focus = self._stack.isAncestorOf(self.window().focusWidget() or self)
            self._stack.setCurrentWidget(wanted)
            if had_focus:
                wanted.setFocus()
        self._arrange()

    def show_detail(self, shown: bool) -> None:
        """Show the entry in full beside the list, or not."""
        self._wanted = shown
        self._arrange()

    def remember(self, layout: Layout) -> None:
        """Keep the widths."""
        layout.keep_geometry("escalations/split", self._split.saveState())
        layout.keep_data("escalations/detail", self._wanted)

    def recall(self, layout: Layout) -> None:
        """Take the widths that were kept."""
        self._split.restoreState(layout.geometry("escalations/split"))
        self._wanted = layout.data("escalations/detail", True) is not False
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Nothing is narrower than can be read; with large text both give way."""
        super().resizeEvent(event)
        self._give_room()

    def _arrange(self) -> None:
        shown = self._wanted and self.page() is None
        if shown != self.has_detail:
            had_focus = self._detail.isAncestorOf(self.window().focusWidget() or self)
            self._detail.setVisible(shown)
            if had_focus and not shown:
                self._view.setFocus()
        self.detail_toggled.emit(shown)

    def _size(self) -> None:
        self._split.setSizes([theme.px(_LIST), theme.px(_DETAIL)])
        self._give_room()

    def _give_room(self) -> None:
        # A page in place of the list asks for more height than the list, which would push the question out of sight.
        self._stack.setMinimumHeight(theme.px(ROW_HEIGHT))
        half = self.width() // 2 - theme.px(4)
        self._left.setMinimumWidth(max(0, min(theme.px(_LEAST_LIST), half)))
        self._detail.setMinimumWidth(max(0, min(theme.px(_LEAST_DETAIL), half)))
