"""What the inbox adds to the command palette: open entries, found by words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from console.models.domain.escalation import Entry
from console.models.queries.inbox_lines import Line, who
from console.views.screen import Offer


class InboxOffers:
    """``find`` gives the entries that contain all words, worst first; ``jump`` goes to a screen and a thing on it."""

    def __init__(
        self,
        find: Callable[[str], Sequence[Entry]],
        line_of: Callable[[Entry], Line],
        sentence: Callable[[Line], str],
        jump: Callable[[str, object], None],
    ) -> None:
        self._find, self._line, self._sentence, self._jump = find, line_of, sentence, jump

    def offers(self, words: str, limit: int) -> Iterable[Offer]:
        """At most ``limit`` entries."""
        if not words.split():
            return
        for entry in self._find(words)[:limit]:
            line = self._line(entry)
            run = partial(self._jump, "escalations", ("entry", entry.id))
            yield Offer(f"P{int(entry.urgency)}  {who(line)}", self._sentence(line), "bell-ringing", run)
