"""The trail as a screen reads it, from a real database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.clock import DAY, HOUR, FixedClock
from console.errors import SetupError
from console.models.domain.audit import Entry, Outcome
from console.models.domain.audit_ports import AuditFilter
from console.models.domain.ports import Cancelled, Progress
from console.models.domain.roles import Action, Target
from console.models.store import audit_pages
from tests.models.actions.door import Door

ENTRIES = (
    (0, "li", Action.TICKET_ASSIGN, Target("ticket", "20418"), Outcome.DONE, "", {"agent": "王伟"}),
    (1, "Ana", Action.COMPENSATION_APPROVE, Target("ticket", "20418"), Outcome.REFUSED, "own_proposal", None),
    (2, "li", Action.EXPORT, Target("audit", ""), Outcome.DONE, "for the 100%_audit", {"rows": 3}),
)


@pytest.fixture
def door(tmp_path: Path, clock: FixedClock) -> Iterator[Door]:
    """One row of the founding, then one a day."""
    made = Door(tmp_path, clock)
    with made.accounts.change() as change:
        for day, actor, action, target, outcome, reason, after in ENTRIES:
            at = clock.now() + day * DAY
            change.record(Entry(at, actor, action, target, outcome, "supervisor", reason, None, after))
    yield made
    made.close()


def found(door: Door, **wanted: object) -> list[int]:
    return door.trail.numbers(AuditFilter(**wanted), Progress()).tolist()  # type: ignore[arg-type]


def test_no_filter_wants_all_newest_first(door: Door) -> None:
    assert found(door) == [4, 3, 2, 1]
    assert door.trail.count() == 4


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({"actors": frozenset({"li"})}, [4, 2]),
        ({"actors": frozenset({"li", "Ana"})}, [4, 3, 2]),
        ({"actors": frozenset({""})}, [1]),
        ({"people": True}, [4, 3, 2]),
        ({"actions": frozenset({"export"})}, [4]),
        ({"kinds": frozenset({"ticket"})}, [3, 2]),
        ({"kinds": frozenset({"ticket"}), "outcomes": frozenset({Outcome.REFUSED})}, [3]),
        ({"object_id": "20418"}, [3, 2]),
        ({"words": "王伟"}, [2]),
        ({"words": "ANA 204"}, [3]),
        ({"words": "100%_"}, [4]),
        ({"words": "%"}, [4]),
        ({"words": "nowhere"}, []),
    ],
)
def test_each_part_of_a_filter_narrows(door: Door, wanted: dict[str, object], numbers: list[int]) -> None:
    assert found(door, **wanted) == numbers


def test_a_span_of_time_is_half_open(door: Door, clock: FixedClock) -> None:
    now = clock.now()
    assert found(door, start=now + HOUR, end=now + 2 * DAY) == [3]
    assert found(door, start=now + HOUR, end=now + 2 * DAY + 1) == [4, 3]


def test_numbers_come_in_strides_and_can_be_stopped(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_pages, "_STEP", 3)
    assert found(door, words="i") == [4, 3, 2, 1]
    steps: list[tuple[int, int]] = []
    progress = Progress(report=lambda *step: steps.append(step), cancelled=lambda: len(steps) > 1)
    with pytest.raises(Cancelled):
        door.trail.numbers(AuditFilter(words="nowhere"), progress)


def test_only_what_is_behind_a_row_can_be_asked_for(door: Door) -> None:
    assert door.trail.numbers(AuditFilter(), Progress(), 2).tolist() == [4, 3]
    assert door.trail.numbers(AuditFilter(actors=frozenset({"li"})), Progress(), 2).tolist() == [4]
    assert door.trail.numbers(AuditFilter(words="li"), Progress(), 4).tolist() == []


def test_rows_are_fetched_by_number(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_pages, "_MOST_AT_ONCE", 2)
    rows = door.trail.rows([4, 3, 1, 99])
    assert [(row.seq, row.action) for row in rows] == [
        (4, "export"),
        (3, "compensation.approve"),
        (1, "accounts.manage"),
    ]


def test_choices_are_what_stands_on_the_trail(door: Door) -> None:
    choices = door.trail.choices()
    assert list(choices.actors) == ["", "Ana", "li"]
    assert list(choices.kinds) == ["account", "audit", "ticket"]
    assert "ticket.assign" in choices.actions


def test_last_sign_ins_count_only_those_that_were_let_in(door: Door, clock: FixedClock) -> None:
    with door.accounts.change() as change:
        for step, outcome in enumerate((Outcome.DONE, Outcome.DONE, Outcome.REFUSED)):
            change.record(Entry(clock.now() + step, "li", Action.SIGN_IN, Target("account", "li"), outcome))
    assert door.trail.last_sign_ins() == {"li": clock.now() + 1}


def test_a_damaged_file_is_told_with_a_remedy(door: Door) -> None:
    door.close()
    door.file.write_bytes(b"no database at all" * 400)
    with pytest.raises(SetupError, match="backup"):
        door.trail.count()
