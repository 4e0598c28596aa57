"""What the inbox says of its entries: rows, headings, sentences, the words they are found by."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from console.i18n import ngettext
from console.models.domain.escalation import Entry, Urgency
from console.models.queries.inbox import Words
from console.models.queries.inbox_advice import able_agents
from console.models.queries.inbox_lines import Line, line_of, who, why
from console.models.queries.inbox_list import Head, InboxList
from console.views.bridge import LiveBoard
from console.views.screens.escalations.faces import Face, Heading, face, heading
from console.views.screens.escalations.figures import TicketFigures

Folded = Callable[[int], Sequence[Entry]]


class Sayings:
    """Cheap enough for every visible row, every second."""

    def __init__(
        self,
        live: LiveBoard,
        now: Callable[[], int],
        figures: TicketFigures,
        folded: Folded,
        person: Callable[[], str] = str,
    ) -> None:
        """``folded`` gives the other entries that stand in the row of an entry, ``person`` who looks at it."""
        self._live, self._now, self._figures, self._folded, self._person = live, now, figures, folded, person
        self.shown = InboxList()
        """What the list shows."""

    def face(self, entry: Entry) -> Face:
        """The row of an entry."""
        live, more = self._live, self._folded(entry.id)
        amounts, repeats = self._figures.amounts, self.shown.inbox.repeats
        return face(entry, live.present, amounts, repeats, self._now(), live.zone, more, self._person())

    def tip(self, entry: Entry) -> str:
        """The row in full, with every matter of its ticket in a line of its own."""
        shown = self.face(entry)
        matters = [self.sentence(self.line(each)) for each in (entry, *self._folded(entry.id))]
        about = " · ".join(part for part in (shown.who, shown.vip, shown.about) if part)
        lines = [about, *matters, shown.stakes, shown.subject, shown.standing]
        return "\n".join(line for line in lines if line)

    def heading(self, urgency: Urgency) -> Heading:
        """The heading above the entries of an urgency."""
        return heading(urgency, self.shown.heads.get(urgency, Head()), self._now())

    def line(self, entry: Entry) -> Line:
        """An entry with its ticket."""
        return line_of(entry, self._live.present)

    def sentence(self, line: Line) -> str:
        """Why it is here."""
        return why(line, self._now(), self._live.zone)

    def news(self, entries: Sequence[Entry]) -> str:
        """The first of what came in, and how much more."""
        line, more = self.line(entries[0]), len(entries) - 1
        words = f"P{int(line.entry.urgency)} · {who(line)} · {self.sentence(line)}"
        return words + ngettext(", and {n} more", ", and {n} more", more).format(n=more) if more else words

    def words(self, entry: Entry) -> Words:
        """What it is found by."""
        line = self.line(entry)
        return Words(int(line.channel), f"{line.ref} {line.subject} {line.customer} {line.agent} {entry.reason}")

    def agents(self, entry: Entry | None) -> list[str]:
        """Who could take the ticket of an entry."""
        board = self._live.present
        if board is None or entry is None:
            return []
        return [able.name for able in able_agents(board, self.line(entry).type, self._now())]
