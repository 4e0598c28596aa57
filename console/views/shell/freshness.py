"""How fresh the data of each source is: shape, word and age, the worst first; the rest in a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from console.clock import SECOND
from console.i18n import _
from console.views import formats, theme
from console.views.feed import SourceAge
from console.views.widgets.labels import StateMark, label
from console.views.widgets.popover import Popover

_GAP = 16
_SHAPE = 8
_FRESH = 5
"""Below this many seconds the age is not worth a figure that flickers."""


def judge(source: SourceAge, now: int, zone: tzinfo) -> tuple[theme.State, str]:
    """The state of a source and the words beside its name, such as ``live, 12 s``, ``silent 6 min`` or ``down``."""
    age = (now - source.at) / SECOND
    if source.file:
        return theme.State.INFO, _("file, until {time}").format(time=formats.instant(source.at, zone))
    if source.down:
        return theme.State.DANGER, _("down {age}").format(age=formats.span(age)) if source.at else _("down")
    if not source.at:
        return theme.State.STALE, _("no data yet")
    if age > source.stale_after:
        return theme.State.WARNING, _("silent {age}").format(age=formats.span(age))
    if age < _FRESH:
        return theme.State.OK, _("live")
    return theme.State.OK, _("live, {age}").format(age=formats.span(age))


_ORDER = (theme.State.DANGER, theme.State.WARNING, theme.State.STALE, theme.State.OK, theme.State.INFO)


class FreshnessBar(QAbstractButton):
    """Shows as many sources as there is room for; a press opens all of them."""

    def __init__(self, zone: tzinfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._rows: list[tuple[SourceAge, theme.State, str]] = []
        self._now = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._on_clicked)
        theme.notifier().changed.connect(self.updateGeometry)

    def show_sources(self, sources: Sequence[SourceAge], now: int) -> None:
        """Show these, judged at ``now`` (microseconds since the epoch)."""
        rows = [(source, *judge(source, now, self._zone)) for source in sources]
        rows.sort(key=lambda row: _ORDER.index(row[1]))
        self._now = now
        if rows != self._rows:
            self._rows = rows
            said = [f"{source.name} {words}" for source, _state, words in rows]
            self.setAccessibleName(_("Data sources: {list}").format(list=_(", ").join(said) or _("none")))
            self.setToolTip("\n".join(said))
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as all of it."""
        return QSize(sum(self._width(row) for row in self._rows) + theme.px(8), theme.px(28))

    def minimumSizeHint(self) -> QSize:
        """Room for one."""
        return QSize(theme.px(96), theme.px(28))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return opens the list as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """One after another while there is room, then how many more there are."""
        del event
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
            if self.hasFocus():
                painter.setPen(QPen(theme.color("focus"), 2))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.px(4), theme.px(4))
            left = theme.px(6)
            for place, row in enumerate(self._rows):
                room = self.width() - left - (theme.px(32) if place + 1 < len(self._rows) else 0)
                if self._width(row) - theme.px(_GAP) > room and place:
                    painter.setPen(theme.color("text_muted"))
                    rest = QRectF(left, 0, self.width() - left, self.height())
                    painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, f"+{len(self._rows) - place}")
                    return
                left = self._paint_source(painter, left, row)

    def _paint_source(self, painter: QPainter, left: int, row: tuple[SourceAge, theme.State, str]) -> int:
        source, state, words = row
        side = theme.px(_SHAPE)
        theme.draw(painter, QRectF(left, (self.height() - side) / 2, side, side), state)
        left += side + theme.px(6)
        ink: theme.ColorName = "text_muted" if state is theme.State.OK else state.ink
        painter.setFont(theme.font("small"))
        for text, pen in ((source.name, theme.color("text")), (words, theme.color(ink))):
            painter.setPen(pen)
            width = painter.fontMetrics().horizontalAdvance(text)
            painter.drawText(QRectF(left, 0, width + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
            left += width + theme.px(5)
        return left + theme.px(_GAP - 5)

    def _width(self, row: tuple[SourceAge, theme.State, str]) -> int:
        metrics = QFontMetrics(theme.font("small"))
        words = metrics.horizontalAdvance(row[0].name) + metrics.horizontalAdvance(row[2])
        return theme.px(_SHAPE + 6 + 10) + words + theme.px(_GAP - 5)

    def _on_clicked(self) -> None:
        opened = Popover(self.window(), _("Data sources"))
        opened.body.addWidget(label(_("Data sources"), "title"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(12))
        grid.setVerticalSpacing(theme.px(4))
        for place, (source, state, words) in enumerate(self._rows):
            grid.addWidget(StateMark(state), place, 0)
            grid.addWidget(label(source.name), place, 1)
            grid.addWidget(label(words, "muted"), place, 2)
            last = formats.instant(source.at, self._zone) if source.at else formats.DASH
            grid.addWidget(label(source.note or last, "small"), place, 3)
        opened.body.addLayout(grid)
        opened.closed.connect(opened.deleteLater)
        opened.open_beside(self)
