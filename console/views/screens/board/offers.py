"""What the board adds to the command palette: tickets and agents, found by words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import numpy as np

from console.i18n import _
from console.models.domain.contacts import Channel
from console.models.domain.glossary import word
from console.models.live.board import Board
from console.views.bridge import LiveBoard
from console.views.screen import Offer

_ALL_UP_TO = 100_000
_NEWEST = 3_000
"""Of a larger board only so many of the newest open tickets are looked through: a palette must answer at once."""


class BoardOffers:
    """Agents first, then tickets; the newest before the older."""

    def __init__(self, live: LiveBoard, open_ticket: Callable[[int], None], show_agent: Callable[[int], None]) -> None:
        self._live = live
        self._open_ticket = open_ticket
        self._show_agent = show_agent

    def offers(self, words: str, limit: int) -> Iterable[Offer]:
        """At most ``limit`` lines for these words."""
        board = self._live.board
        wanted = words.split()
        if board is None or not wanted:
            return []
        found = list(self._agents(board, wanted, limit))
        return [*found, *self._tickets(board, wanted, limit - len(found))]

    def _agents(self, board: Board, wanted: list[str], limit: int) -> Iterator[Offer]:
        for id_ in range(1, board.names.size("agent")):
            name = board.names.text("agent", id_)
            if limit > 0 and name and all(part.casefold() in name.casefold() for part in wanted):
                limit -= 1
                yield Offer(name, _("Agent"), "user", partial(self._show_agent, id_))

    def _tickets(self, board: Board, wanted: list[str], limit: int) -> Iterator[Offer]:
        columns = board.columns
        if columns.count <= _ALL_UP_TO:
            found = np.logical_and.reduce([board.texts.find(part, columns.count) for part in wanted])
            slots = np.flatnonzero(found)[::-1]
        else:
            open_ones = np.flatnonzero(columns.resolved_at[: columns.count] == 0)[-_NEWEST:][::-1]
            slots = np.array(
                [slot for slot in open_ones if all(board.texts.contains(int(slot), part) for part in wanted)],
                dtype=np.int64,
            )
        for slot in slots[: max(0, limit)].tolist():
            ref, subject, customer = board.texts.get(slot)
            about = " · ".join(part for part in (customer, subject) if part)
            ticket = int(columns.id[slot])
            channel = word(Channel(int(columns.channel[slot])))
            yield Offer(f"{ref}  {about}", channel, "ticket", partial(self._open_ticket, ticket))
