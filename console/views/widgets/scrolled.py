"""Content that scrolls where there is no room for it, on the ground of whatever it lies on."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


def scrolled(inner: QWidget) -> QScrollArea:
    """A frameless area around ``inner`` that scrolls downwards only, and out of the way of the Tab key."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    # Qt fills both with the window's ground when it takes the content over.
    for piece in (inner, area.viewport()):
        piece.setAutoFillBackground(False)
    return area
