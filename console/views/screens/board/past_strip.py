"""The way into the past: a slider over eight weeks, steps, a field to type a moment, and the way back."""

from __future__ import annotations

from datetime import datetime, tzinfo

from PySide6.QtCore import QDate, QDateTime, QTime, QTimer, QTimeZone, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDateTimeEdit, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from console.clock import DAY, HOUR, MINUTE, micros, moment
from console.i18n import N_, _
from console.views import formats, theme
from console.views.widgets.buttons import button
from console.views.widgets.labels import StateMark, label
from console.views.widgets.progress import ProgressStrip
from console.views.widgets.time_slider import TimeSlider

WEEKS = 8
_SETTLE_MS = 80
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
    """``moment_requested`` carries microseconds since the epoch, or None for the present."""

    moment_requested = Signal(object)
    cancel_requested = Signal()

    def __init__(self, zone: tzinfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._now = 0
        self._at: int | None = None
        self._next: int | None = None
        self._mark = StateMark(theme.State.INFO)
        self._where = label(kind="title")
        self._slider = TimeSlider(zone)
        self._field = QDateTimeEdit()
        self._field.setTimeZone(QTimeZone.utc())
        self._field.setDisplayFormat("yyyy-MM-dd HH:mm")
        self._field.setKeyboardTracking(False)
        self._back = button("", "primary")
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
        self._field.dateTimeChanged.connect(self._on_typed)
        self._back.clicked.connect(self._on_present)
        self._work.cancel_requested.connect(self.cancel_requested)
        self.retranslate()
        theme.notifier().changed.connect(self._pad)

    @property
    def slider(self) -> TimeSlider:
        """The slider."""
        return self._slider

    def show_time(self, now: int, at: int | None) -> None:
        """The present, and the moment that is looked at (None: the present)."""
        self._now, self._at = now, at
        self._slider.set_span(now - WEEKS * 7 * DAY, now)
        if not self._settle.isActive():
            self._slider.set_instant(at)
            self._show_field(now if at is None else at)
        self._back.setEnabled(at is not None)
        self._say()
        self.update()

    def step(self, by: int) -> None:
        """Go on or back by so many microseconds."""
        here = self._next if self._next is not None else self._now if self._at is None else self._at
        self._wish(here + by)

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

    def retranslate(self) -> None:
        """Every word anew."""
        self._slider.setAccessibleName(_("Moment that is looked at"))
        self._field.setAccessibleName(_("Moment, {zone}").format(zone=formats.zone_name(self._now, self._zone)))
        self._back.setText(_("Return to now"))
        for made, step, words in self._buttons:
            sign = "\N{MINUS SIGN}" if step < 0 else "+"
            made.setText(f"{sign}{_(_SHORT[abs(step)])}")
            made.setAccessibleName(_(words))
            made.setToolTip(_(words))
        self._say()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tinted while the past is looked at."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("info_soft" if self._at is not None else "raised"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("hairline"))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        self._row = row
        row.addWidget(self._mark)
        row.addWidget(self._where)
        for step, words in _STEPS[:4]:
            row.addWidget(self._button(step, words))
        row.addWidget(self._slider, 1)
        for step, words in _STEPS[4:]:
            row.addWidget(self._button(step, words))
        row.addWidget(self._field)
        row.addWidget(self._back)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._work)
        self._pad()

    def _button(self, step: int, words: str) -> QPushButton:
        made = button("", "link")
        made.clicked.connect(lambda: self.step(step))
        self._buttons.append((made, step, words))
        return made

    def _wish(self, at: int) -> None:
        start = self._now - WEEKS * 7 * DAY
        if at >= self._now:
            self._on_present()
            return
        self._next = max(start, at)
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

    def _on_typed(self, typed: QDateTime) -> None:
        day, time = typed.date(), typed.time()
        local = datetime(day.year(), day.month(), day.day(), time.hour(), time.minute(), tzinfo=self._zone)
        at = micros(local)
        shown = self._next if self._next is not None else self._now if self._at is None else self._at
        if at // MINUTE != shown // MINUTE:
            self._wish(at)

    def _show_field(self, at: int) -> None:
        local = moment(at).astimezone(self._zone)
        self._field.blockSignals(True)
        self._field.setDateTime(
            QDateTime(QDate(local.year, local.month, local.day), QTime(local.hour, local.minute), QTimeZone.utc())
        )
        self._field.blockSignals(False)

    def _say(self) -> None:
        past = self._at is not None
        self._mark.setVisible(past)
        self._where.setText(_("The past") if past else _("Now"))

    def _pad(self) -> None:
        self._row.setContentsMargins(theme.px(12), theme.px(4), theme.px(12), theme.px(4))
        self._row.setSpacing(theme.px(4))
