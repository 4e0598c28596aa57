"""Ranked bars: everybody's load, the busiest first, with a mark where a fair share would end.

Painted from arrays, and only the rows in sight: five hundred people cost as much as twenty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QByteArray, QMimeData, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import QWidget

from console.i18n import _
from console.views import formats, theme
from console.views.charts.pictures import Table
from console.views.charts.plot import Numbers
from console.views.charts.rows import Rows
from console.views.tables.ticket_drag import is_far, tickets_of
from console.views.theme import State

AGENT_MIME = "application/x-supervisor-console-agent"
"""All that somebody has, drawn from their row: the id of the agent. Tickets come as `ticket_drag.MIME`."""
_NAME, _VALUE, _BESIDE, _NOTE, _HEAD = 148, 56, 52, 84, 24
_NICE = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


@dataclass(frozen=True, slots=True)
class BarsData:
    """Rows in their order: ``keys`` are ids, ``load`` and ``fair`` in the unit ``spoken``. ``busiest`` says how much of
    each row belongs to the busiest (0 to 1). ``notes`` are words with a state by row, for those who need one."""

    keys: Sequence[int]
    names: Sequence[str]
    load: Numbers
    fair: Numbers
    busiest: Numbers
    notes: dict[int, tuple[str, State]] = field(default_factory=dict)
    spoken: str = ""

    def figure(self, row: int) -> str:
        """The load in words."""
        return formats.count(round(float(self.load[row])))

    def ratio(self, row: int) -> str:
        """How many times the fair share it is, in words."""
        fair = float(self.fair[row])
        return f"{float(self.load[row]) / fair:.1f}\N{MULTIPLICATION SIGN}" if fair else ""


class Dropped(NamedTuple):
    """What was dropped on a row: tickets, or all that ``agent`` has (0 where tickets were)."""

    tickets: tuple[int, ...] = ()
    agent: int = 0


class LoadBars(Rows):
    """``chosen`` carries the key of a row that was double-clicked, or chosen by Return; ``current_changed`` that of the
    row that became current. ``dropped`` carries a row's key and what was dropped on it (`Dropped`)."""

    chosen = Signal(int)
    current_changed = Signal(int)
    dropped = Signal(int, object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        self._data: BarsData | None = None
        self._most = 1.0
        self._aimed = -1
        self._pressed: QPoint | None = None
        self._moves = False
        super().__init__(name, (420, 10), head=_HEAD, parent=parent)

    def show_data(self, data: BarsData | None) -> None:
        """Show these rows; the row that is current stays so while its key is there."""
        before = self.current_key()
        self._data = data if data is not None and len(data.keys) else None
        if self._data is not None:
            self._most = _ceiling(max(float(self._data.load.max()), float(self._data.fair.max())))
            self._current = list(self._data.keys).index(before) if before in self._data.keys else -1
        else:
            self._current = -1
        self._follow_data()

    def let_move(self, moves: bool) -> None:
        """Whether rows can be drawn, and take what is drawn onto them."""
        self._moves = moves
        self.viewport().setAcceptDrops(moves)

    def current_key(self) -> int:
        """The key of the current row, 0 where none is."""
        data = self._data
        return data.keys[self._current] if data is not None and 0 <= self._current < len(data.keys) else 0

    def row_at(self, y: int) -> int:
        """The row at a height in the viewport, -1 where there is none."""
        return self.place_at(y)

    def count(self) -> int:
        """How many rows there are."""
        return 0 if self._data is None else len(self._data.keys)

    def words(self, row: int) -> str:
        """A row in a sentence."""
        data = self._data
        if data is None:
            return ""
        said = _("{name}: {value} {unit}, a fair share is {fair}").format(
            name=data.names[row], value=data.figure(row), unit=data.spoken, fair=f"{data.fair[row]:.0f}"
        )
        note = data.notes.get(row)
        return f"{said}; {note[0]}" if note else said

    def table(self) -> Table:
        """A row for each person."""
        data = self._data
        headers = (
            _("Agent"),
            data.spoken if data is not None and data.spoken else _("load"),
            _("fair share"),
            _("note"),
        )
        if data is None:
            return Table(headers, ())
        return Table(
            headers,
            [
                (name, f"{data.load[row]:.2f}", f"{data.fair[row]:.2f}", data.notes.get(row, ("",))[0])
                for row, name in enumerate(data.names)
            ],
        )

    def paint_head(self, painter: QPainter, width: int) -> None:
        """What the bars and the mark are, and the unit."""
        data = self._data
        if data is None:
            return
        letters, px = self.small, self.sizes.px
        middle, left = px(_HEAD) // 2, px(_NAME)
        end = left + self._room(width)
        keys: tuple[tuple[str, theme.ColorName], ...] = (
            (_("the busiest"), "accent"),
            (_("others"), "control"),
            (_("fair share"), "text"),
        )
        for words, ink in keys:
            needed = px(14) + letters.width(words)
            if left + needed > end:
                break
            if ink == "text":
                painter.fillRect(left + px(4), middle - px(6), px(2), px(12), theme.color("text"))
            else:
                painter.fillRect(left, middle - px(4), px(10), px(8), theme.color(ink))
            letters.draw(painter, left + px(14), middle, words, "text_muted")
            left += round(needed) + px(12)
        letters.draw(painter, end + px(_VALUE - 8), middle, data.spoken, "text_muted", right=True)

    def paint_row(self, painter: QPainter, row: int, box: QRect) -> None:
        """Name, bar with its mark, figure, a word beside it, and a state."""
        data = self._data
        if data is None:
            return
        px, middle = self.sizes.px, box.y() + box.height() // 2
        if row == self._aimed:
            painter.fillRect(box, theme.color("accent_soft"))
        busy = float(data.busiest[row]) >= 0.5
        letters = self.strong if busy else self.body
        letters.draw(painter, px(8), middle, data.names[row], "text", room=px(_NAME - 16))
        left, room = px(_NAME), self._room(box.width())
        self._paint_bar(painter, data, row, QRect(left, box.y(), room, box.height() - 1), busy=busy)
        left += room
        self.body.draw(painter, left + px(_VALUE - 8), middle, data.figure(row), "text", right=True)
        left += px(_VALUE)
        self.body.draw(painter, left + px(_BESIDE - 8), middle, data.ratio(row), "text_muted", right=True)
        note = data.notes.get(row)
        if note is not None:
            self._paint_note(painter, left + px(_BESIDE), middle, *note)

    def _room(self, width: int) -> int:
        note = _NOTE if self._data is not None and self._data.notes else 0
        return max(self.sizes.px(40), width - self.sizes.px(_NAME + _VALUE + _BESIDE + note + 8))

    def _paint_bar(self, painter: QPainter, data: BarsData, row: int, box: QRect, *, busy: bool) -> None:
        px = self.sizes.px
        length, tall = round(box.width() * float(data.load[row]) / self._most), px(12)
        top = box.y() + (box.height() - tall) // 2
        painter.fillRect(box.x(), top, length, tall, theme.color("accent" if busy else "control"))
        at = box.x() + round(box.width() * float(data.fair[row]) / self._most)
        # With an edge of the ground the mark is seen on the bar as well as beside it.
        painter.fillRect(at - px(1) - 1, top - px(3), px(2) + 2, tall + px(6), theme.color("raised"))
        painter.fillRect(at - px(1), top - px(3), px(2), tall + px(6), theme.color("text"))

    def _paint_note(self, painter: QPainter, left: int, middle: int, words: str, state: State) -> None:
        px = self.sizes.px
        side = px(9)
        theme.draw(painter, QRectF(left, middle - side / 2, side, side), state)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        self.body.draw(painter, left + side + px(5), middle, words, state.ink, room=px(_NOTE - 4) - side - px(5))

    def on_chosen(self, row: int) -> None:
        """Tell whose row it is."""
        if self._data is not None:
            self.chosen.emit(self._data.keys[row])

    def on_current(self, row: int) -> None:
        """Tell whose row became current."""
        if self._data is not None:
            self.current_changed.emit(self._data.keys[row])

    def place_of(self, row: int) -> QPoint:
        """The middle of a row in the viewport."""
        return QPoint(self.sizes.px(_NAME), self.box_of(row).center().y())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The row that was pressed is current, and may be drawn."""
        super().mousePressEvent(event)
        at = event.position().toPoint()
        self._pressed = at if self._moves and self.row_at(at.y()) >= 0 else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the row, once the pointer is far enough."""
        super().mouseMoveEvent(event)
        held = bool(event.buttons() & Qt.MouseButton.LeftButton)
        if held and self._pressed is not None and is_far(self._pressed, event.position().toPoint()):
            self._pressed = None
            self._drag()

    def _drag(self) -> None:
        drag = QDrag(self)
        drag.setMimeData(agent_as_mime(self.current_key()))
        drag.setPixmap(self.viewport().grab(self.box_of(self._current)))
        drag.exec(Qt.DropAction.CopyAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Something comes near."""
        self._aim(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """The row that would take it is marked."""
        self._aim(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It goes elsewhere."""
        event.accept()
        self._mark(-1)

    def dropEvent(self, event: QDropEvent) -> None:
        """The pointer is up."""
        row, what = self._taken(event)
        self._mark(-1)
        if what is not None and self._data is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.dropped.emit(self._data.keys[row], what)

    def _aim(self, event: QDragMoveEvent) -> None:
        row, what = self._taken(event)
        self._mark(row if what is not None else -1)
        if what is None:
            event.ignore()
        else:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def _taken(self, event: QDropEvent) -> tuple[int, Dropped | None]:
        row = self.row_at(event.position().toPoint().y())
        if row < 0 or self._data is None:
            return row, None
        mime = event.mimeData()
        tickets, agent = tuple(tickets_of(mime)), agent_of(mime)
        if tickets:
            return row, Dropped(tickets)
        return row, Dropped(agent=agent) if agent and agent != self._data.keys[row] else None

    def _mark(self, row: int) -> None:
        if row != self._aimed:
            self._aimed = row
            self.viewport().update()


def agent_as_mime(agent: int) -> QMimeData:
    """All that somebody has, as it is drawn about."""
    mime = QMimeData()
    mime.setData(AGENT_MIME, QByteArray(str(agent).encode()))
    return mime


def agent_of(mime: QMimeData) -> int:
    """Whose load is drawn; 0 where something else is."""
    return int(bytes(mime.data(AGENT_MIME).data()) or b"0") if mime.hasFormat(AGENT_MIME) else 0


def _ceiling(most: float) -> float:
    """A round number at or above the longest bar, so that the bars do not stretch with every contact."""
    if most <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(most))
    return float(next(power * step for step in _NICE if power * step >= most * (1 - 1e-12)))
