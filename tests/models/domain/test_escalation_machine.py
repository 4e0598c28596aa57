"""The inbox against a plain model, over random histories: none lost, none doubled, none stuck."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from console.clock import MINUTE, SECOND
from console.models.domain.escalation import (
    TERMINAL,
    Cause,
    Entry,
    EscalationRefused,
    Event,
    Happening,
    Key,
    ObjectKind,
    Occurrence,
    State,
    Urgency,
)
from console.models.domain.escalation_ports import Outcome
from console.models.domain.ports import Progress
from console.models.store import database, schema
from console.models.store.database import place
from console.models.store.escalation_rows import SqlEscalationReader
from console.models.store.escalations import SqlEscalations
from tests.models.domain.escalation_cases import NOON, RULES

PEOPLE = ("Ann", "Bob", "Cid")
LEASE = 5 * SECOND
_empty: list[Path] = []


def empty_database() -> Path:
    """A file with the tables and nothing in them; migrated once, copied for every history."""
    if not _empty:
        folder = Path(tempfile.mkdtemp(prefix="empty-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        schema.upgrade(place(folder).file, Progress())
        _empty.append(place(folder).file)
    return _empty[0]


@dataclass
class Matter:
    """What a plain observer knows of one open matter."""

    urgency: Urgency
    state: State = State.RAISED
    owner: str = ""
    due_at: int = 0
    level: int = 0
    reminded: bool = False


@dataclass
class Model:
    """Every matter that is open, by its key; written as if for a single case, without tables."""

    open: dict[Key, Matter] = field(default_factory=dict)
    known: dict[Key, int] = field(default_factory=dict)

    def occur(self, what: Occurrence, now: int) -> Outcome:
        if what.key.cause is not Cause.BY_HAND and what.occurred_at <= self.known.get(what.key, -1):
            return Outcome.KNOWN
        self.known[what.key] = max(what.occurred_at, self.known.get(what.key, -1))
        matter = self.open.get(what.key)
        if matter is None:
            due = now + RULES.level_timeout.of(what.urgency)
            self.open[what.key] = Matter(what.urgency, due_at=due)
            return Outcome.NEW
        graver = what.urgency < matter.urgency
        matter.urgency = min(matter.urgency, what.urgency)
        if matter.state is State.RESOLVED or (graver and matter.state in (State.SNOOZED, State.RETURNED)):
            self.back(matter, now)
        elif graver and matter.state is State.RAISED:
            matter.due_at = min(matter.due_at, now + RULES.level_timeout.of(matter.urgency))
        elif graver and matter.state is State.ACKNOWLEDGED:
            matter.due_at = min(matter.due_at, now + RULES.progress_due.of(matter.urgency))
        return Outcome.AGAIN

    def back(self, matter: Matter, now: int) -> None:
        matter.state, matter.owner, matter.level, matter.reminded = State.RAISED, "", 0, False
        matter.due_at = now + RULES.level_timeout.of(matter.urgency)

    def pass_time(self, now: int) -> None:
        """Each matter that is due makes one step."""
        for key, matter in list(self.open.items()):
            if matter.due_at > now:
                continue
            if matter.state is State.RESOLVED:
                del self.open[key]
            elif matter.state is State.RAISED and matter.level + 1 < len(RULES.chain):
                matter.level += 1
                matter.due_at = now + RULES.level_timeout.of(matter.urgency)
            elif matter.state in (State.RAISED, State.EXHAUSTED):
                matter.state, matter.due_at = State.EXHAUSTED, now + RULES.exhausted_repeat
            elif matter.state is State.ACKNOWLEDGED and not matter.reminded:
                matter.reminded, matter.due_at = True, now + RULES.lapse_after
            else:
                self.back(matter, now)

    def may(self, matter: Matter, actor: str, what: Happening) -> bool:
        """Whether a person may do this now."""
        free = matter.state in (State.RAISED, State.EXHAUSTED, State.RETURNED)
        mine = matter.state in (State.ACKNOWLEDGED, State.SNOOZED) and matter.owner == actor
        match what:
            case Happening.ACKNOWLEDGE:
                return free or (mine and matter.state is State.SNOOZED)
            case Happening.RESOLVE:
                return free or mine
            case Happening.PROGRESS | Happening.SNOOZE:
                return mine and matter.state is State.ACKNOWLEDGED
            case Happening.RETURN:
                return (free and matter.state is not State.RETURNED) or (mine and matter.state is State.ACKNOWLEDGED)
            case Happening.HAND_OVER:
                return matter.state in (State.ACKNOWLEDGED, State.SNOOZED)
            case _:
                return matter.state is State.RESOLVED

    def act(self, matter: Matter, actor: str, event: Event, now: int) -> None:
        """A person does what they may."""
        match event.what:
            case Happening.ACKNOWLEDGE | Happening.HAND_OVER | Happening.PROGRESS:
                matter.state, matter.reminded = State.ACKNOWLEDGED, False
                matter.owner = event.to if event.what is Happening.HAND_OVER else actor
                matter.due_at = now + RULES.progress_due.of(matter.urgency)
            case Happening.SNOOZE:
                matter.state, matter.due_at, matter.reminded = State.SNOOZED, event.until, False
            case Happening.RETURN:
                matter.state, matter.due_at, matter.reminded = State.RETURNED, event.until, False
                matter.owner = event.to
            case Happening.RESOLVE:
                matter.state, matter.due_at, matter.reminded = State.RESOLVED, now + RULES.reopen_window, False
            case _:
                self.back(matter, now)


class InboxHistory(RuleBasedStateMachine):
    """Random histories on a real database, beside the model."""

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="inbox-"))
        file = shutil.copy(empty_database(), place(self.folder).file)
        self.readers = database.reader(Path(file))
        self.reader = SqlEscalationReader(self.readers)
        self.writer = SqlEscalations(database.writer(Path(file)), threading.Lock(), lambda _c, _m: None)
        self.now = NOON
        self.model = Model()
        self.ids: dict[Key, int] = {}

    @rule(
        ticket=st.integers(1, 2),
        cause=st.sampled_from([Cause.BREACH, Cause.BY_HAND]),
        urgency=st.sampled_from(list(Urgency)),
        ago=st.sampled_from([0, 0, 3, 40]),
    )
    def occur(self, ticket: int, cause: Cause, urgency: Urgency, ago: int) -> None:
        at = self.now - ago * MINUTE
        what = Occurrence(Key(ObjectKind.TICKET, ticket, cause), "R-ESC", at, at, urgency, ticket)
        ((outcome, entry),) = self.writer.raise_all([what], self.now, RULES)
        assert outcome is self.model.occur(what, self.now)
        assert (outcome is Outcome.NEW) == (entry.id not in self.ids.values())
        self.ids[what.key] = entry.id

    @rule(minutes=st.sampled_from([0.5, 2, 5, 15, 30, 120]))
    def pass_time(self, minutes: float) -> None:
        self.now += round(minutes * MINUTE)
        due = sum(matter.due_at <= self.now for matter in self.model.open.values())
        made = self.writer.fire(self.writer.claim_due(self.now, LEASE, 99), self.now, RULES)
        assert len(made) == due
        self.model.pass_time(self.now)

    @precondition(lambda self: self.model.open)
    @rule(
        data=st.data(),
        actor=st.sampled_from(PEOPLE),
        what=st.sampled_from(
            [
                Happening.ACKNOWLEDGE,
                Happening.ACKNOWLEDGE,
                Happening.PROGRESS,
                Happening.SNOOZE,
                Happening.RETURN,
                Happening.RESOLVE,
                Happening.RESOLVE,
                Happening.HAND_OVER,
                Happening.REOPEN,
            ]
        ),
    )
    def act(self, data: st.DataObject, actor: str, what: Happening) -> None:
        key = data.draw(st.sampled_from(sorted(self.model.open)))
        matter = self.model.open[key]
        event = Event(what, "a reason", until=self.now + 20 * MINUTE, to=data.draw(st.sampled_from(PEOPLE)))
        if self.model.may(matter, actor, what):
            self.writer.move(self.ids[key], event, self.now, actor, RULES)
            self.model.act(matter, actor, event, self.now)
        else:
            with pytest.raises(EscalationRefused):
                self.writer.move(self.ids[key], event, self.now, actor, RULES)

    @invariant()
    def the_inbox_is_the_model(self) -> None:
        found = self.reader.open_entries()
        assert len({entry.key for entry in found}) == len(found), "doubled"
        assert {entry.key: self.seen(entry) for entry in found} == self.model.open

    @invariant()
    def the_history_tells_every_step(self) -> None:
        for id_ in set(self.ids.values()):
            entry, past = self.reader.entry(id_), self.reader.history(id_)
            assert len(past) == entry.version
            assert (past[-1].state, past[-1].owner, past[-1].due_at) == (entry.state, entry.owner, entry.due_at)
            assert [line.before for line in past] == [None, *(line.state for line in past[:-1])]
            assert all(line.state not in TERMINAL for line in past[:-1])

    def seen(self, entry: Entry) -> Matter:
        assert entry.due_at is not None
        return Matter(entry.urgency, entry.state, entry.owner, entry.due_at, entry.level, entry.reminded)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.writer.close()
            self.readers.dispose()
            shutil.rmtree(self.folder)


TestInbox = InboxHistory.TestCase
TestInbox.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)


@pytest.mark.long
@pytest.mark.timeout(3_600)
def test_two_thousand_histories() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(InboxHistory, settings=settings(max_examples=2_000, stateful_step_count=50))
