"""The waiting line: taken in pieces, cut where it is very long, and read while the tickets change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.models.live import waiting_line
from console.models.live.answers import CHANNELS
from console.models.live.waiting_line import Waiting, line_of

NOW = 1_000

_ticket = st.tuples(st.integers(0, 5), st.sampled_from(range(900, 1_200, 50)), st.integers(0, 3), st.integers(0, 2))


def waiting(tickets: list[tuple[int, int, int, int]]) -> Waiting:
    """Tickets of (since when, due, channel, queue); since 0 does not wait."""
    since, due, channel, queue = (np.array(column, dtype=np.int64) for column in zip(*tickets, strict=True))
    return Waiting(since, due, channel.astype(np.uint8), queue.astype(np.uint16))


@given(st.lists(_ticket, min_size=1, max_size=40), st.integers(1, 12), st.integers(1, 9))
def test_a_line_is_that_of_a_plain_count(tickets: list[tuple[int, int, int, int]], longest: int, at_once: int) -> None:
    rests: list[None] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(waiting_line, "LONGEST", longest)
        patch.setattr(waiting_line, "_AT_ONCE", at_once)
        line, around = line_of(waiting(tickets), NOW, lambda: rests.append(None))
    who = [slot for slot, ticket in enumerate(tickets) if ticket[0]]
    here = sorted(who, key=lambda slot: tickets[slot][1])
    if len(who) > longest:
        here = [slot for slot in here if tickets[slot][1] > NOW]
    due = [tickets[slot][1] for slot in here]
    assert line.due.tolist() == due[: longest if len(who) > longest else None]
    assert [(since, due) for since, due in zip(line.since.tolist(), line.due.tolist(), strict=True)] == [
        tickets[slot][:2] for slot in line.slots.tolist()
    ]
    for slot in who:
        since, _due, channel, queue = tickets[slot]
        key = queue * CHANNELS + channel
        mates = [tickets[other] for other in who if tickets[other][2:] == (channel, queue)]
        assert around.oldest[key] == min(mate[0] for mate in mates) <= since
        before = sum(mate[1] <= NOW for mate in mates) if len(who) > longest else 0
        assert (around.before[key] if key < around.before.size else 0) == before
    assert len(rests) >= -(-len(tickets) // at_once)


def test_who_is_answered_while_the_line_is_read_is_not_in_it() -> None:
    class Answered(np.ndarray):
        """The column of due times: when it is read, the first ticket is answered behind our back."""

        def __getitem__(self, key: object) -> np.ndarray:
            found = np.asarray(self)[key]
            all_of.since[0], all_of.due[0] = 0, 0
            return found.view(type(self)) if isinstance(key, slice) else found

    all_of = waiting([(5, 1_500, 1, 1), (6, 1_600, 1, 1)])
    line, around = line_of(all_of._replace(due=all_of.due.view(Answered)), NOW)
    assert (line.slots.tolist(), line.due.tolist()) == ([1], [1_600])
    assert around.oldest[CHANNELS + 1] == 6
