"""The story of a ticket as text: the customer at the left, we at the right, what was done as quiet lines between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QTextBrowser, QWidget

from console.i18n import _
from console.models.domain.contacts import Role
from console.models.domain.glossary import word
from console.models.queries.timeline import Line, Side
from console.views import formats, theme

_INDENT = 12
"""Per cent of the width that a message leaves free at the other side."""


class Conversation(QTextBrowser):
    """Read-only and selectable; nothing in it is ever a link, because the words come from outside."""

    def __init__(self, zone: tzinfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._lines: Sequence[Line] = ()
        self._day = ""
        self._at_end = True
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setStyleSheet("border: 0; padding: 0")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setAccessibleName(_("Timeline"))
        # The text is laid out later than it is set, so the end can be gone to only when its place is known.
        self.verticalScrollBar().rangeChanged.connect(self._on_range)
        theme.notifier().changed.connect(self.redraw)

    def show_lines(self, lines: Sequence[Line], *, same_ticket: bool) -> None:
        """Show these lines; of the same ticket the place is kept, unless the end was in sight."""
        lines = tuple(lines)
        if same_ticket and lines == self._lines:
            return
        bar = self.verticalScrollBar()
        self._at_end = not same_ticket or bar.value() >= bar.maximum()
        self._lines = lines
        self.redraw()

    def redraw(self) -> None:
        """Write everything anew, in the language and theme in use."""
        self.setAccessibleName(_("Timeline"))
        margin = theme.px(8)
        self.document().setDocumentMargin(margin)
        self._day = ""
        place = self.verticalScrollBar().value()
        self.setHtml("".join(self._written(line) for line in self._lines))
        # Qt goes to the beginning; the range may be as it was, so that nothing else tells.
        self.verticalScrollBar().setValue(place)
        self._go_to_end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The end stays in sight also where fewer lines find room."""
        super().resizeEvent(event)
        self._go_to_end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Whoever scrolls up wants to stay there."""
        super().wheelEvent(event)
        bar = self.verticalScrollBar()
        self._at_end = bar.value() >= bar.maximum()

    def _on_range(self, _low: int, _high: int) -> None:
        self._go_to_end()

    def _go_to_end(self) -> None:
        bar = self.verticalScrollBar()
        if self._at_end:
            bar.setValue(bar.maximum())

    def _written(self, line: Line) -> str:
        day = formats.date(line.at, self._zone)
        head = ""
        if day != self._day:
            self._day = day
            head = _quiet(day)
        return head + (self._deed(line) if line.side is Side.SYSTEM else self._message(line))

    def _deed(self, line: Line) -> str:
        time = formats.time_of_day(line.at, self._zone)
        who = f"{line.who} · " if line.who else ""
        return _quiet(f"{time} · {who}{line.words(self._zone)}")

    def _message(self, line: Line) -> str:
        ground, ink, left = _LOOKS[line.side]
        time = formats.time_of_day(line.at, self._zone)
        label = _label(line)
        gone = escape(_("text no longer kept"))
        text = escape(line.text).replace("\n", "<br>") if line.text else f"<i>{gone}</i>"
        small = theme.px(theme.TEXT_PIXELS["small"])
        cell = (
            f'<td width="{100 - _INDENT}%" bgcolor="{theme.color(ground).name()}">'
            f'<span style="font-size:{small}px; color:{theme.color(ink).name()}">{escape(label)} · {time}</span>'
            f"<br>{text}</td>"
        )
        gap = f'<td width="{_INDENT}%"></td>'
        cells = cell + gap if left else gap + cell
        padding = theme.px(6)
        return f'<table width="100%" cellspacing="{theme.px(2)}" cellpadding="{padding}"><tr>{cells}</tr></table>'


def _label(line: Line) -> str:
    if line.side is Side.CUSTOMER:
        return word(Role.CUSTOMER)
    if line.side is Side.BOT:
        return word(Role.BOT)
    who = line.who or word(Role.AGENT)
    return _("{who}, internal note").format(who=who) if line.side is Side.NOTE else who


_LOOKS: dict[Side, tuple[theme.ColorName, theme.ColorName, bool]] = {
    Side.CUSTOMER: ("sunken", "text_muted", True),
    Side.OURS: ("accent_soft", "accent", False),
    Side.BOT: ("info_soft", "info", False),
    Side.NOTE: ("warning_soft", "warning", False),
}
"""Ground and ink by whose words they are, and whether they stand at the left."""


def _quiet(text: str) -> str:
    small = theme.px(theme.TEXT_PIXELS["small"])
    color = theme.color("text_muted").name()
    margin = theme.px(2)
    return f'<p align="center" style="margin:{margin}px 0; font-size:{small}px; color:{color}">{escape(text)}</p>'
