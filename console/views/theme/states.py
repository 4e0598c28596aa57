"""States: each has a colour, a shape of its own and a word, so that none is told by colour alone."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from console.i18n import N_
from console.views.theme.look import color
from console.views.theme.tokens import ColorName


class Look(NamedTuple):
    """How a state is shown: its colour on a surface, the tint behind it, the shape and the default word."""

    ink: ColorName
    soft: ColorName
    shape: str
    word: str


class State(Enum):
    """What a figure, a row or a source can be, from calm to urgent, and aside of that stale, paused or exercised."""

    NEUTRAL = Look("text_muted", "sunken", "none", N_("No alarm"))
    OK = Look("ok", "ok_soft", "disc", N_("OK"))
    INFO = Look("info", "info_soft", "ring", N_("Information"))
    WARNING = Look("warning", "warning_soft", "triangle", N_("Warning"))
    DANGER = Look("danger", "danger_soft", "diamond", N_("Alarm"))
    STALE = Look("stale", "stale_soft", "dashes", N_("Stale"))
    PAUSED = Look("text_muted", "sunken", "bars", N_("Paused"))
    DRILL = Look("drill", "drill_soft", "square", N_("Drill"))

    @property
    def ink(self) -> ColorName:
        """The colour of its words and shape."""
        return self.value.ink

    @property
    def soft(self) -> ColorName:
        """The tint behind it."""
        return self.value.soft

    @property
    def word(self) -> str:
        """The untranslated word for screen readers where the text beside the shape does not say it."""
        return self.value.word


_POLYGONS: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "triangle": (((0.5, 0.04), (1.0, 0.94), (0.0, 0.94)),),
    "diamond": (((0.5, -0.04), (1.04, 0.5), (0.5, 1.04), (-0.04, 0.5)),),
    "square": (((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9)),),
    "bars": (
        ((0.16, 0.08), (0.40, 0.08), (0.40, 0.92), (0.16, 0.92)),
        ((0.60, 0.08), (0.84, 0.08), (0.84, 0.92), (0.60, 0.92)),
    ),
}
"""Corners in a unit box."""


def draw(painter: QPainter, box: QRectF, state: State) -> None:
    """Draw the state's shape into a square box; draws nothing for `State.NEUTRAL`. Leaves pen and brush changed."""
    shape = state.value.shape
    if shape == "none":
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
    x, y, side = box.x(), box.y(), box.width()
    ink = color(state.ink)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    for corners in _POLYGONS.get(shape, ()):
        painter.drawPolygon(QPolygonF([QPointF(x + side * a, y + side * b) for a, b in corners]))
    if shape == "disc":
        inset = side * 0.08
        painter.drawEllipse(box.adjusted(inset, inset, -inset, -inset))
    if shape in ("ring", "dashes"):
        width = max(1.4, side * 0.17)
        pen = QPen(ink, width)
        if shape == "dashes":
            pen.setDashPattern([1.2, 1.0])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = width / 2 + side * 0.04
        painter.drawEllipse(box.adjusted(inset, inset, -inset, -inset))
