"""The span of time of a filter: a usual one by a press, or from and to."""

from __future__ import annotations

from datetime import datetime, time, tzinfo

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from console.clock import DAY, HOUR, MINUTE, micros, moment
from console.i18n import N_, _
from console.models.domain.ports import Clock
from console.views import formats, theme
from console.views.widgets.buttons import button
from console.views.widgets.popover import Popover
from console.views.widgets.span_fields import SpanFields

Span = tuple[int | None, int | None]
_USUAL = (
    ("hour", N_("Last hour")),
    ("today", N_("Today")),
    ("week", N_("Last 7 days")),
    ("month", N_("Last 30 days")),
    ("all", N_("All time")),
)


class SpanChip(QToolButton):
    """``chosen`` carries start and end in microseconds, half-open; None where it is open."""

    chosen = Signal(object)

    def __init__(self, clock: Clock, zone: tzinfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock, self._zone = clock, zone
        self._span: Span = (None, None)
        self._key = "all"
        self._popover: _SpanPopover | None = None
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setProperty("kind", "chip")
        self.clicked.connect(self.open_card)
        self.retranslate()
        theme.notifier().changed.connect(self.retranslate)

    @property
    def span(self) -> Span:
        """Start and end in force."""
        return self._span

    def choose(self, key: str) -> None:
        """A usual span, by its key, and tell."""
        self._take(key, self._usual(key))

    def choose_between(self, start: int, end: int) -> None:
        """A span of one's own, and tell."""
        self._take("own", (min(start, end), max(start, end)))

    def clear(self) -> None:
        """All time, without telling."""
        self._key, self._span = "all", (None, None)
        self.retranslate()

    def open_card(self) -> None:
        """Open the choices beside the chip."""
        if self._popover is not None:
            self._popover.close_now()
            return
        now = self._clock.now()
        start, end = self._span
        span = (start if start is not None else now - DAY, end if end is not None else now)
        popover = _SpanPopover(self, span, self._zone)
        self._popover = popover
        popover.closed.connect(self._on_closed)
        popover.open_beside(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down and Return open; Delete and Backspace lift."""
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_card()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._key != "all":
            self.choose("all")
        else:
            super().keyPressEvent(event)

    def retranslate(self) -> None:
        """Word and icon anew."""
        words = dict(_USUAL)
        active = self._key != "all"
        if self._key in words:
            choice = _(words[self._key])
        else:
            start, end = self._span
            parts = [formats.instant(at, self._zone) for at in (start, end) if at is not None]
            choice = " – ".join(parts)
        name = _("Time")
        self.setText(_("{name}: {choice}").format(name=name, choice=choice) if active else name)
        self.setAccessibleName(f"{name}: {choice}")
        self.setIcon(theme.icon("chevron-down", "accent" if active else "text_muted", 14))
        self.setIconSize(QSize(theme.px(14), theme.px(14)))
        self.setProperty("active", active)
        self.style().unpolish(self)
        self.style().polish(self)

    def _usual(self, key: str) -> Span:
        now = self._clock.now()
        today = micros(datetime.combine(moment(now).astimezone(self._zone), time(), self._zone))
        starts = {"hour": now - HOUR, "today": today, "week": now - 7 * DAY, "month": now - 30 * DAY}
        return (starts.get(key), None)

    def _take(self, key: str, span: Span) -> None:
        if self._popover is not None:
            self._popover.close_now()
        self._key, self._span = key, span
        self.retranslate()
        self.chosen.emit(span)

    def _on_closed(self) -> None:
        if self._popover is not None:
            self._popover.deleteLater()
            self._popover = None


class _SpanPopover(Popover):
    """The usual spans, and two fields; times are those of the console's zone."""

    def __init__(self, chip: SpanChip, span: tuple[int, int], zone: tzinfo) -> None:
        super().__init__(chip.window(), _("Time"))
        self._chip = chip
        for key, words in _USUAL:
            made = button(_(words), "link")
            made.clicked.connect(lambda _checked=False, key=key: chip.choose(key))
            line = QHBoxLayout()
            line.addWidget(made)
            line.addStretch(1)
            self.body.addLayout(line)
        self._fields = SpanFields(*span, zone)
        self.body.addWidget(self._fields)
        apply = button(_("Show"))
        apply.clicked.connect(self._apply)
        self.body.addWidget(apply)

    def _apply(self) -> None:
        start, end = self._fields.span()
        self._chip.choose_between(start, end + MINUTE)
