"""Keeps the entry in full up to date: what is said at once, and what has to be read by a worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from console.models.domain.calendars import CalendarError
from console.models.domain.escalation import Entry
from console.models.domain.escalation_moves import allowed
from console.models.domain.roles import Actor
from console.models.queries.inbox import Inbox
from console.models.queries.inbox_advice import advise
from console.models.queries.inbox_detail import EntryStory, OtherTicket, others_of, story
from console.models.queries.inbox_lines import Line, line_of
from console.views.bridge import LiveBoard
from console.views.screen import Context
from console.views.screens.board.records import StoreLog
from console.views.screens.escalations.deeds import DEEDS, barred, permitted, possible
from console.views.screens.escalations.detail import EntryDetail


class Following(QObject):
    """Reads a story when another entry is chosen, when the entry moved on, and when its ticket changed."""

    def __init__(self, context: Context, live: LiveBoard, detail: EntryDetail, actor: Callable[[], Actor]) -> None:
        super().__init__(detail)
        self._context, self._live, self._detail, self._actor = context, live, detail, actor
        self._log = StoreLog(context.store)
        self._others: Sequence[Entry] = ()
        self._read_for: tuple[int, int, int] | None = None

    def show(self, entry: Entry | None, inbox: Inbox, others: Sequence[Entry] = ()) -> None:
        """Show this entry, or that none is chosen; ``others`` stand in its row."""
        self._others = others
        if entry is None:
            self._read_for = None
            self._detail.show_nothing()
            return
        line = line_of(entry, self._live.present)
        actor = self._actor()
        self._detail.show_line(line, possible(entry, actor), barred(entry, actor), inbox.repeats.get(entry.id, 0))
        self._detail.show_also([line_of(other, self._live.present) for other in others])
        self._advise(line, inbox, actor)
        self._read(line)

    def refresh(self, inbox: Inbox) -> None:
        """A second has passed: times, and whatever the ticket says anew."""
        shown = self._detail.line
        if shown is None:
            return
        line = line_of(inbox.find(shown.entry.id) or shown.entry, self._live.present)
        if line != shown:
            self.show(line.entry, inbox, self._others)
        else:
            self._detail.refresh(inbox.repeats.get(line.entry.id, 0))
            self._read(line)

    def _advise(self, line: Line, inbox: Inbox, actor: Actor) -> None:
        may = {deed.what for deed in DEEDS if permitted(deed, line.entry, actor)}
        happenings = tuple(what for what in allowed(line.entry, actor.name) if what in may)
        steps = advise(line, self._live.present, inbox.entries, happenings, self._context.clock.now()) if may else []
        self._detail.show_advice(steps)

    def _read(self, line: Line) -> None:
        board, reader = self._live.present, self._context.inbox
        if reader is None:
            return
        changed_at = int(board.columns.last_at[line.slot]) if board is not None and line.slot >= 0 else 0
        wanted = (line.entry.id, line.entry.version, changed_at)
        if wanted == self._read_for:
            return
        other = self._read_for is None or self._read_for[0] != line.entry.id
        self._read_for = wanted
        log, entry = self._log, line.entry
        targets, now = self._live.policy.targets, self._context.clock.now()

        def work(_progress: object) -> EntryStory:
            try:
                return story(log, reader, entry, targets, now)
            except CalendarError:
                # The clocks cannot be told without a calendar; all else can.
                return story(log, reader, entry, type(targets)(()), now)

        self._context.ops.read(
            work,
            lambda found: self._detail.show_story(entry, found),
            key="escalations/story",
            owner=self,
        )
        if other and board is not None:
            customer, ticket = line.customer, entry.ticket
            self._context.ops.read(
                lambda _progress: others_of(board, customer, ticket),
                lambda found: self._on_others(entry.id, found),
                key="escalations/others",
                owner=self,
            )

    def _on_others(self, entry: int, found: list[OtherTicket]) -> None:
        if self._read_for is not None and self._read_for[0] == entry:
            self._detail.show_others(found)
