"""One row of the trail in full, whatever somebody made of it."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from console.models.domain.audit import Row
from console.models.queries.audit_facts import told_differences
from console.models.queries.audit_pages import Difference, differences, when

SHANGHAI = ZoneInfo("Asia/Shanghai")
ROW = Row(1, 1_795_312_800_000_000, "li", "", "ticket.assign", "ticket", "7", "done", "", None, None, "00")


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        (None, None, []),
        ('{"agent":"a","tag":"x"}', '{"agent":"b","tag":"x"}', [Difference("agent", "a", "b")]),
        (None, '{"rows":3}', [Difference("rows", "", "3")]),
        ('{"roles":["coach"]}', '{"roles":["coach","admin"]}', [Difference("roles", "coach", "coach, admin")]),
        ('{"owner":"li"}', '{"owner":null}', [Difference("owner", "li", "")]),
        (None, '{"limit":{"b":1,"a":"\\u9000\\u6b3e"}}', [Difference("limit", "", '{"a": "退款", "b": 1}')]),
        ('{"passphrase":false}', '{"passphrase":true}', [Difference("passphrase", "false", "true")]),
        ("no json", None, [Difference("", "no json", "")]),
        ("[1]", "[2]", [Difference("", "[1]", "[2]")]),
    ],
)
def test_what_a_row_changed(before: str | None, after: str | None, changes: list[Difference]) -> None:
    assert differences(replace(ROW, before=before, after=after)) == changes


def test_a_time_that_was_tampered_with_is_shown_as_it_is() -> None:
    assert when(ROW, SHANGHAI) == "2026-11-22T10:00:00+08:00"
    assert when(replace(ROW, at="soon"), SHANGHAI) == "soon"  # type: ignore[arg-type]
    assert when(replace(ROW, at=10**20), SHANGHAI) == str(10**20)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('{"state":"busy"}', '{"state":"break"}', [Difference("State", "Busy", "On break")]),
        (
            '{"queues":["Phone"]}',
            '{"queues":["Phone","Returns"]}',
            [Difference("Queues", "Phone", "Phone, Returns")],
        ),
        (
            '{"asked_at":1795312800000000}',
            '{"approved":true,"until":1795313400000000}',
            [
                Difference("Approved", "", "Yes"),
                Difference("Asked at", "2026-11-22 10:00:00", ""),
                Difference("Until", "", "2026-11-22 10:10:00"),
            ],
        ),
    ],
)
def test_what_was_done_to_an_agent_is_told_in_words(before: str, after: str, told: list[Difference]) -> None:
    row = replace(ROW, action="agent.state", object_kind="agent", before=before, after=after)
    assert sorted(told_differences(row, SHANGHAI), key=lambda change: change.name) == told
