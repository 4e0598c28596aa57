"""What the figures share is counted by index and counter, and equals a look at every ticket."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from console.clock import HOUR, MINUTE
from console.models.domain.contacts import Channel
from console.models.domain.ports import Batch, Rows
from console.models.live.board import Board
from console.models.live.fold import IS_FINAL
from console.models.policy import policy as policies
from console.models.queries.today import Look
from tests.models.live.logs import START, logs

POLICY = policies.default()


@given(logs(tickets=12), st.integers(0, 30 * 60))
def test_overdue_by_channel_counts_the_overdue_tickets(rows: Rows, minutes: int) -> None:
    board = Board(POLICY)
    board.apply(Batch(rows))
    look = Look(board, START + minutes * MINUTE)
    channels = board.columns.channel[look.overdue]
    assert look.overdue_by_channel == tuple(np.bincount(channels, minlength=len(Channel)).tolist())


@given(logs(tickets=12))
def test_in_progress_counts_those_who_wrote_after_the_end(rows: Rows) -> None:
    board = Board(POLICY)
    board.apply(Batch(rows))
    columns = board.columns
    shown = ~IS_FINAL[columns.of("status")] | (columns.of("waiting_since") > 0)
    look = Look(board, START + HOUR)
    assert look.in_progress == int(shown.sum())
    assert look.in_progress_by_channel == tuple(
        np.bincount(columns.of("channel")[shown], minlength=len(Channel)).tolist()
    )
