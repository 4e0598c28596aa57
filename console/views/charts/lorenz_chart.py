"""The Lorenz curve as a supervisor reads it: from the busiest on, which part of the people carries which part of the
work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QToolTip, QWidget

from console.i18n import _
from console.views import theme
from console.views.charts.plot import Plot

Numbers = NDArray[np.float64]
_NO_ROOM_ABOVE = 0.9


@dataclass(frozen=True, slots=True)
class LorenzData:
    """A curve from (0, 0) to (1, 1), the least busy first: ``people`` and ``work`` are running shares. ``part`` of the
    people, the busiest, carry ``share``; ``limit`` is the share that is too much. ``after`` is the curve of a proposal.
    """

    people: Numbers
    work: Numbers
    part: float
    share: float
    limit: float
    alarm: bool = False
    after: tuple[Numbers, Numbers] | None = None


class LorenzChart(Plot):
    """Drawn from the busiest on, so that the large figure can be read off at its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._equal = pg.PlotCurveItem([0.0, 1.0], [0.0, 1.0])
        self._curve = pg.PlotCurveItem()
        self._fill = pg.FillBetweenItem(self._curve, self._equal)
        self._after = pg.PlotCurveItem()
        self._guides = pg.PlotCurveItem()
        self._limit = pg.ScatterPlotItem()
        self._point = pg.ScatterPlotItem()
        self._label = pg.TextItem(anchor=(0.0, 1.0))
        self._data: LorenzData | None = None
        super().__init__(_("How the work is shared"), parent)
        for item in (
            self._fill,
            self._equal,
            self._guides,
            self._after,
            self._curve,
            self._limit,
            self._point,
            self._label,
        ):
            self.plotItem.addItem(item)
        self.set_ranges((0.0, 1.0), (0.0, 1.02))
        self.pointed.connect(self._on_pointed)
        self.retheme()

    def show_data(self, data: LorenzData | None) -> None:
        """Show a curve, or none."""
        self._data = data
        shown = data is not None
        for item in (self._fill, self._curve, self._guides, self._limit, self._point, self._label):
            item.setVisible(shown)
        self._after.setVisible(shown and data is not None and data.after is not None)
        if data is None:
            self.setAccessibleDescription("")
            return
        self._curve.setData(1 - data.people[::-1], 1 - data.work[::-1])
        if data.after is not None:
            self._after.setData(1 - data.after[0][::-1], 1 - data.after[1][::-1])
        part, share = data.part, data.share
        self._guides.setData([part, part, 0.0], [0.0, share, share])
        ink = theme.color("danger" if data.alarm else "accent")
        self._point.setData([part], [share], symbol="o", size=theme.px(9), brush=ink, pen=pg.mkPen(ink))
        hollow = pg.mkPen(theme.color("danger"), width=1.5)
        self._limit.setData([part], [data.limit], symbol="d", size=theme.px(11), pen=hollow, brush=None)
        self._label.setText(f"{_percent(part)} → {_percent(share)}", color=theme.color("text"))
        # Left of the point and above the curve nothing is drawn; only at the very top there is no room.
        self._label.setAnchor((1.0, 1.0) if share < _NO_ROOM_ABOVE else (0.0, 0.0))
        self._label.setPos(part - 0.01 if share < _NO_ROOM_ABOVE else part + 0.02, min(share, _NO_ROOM_ABOVE))
        self.setAccessibleDescription(
            _("The busiest {part} carry {share}; {limit} would be too much.").format(
                part=_percent(part), share=_percent(share), limit=_percent(data.limit)
            )
        )

    def retheme(self) -> None:
        """Colours and fonts anew."""
        super().retheme()
        self._equal.setPen(pg.mkPen(theme.color("control"), width=1))
        self._curve.setPen(pg.mkPen(theme.color("accent"), width=2))
        self._after.setPen(pg.mkPen(theme.color("ok"), width=2, style=Qt.PenStyle.DashLine))
        self._guides.setPen(pg.mkPen(theme.color("control"), width=1, style=Qt.PenStyle.DotLine))
        self._fill.setBrush(pg.mkBrush(theme.color("accent_soft")))
        self._label.setFont(theme.font(strong=True))
        ticks = [(share, _percent(share)) for share in (0.0, 0.3, 0.5, 0.7, 1.0)]
        self.set_ticks(ticks, ticks)
        self.show_data(self._data)

    def read_off(self, part: float) -> float:
        """Which share of the work this part of the people, the busiest, carries; 0 without a curve."""
        if self._data is None:
            return 0.0
        return float(np.interp(part, 1 - self._data.people[::-1], 1 - self._data.work[::-1]))

    def _on_pointed(self, at: QPointF | None) -> None:
        if at is None or self._data is None or not 0 < at.x() <= 1:
            QToolTip.hideText()
            return
        words = _("the busiest {part} carry {share}").format(
            part=_percent(at.x()), share=_percent(self.read_off(at.x()))
        )
        QToolTip.showText(self.cursor().pos(), words, self)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"
