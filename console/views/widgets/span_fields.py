"""Two fields for a span of time, from and to, in the console's zone."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from PySide6.QtCore import QDate, QDateTime, QTime
from PySide6.QtWidgets import QDateTimeEdit, QVBoxLayout, QWidget

from console.clock import micros, moment
from console.i18n import _
from console.views import theme
from console.views.widgets.labels import label


class SpanFields(QWidget):
    """Instants are microseconds since the epoch, to the minute."""

    def __init__(self, start: int, end: int, zone: tzinfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        self._fields = []
        for words, at in ((_("From"), start), (_("To"), end)):
            column.addWidget(label(words, "muted"))
            self._fields.append(self._field(words, at))
            column.addWidget(self._fields[-1])

    def span(self) -> tuple[int, int]:
        """Start and end, the earlier one first."""
        first, second = (self._instant(field) for field in self._fields)
        return min(first, second), max(first, second)

    def _field(self, words: str, at: int) -> QDateTimeEdit:
        local = moment(at).astimezone(self._zone)
        field = QDateTimeEdit(QDateTime(QDate(local.year, local.month, local.day), QTime(local.hour, local.minute)))
        field.setDisplayFormat("yyyy-MM-dd HH:mm")
        field.setAccessibleName(words)
        return field

    def _instant(self, field: QDateTimeEdit) -> int:
        day, clock = field.date(), field.time()
        local = datetime(day.year(), day.month(), day.day(), clock.hour(), clock.minute(), tzinfo=self._zone)
        return micros(local.astimezone(UTC))
