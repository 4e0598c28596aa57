"""Routing rules as a value of the policy: what can be written, and what is told of what cannot (R-ROUTE)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from console.clock import MINUTE
from console.models.domain.contacts import Channel, ComplaintTier, InquiryType, Language, Tier
from console.models.domain.routing import Mode, Rule, Strategy
from console.models.domain.skills import Level
from console.models.policy import kinds
from console.models.policy import policy as policies
from console.models.policy.editing import edited, open_site
from console.models.policy.routing_kind import RULES
from console.models.policy.saying import said
from console.models.policy.showing import to_toml, toml_value

WHOLE = {
    "name": "Payment",
    "types": ["billing_payment", "unclassified"],
    "tiers": ["vip"],
    "languages": ["en"],
    "channels": ["web_chat"],
    "complaints": ["high"],
    "queues": ["General"],
    "to_teams": ["A"],
    "to_queues": ["Payment"],
    "least_level": "senior",
    "strategy": "longest_free",
    "widen_after": "2 min",
}


def test_a_rule_with_everything() -> None:
    assert RULES.read([WHOLE]) == (
        Rule(
            "Payment",
            frozenset({InquiryType.BILLING_PAYMENT, InquiryType.UNCLASSIFIED}),
            frozenset({Tier.VIP}),
            frozenset({Language.EN}),
            frozenset({Channel.WEB_CHAT}),
            frozenset({"General"}),
            frozenset({ComplaintTier.HIGH}),
            frozenset({"A"}),
            frozenset({"Payment"}),
            Level.SENIOR,
            Strategy.LONGEST_FREE,
            2 * MINUTE,
        ),
    )


@pytest.mark.parametrize(
    ("value", "at", "says"),
    [
        ("all", (), "not a list of rules"),
        (["all"], (0,), "not a rule"),
        ([{"to_teams": ["A"]}], (0, "name"), "no name"),
        ([{"name": "x"}], (0,), "does not say who"),
        ([{"name": "x", "team": "A"}], (0, "team"), "has no team"),
        ([{"name": "x", "to_teams": "A"}], (0, "to_teams"), "not a list of names"),
        ([{"name": "x", "to_teams": ["A"], "types": ["money"]}], (0, "types", 0), "money"),
        ([{"name": "x", "least_level": "boss"}], (0, "least_level"), "boss"),
        ([{"name": "x", "strategy": "luck"}], (0, "strategy"), "luck"),
        ([{"name": "x", "to_teams": ["A"], "widen_after": "soon"}], (0, "widen_after"), "soon"),
        ([{"name": "x", "to_teams": ["A"]}, {"name": "x", "to_teams": ["B"]}], (1, "name"), "two rules named x"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(value: Any, at: tuple[str | int, ...], says: str) -> None:
    with pytest.raises(kinds.Wrong) as error:
        RULES.read(value)
    assert error.value.at == at
    assert says in error.value.what
    assert error.value.write


def test_rules_are_written_into_a_file_and_read_back(tmp_path: Path) -> None:
    (tmp_path / policies.SITE_FILE).write_text('# ours\n[routing]\nmode = "suggest"\n', "utf-8")
    site = open_site(tmp_path)
    change = edited(site, {"routing.rules": [WHOLE], "routing.mode": "assign"})
    assert change.problems == ()
    assert change.text.startswith("# ours")
    assert change.policy is not None
    assert change.policy.routing.mode is Mode.ASSIGN
    assert change.policy.routing.rules == RULES.read([WHOLE])
    assert change.policy.routing.places == change.policy.skew.places
    assert said("routing.rules", [WHOLE]) == "Payment"
    assert toml_value([{"a b": [1, "x"]}]) == '[{"a b" = [1, "x"]}]'


def test_the_policy_is_shown_as_a_file_that_loads_with_its_rules(tmp_path: Path) -> None:
    (tmp_path / policies.SITE_FILE).write_text(f"[routing]\nrules = {toml_value([WHOLE])}\n", "utf-8")
    loaded = policies.load_site(tmp_path)
    shown = tmp_path / "shown.toml"
    shown.write_text(to_toml(loaded.entries), "utf-8")
    assert policies.load(shown).routing == loaded.policy.routing


def test_nothing_is_handed_out_unless_somebody_says_so() -> None:
    shipped = policies.default().routing
    assert shipped.mode is Mode.OFF
    assert shipped.rules == ()
    assert Channel.PHONE not in shipped.channels
