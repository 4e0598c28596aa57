from __future__ import annotations

import itertools

import pytest

from console.models.actions.authorize import authorize
from console.models.domain.roles import (
    FOUR_EYES,
    PERMITTED,
    ROLE_WORDS,
    AccountRole,
    Action,
    Actor,
    Refusal,
    Target,
    same_person,
)

ESCALATION = Target("escalation", "7")
OFFER = Target("compensation", "3", author="wang")
ACTS = {Action.BOARD_VIEW, Action.ACCOUNTS_VIEW, Action.SIGN_IN}


def actor(*roles: AccountRole, name: str = "li") -> Actor:
    return Actor(name, frozenset(roles))


def test_every_action_stands_in_the_table_once() -> None:
    assert set(PERMITTED) == set(Action)
    assert all(len(set(roles)) == len(roles) for roles in PERMITTED.values())
    assert set(ROLE_WORDS) == set(AccountRole)
    assert all(refusal.sentence for refusal in Refusal)


@pytest.mark.parametrize("action", [action for action in Action if action not in ACTS])
def test_a_viewer_sees_but_does_not_act(action: Action) -> None:
    for who in (actor(), actor(AccountRole.VIEWER)):
        decision = authorize(who, action, OFFER)
        assert decision.refusal is Refusal.NOT_PERMITTED
        assert decision.reason


@pytest.mark.parametrize(("role", "action"), list(itertools.product(AccountRole, Action)))
def test_the_table_decides(role: AccountRole, action: Action) -> None:
    expected = role in PERMITTED[action] or AccountRole.VIEWER in PERMITTED[action]
    assert authorize(actor(role), action, OFFER).allowed is expected


def test_what_is_not_in_the_table_nobody_may_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(PERMITTED, Action.TICKET_NOTE)  # type: ignore[arg-type]
    everything = actor(*AccountRole)
    assert authorize(everything, Action.TICKET_NOTE, ESCALATION).refusal is Refusal.NOT_PERMITTED


def test_nobody_acts_without_a_name() -> None:
    assert authorize(actor(AccountRole.ADMIN, name=" "), Action.BOARD_VIEW, ESCALATION).refusal is Refusal.NOBODY


def test_the_decision_names_the_role_that_permits() -> None:
    both = actor(AccountRole.ADMIN, AccountRole.SUPERVISOR)
    assert authorize(both, Action.TICKET_ASSIGN, ESCALATION).role is AccountRole.SUPERVISOR
    assert authorize(both, Action.POLICY_EDIT, ESCALATION).role is AccountRole.ADMIN


@pytest.mark.parametrize("action", FOUR_EYES)
@pytest.mark.parametrize("name", ["wang", " WANG", "Wang "])
def test_no_role_makes_an_author_their_own_approver(action: Action, name: str) -> None:
    everything = actor(*AccountRole, name=name)
    assert authorize(everything, action, OFFER).refusal is Refusal.OWN_PROPOSAL
    assert authorize(actor(*AccountRole), action, OFFER).allowed


def test_a_proposal_of_nobody_is_approved_by_nobody() -> None:
    offer = Target("compensation", "3")
    decision = authorize(actor(*AccountRole), Action.COMPENSATION_APPROVE, offer)
    assert decision.refusal is Refusal.UNKNOWN_AUTHOR


def test_everybody_may_set_their_own_passphrase_and_no_other() -> None:
    assert authorize(actor(), Action.PASSPHRASE_SET, Target("account", "li", author="li")).allowed
    wang = Target("account", "wang", author="wang")
    assert authorize(actor(), Action.PASSPHRASE_SET, wang).refusal is Refusal.NOT_PERMITTED
    assert authorize(actor(AccountRole.ADMIN), Action.PASSPHRASE_SET, wang).allowed


def test_one_person_under_two_spellings() -> None:
    assert same_person("Straße", " STRASSE ")
    assert not same_person("li", "lin")
