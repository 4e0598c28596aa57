"""Draws the rows of the inbox: two lines for an entry, one for a heading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from console.views import theme
from console.views.screens.escalations.faces import Face, Heading
from console.views.theme import ColorName

ROW_HEIGHT = 46
HEADING_HEIGHT = 26
"""At scale 1."""
GUTTER = 28
"""Left of the names, at scale 1: where a row is ticked."""
_TIME, _WHO_LEAST, _WHO_MOST, _OWNER = 124, 132, 208, 248
_OWNER_FROM = 940
"""From this width on who has it stands in a place of its own, at scale 1."""
_REMEMBERED = 8_000
"""Widths and shortened words that are kept: measuring costs more than drawing, and most words come again."""
_COMPACT_BELOW = 540
"""In a narrower list, at scale 1, a row has no columns."""
_DOT = " · "
_LEAST_WORD = 36
"""Less room than this, at scale 1, holds a dot and nothing to read behind it."""


@dataclass(frozen=True, slots=True)
class Ground:
    """How a row is marked: ticked, focused, the list active, the pointer over it, any row ticked, data too old."""

    picked: bool = False
    current: bool = False
    active: bool = False
    hovered: bool = False
    picking: bool = False
    stale: bool = False


class _Inks(NamedTuple):
    """The colours of a row; data that is too old to trust has but one."""

    text: ColorName
    muted: ColorName
    stale: bool

    def of(self, ink: ColorName) -> ColorName:
        """A colour of the row's own."""
        return "stale" if self.stale else ink


