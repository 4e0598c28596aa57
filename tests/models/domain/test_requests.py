"""The machine of a compensation request: its table, four eyes, lapses, and what counts against an agent's limit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import MINUTE
from console.models.domain.compensation import Case, offers
from console.models.domain.complaints import Cause
from console.models.domain.escalation import Cause as EscalationCause
from console.models.domain.escalation import Urgency
from console.models.domain.money import Money
from console.models.domain.requests import (
    OPEN,
    TABLE,
    AlreadyDecided,
    Request,
    RequestRefused,
    RequestState,
    Step,
    after,
    asks_for_approval,
    is_undecided,
    limit_left,
    propose,
)
from tests.models.domain.escalation_cases import NOON
from tests.models.domain.test_compensation import RULES

WAIT = 30 * MINUTE
LIMIT = Money(50_00)


def asked(loss: int = 180_00, chosen: int = 1, limit: Money = LIMIT, urgency: Urgency = Urgency.P3) -> Request:
    case = Case(Money(loss), Cause.OTHER)
    return propose(17, case, offers(case, RULES, limit), chosen, limit, "Li", NOON, WAIT, "third delay", urgency)


def test_what_is_within_the_limit_is_granted_at_once() -> None:
    made = asked(loss=40_00)
    assert (made.state, made.due_at, made.decided_at) == (RequestState.GRANTED, None, NOON)


def test_what_is_above_the_limit_waits_for_a_second_person_with_a_due_time() -> None:
    made = asked()
    assert (made.state, made.due_at, made.decided_at) == (RequestState.PROPOSED, NOON + WAIT, None)
    assert asks_for_approval(made).key.cause is EscalationCause.APPROVAL


def test_an_offer_that_is_none_of_the_three_is_refused() -> None:
    with pytest.raises(ValueError, match="one of the three"):
        asked(chosen=3)


@pytest.mark.parametrize("name", ["Li", " li ", "LI"])
def test_nobody_approves_their_own_proposal_however_it_is_spelt(name: str) -> None:
    with pytest.raises(RequestRefused, match="proposed themselves"):
        after(asked(), Step.APPROVE, NOON, name, "", WAIT)


def test_a_decline_needs_a_reason() -> None:
    with pytest.raises(RequestRefused, match="reason"):
        after(asked(), Step.DECLINE, NOON, "Wang", " ", WAIT)


def test_it_lapses_at_its_due_time_and_not_before() -> None:
    with pytest.raises(RequestRefused, match="not due"):
        after(asked(), Step.LAPSE, NOON + WAIT - 1, "system", "", WAIT)
    lapsed = after(asked(), Step.LAPSE, NOON + WAIT, "system", "", WAIT)
    assert (lapsed.state, lapsed.lapsed_at, lapsed.due_at) == (RequestState.LAPSED, NOON + WAIT, NOON + 2 * WAIT)


def test_after_a_sleep_the_last_lapse_counts_and_the_next_is_to_come() -> None:
    lapsed = after(asked(), Step.LAPSE, NOON + 5 * WAIT + 1, "system", "", WAIT)
    assert (lapsed.lapses, lapsed.lapsed_at, lapsed.due_at) == (5, NOON + 5 * WAIT, NOON + 6 * WAIT)


def test_a_lapse_is_a_breach_and_so_at_least_p2() -> None:
    lapsed = after(asked(), Step.LAPSE, NOON + WAIT, "system", "", WAIT)
    assert is_undecided(lapsed).urgency is Urgency.P2
    urgent = after(asked(urgency=Urgency.P1), Step.LAPSE, NOON + WAIT, "system", "", WAIT)
    assert is_undecided(urgent).urgency is Urgency.P1
    with pytest.raises(ValueError, match="not lapsed"):
        is_undecided(asked())


def test_a_lapsed_one_can_still_be_decided() -> None:
    lapsed = after(asked(), Step.LAPSE, NOON + WAIT, "system", "", WAIT)
    done = after(lapsed, Step.APPROVE, NOON + 2 * WAIT, "Wang", "loyal customer", WAIT)
    assert (done.state, done.due_at, done.decided_by) == (RequestState.APPROVED, None, "Wang")


def test_grants_of_one_ticket_count_together() -> None:
    small = asked(loss=20_00)
    assert small.state is RequestState.GRANTED
    assert limit_left(LIMIT, [small, asked()]) == Money(50_00 - small.offer.total.hundredths)
    assert limit_left(Money(10_00), [small]) == Money(0)


MOVES = st.sampled_from([Step.APPROVE, Step.DECLINE, Step.WITHDRAW, Step.LAPSE])
STEPS = st.lists(st.tuples(MOVES, st.sampled_from(["Li", "Wang", "Zhao"])), max_size=12)


@given(STEPS, st.lists(st.integers(0, 2 * WAIT), min_size=12, max_size=12))
def test_there_is_never_a_second_decision_and_always_a_due_time_while_it_is_open(
    steps: list[tuple[Step, str]], waits: list[int]
) -> None:
    request, now, decisions = asked(), NOON, 0
    for (step, actor), wait in zip(steps, waits, strict=False):
        now += wait
        before = request
        if before.state not in OPEN:
            with pytest.raises(AlreadyDecided):
                after(request, step, now, actor, "because", WAIT)
            continue
        try:
            request = after(request, step, now, actor, "because", WAIT)
        except RequestRefused:
            continue
        decisions += step is not Step.LAPSE
        assert before.state in OPEN
        assert request.version == before.version + 1
        assert request.is_open == (request.due_at is not None)
        assert request.due_at is None or request.due_at > now
        assert (before.case, before.offers, before.limit) == (request.case, request.offers, request.limit)
    assert decisions <= 1
    assert decisions == (request.state not in OPEN)


def test_every_open_state_can_be_decided_and_lapses() -> None:
    assert {state for state, _step in TABLE} == OPEN
    for state in OPEN:
        assert {step for at, step in TABLE if at is state} == {Step.APPROVE, Step.DECLINE, Step.WITHDRAW, Step.LAPSE}
