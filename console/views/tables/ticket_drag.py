"""Tickets that are drawn with the pointer from the table to whoever takes them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QMimeData, QPoint, QRectF, Qt
from PySide6.QtGui import QDrag, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from console.i18n import ngettext
from console.views import theme

MIME = "application/x-supervisor-console-tickets"


def as_mime(tickets: Sequence[int]) -> QMimeData:
    """Ticket ids as they are drawn about; no other program knows what to do with them."""
    mime = QMimeData()
    mime.setData(MIME, QByteArray(" ".join(map(str, tickets)).encode()))
    return mime


def tickets_of(mime: QMimeData) -> list[int]:
    """The ticket ids that are drawn; none where something else is."""
    return [int(part) for part in bytes(mime.data(MIME).data()).split()] if mime.hasFormat(MIME) else []


def drag(source: QWidget, tickets: Sequence[int]) -> None:
    """Let these tickets be drawn until the pointer is up; blocks, while Qt goes on."""
    made = QDrag(source)
    made.setMimeData(as_mime(tickets))
    made.setPixmap(_label(source, len(tickets)))
    made.setHotSpot(QPoint(-theme.px(8), -theme.px(8)))
    made.exec(Qt.DropAction.CopyAction)


def is_far(press: QPoint, now: QPoint) -> bool:
    """Whether the pointer has moved so far that a press has become a drag."""
    return (now - press).manhattanLength() >= QApplication.startDragDistance()


def _label(source: QWidget, count: int) -> QPixmap:
    """How many there are, under the pointer."""
    words = ngettext("{n} ticket", "{n} tickets", count).format(n=count)
    metrics, ratio = QFontMetrics(source.font()), source.devicePixelRatioF()
    width, height = metrics.horizontalAdvance(words) + theme.px(16), metrics.height() + theme.px(8)
    pixmap = QPixmap(round(width * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
        painter.setFont(source.font())
        painter.setPen(theme.color("control"))
        painter.setBrush(theme.color("raised"))
        painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, height - 1), theme.px(4), theme.px(4))
        painter.setPen(theme.color("text"))
        painter.drawText(QRectF(0, 0, width, height), Qt.AlignmentFlag.AlignCenter, words)
    return pixmap
