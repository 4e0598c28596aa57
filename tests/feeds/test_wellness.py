"""An inbox that is behind says so."""

from __future__ import annotations

import pytest

from console.clock import SECOND
from console.feeds.wellness import inbox_trouble
from console.scheduling.escalations.auditor import Finding


@pytest.mark.parametrize(
    ("finding", "says"),
    [
        (Finding(overdue=1, oldest_late=11 * SECOND), "1 escalation is overdue by 11 s"),
        (
            Finding(overdue=3, oldest_late=40 * SECOND, silent_seconds=50.0),
            "3 escalations are overdue, the oldest by 40 s",
        ),
        (Finding(silent_seconds=31.2), "looked at the clocks for 31 s"),
        (Finding(failure="locked", overdue=1), "late: locked."),
        (Finding(blind=("Deadlines: no answer",)), "Deadlines: no answer"),
    ],
)
def test_the_worst_is_said(finding: Finding, says: str) -> None:
    trouble = inbox_trouble(finding)
    assert trouble is not None
    assert says in trouble.text
    assert not trouble.grave


def test_what_is_well_says_nothing() -> None:
    assert inbox_trouble(Finding()) is None
