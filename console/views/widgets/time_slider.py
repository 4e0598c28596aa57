"""A slider over a stretch of time, with days marked and, behind them, how busy it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta, tzinfo

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from console.clock import SECOND, micros, moment
from console.views import formats, theme

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_LABEL_ROOM = 64
_KEYS: dict[Qt.Key, int] = {
    Qt.Key.Key_Left: -_MINUTE,
    Qt.Key.Key_Right: _MINUTE,
    Qt.Key.Key_PageDown: -_HOUR,
    Qt.Key.Key_PageUp: _HOUR,
    Qt.Key.Key_Down: -_DAY,
    Qt.Key.Key_Up: _DAY,
}


class TimeSlider(QSlider):
    """Left end is the start, right end is the present. ``instant_chosen`` carries microseconds since the epoch while a
    person moves it, ``present_chosen`` fires when they move it to the right end.

    Arrow left/right step a minute, page down/up an hour, arrow down/up a day, Home and End go to the ends.
    """

    instant_chosen = Signal(object)
    present_chosen = Signal()

    def __init__(self, zone: tzinfo, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._zone = zone
        self._start = 0
        self._load: Sequence[float] = ()
        self._dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setRange(0, 0)
        self.setMouseTracking(True)
        self.valueChanged.connect(self._on_value_changed)

    def set_span(self, start: int, end: int) -> None:
        """The stretch of time, in microseconds since the epoch. The handle stays at its instant, or at the present."""
        at_end = self.at_present()
        instant = self.instant()
        self.blockSignals(True)
        self._start = start
        # QSlider counts in 32-bit integers; seconds reach for 68 years.
        self.setRange(0, max(0, (end - start) // SECOND))
        self.setValue(self.maximum() if at_end else min(max((instant - start) // SECOND, 0), self.maximum()))
        self.blockSignals(False)
        self._say()
        self.update()

    def set_load(self, values: Sequence[float]) -> None:
        """How busy it was in equal parts of the span, drawn behind the track."""
        self._load = values
        self.update()

    def instant(self) -> int:
        """Where the handle is, in microseconds since the epoch."""
        return self._start + self.value() * SECOND

    def set_instant(self, at: int | None) -> None:
        """Move the handle without telling; None is the present."""
        self.blockSignals(True)
        # Kept within the ends here, for Qt's integers end long before time does.
        self.setValue(self.maximum() if at is None else min(max((at - self._start) // SECOND, 0), self.maximum()))
        self.blockSignals(False)
        self._say()
        self.update()

    def at_present(self) -> bool:
        """Whether the handle is at the right end."""
        return self.value() >= self.maximum()

    def sizeHint(self) -> QSize:
        """Track above, days below."""
        return QSize(theme.px(480), theme.px(44))

    def minimumSizeHint(self) -> QSize:
        """As low as the hint, narrower."""
        return QSize(theme.px(160), theme.px(44))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jump to where the pointer is, and follow it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragging = True
            self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer while it is down."""
        if self._dragging:
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Stop following."""
        del event
        self._dragging = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step by minute, hour or day."""
        step = _KEYS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.setValue(self.value() + step)

    def _follow(self, event: QMouseEvent) -> None:
        track = self._track()
        share = (event.position().x() - track.left()) / max(1, track.width())
        self.setValue(round(self.maximum() * min(1.0, max(0.0, share))))

    def _on_value_changed(self) -> None:
        self._say()
        if self.at_present():
            self.present_chosen.emit()
        else:
            self.instant_chosen.emit(self.instant())

    def _say(self) -> None:
        self.setAccessibleDescription(formats.instant(self.instant(), self._zone))
        self.setToolTip(formats.instant(self.instant(), self._zone))

    def _track(self) -> QRect:
        side = theme.px(8)
        return self.rect().adjusted(side, theme.px(4), -side, -theme.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Load, track, days, handle."""
        del event
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
            track = QRectF(self._track())
            share = self.value() / self.maximum() if self.maximum() else 1.0
            here = track.left() + share * track.width()
            self._paint_load(painter, track, here)
            painter.fillRect(QRectF(track.left(), track.bottom() - 1, track.width(), 1), theme.color("control"))
            self._paint_days(painter, track)
            painter.fillRect(QRectF(here - 0.75, track.top(), 1.5, track.height()), theme.color("accent"))
            half, drop = theme.px(5), theme.px(7)
            painter.setPen(QPen(theme.color("focus" if self.hasFocus() else "raised"), 1.5))
            painter.setBrush(theme.color("accent"))
            foot = track.bottom() - 1
            points = [(here, foot - drop + 2), (here + half, foot), (here + half, foot + 5)]
            points += [(here - half, foot + 5), (here - half, foot)]
            painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in points]))

    def _paint_load(self, painter: QPainter, track: QRectF, here: float) -> None:
        most = max(self._load, default=0)
        if most <= 0:
            return
        width = track.width() / len(self._load)
        past, later = QColor(theme.color("accent")), theme.color("hairline")
        past.setAlphaF(0.35)
        for place, value in enumerate(self._load):
            left = track.left() + place * width
            height = track.height() * value / most
            box = QRectF(left, track.bottom() - height, max(1.0, width - 1), height)
            painter.fillRect(box, past if left <= here else later)

    def _paint_days(self, painter: QPainter, track: QRectF) -> None:
        if not self.maximum():
            return
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text_muted"))
        per_second = track.width() / self.maximum()
        for at, words in self._marks(track.width()):
            x = track.left() + (at - self._start) // SECOND * per_second
            painter.fillRect(QRectF(x, track.bottom(), 1, theme.px(4)), theme.color("control"))
            if x + theme.px(_LABEL_ROOM) / 2 <= self.width():
                painter.drawText(round(x + theme.px(3)), self.height() - theme.px(4), words)

    def _marks(self, width: float) -> list[tuple[int, str]]:
        """Instants with words, as many as fit: hours, or midnights of the zone."""
        room = max(1, int(width / theme.px(_LABEL_ROOM)))
        hours = self.maximum() / _HOUR
        step = next((step for step in (1, 2, 3, 6, 12) if hours / step <= room), 0)
        first = moment(self._start).astimezone(self._zone)
        end = moment(self._start + self.maximum() * SECOND)
        marks = []
        if step:
            mark = first.replace(minute=0, second=0, microsecond=0, hour=first.hour - first.hour % step)
            while mark <= end:
                marks.append((micros(mark), f"{mark:%H:%M}" if mark.hour else f"{mark:%m-%d}"))
                mark += timedelta(hours=step)
        else:
            days = max(1, -(-int(hours / 24) // room))
            mark = first.replace(hour=0, minute=0, second=0, microsecond=0)
            while mark <= end:
                marks.append((micros(mark), f"{mark:%m-%d}"))
                mark += timedelta(days=days)
        return [(at, words) for at, words in marks if at >= self._start]
