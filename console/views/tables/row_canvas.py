"""Rows as they were painted last, so that a row that has not changed costs a copy of its pixels and no drawing."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QPaintDevice, QPainter, QPixmap

Look = Hashable
"""Whatever changes how a whole row looks; its words too where nobody calls `RowCanvas.forget`."""


class RowCanvas:
    """A pixmap as large as the viewport, and what each row in it was painted for."""

    def __init__(self) -> None:
        self._pixmap = QPixmap()
        self._key: object = None
        self._looks: dict[int, Look] = {}

    def clear(self) -> None:
        """Every row has changed."""
        self._looks.clear()

    def forget(self, row: int) -> None:
        """A row has changed."""
        self._looks.pop(row, None)

    def has(self, row: int) -> bool:
        """Whether a row was painted, whatever it has come to say since."""
        return row in self._looks

    def due(self, row: int, look: Look) -> bool:
        """Whether a row must be painted to have this look; counts as painted from now on."""
        if self._looks.get(row) == look:
            return False
        self._looks[row] = look
        return True

    @contextmanager
    def painter(self, device: QPaintDevice, size: QSize, key: object) -> Iterator[QPainter]:
        """Paint into the canvas for a viewport of this size; ``key`` is all else that every row depends on."""
        ratio = device.devicePixelRatioF()
        if self._pixmap.size() != size * ratio:
            self._pixmap = QPixmap(size * ratio)
            self._pixmap.setDevicePixelRatio(ratio)
            self._key = None
        if self._key != key:
            self._key = key
            self.clear()
        painter = QPainter(self._pixmap)
        try:
            yield painter
        finally:
            painter.end()

    def show(self, painter: QPainter, region: QRect) -> None:
        """Copy a part of the canvas to the screen."""
        if region.isEmpty():
            return
        ratio = self._pixmap.devicePixelRatio()
        source = QRectF(region.x() * ratio, region.y() * ratio, region.width() * ratio, region.height() * ratio)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawPixmap(QRectF(region), self._pixmap, source)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
