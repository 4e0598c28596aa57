"""The list of the inbox. It draws its rows itself, only those that say something else than before, and stands still:
what comes in above the row that a person looks at does not move that row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from console.models.domain.escalation import Entry, Urgency
from console.models.queries.inbox_list import InboxList, Row
from console.views import theme
from console.views.screens.escalations.faces import Face, Heading
from console.views.screens.escalations.list_model import InboxModel
from console.views.screens.escalations.row_painter import GUTTER, HEADING_HEIGHT, ROW_HEIGHT, Ground
from console.views.screens.escalations.row_sheet import Placed, RowSheet

if TYPE_CHECKING:
    Index = QModelIndex | QPersistentModelIndex

_SHIFT, _CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
_KEYS = {Qt.Key.Key_J: Qt.Key.Key_Down, Qt.Key.Key_K: Qt.Key.Key_Up}


class InboxView(QTableView):
    """``current_changed`` carries the number of the entry that has the focus, or None; ``picked_changed`` fires when
    other rows are ticked; ``opened`` when Return or a double click asks for the entry in full."""

    current_changed = Signal(object)
    picked_changed = Signal()
    opened = Signal(int)
    context_requested = Signal(QPoint)

    def __init__(
        self,
        show_entry: Callable[[Entry], Face],
        show_heading: Callable[[Urgency], Heading],
        show_tip: Callable[[Entry], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._show_entry, self._show_heading = show_entry, show_heading
        self._shown = InboxList()
        self._picked: set[int] = set()
        self._anchor: int | None = None
        self._hovered = -1
        self._stale = False
        self._told: int | None = None
        self._hold = 0
        self._unfinished = False
        self._sheet = RowSheet(show_entry, show_heading, self._ground)
        self.inbox = InboxModel(self._spoken, show_tip, self)
        self.setModel(self.inbox)
        self._behave()
        self.selectionModel().currentChanged.connect(self._on_current)
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        theme.notifier().changed.connect(self._on_theme)
        self._on_theme()

    # What it shows

    def show_list(self, shown: InboxList) -> None:
        """Show this; the row under the pointer, else the one with the focus, stays where it is."""
        held = self._held()
        before = self._top_of(held)
        self._leave(set(shown.keys))
        self._shown = shown
        self.inbox.show_rows(shown.rows, shown.keys)
        self._fit_heights()
        gone = self._picked.difference(shown.keys) if self._picked else ()
        if gone:
            self._picked -= set(gone)
            self.picked_changed.emit()
        after = self._top_of(held)
        if before is not None and after is not None and before != after:
            self._shift(after - before)
        self.viewport().update()

    def refresh(self) -> None:
        """A second has passed: whatever is in sight and says something else now is drawn anew."""
        self.viewport().update()

    def set_stale(self, stale: bool) -> None:
        """Whether the data is too old to trust; no state is shown then."""
        if stale != self._stale:
            self._stale = stale
            self.viewport().update()

    def retranslate(self) -> None:
        """Every word anew."""
        self._sheet.clear()
        self.viewport().update()

    @property
    def unfinished(self) -> bool:
        """Whether a paint had to leave rows for the next event."""
        return self._unfinished and self.isVisible()

    # What is chosen

    def current(self) -> Entry | None:
        """The entry that has the focus."""
        return self.inbox.entry(self.currentIndex().row())

    def choose(self, entry: int) -> bool:
        """Give the focus of the list to the row of an entry; False when it is not shown."""
        place = self.inbox.place_of(self._shown.lead.get(entry, entry))
        if place is None:
            return False
        self._go(place)
        return True

    def chosen(self) -> list[Entry]:
        """What an action is about: all entries of the rows that are ticked, else of the one with the focus."""
        current = self.current()
        rows = [entry for entry in self.inbox.entries() if entry.id in self._picked]
        if not rows and current is not None:
            rows = [current]
        return [entry for row in rows for entry in (row, *self._shown.folded.get(row.id, ()))]

    def folded(self, entry: int) -> Sequence[Entry]:
        """The other entries in the row of this one."""
        return self._shown.folded.get(entry, ())

    @property
    def picked(self) -> frozenset[int]:
        """The numbers of the ticked entries."""
        return frozenset(self._picked)

    def pick(self, entries: Iterable[int]) -> None:
        """Tick just these."""
        picked = set(entries)
        if picked != self._picked:
            self._picked = picked
            self.picked_changed.emit()
            self.viewport().update()

    def toggle(self) -> None:
        """Tick the row with the focus, or take the tick away."""
        current = self.current()
        if current is not None:
            self._anchor = current.id
            self.pick(self._picked ^ {current.id})

    def pick_group(self) -> None:
        """Tick all of the group of the row with the focus; all of it ticked already: everything."""
        current = self.current()
        if current is None:
            return
        group = {entry.id for entry in self._shown.groups.get(current.urgency, ())}
        self.pick({entry.id for entry in self.inbox.entries()} if group <= self._picked else self._picked | group)

    def step(self, by: int) -> None:
        """Move the focus by so many entries."""
        places = [at for at, row in enumerate(self.inbox.rows) if isinstance(row, Entry)]
        if not places:
            return
        now = self.currentIndex().row()
        at = next((n for n, place in enumerate(places) if place >= now), len(places) - 1)
        if now >= 0:
            at = min(max(at + by, 0), len(places) - 1)
        self._go(places[at])

    # Keys and pointer

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move (with Shift they tick on the way), Return opens, the rest is the screen's."""
        key = Qt.Key(event.key())
        key = _KEYS.get(key, key) if not event.modifiers() & _CTRL else key
        page = max(1, self.viewport().height() // max(1, theme.px(ROW_HEIGHT)) - 1)
        count = self.inbox.rowCount()
        steps = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -count,
            Qt.Key.Key_End: count,
        }
        if key in steps:
            self._move(steps[key], extend=bool(event.modifiers() & _SHIFT))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex().row())
        else:
            # Not to Qt's table: letters would search in it.
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a row; in the gutter or with Ctrl tick it, with Shift tick all from the last one on."""
        place = self.rowAt(event.position().toPoint().y())
        entry = self.inbox.entry(place)
        if event.button() == Qt.MouseButton.LeftButton and entry is not None:
            modifiers = event.modifiers()
            if modifiers & _SHIFT:
                self._extend(place)
            elif modifiers & _CTRL or event.position().x() < theme.px(GUTTER):
                self._anchor = entry.id
                self.pick(self._picked ^ {entry.id})
            else:
                self._anchor = entry.id
            self._go(place)
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        elif event.button() == Qt.MouseButton.LeftButton and place >= 0:
            row = self.inbox.rows[place]
            group = {each.id for each in self._shown.groups.get(row, ())} if isinstance(row, Urgency) else set()
            self.pick(self._picked - group if group <= self._picked else self._picked | group)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The row under the pointer offers its tick."""
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: object) -> None:
        """The pointer went away."""
        del event
        self._hover(-1)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of the row with the focus."""
        place = self.rowAt(event.pos().y())
        if self.inbox.entry(place) is not None:
            self._go(place)
            self.context_requested.emit(event.globalPos())

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows in the event's region that do not look as they did; copy the others. What takes longer than the
        rest of a frame is drawn in the next event; until then it looks as before."""
        viewport, region = self.viewport(), event.region().boundingRect()
        rows = self._rows_in(region)
        done = self._sheet.draw(viewport, rows, self.rowViewportPosition(0))
        self._unfinished = done < len(rows)
        if self._unfinished:
            viewport.update(region.intersected(QRect(0, rows[done].box.y(), viewport.width(), region.bottom())))
        with QPainter(viewport) as painter:
            painter.fillRect(region, theme.color("raised"))
            self._sheet.show(painter, rows, region)

    def _rows_in(self, region: QRect) -> list[Placed]:
        """The rows that lie in a part of the viewport."""
        rows = self.inbox.rows
        first, below = self.rowAt(region.top()), self.rowAt(region.bottom())
        if not rows or first < 0:
            return []
        last, width = len(rows) - 1 if below < 0 else below, self.viewport().width()
        return [
            Placed(place, rows[place], QRect(0, self.rowViewportPosition(place), width, self.rowHeight(place)))
            for place in range(first, last + 1)
        ]

    def _ground(self, place: int, entry: Entry) -> Ground:
        current = place == self.currentIndex().row()
        picked, hovered = entry.id in self._picked, place == self._hovered
        return Ground(picked, current, current and self.hasFocus(), hovered, bool(self._picked), self._stale)

    # Inside

    def _move(self, by: int, *, extend: bool) -> None:
        before = self.currentIndex().row()
        if extend and self._anchor is None and (entry := self.inbox.entry(before)) is not None:
            self._anchor = entry.id
        self.step(by)
        if extend:
            self._extend(self.currentIndex().row())
        else:
            self._anchor = None

    def _extend(self, place: int) -> None:
        anchor = None if self._anchor is None else self.inbox.place_of(self._anchor)
        first, last = sorted((place if anchor is None else anchor, place))
        between = (self.inbox.entry(at) for at in range(first, last + 1))
        self.pick({entry.id for entry in between if entry is not None})

    def _go(self, place: int) -> None:
        index = self.inbox.index(place)
        self.selectionModel().setCurrentIndex(index, self.selectionModel().SelectionFlag.NoUpdate)
        # The heading above the first entry comes into sight with it.
        if place == 1:
            self.scrollToTop()
        else:
            self.scrollTo(index)

    def _open(self, place: int) -> None:
        entry = self.inbox.entry(place)
        if entry is not None:
            self.opened.emit(entry.id)

    def _on_current(self, now: Index, _before: Index) -> None:
        self.viewport().update()
        entry = self.inbox.entry(now.row())
        number = None if entry is None else entry.id
        if number != self._told:
            self._told = number
            self.current_changed.emit(number)

    def _hover(self, place: int) -> None:
        if place != self._hovered:
            self._hovered = place
            self.viewport().update()

    def _leave(self, wanted: set[int]) -> None:
        """Before the row with the focus goes, a row beside it that stays takes the focus."""
        current = self.current()
        if current is None or current.id in wanted:
            return
        near = self.inbox.near(self.currentIndex().row(), wanted)
        if near is not None:
            self.selectionModel().setCurrentIndex(self.inbox.index(near), self.selectionModel().SelectionFlag.NoUpdate)

    def _held(self) -> int | None:
        """The entry that must not move: under the pointer, else with the focus while the list has it."""
        under = self.inbox.entry(self._hovered) if self.viewport().underMouse() else None
        if under is not None:
            return under.id
        current = self.current()
        return current.id if current is not None and self.hasFocus() else None

    def _top_of(self, entry: int | None) -> int | None:
        place = None if entry is None else self.inbox.place_of(entry)
        return None if place is None else self.rowViewportPosition(place)

    def _shift(self, by: int) -> None:
        """Scroll so that what moved by so many pixels stands where it stood."""
        bar = self.verticalScrollBar()
        wanted = max(0, bar.value() + by)
        # A short list could not scroll so far; it may until a person scrolls.
        self._hold = max(0, wanted - bar.maximum()) and wanted
        bar.setMaximum(max(bar.maximum(), wanted))
        bar.setValue(wanted)

    def updateGeometries(self) -> None:
        """The range of the scroll bar, with what `_shift` needs beyond it."""
        bar, hold = self.verticalScrollBar(), self._hold
        super().updateGeometries()
        # The range that Qt sets may have cut the value off, which is nobody's scrolling.
        if hold > bar.maximum():
            bar.setMaximum(hold)
            bar.setValue(hold)
        self._hold = hold

    def _on_scrolled(self, value: int) -> None:
        if value < self._hold:
            self._hold = 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rows are as wide as the list."""
        super().resizeEvent(event)
        self._sheet.clear()

    def _fit_heights(self) -> None:
        """Headings are lower. Qt keeps the height of a row as long as it is there; new ones are as high as an entry."""
        header, rows = self.verticalHeader(), self.inbox.rows
        entry, heading = theme.px(ROW_HEIGHT), theme.px(HEADING_HEIGHT)
        heads = [self.inbox.place_of(-int(urgency)) for urgency in Urgency]
        for place in heads:
            if place is not None and header.sectionSize(place) != heading:
                header.resizeSection(place, heading)
        count = sum(place is not None for place in heads)
        if header.length() != count * heading + (len(rows) - count) * entry:
            for place, row in enumerate(rows):
                header.resizeSection(place, heading if isinstance(row, Urgency) else entry)

    def _on_theme(self) -> None:
        self._sheet.retheme()
        self.verticalHeader().setDefaultSectionSize(theme.px(ROW_HEIGHT))
        self.verticalScrollBar().setSingleStep(theme.px(ROW_HEIGHT) // 2)
        self._fit_heights()
        self.viewport().update()

    def _spoken(self, row: Row) -> str:
        if isinstance(row, Urgency):
            return self._show_heading(row).spoken()
        return self._show_entry(row).spoken()

    def _behave(self) -> None:
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAutoScroll(False)
        self.setCornerButtonEnabled(False)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        rows = self.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(1)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
