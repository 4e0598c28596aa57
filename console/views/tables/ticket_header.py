"""The header of the ticket table: titles aligned like their column, with the mark of the order beside the title."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPolygonF
from PySide6.QtWidgets import QHeaderView, QWidget

from console.views import theme

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_RIGHT = int(Qt.AlignmentFlag.AlignRight)


class TicketHeader(QHeaderView):
    """Drawn by itself, because the style puts the mark of the order on top of right-aligned titles."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSortIndicatorShown(True)
        self.setStretchLastSection(True)
        self.setMouseTracking(True)
        self._hovered = -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Lift the title under the pointer."""
        hovered = self.logicalIndexAt(event.position().toPoint())
        if hovered != self._hovered:
            self._hovered = hovered
            self.viewport().update()
        super().mouseMoveEvent(event)

    def paintSection(self, painter: QPainter, rect: QRect, logical_index: int) -> None:
        """Ground, title, mark of the order, hairlines."""
        painter.save()
        sorted_by = logical_index == self.sortIndicatorSection()
        painter.fillRect(rect, theme.color("hover" if logical_index == self._hovered else "sunken"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.color("hairline"))
        font = theme.font("small", strong=sorted_by)
        metrics = QFontMetricsF(font)
        pad, mark = theme.px(8), theme.px(7) if sorted_by else 0
        gap = theme.px(4) if sorted_by else 0
        title = str(self.model().headerData(logical_index, Qt.Orientation.Horizontal, _DISPLAY) or "")
        room = rect.width() - 2 * pad - mark - gap
        text = metrics.elidedText(title, Qt.TextElideMode.ElideRight, room)
        width = metrics.horizontalAdvance(text)
        alignment = int(self.model().headerData(logical_index, Qt.Orientation.Horizontal, _ALIGNMENT) or 0)
        right = bool(alignment & _RIGHT)
        left = rect.right() + 1 - pad - width if right else rect.left() + pad
        painter.setFont(font)
        painter.setPen(theme.color("text" if sorted_by else "text_muted"))
        baseline = rect.top() + (rect.height() + metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(left, baseline), text)
        if sorted_by:
            x = left - gap - mark if right else left + width + gap
            self._paint_mark(painter, QRectF(x, rect.center().y() - mark / 2, mark, mark * 0.8))
        painter.restore()

    def _paint_mark(self, painter: QPainter, box: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("text"))
        if self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder:
            corners = [QPointF(box.center().x(), box.top()), box.bottomLeft(), box.bottomRight()]
        else:
            corners = [QPointF(box.center().x(), box.bottom()), box.topLeft(), box.topRight()]
        painter.drawPolygon(QPolygonF(corners))
