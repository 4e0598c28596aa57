"""R-ESC-LIFE: who goes off shift leaves nothing behind."""

from __future__ import annotations

import pytest

from console.clock import MINUTE
from console.models.domain.escalation import Event, Happening, State
from console.scheduling.escalations.shifts import hand_over
from tests.models.domain.escalation_cases import NOON, RULES, breach
from tests.scheduling.escalations.conftest import Centre


@pytest.fixture
def shift(centre: Centre) -> Centre:
    """Ann has two entries, one of them snoozed; Cid has one."""
    centre.writer.raise_all([breach(1), breach(2), breach(3)], NOON, RULES)
    centre.take(1, "Ann")
    centre.take(2, "Ann")
    centre.take(3, "Cid")
    snooze = Event(Happening.SNOOZE, "they call at noon", until=NOON + 20 * MINUTE)
    centre.writer.move(2, snooze, NOON, "Ann", RULES)
    return centre


def test_a_successor_gets_everything(shift: Centre) -> None:
    made = hand_over(shift.writer, shift.reader, "Ann", "Bob", NOON, RULES)
    assert [move.entry.id for move in made] == [1, 2]
    assert [(entry.id, entry.state) for entry in shift.reader.of_owner("Bob")] == [
        (1, State.ACKNOWLEDGED),
        (2, State.ACKNOWLEDGED),
    ]
    assert [entry.id for entry in shift.reader.of_owner("Cid")] == [3]


def test_without_a_successor_the_chain_is_told_again(shift: Centre) -> None:
    hand_over(shift.writer, shift.reader, "Ann", "", NOON, RULES)
    assert shift.reader.of_owner("Ann") == []
    assert [entry.state for entry in map(shift.reader.entry, (1, 2))] == [State.RAISED] * 2
    assert sorted({notice.entry for notice in shift.reader.waiting(99)}) == [1, 2]


def test_what_changed_between_the_look_and_the_move_is_looked_at_again(shift: Centre) -> None:
    class Behind:
        """A reader whose first look is older than a move that another made."""

        def __init__(self) -> None:
            self.looks = 0

        def of_owner(self, owner: str) -> list[object]:
            self.looks += 1
            found = shift.reader.of_owner(owner)
            if self.looks == 1:
                shift.writer.move(1, Event(Happening.HAND_OVER, to="Cid"), NOON, "Cid", RULES)
            return found

    reader = Behind()
    made = hand_over(shift.writer, reader, "Ann", "Bob", NOON, RULES)
    assert [move.entry.id for move in made] == [2]
    assert [entry.id for entry in shift.reader.of_owner("Cid")] == [1, 3]
    assert reader.looks == 2


def test_nobody_takes_over_from_themselves(shift: Centre) -> None:
    with pytest.raises(ValueError, match="Ann"):
        hand_over(shift.writer, shift.reader, "Ann", "Ann", NOON, RULES)
