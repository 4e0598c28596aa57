"""A shift that ends: entries in every state, requests, call backs and follow-ups over a demonstration morning."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import insert

from console.clock import HOUR, MINUTE
from console.models.actions.hand_over import HandOverActions
from console.models.domain.call_backs import Kept
from console.models.domain.escalation import Cause, Event, Happening, Key, ObjectKind, Occurrence, Urgency
from console.models.domain.follow_ups import Resolved, owed
from console.models.queries.handover import Sheet, gather, sheet
from console.models.store import database
from console.models.store.command_tables import call_back
from console.models.store.follow_ups import SqlFollowUps
from console.models.store.hand_over import SqlHandOvers
from tests.models.actions.house import LI, POLICY
from tests.views.screens.centre import MORNING
from tests.views.screens.compensation_stage import CompensationStage

if TYPE_CHECKING:
    from console.models.live.board import Board

RULES = POLICY.escalation


class HandOverStage(CompensationStage):
    """``desk`` signs and reads; ``entries`` escalations stand on the most urgent tickets."""

    def __init__(self, folder: Path, entries: int = 12) -> None:
        super().__init__(folder)
        self._more = database.reader(self.house.file)
        self.hand_overs = SqlHandOvers(self.house.writer, self._more)
        self.left: list[tuple[str, str]] = []
        self.desk = HandOverActions(self.hand_overs, self.clock, lambda name, to: self.left.append((name, to)))
        self._fill(entries)

    @property
    def board(self) -> Board:
        """The board of the morning."""
        board = self.live.board
        assert board is not None
        return board

    def sheet(self, at: int = MORNING) -> Sheet:
        """The sheet of an instant."""
        return sheet(gather(self.hand_overs, at), self.board)

    def close(self) -> None:
        """Take everything apart."""
        super().close()
        self._more.dispose()

    def _fill(self, entries: int) -> None:
        columns = self.board.columns
        waiting = np.flatnonzero(columns.waiting_since[: columns.count])
        ids = columns.id[waiting[np.argsort(columns.waiting_since[waiting])]].tolist()
        write = self.house.writer
        for number in range(entries):
            ticket = ids[number % len(ids)]
            since = MORNING - (10 + 7 * number % 200) * MINUTE
            cause = (Cause.WAIT, Cause.BREACH, Cause.COMPLAINT, Cause.BY_HAND)[number % 4]
            cycle = f"first_response:{number}" if cause is Cause.BREACH else str(number)
            key = Key(ObjectKind.TICKET, ticket, cause, cycle)
            reason = "客户要求主管回电，已等待两次，情绪激动" if cause is Cause.BY_HAND else ""
            urgency = Urgency(1 + number % 3)
            occurrence = Occurrence(key, "R-ESC", since, since + 5 * MINUTE, urgency, ticket, reason)
            made = write.raise_all([occurrence], since + 5 * MINUTE, RULES)[0].entry
            at = since + 6 * MINUTE
            if number % 5 == 1:
                write.move(made.id, Event(Happening.ACKNOWLEDGE), at, ("Li", "Wang", "陈晨")[number % 3], RULES)
            elif number % 5 == 2:
                write.move(made.id, Event(Happening.ACKNOWLEDGE), at, "Li", RULES)
                write.move(made.id, Event(Happening.RESOLVE, "called"), at + MINUTE, "Li", RULES)
            elif number % 5 == 3 and made.due_at is not None:
                for _level in RULES.chain:
                    entry = self.house.inbox.entry(made.id)
                    write.fire(write.claim_due(entry.due_at or 0, MINUTE, 1_000), entry.due_at or 0, RULES)
        self.ask()
        with write.transaction() as connection:
            for number in range(3):
                connection.execute(
                    insert(call_back).values(
                        id=number + 1,
                        ticket=ids[number],
                        owner=("陈晨", "Li", "Wang")[number],
                        text="确认新地址后回电",
                        due_at=MORNING + (number - 1) * 20 * MINUTE,
                        state=Kept.PROMISED,
                        promised_at=MORNING - HOUR,
                        promised_by=LI.name,
                        settled_by="",
                        outcome="",
                    )
                )
        rules = POLICY.follow_up
        with SqlFollowUps(write, self._more).change() as change:
            for number, ticket in enumerate(ids[:2]):
                gone = Resolved(ticket, MORNING - (20 + 6 * number) * HOUR, "陈晨")
                change.add(owed(gone, rules.follow_up_within, rules.satisfaction_within))
