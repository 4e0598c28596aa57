"""A policy file that a person wrote keeps its comments when keys are changed, and holds exactly what was asked for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.models.policy.rewriting import rewritten, values_of

WRITTEN = """# our centre
[first_response.channel]
# agreed in May
email = "12 h"   # was 24
phone = "30 s"

[calendar.week]
monday = ["09:00-12:00"]

[calendar.exceptions]
"2026-10-01" = []
"""


def test_a_value_is_replaced_in_its_place() -> None:
    text = rewritten(WRITTEN, values_of(WRITTEN) | {"first_response.channel.email": "8 h"})
    assert text == WRITTEN.replace('"12 h"', '"8 h"')


def test_a_new_key_stands_under_its_table() -> None:
    text = rewritten(WRITTEN, values_of(WRITTEN) | {"first_response.channel.sms": "2 min"})
    assert text == WRITTEN.replace('phone = "30 s"', 'phone = "30 s"\nsms = "2 min"')


def test_a_new_table_stands_at_the_end() -> None:
    text = rewritten(WRITTEN, values_of(WRITTEN) | {"freshness.lost_after": "9 min"})
    assert text == WRITTEN + '\n[freshness]\nlost_after = "9 min"\n'


def test_a_key_is_taken_out_with_its_line_and_the_comments_above_stay() -> None:
    wanted = values_of(WRITTEN)
    del wanted["first_response.channel.email"]
    assert rewritten(WRITTEN, wanted) == WRITTEN.replace('email = "12 h"   # was 24\n', "")


def test_days_come_and_go_one_by_one() -> None:
    wanted = values_of(WRITTEN) | {"calendar.exceptions": {"2026-12-31": ["09:00-12:00"]}}
    text = rewritten(WRITTEN, wanted)
    assert text == WRITTEN.replace('"2026-10-01" = []', '2026-12-31 = ["09:00-12:00"]')
    del wanted["calendar.week"]
    assert "calendar.week" not in rewritten(text, wanted)


def test_a_table_in_one_line_is_written_anew_under_the_comment_at_the_top() -> None:
    text = '# ours\nfreshness = { lost_after = "9 min" }\n'
    wanted = values_of(text) | {"freshness.stale_after": "20 s"}
    assert rewritten(text, wanted) == '# ours\n\n[freshness]\nstale_after = "20 s"\nlost_after = "9 min"\n'


def test_nothing_leaves_nothing() -> None:
    assert rewritten("", {}) == ""
    assert rewritten("", {"freshness.lost_after": "9 min"}) == '[freshness]\nlost_after = "9 min"\n'


KEYS = {
    "first_response.channel.email": st.sampled_from(["1 h", "2 d"]),
    "freshness.lost_after": st.sampled_from(["9 min", "1 h"]),
    "freshness.stale_after": st.just("20 s"),
    "escalation.chain": st.lists(st.text(min_size=1, max_size=5), max_size=3),
    "calendar.exceptions": st.dictionaries(
        st.dates().map(str), st.lists(st.sampled_from(["09:00-12:00", "13:00-14:00"])), max_size=3
    ),
    "complaints.rates": st.dictionaries(st.sampled_from(["USD", "EUR"]), st.floats(0.1, 9)),
    "service_level.peak_share": st.floats(0.01, 1),
}
VALUES = st.fixed_dictionaries({}, optional=KEYS)
LAYOUTS = st.sampled_from(
    [
        "",
        WRITTEN,
        WRITTEN.replace("\n", "\r\n"),
        '# ours\nfreshness = { lost_after = "9 min" }\n[escalation]\nchain = [\n  "a", # one\n]\n',
        'freshness.lost_after = "8 min"\nescalation.chain = ["x"]\n[calendar]\nexceptions = {}\n[complaints.rates]\n',
        "[complaints]\nrates = { USD = 7.2 }\n[service_level]   # ours\npeak_share = 0.9 # of 1",
    ]
)


@given(LAYOUTS, VALUES)
def test_the_text_holds_exactly_what_was_asked_for(text: str, wanted: dict[str, Any]) -> None:
    assert values_of(rewritten(text, wanted)) == wanted


@pytest.mark.parametrize("text", [WRITTEN, WRITTEN.replace("\n", "\r\n")])
def test_the_same_values_leave_the_text(text: str) -> None:
    assert rewritten(text, values_of(text)) == WRITTEN
