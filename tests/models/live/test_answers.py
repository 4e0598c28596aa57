"""What the board knows of answers equals a plain count over the log, however the events arrived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import MINUTE, SECOND
from console.models.domain.contacts import Channel, Role, Status
from console.models.domain.events import Kind
from console.models.domain.ports import Batch, Rows
from console.models.live.answers import CHANNELS, Answers
from console.models.live.board import Board
from console.models.live.sliding import Sliding
from console.models.policy import policy as policies
from console.models.policy.policy import IS_LIVE
from tests.models.live.logs import START, chats, logs
from tests.models.live.reference import FINAL, Ticket

POLICY = policies.default()
PERSONS = {Role.UNKNOWN, Role.AGENT, Role.SUPERVISOR}


def plain_answers(rows: Iterable[np.void]) -> list[tuple[int, int, int, int, int]]:
    """Every answer that ended a wait: (at, waited, agent, queue key, time of the agent), one event after the other."""
    tickets: dict[int, Ticket] = {}
    told = []
    for row in sorted(rows, key=lambda row: tuple(int(row[name]) for name in ("at", "native", "source", "key"))):
        if row["kind"] >= 64:
            continue
        ticket = tickets.setdefault(int(row["subject"]), Ticket())
        at = int(row["at"])
        picked_up = row["kind"] == Kind.CONNECTED and ticket.channel == Channel.PHONE
        if picked_up or (row["kind"] == Kind.PUBLIC_REPLY and row["role"] in PERSONS):
            waits = ticket.unanswered_since or ticket.status in (Status.UNKNOWN, Status.NEW, Status.OPEN)
            never = not ticket.first_reply_at and ticket.status not in FINAL and waits
            since = ticket.created_at if never and ticket.created_at else ticket.unanswered_since
            if since:
                key = ticket.queue * CHANNELS + ticket.channel
                own = at - max(since, ticket.assigned_at)
                written = IS_LIVE[ticket.channel] and ticket.channel != Channel.PHONE
                told.append((at, at - since, int(row["actor"]) if written else 0, key, max(own, 0)))
        ticket.apply(row)
    return told


@given(st.one_of(logs(tickets=4, most=80), chats()), st.integers(0, 60), st.integers(1, 10))
def test_answers_in_the_window_equal_a_plain_count(rows: Rows, minute: int, pieces: int) -> None:
    now = START + minute * MINUTE
    rows = rows[np.lexsort((rows["key"], rows["source"], rows["native"], rows["at"]))]
    rows = rows[rows["at"] <= now]
    board = Board(POLICY)
    for part in np.array_split(rows, pieces):
        board.apply(Batch(part))
    board.replace(rows[np.isin(rows["subject"], list(board.late))], until=1 << 40)
    told = plain_answers(rows)
    queues, measured = board.answers.queues(now)
    # Queues are counted by half minutes: the window begins with the one in which half an hour ago lies.
    begin = (now - POLICY.forecast.throughput_over) // (30 * SECOND) * 30 * SECOND
    expected = Counter(key for at, _waited, _agent, key, _own in told if at >= begin)
    assert measured == POLICY.forecast.throughput_over
    assert {key: n for key, n in enumerate(queues.counts.tolist()) if n} == expected
    agents = board.answers.agents(now)
    times: Counter[int] = Counter()
    for at, _waited, agent, _key, own in told:
        if agent and at > now - POLICY.agent_slow.window:
            times[agent] += own
    assert {agent: n for agent, n in enumerate(agents.sums.tolist()) if n} == {a: n for a, n in times.items() if n}


def at_night(policy: object = POLICY) -> Answers:
    return Answers(policy)  # type: ignore[arg-type]


_happened = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 5), st.integers(0, 90)), max_size=40)


@given(st.lists(_happened, max_size=6), st.integers(1, 30))
def test_sliding_totals_equal_a_sum_over_everything(parts: list[list[tuple[int, int, int]]], step: int) -> None:
    sliding = Sliding(step)
    seen: list[tuple[int, int, int]] = []
    since = 0
    for part in parts:
        if part:
            at, keys, amounts = (np.array(column, dtype=np.int64) for column in zip(*part, strict=True))
            sliding.add(at, keys, amounts)
            # What is added after its step has left the stretch does not come back.
            seen += [row for row in part if row[0] // step >= since // step]
        since = max(since, part[0][0] if part else 0)
        totals = sliding.totals(since)
        inside = [row for row in seen if row[0] // step >= since // step]
        for key in range(6):
            mine = [amount for _at, of, amount in inside if of == key]
            assert (totals.counts[key], totals.sums[key]) == (len(mine), sum(mine))
    again = Sliding(step)
    again.restore(sliding.export())
    assert again.export().tolist() == sliding.export().tolist()
    assert again.totals(since).sums.tolist() == sliding.totals(since).sums.tolist()


def test_memory_is_bounded_however_much_happens() -> None:
    sliding = Sliding(SECOND)
    for second in range(4_000):
        sliding.add(np.full(50, second * SECOND), np.arange(50) % 3, np.ones(50, dtype=np.int64))
        sliding.forget((second - 1_800) * SECOND)
    assert len(sliding) <= 1_801
    assert sliding.nbytes <= 1_801 * 3 * 3 * 8


def test_a_new_policy_keeps_the_answers_and_counts_turns_anew_where_the_measure_changed() -> None:
    answers = at_night()
    answers._newest = START
    budget = replace(POLICY.reply_rates[Channel.MARKETPLACE], enabled=True)
    answers.measure_by(replace(POLICY, reply_rates={Channel.MARKETPLACE: budget}))
    assert answers.turns.known_from == START
    assert answers.known_from == 0


@pytest.mark.parametrize("minutes", [5, 29])
def test_a_young_board_says_how_long_it_has_measured(minutes: int) -> None:
    answers = at_night()
    answers.begin_at(START)
    assert answers.queues(START + minutes * MINUTE)[1] == minutes * MINUTE
