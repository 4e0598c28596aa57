"""Several finders as one: each is heard, whatever becomes of the others."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from console.clock import MINUTE, SECOND
from console.models.domain.escalation import Occurrence
from console.models.policy import policy
from console.models.policy.policy import Policy
from console.scheduling.escalations.crossings import AllCrossings
from console.scheduling.escalations.sweeper import Sweeper
from tests.models.domain.escalation_cases import NOON, RULES, breach
from tests.scheduling.escalations.conftest import Centre, Clocks


class Moody(Clocks):
    """A finder that can fail, knows what stands, and follows the policy."""

    def __init__(self, *found: Occurrence) -> None:
        super().__init__()
        self.all = list(found)
        self.policies: list[Policy] = []
        self.stands: list[Occurrence] = []

    def standing(self, at: int) -> Sequence[Occurrence]:
        if self.fails:
            raise RuntimeError("no answer")
        return self.stands

    def set_policy(self, policy: Policy) -> None:
        if self.fails:
            raise RuntimeError("no answer")
        self.policies.append(policy)


def tickets(found: Sequence[Occurrence]) -> list[int]:
    return [one.ticket for one in found]


def test_a_finder_that_fails_does_not_silence_the_others(caplog: pytest.LogCaptureFixture) -> None:
    sound, moody = Clocks(), Moody(breach(2, at=NOON + SECOND))
    sound.all = [breach(1, at=NOON + SECOND)]
    both = AllCrossings([moody, sound])
    moody.fails = True
    assert tickets(both.between(NOON, NOON + SECOND)) == [1]
    assert tickets(both.between(NOON + SECOND, NOON + MINUTE)) == []
    assert both.failures == ("no answer",)
    assert both.answered_to(NOON + MINUTE) == NOON
    assert caplog.text.count("cannot say what crossed") == 1
    moody.fails = False
    # It lost nothing: it is asked from where it last answered.
    assert tickets(both.between(NOON + MINUTE, NOON + 2 * MINUTE)) == [2]
    assert both.failures == ()
    assert both.answered_to(NOON + 2 * MINUTE) == NOON + 2 * MINUTE
    assert sound.asked[-1] == (NOON + MINUTE, NOON + 2 * MINUTE)


def test_the_soonest_of_all_is_the_next() -> None:
    one, other = Moody(breach(1, at=NOON + MINUTE)), Moody(breach(2, at=NOON + SECOND))
    assert AllCrossings([one, other]).next_after(NOON) == NOON + SECOND
    assert AllCrossings([Clocks()]).next_after(NOON) is None


def test_a_policy_is_told_at_the_next_turn() -> None:
    moody = Moody()
    both = AllCrossings([Clocks(), moody])
    figures = policy.default()
    both.set_policy(figures)
    assert moody.policies == []
    for _turn in range(2):
        both.between(NOON, NOON + SECOND)
    assert moody.policies == [figures]


def test_a_policy_is_told_again_to_a_finder_that_failed_and_to_those_that_join() -> None:
    moody, late = Moody(), Moody()
    both = AllCrossings([moody], expects_more=True)
    figures = policy.default()
    both.set_policy(figures)
    moody.fails = True
    both.between(NOON, NOON + SECOND)
    moody.fails = False
    both.join([late])
    for _turn in range(2):
        both.between(NOON, NOON + SECOND)
    assert (moody.policies, late.policies) == ([figures], [figures])


def test_the_kept_watermark_waits_for_a_finder_that_fails(centre: Centre) -> None:
    moody = Moody(breach(2, at=NOON + MINUTE))
    moody.fails = True
    centre.crossings.all = [breach(1, at=NOON + MINUTE)]

    def turn(seconds: float = 0) -> list[int]:
        centre.clock.advance(seconds)
        return [entry.ticket for entry in sweeper.sweep().raised]

    sweeper = Sweeper(centre.writer, centre.reader, [centre.crossings, moody], lambda: RULES, centre.clock)
    assert turn() == []
    assert turn(120) == [1]
    # A crash here: the next run asks both again from where the silent one stopped, and raises nothing twice.
    moody.fails = False
    sweeper = Sweeper(centre.writer, centre.reader, [centre.crossings, moody], lambda: RULES, centre.clock)
    assert turn() == [2]


def test_what_stands_at_the_very_first_start_is_raised_once(centre: Centre) -> None:
    moody = Moody(breach(1, at=NOON - MINUTE), breach(2, at=NOON - 2 * MINUTE))
    moody.stands = [breach(2, at=NOON - 2 * MINUTE)]
    for _start in range(2):
        sweeper = Sweeper(centre.writer, centre.reader, [moody], lambda: RULES, centre.clock)
        sweeper.sweep()
        centre.clock.advance(60)
        sweeper.sweep()
    assert [entry.ticket for entry in centre.reader.open_entries()] == [2]


def test_what_stands_for_a_finder_that_failed_then_is_raised_when_it_answers(centre: Centre) -> None:
    moody = Moody()
    moody.stands = [breach(2, at=NOON - MINUTE)]
    moody.fails = True
    sweeper = Sweeper(centre.writer, centre.reader, [moody, centre.crossings], lambda: RULES, centre.clock)
    assert sweeper.sweep().raised == ()
    moody.fails = False
    assert [entry.ticket for entry in sweeper.sweep().raised] == [2]
    moody.stands = [breach(3, at=NOON - MINUTE)]
    assert sweeper.sweep().raised == ()


def test_what_crosses_while_finders_load_is_owed_to_them(centre: Centre) -> None:
    late = Moody(breach(2, at=NOON + SECOND), breach(3, at=NOON + 20 * SECOND))
    late.stands = [breach(1, at=NOON - MINUTE)]
    found = AllCrossings([centre.crossings], expects_more=True)
    sweeper = Sweeper(centre.writer, centre.reader, found, lambda: RULES, centre.clock)
    centre.crossings.all = [breach(9, at=NOON + SECOND)]

    def turn(seconds: float) -> list[int]:
        centre.clock.advance(seconds)
        return [entry.ticket for entry in sweeper.sweep().raised]

    assert turn(0) == []
    assert turn(15) == [9]
    found.report("the disk is slow")
    assert found.failures == ("the disk is slow",)
    watermark = centre.reader.watermark()
    assert watermark is not None
    assert watermark.swept_to == NOON
    found.join([late])
    assert turn(10) == [1, 2, 3]
    assert found.failures == ()
    assert found.answered_to(NOON + MINUTE) == NOON + MINUTE
