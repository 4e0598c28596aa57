"""Icons from the bundled set, drawn in a colour of the theme and kept per colour, size and pixel ratio."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from console import paths
from console.views.theme.look import color, px
from console.views.theme.tokens import ColorName

SIZE = 16
"""The side of an icon beside text, at scale 1."""
_RATIOS = (1.0, 2.0)


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    return paths.resource(f"icons/{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=1024)
def _pixmap(name: str, value: str, side: int, ratio: float) -> QPixmap:
    # QSvgRenderer paints currentColor black, so the colour is put in before loading; the set's 2 px strokes are too
    # heavy beside 13 px text.
    svg = _source(name).replace("currentColor", value).replace('stroke-width="2"', 'stroke-width="1.75"')
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    return pixmap


def pixmap(name: str, meaning: ColorName = "text_muted", size: int = SIZE, ratio: float = 1.0) -> QPixmap:
    """The icon as a pixmap of ``size`` pixels at scale 1; raises FileNotFoundError for a name that is not shipped."""
    return _pixmap(name, color(meaning).name(), px(size), ratio)


def icon(name: str, meaning: ColorName = "text_muted", size: int = SIZE, *, active: ColorName | None = None) -> QIcon:
    """The icon for a button or a menu; ``active`` colours its checked state. Ask again after the theme changed."""
    made = QIcon()
    for ratio in _RATIOS:
        made.addPixmap(pixmap(name, meaning, size, ratio))
        made.addPixmap(pixmap(name, "text_disabled", size, ratio), QIcon.Mode.Disabled)
        if active is not None:
            for mode in (QIcon.Mode.Normal, QIcon.Mode.Active, QIcon.Mode.Selected):
                made.addPixmap(pixmap(name, active, size, ratio), mode, QIcon.State.On)
    return made
