"""The trail in people's words."""

from __future__ import annotations

from console.models.domain.audit import Outcome
from console.models.domain.audit_words import (
    ACTION_WORDS,
    OUTCOME_WORDS,
    action_words,
    actor_words,
    object_words,
    outcome_words,
    reason_words,
    role_words,
)
from console.models.domain.roles import Action, Refusal


def test_every_action_and_outcome_has_words() -> None:
    assert set(ACTION_WORDS) == {action.value for action in Action}
    assert set(OUTCOME_WORDS) == {outcome.value for outcome in Outcome}


def test_what_a_newer_console_wrote_is_shown_as_it_is() -> None:
    assert action_words("ticket.teleport") == "ticket.teleport"
    assert object_words("spaceship", "7") == "spaceship 7"
    assert outcome_words("perhaps") == "perhaps"
    assert role_words("supervisor,captain") == "Supervisor, captain"


def test_words_of_a_row() -> None:
    assert actor_words("") == "(console)"
    assert object_words("ticket", "20418") == "Ticket 20418"
    assert reason_words("refused", "own_proposal") == Refusal.OWN_PROPOSAL.sentence
    assert reason_words("done", "own_proposal") == "own_proposal"
    assert role_words("") == ""
