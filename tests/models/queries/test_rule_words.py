"""Rules in words: whoever reads an entry need not know an id by heart."""

from __future__ import annotations

import pytest

from console.models.queries.rule_words import rule_id, rule_row, rule_words, stage_of
from tests.views.screens.centre import shipped_policy


def test_every_rule_of_the_policy_has_words() -> None:
    clocks = {rule.name for rule in shipped_policy().targets.rules}
    for rule in clocks | {"R-ESC", "R-AGENT-SLOW", "R-CMP-OFFER", "R-CMP-FOLLOW", "R-PROMISE"}:
        assert "R-" not in rule_words(rule)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("R-FRT-CHANNEL phone", "by channel, Phone"),
        ("R-CLOCK app_chat", "by channel, App chat"),
        ("R-CLOCK urgent", "by priority, Urgent"),
        ("R-FRT-EMOTION high", "by mood, Upset"),
        ("R-CMP-TIER high", "by complaint, High complaint"),
        ("R-STAGE assigned", "in the stage, Assigned"),
        ("R-FRT-CHAT", "answers on live channels"),
        ("X-OWN 7", "X-OWN 7"),
    ],
)
def test_a_rule_says_which_row_decided(rule: str, words: str) -> None:
    assert rule_words(rule) == words


def test_the_id_stands_alone_and_a_stage_is_named() -> None:
    assert rule_id("R-STAGE assigned") == "R-STAGE"
    assert stage_of("R-STAGE assigned") == "Assigned"
    assert stage_of("R-CLOCK urgent") == ""


def test_beside_the_name_of_its_clock_a_row_is_enough() -> None:
    assert rule_row("R-FRT-CHANNEL phone") == "Phone"
    assert rule_row("R-CMP-PLAN") == "for every complaint"
    assert rule_row("R-STAGE assigned") == ""
