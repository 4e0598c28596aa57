"""The way into the past: a slider over the last eight weeks of the data, steps, and a field to type a moment.

The banner above it, which says what is looked at and leads back, is the window's own: it stands on every screen.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime, tzinfo

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from console.clock import DAY, HOUR, MINUTE, micros, moment
from console.i18n import N_, _
from console.views import formats, theme
from console.views.widgets.buttons import button
from console.views.widgets.labels import label
from console.views.widgets.progress import ProgressStrip
from console.views.widgets.time_slider import TimeSlider

_SPAN = 8 * 7 * DAY
_SETTLE_MS = 80
_STEPS_FROM = 720
"""Below this width, at scale 1, the steps would leave the slider no room."""
_LONGEST = 20
"""Letters of what was typed that are said back."""
_STEPS = (
    (-DAY, N_("1 day back")),
    (-HOUR, N_("1 hour back")),
    (-15 * MINUTE, N_("15 minutes back")),
    (-MINUTE, N_("1 minute back")),
    (MINUTE, N_("1 minute on")),
    (15 * MINUTE, N_("15 minutes on")),
    (HOUR, N_("1 hour on")),
    (DAY, N_("1 day on")),
)
_SHORT = {MINUTE: N_("1 m"), 15 * MINUTE: N_("15 m"), HOUR: N_("1 h"), DAY: N_("1 d")}


class PastStrip(QWidget):
    """``moment_requested`` carries microseconds since the epoch, or None for the present; ``refused`` why what was
    typed is not shown."""

    moment_requested = Signal(object)
    cancel_requested = Signal()
    again_requested = Signal()
    refused = Signal(str)

    def __init__(self, zone: tzinfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._now = self._end = 0
        self._at: int | None = None
        self._next: int | None = None
        self._slider = TimeSlider(zone)
        self._field = QLineEdit()
        self._zone_name = label(kind="small")
        self._policy = label()
        self._late = label()
        self._again = button("", "link")
        self._again.clicked.connect(self.again_requested)
        self._work = ProgressStrip()
        self._buttons: list[tuple[QPushButton, int, str]] = []
        self._settle = QTimer(self)
        self._settle.setObjectName("past")
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._ask)
        self._lay_out()
        self._slider.instant_chosen.connect(self._wish)
        self._slider.present_chosen.connect(self._on_present)
        self._field.returnPressed.connect(self._on_typed)
        self._work.cancel_requested.connect(self.cancel_requested)
        self.retranslate()
        theme.notifier().changed.connect(self._pad)

    @property
    def slider(self) -> TimeSlider:
        """The slider."""
        return self._slider

    def show_time(self, now: int, at: int | None, newest: int) -> None:
        """The present, the moment that is looked at (None: the present), and when anything was last heard of.

        Where that was long ago, as with the log of another year, the slider ends there: behind it nothing changes.
        """
        self._now, self._at = now, at
        self._end = now if newest > now - _SPAN or not newest else newest // MINUTE * MINUTE + MINUTE
        self._slider.set_span(self._end - _SPAN, self._end)
        if not self._settle.isActive():
            self._slider.set_instant(at)
            self._show_field(now if at is None else at)
        self._zone_name.setText(formats.zone_name(now if at is None else at, self._zone))
        self.update()

    def step(self, by: int) -> None:
        """Go on or back by so many microseconds."""
        self._wish((self._here() if self._next is None else self._next) + by)

    def focus(self) -> None:
        """Put the focus on the slider."""
        self._slider.setFocus()

    def start_work(self, at: int) -> None:
        """The board of a moment is being made."""
        self._work.start(_("Going back to {time}").format(time=formats.instant(at, self._zone)))

    def set_progress(self, done: int, total: int) -> None:
        """How far it is."""
        self._work.set_progress(done, total)

    def end_work(self) -> None:
        """It has ended."""
        self._work.finish()

    def show_notes(self, policy: str, late: str) -> None:
        """Say under which policy the figures stand, and that what is shown has changed since; nothing when empty."""
        self._policy.setText(policy)
        self._policy.setVisible(bool(policy))
        self._late.setText(late)
        self._late.setVisible(bool(late))
        self._again.setVisible(bool(late))
        edge = theme.px(12) if policy or late else 0
        self._note.setContentsMargins(edge, 0, edge, edge // 3)

    def retranslate(self) -> None:
        """Every word anew."""
        self._again.setText(_("Show it with them"))
        self._slider.setAccessibleName(_("Moment that is looked at"))
        self._field.setToolTip(_("Type a moment, such as 14:05 or 2026-11-22 14:05, and press Return"))
        self._field.setAccessibleName(_("Moment, {zone}").format(zone=formats.zone_name(self._now, self._zone)))
        for made, step, words in self._buttons:
            sign = "\N{MINUS SIGN}" if step < 0 else "+"
            made.setText(f"{sign}{_(_SHORT[abs(step)])}")
            made.setAccessibleName(_(words))
            made.setToolTip(_(words))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the slider keeps it; keys and the field take the steps then."""
        super().resizeEvent(event)
        for made, _step, _words in self._buttons:
            made.setVisible(event.size().width() >= theme.px(_STEPS_FROM))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of a tool; what is looked at is said by the banner above."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("raised"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("hairline"))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        self._row = row
        for step, words in _STEPS[:4]:
            row.addWidget(self._button(step, words))
        row.addWidget(self._slider, 1)
        for step, words in _STEPS[4:]:
            row.addWidget(self._button(step, words))
        row.addWidget(self._field)
        row.addWidget(self._zone_name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._work)
        note = QHBoxLayout()
        note.setSpacing(theme.px(16))
        note.addWidget(self._policy)
        note.addWidget(self._late)
        note.addWidget(self._again)
        note.addStretch(1)
        self._note = note
        column.addLayout(note)
        self.show_notes("", "")
        self._pad()

    def _button(self, step: int, words: str) -> QPushButton:
        made = button("", "link")
        made.clicked.connect(lambda: self.step(step))
        self._buttons.append((made, step, words))
        return made

    def _here(self) -> int:
        return self._end if self._at is None else self._at

    def _wish(self, at: int) -> None:
        if at >= self._end:
            self._on_present()
            return
        self._next = max(self._end - _SPAN, at)
        self._slider.set_instant(self._next)
        self._show_field(self._next)
        self._settle.start()

    def _ask(self) -> None:
        at, self._next = self._next, None
        if at is not None:
            self.moment_requested.emit(at)

    def _on_present(self) -> None:
        self._settle.stop()
        self._next = None
        self.moment_requested.emit(None)

    def _on_typed(self) -> None:
        at = typed_moment(self._field.text(), self._here(), self._zone)
        if at is not None and at <= self._now:
            self._wish(at)
            return
        self._field.selectAll()
        if at is None:
            text = self._field.text().strip()
            text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
            self.refused.emit(_("“{text}” is not a moment. Type 14:05 or 2026-11-22 14:05.").format(text=text))
        else:
            self.refused.emit(_("{time} has not come yet.").format(time=formats.instant(at, self._zone)))

    def _show_field(self, at: int) -> None:
        if not self._field.hasFocus() or self._next is not None:
            self._field.setText(formats.instant(at, self._zone))

    def _pad(self) -> None:
        self._row.setContentsMargins(theme.px(12), theme.px(4), theme.px(12), theme.px(4))
        self._row.setSpacing(theme.px(4))
        self._field.setFixedWidth(theme.px(148))


def typed_moment(text: str, here: int, zone: tzinfo) -> int | None:
    """What a person means by ``2026-11-22 14:05``, ``11-22 14:05`` or ``14:05`` (of the day that is looked at), as
    microseconds since the epoch; None for anything else. A Chinese keyboard's full-width figures and colons are
    taken as what they stand for."""
    local = moment(here).astimezone(zone)
    parts = unicodedata.normalize("NFKC", text).replace("T", " ").split()
    day = parts[0] if len(parts) > 1 else ""
    full = f"{local:%Y-%m-%d}" if not day else f"{local:%Y}-{day}" if day.count("-") == 1 else day
    try:
        return micros(datetime.strptime(f"{full} {parts[-1]}", "%Y-%m-%d %H:%M").replace(tzinfo=zone))
    except (IndexError, ValueError):
        return None
