"""R-ESC-LIFE: who goes off shift, by the log's word or their own, leaves nothing behind."""

from __future__ import annotations

import numpy as np
import pytest

from console.clock import HOUR, MINUTE
from console.errors import KnownError
from console.models.domain.contacts import AgentState
from console.models.domain.escalation import Event, Happening, State
from console.models.domain.events import ROW, Kind
from console.models.domain.ports import Batch, NameText
from console.models.live.agents import Agents
from console.scheduling.escalations.leavers import Leavers
from tests.models.domain.escalation_cases import NOON, RULES, breach
from tests.scheduling.escalations.conftest import Centre

WANG = 4


@pytest.fixture
def leavers(centre: Centre) -> Leavers:
    """Ann has the first entry; the second was returned to the agent Wang for an hour."""
    centre.writer.raise_all([breach(1), breach(2)], NOON, RULES)
    centre.take(1, "Ann")
    back = Event(Happening.RETURN, "call them", until=NOON + HOUR, to="Wang")
    centre.writer.move(2, back, NOON, "Ann", RULES)
    made = Leavers(centre.writer, centre.reader)
    made.know({"Wang": WANG, "Zhao": WANG + 1})
    return made


def word(kind: Kind, at: int, value: int = 0, agent: int = WANG) -> Batch:
    rows = np.zeros(1, ROW)
    rows["kind"], rows["at"], rows["value"], rows["subject"], rows["source"] = kind, at, value, agent, 1
    return Batch(rows)


def states(centre: Centre) -> list[State]:
    return [centre.reader.entry(number).state for number in (1, 2)]


@pytest.mark.parametrize(
    "gone", [word(Kind.AGENT_LOGOUT, NOON + MINUTE), word(Kind.AGENT_STATE, NOON + MINUTE, AgentState.OFFLINE)]
)
def test_an_agent_who_logs_out_leaves_it_to_the_chain(centre: Centre, leavers: Leavers, gone: Batch) -> None:
    leavers.feed(gone)
    (made,) = leavers.turn(NOON + MINUTE, RULES)
    assert (made.entry.id, made.entry.owner, made.entry.state) == (2, "", State.RAISED)
    assert leavers.turn(NOON + MINUTE, RULES) == []
    assert states(centre) == [State.ACKNOWLEDGED, State.RAISED]


def test_a_break_is_no_end_of_a_shift(centre: Centre, leavers: Leavers) -> None:
    leavers.feed(word(Kind.AGENT_PAUSED, NOON + MINUTE))
    leavers.feed(word(Kind.AGENT_STATE, NOON + MINUTE + 1, AgentState.AWAY))
    leavers.feed(word(Kind.AGENT_LOGOUT, NOON + MINUTE, agent=WANG + 1))
    assert leavers.turn(NOON + MINUTE, RULES) == []
    assert states(centre) == [State.ACKNOWLEDGED, State.RETURNED]


def test_an_old_log_out_that_arrives_late_sends_nobody_home(centre: Centre, leavers: Leavers) -> None:
    leavers.feed(word(Kind.AGENT_STATE, NOON + MINUTE, AgentState.AVAILABLE))
    leavers.feed(word(Kind.AGENT_LOGOUT, NOON - 9 * HOUR))
    assert leavers.turn(NOON + MINUTE, RULES) == []
    # Nor where nothing newer is known: what they got after it is for their next shift.
    other = Leavers(centre.writer, centre.reader)
    other.know({"Wang": WANG})
    other.feed(word(Kind.AGENT_LOGOUT, NOON - 9 * HOUR))
    assert other.turn(NOON + MINUTE, RULES) == []
    assert states(centre)[1] is State.RETURNED


def test_who_left_while_the_console_was_off_is_known_from_the_board(centre: Centre, leavers: Leavers) -> None:
    agents = Agents()
    agents.apply(word(Kind.AGENT_LOGOUT, NOON + MINUTE).rows)
    leavers.know({}, agents.export())
    assert [made.entry.id for made in leavers.turn(NOON + 2 * MINUTE, RULES)] == [2]


def test_a_name_that_comes_with_its_event_is_known(centre: Centre) -> None:
    made = Leavers(centre.writer, centre.reader)
    centre.writer.raise_all([breach(1)], NOON, RULES)
    centre.take(1, "Li")
    gone = word(Kind.AGENT_LOGOUT, NOON + MINUTE, agent=9)
    made.feed(Batch(gone.rows, names=[NameText("agent", 9, "Li")]))
    assert len(made.turn(NOON + MINUTE, RULES)) == 1


def test_a_supervisor_signs_off_to_a_successor(centre: Centre, leavers: Leavers) -> None:
    leavers.sign_off("Ann", NOON + MINUTE, "Bob")
    (made,) = leavers.turn(NOON + MINUTE, RULES)
    assert (made.entry.owner, made.entry.state) == ("Bob", State.ACKNOWLEDGED)
    with pytest.raises(ValueError, match="Ann"):
        leavers.sign_off("Ann", NOON, "Ann")


def test_a_database_that_cannot_take_it_now_takes_it_later(
    centre: Centre, leavers: Leavers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_named: object) -> None:
        raise KnownError("locked")

    leavers.sign_off("Ann", NOON + MINUTE)
    with monkeypatch.context() as locked:
        locked.setattr(centre.writer, "move", refuse)
        with pytest.raises(KnownError):
            leavers.turn(NOON + MINUTE, RULES)
    assert [made.entry.id for made in leavers.turn(NOON + 2 * MINUTE, RULES)] == [1]