class RowPainter:
    """Fonts and measures of the theme in force; made anew when theme or scale change."""

    def __init__(self) -> None:
        self._body, self._strong, self._small = theme.font(), theme.font(strong=True), theme.font("small")
        self._metrics = {id(font): QFontMetricsF(font) for font in (self._body, self._strong, self._small)}
        self._widths: dict[tuple[str, int], float] = {}
        self._short: dict[tuple[str, int, int], str] = {}
        self._upper = theme.px(18)
        self._lower = theme.px(36)

    def paint_heading(self, painter: QPainter, box: QRect, shown: Heading) -> None:
        """One line on a sunken ground."""
        painter.fillRect(box, theme.color("sunken"))
        painter.fillRect(box.x(), box.bottom(), box.width(), 1, theme.color("hairline"))
        base = box.y() + theme.px(18)
        x = float(box.x() + theme.px(8))
        right = box.right() - theme.px(8)
        oldest = self._width(shown.oldest, self._small)
        self._text(painter, right - oldest, base, oldest + 1, shown.oldest, self._small, "text_muted")
        x += self._text(painter, x, base, right - x - oldest, shown.title, self._strong, "text") + theme.px(12)
        self._text(painter, x, base, right - x - oldest - theme.px(8), shown.words, self._small, "text_muted")

    def paint_entry(self, painter: QPainter, box: QRect, shown: Face, ground: Ground) -> None:
        """Two lines: who and why, below them what is at stake and who has it; at the right what comes and when."""
        painter.fillRect(box, theme.color(_ground(ground)))
        painter.fillRect(box.x(), box.bottom(), box.width(), 1, theme.color("hairline"))
        if ground.current:
            painter.fillRect(
                box.x(), box.y(), theme.px(3), box.height(), theme.color("focus" if ground.active else "control")
            )
        self._mark(painter, box, shown, ground)
        inks = _Inks("stale" if ground.stale else "text", "stale" if ground.stale else "text_muted", ground.stale)
        right = box.right() - theme.px(12)
        time_ink = inks.of(shown.time_ink)
        if box.width() < theme.px(_COMPACT_BELOW):
            self._paint_compact(painter, box, shown, inks)
            self._right(painter, right, box.y() + self._upper, theme.px(_TIME) / 2, shown.time, self._strong, time_ink)
            return
        self._paint_columns(painter, box, shown, inks)
        room = theme.px(_TIME - 12)
        self._right(painter, right, box.y() + self._upper, room, shown.time, self._strong, time_ink)
        self._right(painter, right, box.y() + self._lower, room, shown.coming, self._small, inks.muted)

    def _paint_columns(self, painter: QPainter, box: QRect, shown: Face, inks: _Inks) -> None:
        """Who at the left, why beside it, and where there is room who has it."""
        px = theme.px
        left, pad = box.x() + px(GUTTER), px(12)
        time_x = box.right() - px(_TIME)
        wide = box.width() >= px(_OWNER_FROM)
        who_width = min(max(box.width() // 4, px(_WHO_LEAST)), px(_WHO_MOST))
        why_x = left + who_width + pad
        owner_x = time_x - px(_OWNER) - pad if wide else time_x
        y1, y2 = box.y() + self._upper, box.y() + self._lower
        self._text(painter, left, y1, who_width, shown.who, self._strong, inks.text)
        about = [(shown.vip, self._strong, inks.of("accent")), (shown.about, self._small, inks.muted)]
        self._line(painter, left, y2, who_width, about, inks.muted)
        room = owner_x - why_x - pad
        taken = self._text(painter, why_x, y1, room, shown.why, self._body, inks.muted if shown.calm else inks.text)
        taken += px(8)
        self._text(painter, why_x + taken, y1, room - taken, shown.also, self._small, inks.muted)
        standing = "" if wide else shown.standing_short
        pieces = [
            (shown.stakes, self._strong, inks.text),
            (standing, self._small, inks.of(shown.standing_ink)),
            (shown.subject, self._small, inks.muted),
        ]
        self._line(painter, why_x, y2, room, pieces, inks.muted)
        if wide:
            self._text(painter, owner_x, y1, px(_OWNER), shown.standing, self._body, inks.of(shown.standing_ink))

    def _paint_compact(self, painter: QPainter, box: QRect, shown: Face, inks: _Inks) -> None:
        """In a narrow list: who and what is at stake above, why below."""
        left = box.x() + theme.px(GUTTER)
        room = box.right() - theme.px(_TIME) / 2 - left
        above = [
            (shown.who, self._strong, inks.text),
            (shown.vip, self._strong, inks.of("accent")),
            (shown.stakes or shown.about, self._small, inks.muted),
        ]
        below = [
            (shown.why, self._body, inks.muted if shown.calm else inks.text),
            (shown.also, self._small, inks.muted),
            (shown.standing_short, self._small, inks.of(shown.standing_ink)),
        ]
        self._line(painter, left, box.y() + self._upper, room, above, inks.muted)
        self._line(painter, left, box.y() + self._lower, box.right() - theme.px(12) - left, below, inks.muted)

    def _mark(self, painter: QPainter, box: QRect, shown: Face, ground: Ground) -> None:
        side = theme.px(10)
        x = box.x() + theme.px(11)
        if ground.picked or ground.picking or ground.hovered:
            side = theme.px(14)
            well = QRectF(box.x() + theme.px(8) + 0.5, box.y() + theme.px(7) + 0.5, side, side)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
            painter.setPen(QPen(theme.color("accent" if ground.picked else "control"), 1))
            painter.setBrush(theme.color("accent" if ground.picked else "raised"))
            painter.drawRoundedRect(well, theme.px(2), theme.px(2))
            if ground.picked:
                pen = QPen(theme.color("on_accent"), max(1.5, theme.px(2)))
                painter.setPen(pen)
                a, b, c = (
                    QPointF(well.x() + side * u, well.y() + side * v)
                    for u, v in ((0.22, 0.52), (0.42, 0.72), (0.78, 0.3))
                )
                painter.drawPolyline([a, b, c])
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            small = theme.px(8)
            below = QRectF(well.center().x() - small / 2, box.y() + theme.px(28), small, small)
            theme.draw(painter, below, theme.State.STALE if ground.stale else shown.state)
        else:
            state = theme.State.STALE if ground.stale else shown.state
            theme.draw(painter, QRectF(x, box.y() + theme.px(9), side, side), state)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _line(
        self,
        painter: QPainter,
        x: float,
        y: float,
        room: float,
        pieces: list[tuple[str, QFont, ColorName]],
        dot: ColorName,
    ) -> None:
        """Pieces one after the other, with dots between, as far as there is room."""
        end = x + room
        for place, (text, font, ink) in enumerate(piece for piece in pieces if piece[0]):
            if place:
                if end - x < theme.px(_LEAST_WORD):
                    break
                x += self._text(painter, x, y, end - x, _DOT, self._small, dot)
            x += self._text(painter, x, y, end - x, text, font, ink)

    def _right(
        self, painter: QPainter, right: float, y: float, room: float, text: str, font: QFont, ink: ColorName
    ) -> None:
        width = min(self._width(text, font), room)
        self._text(painter, right - width, y, width + 1, text, font, ink)

    def _text(
        self, painter: QPainter, x: float, y: float, room: float, text: str, font: QFont, ink: ColorName
    ) -> float:
        """Draw a text in the room there is; returns the width it took."""
        if not text or room < theme.px(8):
            return 0.0
        width = self._width(text, font)
        if width > room:
            text = self._shortened(text, font, int(room))
            width = self._width(text, font)
        painter.setFont(font)
        painter.setPen(theme.color(ink))
        painter.drawText(QPointF(x, y), text)
        return width

    def _width(self, text: str, font: QFont) -> float:
        key = (text, id(font))
        width = self._widths.get(key)
        if width is None:
            if len(self._widths) > _REMEMBERED:
                self._widths.clear()
            width = self._widths[key] = self._metrics[id(font)].horizontalAdvance(text)
        return width

    def _shortened(self, text: str, font: QFont, room: int) -> str:
        key = (text, id(font), room)
        short = self._short.get(key)
        if short is None:
            if len(self._short) > _REMEMBERED:
                self._short.clear()
            short = self._short[key] = self._metrics[id(font)].elidedText(text, Qt.TextElideMode.ElideRight, room)
        return short


def _ground(ground: Ground) -> ColorName:
    if ground.current:
        return "selection" if ground.active else "selection_inactive"
    if ground.picked:
        return "accent_soft"
    return "hover" if ground.hovered else "raised"
