"""The pointer over a chart, told to it directly: a pointer that is really moved says nothing where it was before."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget


def hover(view: QWidget, at: QPoint) -> None:
    """Move it there, with no button pressed."""
    none = Qt.MouseButton.NoButton
    place = QPointF(at)
    moved = QMouseEvent(
        QEvent.Type.MouseMove, place, view.mapToGlobal(place), none, none, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(view, moved)
