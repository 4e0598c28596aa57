"""Rows as they were painted last, so that a row that has not changed costs a copy of its pixels and no drawing."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from enum import Enum

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QPaintDevice, QPainter, QPixmap

Look = Hashable
"""Whatever changes how a whole row looks; its words too where nobody calls `RowCanvas.forget`."""


class Due(Enum):
    """What of a row must be painted."""

    NOTHING = 0
    TICKING = 1
    WHOLE = 2


class RowCanvas:
    """A pixmap as large as the viewport, and what each row in it was painted for."""

    def __init__(self) -> None:
        self._pixmap = QPixmap()
        self._key: object = None
        self._looks: dict[int, Look] = {}
        self._ticked: set[int] = set()

    def clear(self) -> None:
        """Every row has changed."""
        self._looks.clear()
        self._ticked.clear()

    def forget(self, row: int) -> None:
        """A row has changed."""
        self._looks.pop(row, None)

    def tick(self, rows: Iterable[int]) -> None:
        """The ticking cells of these rows have changed."""
        self._ticked.update(rows)

    def due(self, row: int, look: Look) -> Due:
        """What must be painted for a row to have this look; counts as painted from now on."""
        ticked = row in self._ticked
        self._ticked.discard(row)
        if self._looks.get(row) != look:
            self._looks[row] = look
            return Due.WHOLE
        return Due.TICKING if ticked else Due.NOTHING

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
