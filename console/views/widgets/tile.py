"""A tile: one figure, large, with words that say what it means, and the door to its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from console.i18n import _
from console.views import theme
from console.views.widgets.sparkline import draw_sparkline

_WIDTH, _HEIGHT, _LOW_HEIGHT = 152, 84, 66
_NARROWEST = 104


@dataclass(frozen=True, slots=True)
class TileFace:
    """What a tile shows. ``figure`` and ``unit`` stand together (``93`` and ``%``); ``label`` says what the figure
    means; ``sub`` is the line below, such as the denominator; ``trend`` runs from old to new. ``stale`` is the age of
    the data in words (``6 min``) when it is too old: the tile then goes grey and says so in place of ``sub``."""

    figure: str
    label: str
    sub: str = ""
    unit: str = ""
    state: theme.State = theme.State.NEUTRAL
    trend: Sequence[float] = ()
    stale: str = ""


class Tile(QAbstractButton):
    """Press it with the pointer, Space or Return: `evidence_requested`."""

    evidence_requested = Signal()

    def __init__(self, face: TileFace | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._face = face or TileFace("", "")
        self._hovered = False
        self._low = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.evidence_requested)
        theme.notifier().changed.connect(self.updateGeometry)
        self._name()

    @property
    def face(self) -> TileFace:
        """What it shows."""
        return self._face

    def show_face(self, face: TileFace) -> None:
        """Show another face; repaints only when something differs."""
        if face != self._face:
            self._face = face
            self._name()
            self.update()

    def set_low(self, low: bool) -> None:
        """Leave the line below out where a window has no room for it; the tip and the evidence say the same."""
        if low != self._low:
            self._low = low
            self.updateGeometry()
            self.update()

    def _name(self) -> None:
        face = self._face
        state = theme.State.STALE if face.stale else face.state
        word = _(state.word) if state is not theme.State.NEUTRAL else ""
        figure = f"{face.figure}{face.unit and ' '}{face.unit}"
        self.setAccessibleName(", ".join(part for part in (figure, face.label, word, self._below()) if part))
        self.setToolTip("\n".join(part for part in (face.label, self._below()) if part))

    def _below(self) -> str:
        face = self._face
        return _("data {age} old").format(age=face.stale) if face.stale else face.sub

    def sizeHint(self) -> QSize:
        """Room for a figure of five digits with its trend."""
        return QSize(theme.px(_WIDTH), self._height())

    def minimumSizeHint(self) -> QSize:
        """The narrowest that is still readable."""
        return QSize(theme.px(_NARROWEST), self._height())

    def _height(self) -> int:
        return theme.px(_LOW_HEIGHT if self._low else _HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return opens the evidence as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Lift the edge under the pointer."""
        self._hovered = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Lower the edge again."""
        self._hovered = False
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, figure with its shape, trend, label, line below."""
        del event
        with QPainter(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        face = self._face
        state = theme.State.STALE if face.stale else face.state
        alarming = state in (theme.State.WARNING, theme.State.DANGER)
        self._paint_ground(painter, state, alarming=alarming)
        pad = theme.px(10)
        inner = QRectF(self.rect()).adjusted(pad, theme.px(6), -pad, -theme.px(6))
        ink = theme.color(state.ink) if alarming or face.stale else theme.color("text")
        end = self._paint_figure(painter, inner, state)
        trend = QRectF(end + theme.px(8), inner.top() + theme.px(6), 0, theme.px(22))
        trend.setRight(inner.right())
        if face.trend and trend.width() >= theme.px(28):
            trend.setLeft(max(trend.left(), trend.right() - theme.px(64)))
            draw_sparkline(painter, trend, face.trend, theme.color(state.ink if alarming else "text_muted"))
        line = QRectF(inner.left(), inner.top() + theme.px(35), inner.width(), theme.px(19))
        self._paint_text(painter, line, face.label, theme.current().font(), ink if alarming else theme.color("text"))
        if self._low:
            return
        line.translate(0, theme.px(18))
        below = self._below()
        self._paint_text(
            painter, line, below, theme.font("small"), theme.color("stale" if face.stale else "text_muted")
        )

    def _paint_ground(self, painter: QPainter, state: theme.State, *, alarming: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
        focused = self.hasFocus()
        edge = 2.0 if focused else 1.0
        box = QRectF(self.rect()).adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2)
        painter.setBrush(theme.color(state.soft if alarming or state is theme.State.STALE else "raised"))
        line: theme.ColorName = "focus" if focused else "control" if self._hovered or self.isDown() else "hairline"
        if alarming and not focused:
            line = state.ink
        painter.setPen(QPen(theme.color(line), edge))
        painter.drawRoundedRect(box, theme.px(4), theme.px(4))

    def _paint_figure(self, painter: QPainter, inner: QRectF, state: theme.State) -> float:
        """Paint shape, figure and unit; return where they end."""
        face = self._face
        left = inner.left()
        height = theme.px(36)
        if state.value.shape != "none":
            side = theme.px(12)
            theme.draw(painter, QRectF(left, inner.top() + (height - side) / 2 + theme.px(1), side, side), state)
            left += side + theme.px(7)
        calm = state in (theme.State.NEUTRAL, theme.State.OK, theme.State.INFO, theme.State.PAUSED)
        ink = theme.color("text" if calm else state.ink)
        painter.setPen(ink)
        baseline = inner.top() + height - theme.px(8)
        unit, gap = QFontMetrics(theme.font()).horizontalAdvance(face.unit), theme.px(3) if face.unit else 0
        font = theme.font("figure", strong=True)
        room, needed = inner.right() - left - gap - unit, QFontMetrics(font).horizontalAdvance(face.figure)
        if needed > room:
            # A long figure in a narrow tile is written smaller rather than cut.
            font.setPixelSize(max(theme.font().pixelSize(), int(font.pixelSize() * room / needed)))
        painter.setFont(font)
        painter.drawText(round(left), round(baseline), face.figure)
        left += painter.fontMetrics().horizontalAdvance(face.figure) + gap
        if face.unit:
            painter.setFont(theme.font())
            painter.drawText(round(left), round(baseline), face.unit)
        return left + unit

    def _paint_text(self, painter: QPainter, box: QRectF, text: str, font: QFont, ink: QColor) -> None:
        painter.setFont(font)
        painter.setPen(ink)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
