"""The Lorenz curve as a supervisor reads it: from the busiest on, which part of the people carries which part of the
work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from console.i18n import _
from console.views import theme
from console.views.charts.pictures import Table
from console.views.charts.plot import Numbers, Plot, diamond, dot, line, share

_STEPS = np.linspace(0.0, 1.0, 21).tolist()
_DRAWN = 129
_AROUND = [QPointF(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y]
_LEGEND = 160
"""A plot that is lower than this has no room for the legend."""


@dataclass(frozen=True, slots=True)
class LorenzData:
    """A curve from (0, 0) to (1, 1), the least busy first: ``people`` and ``work`` are running shares. ``part`` of the
    people, the busiest, carry ``share``; ``limit`` is the share that is too much. ``after`` is the curve of a proposal,
    ``fair`` the band of fair days: running shares of people, and the lower and upper one of work."""

    people: Numbers
    work: Numbers
    part: float
    share: float
    limit: float
    alarm: bool = False
    after: tuple[Numbers, Numbers] | None = None
    fair: tuple[Numbers, Numbers, Numbers] | None = None


class LorenzChart(Plot):
    """Drawn from the busiest on, so that the large figure can be read off at its place. ``chosen`` carries the part of
    the people, the busiest, that was pressed (0 to 1)."""

    chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("How the work is shared"), parent)
        self._fill = self.add_band()
        self._fair = self.add_band()
        self._equal = self.add_curve(x=[0.0, 1.0], y=[0.0, 1.0])
        self._after = self.add_curve(solid=False)
        self._curve = self.add_curve()
        self._data: LorenzData | None = None
        self._marked = (0.0, 0.0)
        self.set_ranges((0.0, 1.0), (0.0, 1.0))
        self.retheme()

    def show_data(self, data: LorenzData | None) -> None:
        """Show a curve, or none."""
        self._data = data
        for item, seen in (
            (self._fill, data is not None and data.fair is None),
            (self._curve, data is not None),
            (self._after, data is not None and data.after is not None),
            (self._fair, data is not None and data.fair is not None),
        ):
            item.setVisible(seen)
        if data is None:
            self.summarise("")
            self.repaint_soon()
            return
        if self._marked != (data.part, data.limit):
            self._mark_axes(data)
        x, y = _drawn(data.people, data.work)
        self._curve.setData(x, y)
        if data.fair is None:
            # Closed by a straight line, which is that of equal shares.
            self._fill.setData(x, y)
        else:
            people, low, high = data.fair
            self._fair.setData(1 - np.concatenate([people, people[::-1]]), 1 - np.concatenate([low, high[::-1]]))
        if data.after is not None:
            self._after.setData(*_drawn(*data.after))
        self.summarise(_summary(data))
        self.repaint_soon()

    def retheme(self) -> None:
        """Colours, fonts and sizes anew."""
        super().retheme()
        width = self.sizes.px(2)
        self._fill.setBrush(theme.color("accent_soft"))
        self._fair.setBrush(theme.color("sunken"))
        self._equal.setPen(line("control", 1))
        self._after.setPen(line("ok", width, Qt.PenStyle.DashLine))
        self._curve.setPen(line("accent", width))
        self._mark_axes(self._data)

    def _mark_axes(self, data: LorenzData | None) -> None:
        part, limit = self._marked = (data.part, data.limit) if data is not None else (0.3, 0.7)
        across = [(at, share(at)) for at in sorted({0.0, part, 0.5}) if at < 1.0]
        across.append((1.0, _("{share} of the people").format(share=share(1.0))))
        self.set_ticks(across, [(at, share(at)) for at in sorted({0.0, 0.5, limit, 1.0})], _("share of the work"))

    def retranslate(self) -> None:
        """Every word anew."""
        self.setAccessibleName(_("How the work is shared"))
        self._mark_axes(self._data)
        self.show_data(self._data)

    def read_off(self, part: float) -> float:
        """Which share of the work this part of the people, the busiest, carries; 0 without a curve."""
        if self._data is None:
            return 0.0
        return float(np.interp(part, 1 - self._data.people[::-1], 1 - self._data.work[::-1]))

    def read(self, at: float) -> tuple[QPointF, str] | None:
        """The point of the curve and its sentence."""
        if self._data is None:
            return None
        carried = self.read_off(at)
        words = _("the busiest {part} carry {share}").format(part=share(at), share=share(carried))
        return self.spot(at, carried), words

    def steps(self) -> Sequence[float]:
        """Every 5 %."""
        return _STEPS if self._data is not None else ()

    def on_chosen(self, at: float) -> None:
        """Tell which part was pressed."""
        if self._data is not None:
            self.chosen.emit(at)

    def table(self) -> Table:
        """The points of the curve, from the busiest on, and those of the proposal."""
        data = self._data
        headers = [_("share of the people, the busiest first"), _("share of the work")]
        if data is None:
            return Table(headers, ())
        x = 1 - data.people[::-1]
        columns = [x, 1 - data.work[::-1]]
        if data.after is not None:
            headers.append(_("after the proposal"))
            columns.append(np.interp(x, 1 - data.after[0][::-1], 1 - data.after[1][::-1]))
        return Table(headers, [[f"{value:.4f}" for value in row] for row in zip(*columns, strict=True)])

    def annotate(self, painter: QPainter, area: QRectF) -> None:
        """The limit with its lines, the point of today, that of the proposal, and what the lines are."""
        data = self._data
        if data is None:
            return
        limit, now = self.spot(data.part, data.limit), self.spot(data.part, data.share)
        pen = QPen(theme.color("danger"), 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(area.left(), limit.y()), limit)
        painter.drawLine(QPointF(limit.x(), area.bottom()), limit)
        _diamond(painter, limit, self.sizes.px(5), filled=False)
        if area.height() >= self.sizes.px(_LEGEND) and area.width() >= self.sizes.px(_LEGEND * 1.5):
            self._paint_legend(painter, area, data)
        if data.after is not None:
            after = self.spot(data.part, float(np.interp(data.part, 1 - data.after[0][::-1], 1 - data.after[1][::-1])))
            dot(painter, after, self.sizes.px(4), "ok", hollow=True)
        if data.alarm:
            _diamond(painter, now, self.sizes.px(6), filled=True)
        else:
            dot(painter, now, self.sizes.px(5), "accent")
        self._paint_figure(painter, area, now, data)

    def _paint_figure(self, painter: QPainter, area: QRectF, now: QPointF, data: LorenzData) -> None:
        """The headline at its point: left above the curve where nothing is drawn, below it where there is no room or
        the limit's line would run through it."""
        px, font = self.sizes.px, self.sizes.font(strong=True)
        words = _("{part} carry {share}").format(part=share(data.part), share=share(data.share))
        metrics = QFontMetricsF(font)
        width, height = metrics.horizontalAdvance(words), metrics.height()
        box = QRectF(now.x() - px(8) - width, now.y() - px(8) - height, width, height)
        crossed = box.top() - px(2) < self.spot(0.0, data.limit).y() < box.bottom() + px(2)
        if crossed or box.left() < area.left() + px(4) or box.top() < area.top():
            box.moveTo(now.x() + px(12), now.y() + px(2))
        foot = QPointF(box.left(), box.top() + metrics.ascent())
        painter.setFont(font)
        if box.left() > now.x():
            # On the ground below the curve other lines pass: an edge keeps them off the letters.
            painter.setPen(theme.color("accent_soft" if data.fair is None else "raised"))
            for way in _AROUND:
                painter.drawText(foot + way * px(1.5), words)
        painter.setPen(theme.color("danger" if data.alarm else "text"))
        painter.drawText(foot, words)

    def _paint_legend(self, painter: QPainter, area: QRectF, data: LorenzData) -> None:
        """Below the line of equal shares nothing is drawn."""
        px, font = self.sizes.px, self.sizes.font("small")
        metrics = QFontMetricsF(font)
        lines: list[tuple[str, theme.ColorName, Qt.PenStyle | None]] = [(_("now"), "accent", Qt.PenStyle.SolidLine)]
        if data.after is not None:
            lines.append((_("after the proposal"), "ok", Qt.PenStyle.DashLine))
        lines.append((_("equal shares"), "control", Qt.PenStyle.SolidLine))
        too_much = _("too much: {part} carry {share}").format(part=share(data.part), share=share(data.limit))
        lines.append((too_much, "danger", None))
        pitch = round(metrics.height()) + px(2)
        widest = max(metrics.horizontalAdvance(words) for words, _ink, _style in lines)
        left, y = round(area.right() - px(8) - widest), area.bottom() - px(8) - pitch * len(lines)
        painter.setFont(font)
        for words, ink, style in lines:
            middle = y + pitch / 2
            if style is None:
                _diamond(painter, QPointF(left - px(18), middle), px(4), filled=False)
            else:
                painter.setPen(QPen(theme.color(ink), px(2) if ink != "control" else 1, style))
                painter.drawLine(QPointF(left - px(28), middle), QPointF(left - px(8), middle))
            painter.setPen(theme.color("text_muted"))
            painter.drawText(QPointF(left, middle + (metrics.ascent() - metrics.descent()) / 2), words)
            y += pitch


def _drawn(people: Numbers, work: Numbers) -> tuple[Numbers, Numbers]:
    """The curve from the busiest on, through so many of its points that no eye sees the difference: it bends one way
    only, so that a chord of a hundredth of it lies less than half a pixel beside it."""
    count = people.size
    kept = np.unique(np.linspace(0, count - 1, min(count, _DRAWN)).astype(np.intp))[::-1]
    return 1 - people[kept], 1 - work[kept]


def _diamond(painter: QPainter, at: QPointF, reach: float, *, filled: bool) -> None:
    painter.setPen(QPen(theme.color("raised" if filled else "danger"), 1.5))
    painter.setBrush(theme.color("danger" if filled else "raised"))
    painter.drawPolygon(diamond(at, reach))


def _summary(data: LorenzData) -> str:
    said = _("The busiest {part} carry {share}; {limit} would be too much.").format(
        part=share(data.part), share=share(data.share), limit=share(data.limit)
    )
    if data.after is None:
        return said
    then = float(np.interp(data.part, 1 - data.after[0][::-1], 1 - data.after[1][::-1]))
    return f"{said} " + _("After the proposal they would carry {share}.").format(share=share(then))
