"""Rows that a chart paints itself: scrolled, walked through by keys, and read out row by row.

Only the rows in sight are painted, so five hundred cost as much as twenty.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from console.views import theme
from console.views.charts.lettering import Lettering
from console.views.charts.sizes import Sizes

_FAR = 1_000_000
_PAGE = 10
_STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -_PAGE,
    Qt.Key.Key_PageDown: _PAGE,
    Qt.Key.Key_Home: -_FAR,
    Qt.Key.Key_End: _FAR,
}
_LEAST_ROWS = 3


class Rows(QAbstractScrollArea):
    """Charts override `count`, `words`, `paint_row`, `paint_head`, `on_chosen` and `on_current`."""

    hovered = Signal(int)
    """The row under the pointer, -1 where there is none."""

    def __init__(
        self,
        name: str,
        hint: tuple[int, int],
        *,
        head: int = 0,
        row: int = theme.ROW_HEIGHT,
        parent: QWidget | None = None,
    ) -> None:
        """``hint`` is the usual width and number of rows, ``head`` the height above the rows and ``row`` that of each,
        all at scale 1."""
        super().__init__(parent)
        self._hint, self._head_height, self._row_height = hint, head, row
        self._current, self._hovered, self._bare = -1, -1, False
        self.sizes = Sizes.of(large=False)
        self.setAccessibleName(name)
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setMouseTracking(True)
        self.retheme()
        theme.notifier().changed.connect(self.retheme)

    def count(self) -> int:
        """How many rows there are."""
        return 0

    def words(self, row: int) -> str:
        """A row in a sentence; a chart says its own."""
        del row
        return ""

    def paint_row(self, painter: QPainter, row: int, box: QRect) -> None:
        """Paint a row into its box; ground and hairline are there."""

    def paint_over(self, painter: QPainter, rows: QRect) -> None:
        """Paint over the rows that were painted, before the head."""

    def paint_head(self, painter: QPainter, width: int) -> None:
        """Paint what stands above the rows, whatever they are scrolled to."""

    def on_chosen(self, row: int) -> None:
        """A row was double-clicked, or chosen by Return."""

    def on_current(self, row: int) -> None:
        """A person made a row current."""

    def set_large(self, large: bool) -> None:
        """Draw for reading across a room, or as usual."""
        self.sizes = Sizes.of(large=large)
        self.retheme()
        self.updateGeometry()

    def retheme(self) -> None:
        """Colours, fonts and sizes anew; overrides call it."""
        self.sizes = Sizes.of(large=self.sizes.large)
        self.body = Lettering(self.sizes.font())
        self.strong = Lettering(self.sizes.font(strong=True))
        self.small = Lettering(self.sizes.font("small"))
        self._height = self.sizes.px(self._row_height)
        self._scroll()
        self.viewport().update()

    def current_row(self) -> int:
        """The row that is current, -1 where none is."""
        return self._current if self._current < self.count() else -1

    def go_to(self, row: int) -> None:
        """Make a row current and bring it into sight."""
        self._current = row
        bar, room = self.verticalScrollBar(), self.viewport().height() - self._head()
        top = row * self._height
        bar.setValue(min(max(bar.value(), top + self._height - room), top))
        self._say()
        self.viewport().update()
        self.on_current(row)

    def place_at(self, y: int) -> int:
        """The row at a height in the viewport, -1 where there is none."""
        row = (y - self._head() + self.verticalScrollBar().value()) // self._height
        return row if y >= self._head() and 0 <= row < self.count() else -1

    def box_of(self, row: int) -> QRect:
        """Where a row is in the viewport."""
        top = self._head() + row * self._height - self.verticalScrollBar().value()
        return QRect(0, top, self.viewport().width(), self._height)

    def sizeHint(self) -> QSize:
        """Room for the usual number of rows."""
        width, rows = self._hint
        return QSize(self.sizes.px(width), self._head() + rows * self._height)

    def minimumSizeHint(self) -> QSize:
        """Room for three rows."""
        return QSize(self.sizes.px(260), self._head() + _LEAST_ROWS * self._height)

    def picture_size(self) -> QSize:
        """All rows, at the width that is shown."""
        return QSize(self.viewport().width(), self._head() + max(1, self.count()) * self._height)

    def draw_picture(self, painter: QPainter) -> None:
        """Draw all rows, none of them current."""
        self._bare = True
        try:
            self._paint(painter, QRect(0, 0, self.viewport().width(), self.picture_size().height()), 0)
        finally:
            self._bare = False

    def paintEvent(self, event: QPaintEvent) -> None:
        """The head, and the rows in the event's region."""
        with QPainter(self.viewport()) as painter:
            self._paint(painter, event.rect(), self.verticalScrollBar().value())

    def _paint(self, painter: QPainter, region: QRect, top: int) -> None:
        painter.fillRect(region, theme.color("raised"))
        width, head, height = self.viewport().width(), self._head(), self._height
        first = max(0, (max(region.top(), head) - head + top) // height)
        last = min(self.count(), (region.bottom() - head + top) // height + 1)
        for row in range(first, last):
            box = QRect(0, head + row * height - top, width, height)
            self._paint_ground(painter, row, box)
            self.paint_row(painter, row, box)
        self.paint_over(painter, QRect(0, head + first * height - top, width, (last - first) * height))
        if head and region.top() < head and self.count():
            painter.fillRect(0, 0, width, head, theme.color("raised"))
            painter.fillRect(0, head - 1, width, 1, theme.color("hairline"))
            self.paint_head(painter, width)
        if self.hasFocus() and not self._bare:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))

    def _paint_ground(self, painter: QPainter, row: int, box: QRect) -> None:
        ground: theme.ColorName = "raised"
        if row == self._current:
            ground = "selection" if self.hasFocus() else "selection_inactive"
        elif row == self._hovered:
            ground = "hover"
        if ground != "raised" and not self._bare:
            painter.fillRect(box, theme.color(ground))
        painter.fillRect(0, box.bottom(), box.width(), 1, theme.color("hairline"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer rows are in sight."""
        super().resizeEvent(event)
        self._scroll()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Other rows come into sight."""
        del dx, dy
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The row that was pressed is current."""
        row = self.place_at(event.position().toPoint().y())
        if event.button() == Qt.MouseButton.LeftButton and row >= 0:
            self.go_to(row)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """What was pressed here ends here."""
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Choose the row."""
        row = self.place_at(event.position().toPoint().y())
        if event.button() == Qt.MouseButton.LeftButton and row >= 0:
            self.on_chosen(row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The row under the pointer is marked."""
        self._hover(self.place_at(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer has gone."""
        super().leaveEvent(event)
        self._hover(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, and choose by Return."""
        step, count = _STEPS.get(Qt.Key(event.key())), self.count()
        if step is not None and count:
            self.go_to(min(count - 1, max(0, self._current + step)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current_row() >= 0:
            self.on_chosen(self._current)
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tooltips are made when they are asked for."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self.tool_tip(event)
            return True
        return super().viewportEvent(event)

    def tool_tip(self, event: QHelpEvent) -> None:
        """Show what is under the pointer in full."""
        row = self.place_at(event.pos().y())
        QToolTip.showText(event.globalPos(), self.words(row) if row >= 0 else "", self)

    def _follow_data(self) -> None:
        """Other rows than before: fit the scroll bar, and paint."""
        self._scroll()
        self._say()
        self.viewport().update()

    def _say(self) -> None:
        row = self.current_row()
        words = self.words(row) if row >= 0 else ""
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            self._hovered = row
            self.hovered.emit(row)
            self.viewport().update()

    def _head(self) -> int:
        return self.sizes.px(self._head_height)

    def _scroll(self) -> None:
        room = self.viewport().height() - self._head()
        self.verticalScrollBar().setRange(0, max(0, self.count() * self._height - room))
        self.verticalScrollBar().setPageStep(max(1, room))
        self.verticalScrollBar().setSingleStep(self._height)
