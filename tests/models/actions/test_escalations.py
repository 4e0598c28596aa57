"""What people do with the inbox: who may, what is refused, what stands on the trail, and how it is undone."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.clock import HOUR, MINUTE
from console.errors import KnownError
from console.models.actions.authorize import Refused
from console.models.domain.escalation import (
    AlreadyOwned,
    ChangedMeanwhile,
    IllegalMove,
    State,
    Transition,
    Urgency,
)
from console.models.domain.escalation_ports import Outcome
from console.models.domain.roles import AccountRole, Actor, Refusal
from console.models.store import acting
from console.models.store.audit import Wanted
from tests.models.actions.office import ANN, BOB, COACH, STRANGER, VIEWER, Office
from tests.models.domain.escalation_cases import breach, by_hand


def test_who_takes_an_entry_owns_it_and_the_trail_says_by_which_role(office: Office) -> None:
    entry = office.raised()
    made = office.act.acknowledge(ANN, entry, 1)
    assert (made.entry.state, made.entry.owner) == (State.ACKNOWLEDGED, "ann")
    row = office.trail.rows(Wanted())[0]
    assert (row.actor, row.role, row.action, row.object_id) == (
        "ann",
        "supervisor",
        "escalation.acknowledge",
        str(entry),
    )
    assert json.loads(row.before or "")["state"] == "raised"
    assert json.loads(row.after or "")["owner"] == "ann"
    assert office.pokes == 1
    assert [move.event.what.key for move in office.by_the_console] == ["raise"], "a person's move brings its own row"


def test_the_reason_stands_on_the_trail(office: Office) -> None:
    entry = office.raised()
    office.act.acknowledge(ANN, entry)
    office.act.resolve(ANN, entry, 2, "refunded")
    assert office.audited()[-1] == ("ann", "escalation.resolve", str(entry), "done", "refunded")


def each_verb(office: Office, actor: Actor, entry: int) -> dict[str, Callable[[], object]]:
    later = office.clock.now() + 10 * MINUTE
    return {
        "acknowledge": lambda: office.act.acknowledge(actor, entry),
        "note": lambda: office.act.progress(actor, entry, None, "called"),
        "snooze": lambda: office.act.snooze(actor, entry, None, later, "lunch"),
        "return": lambda: office.act.give_back(actor, entry, None, "Mei", later, "yours"),
        "resolve": lambda: office.act.resolve(actor, entry, None, "done"),
        "reopen": lambda: office.act.reopen(actor, entry, None, "not done"),
        "hand_over": lambda: office.act.hand_over(actor, entry, None, "bob"),
        "merge": lambda: office.act.merge(actor, entry, None, 99),
        "raise": lambda: office.act.raise_by_hand(actor, 1, "", "help"),
    }


@pytest.mark.parametrize("actor", [VIEWER, STRANGER, Actor("")], ids=["viewer", "unknown", "nobody"])
def test_nobody_without_a_role_does_anything_and_each_refusal_is_recorded(office: Office, actor: Actor) -> None:
    entry = office.raised()
    before = office.entries.entry(entry)
    for verb, call in each_verb(office, actor, entry).items():
        rows = len(office.audited())
        with pytest.raises(Refused):
            call()
        name, action, _object, outcome, why = office.audited()[-1]
        assert (name, action, outcome) == (actor.name, f"escalation.{verb}", "refused")
        assert why == ("not_permitted" if actor.name else "nobody")
        assert len(office.audited()) == rows + 1
    assert office.entries.entry(entry) == before
    assert office.pokes == 0


def test_roles_that_were_taken_meanwhile_do_not_count(office: Office) -> None:
    entry = office.raised()
    with office.accounts.change() as change:
        account = change.find("ann")
        assert account is not None
        change.take(account, AccountRole.SUPERVISOR)
    with pytest.raises(Refused):
        office.act.acknowledge(Actor("ann", frozenset({AccountRole.SUPERVISOR})), entry)


def test_an_illegal_move_is_refused_by_the_machine_and_on_the_trail(office: Office) -> None:
    entry = office.raised()
    with pytest.raises(IllegalMove):
        office.act.snooze(ANN, entry, 1, office.clock.now() + MINUTE, "nobody has it")
    assert office.audited()[-1] == ("ann", "escalation.snooze", str(entry), "refused", "illegal")
    assert office.entries.entry(entry).version == 1


def test_two_people_cannot_both_take_it(office: Office) -> None:
    entry = office.raised()
    office.act.acknowledge(ANN, entry, 1)
    with pytest.raises(AlreadyOwned, match="ann already has"):
        office.act.acknowledge(BOB, entry, 1)
    assert office.audited()[-1][3:] == ("refused", "illegal")
    assert office.entries.entry(entry).owner == "ann"


def test_who_looked_at_an_older_version_is_told(office: Office) -> None:
    entry = office.raised()
    office.inbox.raise_all([breach(at=office.clock.now() + 10 * HOUR)], office.clock.now(), office.act._rules())
    with pytest.raises(ChangedMeanwhile):
        office.act.acknowledge(ANN, entry, 1)
    assert office.audited()[-1][3:] == ("refused", "illegal")


def test_an_entry_that_is_not_there_is_refused(office: Office) -> None:
    with pytest.raises(Refused, match="no such escalation"):
        office.act.acknowledge(ANN, 42)
    assert office.audited()[-1] == ("ann", "escalation.acknowledge", "42", "refused", "no_such_entry")


def test_an_entry_goes_only_to_people_who_may_take_it(office: Office) -> None:
    entry = office.raised()
    office.act.acknowledge(ANN, entry)
    for to in ("cora", "vic", "nobody-here"):
        with pytest.raises(Refused) as caught:
            office.act.hand_over(ANN, entry, None, to)
        assert caught.value.refusal is Refusal.NOT_A_TAKER
    assert office.act.hand_over(ANN, entry, None, "bob").entry.owner == "bob"


def test_an_entry_is_given_back_only_to_an_agent_there_is(office: Office) -> None:
    entry, later = office.raised(), office.clock.now() + 10 * MINUTE
    with pytest.raises(Refused, match="no agent"):
        office.act.give_back(ANN, entry, None, "Wnag", later, "yours")
    assert office.act.give_back(ANN, entry, None, "Wang", later, "yours").entry.state is State.RETURNED


def test_a_coach_tells_of_progress_only_where_the_machine_lets_her(office: Office) -> None:
    entry = office.raised()
    office.act.acknowledge(ANN, entry)
    with pytest.raises(AlreadyOwned):
        office.act.progress(COACH, entry, None, "I listened to it")


def test_a_ticket_is_raised_by_hand_to_a_level_of_the_chain(office: Office) -> None:
    raised = office.act.raise_by_hand(COACH, 3, "duty_manager", "she asks for you", urgency=Urgency.P1)
    entry = office.entries.entry(raised.entry.id)
    assert entry.chain == ("duty_manager", "head_of_service")
    assert (entry.ticket, entry.urgency, entry.reason) == (3, Urgency.P1, "she asks for you")
    assert office.audited()[-1] == ("cora", "escalation.raise", str(entry.id), "done", "she asks for you")


def test_each_raise_by_hand_names_its_rule_and_ticket_on_the_trail(office: Office) -> None:
    first = office.act.raise_by_hand(ANN, 3, "", "too hard")
    office.clock.advance(60)
    again = office.act.raise_by_hand(BOB, 3, "", "she called once more")
    assert (again.outcome, again.entry.id) == (Outcome.AGAIN, first.entry.id)
    for row in office.trail.rows(Wanted(action="escalation.raise")):
        told = json.loads(row.after or "")
        assert (told["rule"], told["ticket"]) == ("R-ESC", 3)


def test_another_line_is_told_before_the_chain(office: Office) -> None:
    raised = office.act.raise_by_hand(ANN, 3, "second_line", "too hard")
    assert raised.entry.chain == ("second_line", "shift_supervisor", "duty_manager", "head_of_service")


def test_a_ticket_that_is_not_there_cannot_be_raised(office: Office) -> None:
    with pytest.raises(Refused, match="no such ticket"):
        office.act.raise_by_hand(ANN, 4711, "", "?")
    assert office.audited()[-1] == ("ann", "escalation.raise", "4711", "refused", "no_such_ticket")


def done_then_undone(office: Office, entry: int, do: Callable[[], Transition]) -> None:
    """Undo leads back to the state, owner and level before; a reopened entry starts at the first level."""
    before = office.entries.entry(entry)
    made = do()
    back = office.act.undo(ANN, made)
    assert back is not None
    after = office.entries.entry(entry)
    was = State.RAISED if before.state is State.EXHAUSTED else before.state
    assert (after.state, after.owner) == (was, before.owner)
    assert after.version > made.entry.version, "it is a move of its own"
    row = office.trail.rows(Wanted())[0]
    assert json.loads(row.after or "")["undoes"] == row.action


def test_what_was_done_to_a_raised_entry_is_undone(office: Office) -> None:
    entry, later = office.raised(), office.clock.now() + 10 * MINUTE
    done_then_undone(office, entry, lambda: office.act.acknowledge(ANN, entry))
    done_then_undone(office, entry, lambda: office.act.give_back(ANN, entry, None, "Mei", later, "yours"))
    done_then_undone(office, entry, lambda: office.act.resolve(ANN, entry, None, "done"))


def test_taking_is_undone_at_the_level_it_was_taken_from(office: Office) -> None:
    entry = office.raised()
    office.clock.advance(400)
    office.inbox.fire(office.inbox.claim_due(office.clock.now(), MINUTE, 9), office.clock.now(), office.act._rules())
    assert office.entries.entry(entry).level == 1
    done_then_undone(office, entry, lambda: office.act.acknowledge(ANN, entry))
    assert office.entries.entry(entry).level == 1


def test_what_was_done_to_an_own_entry_is_undone(office: Office) -> None:
    entry, later = office.raised(), office.clock.now() + 10 * MINUTE
    office.act.acknowledge(ANN, entry)
    done_then_undone(office, entry, lambda: office.act.snooze(ANN, entry, None, later, "lunch"))
    done_then_undone(office, entry, lambda: office.act.give_back(ANN, entry, None, "Mei", later, "yours"))
    done_then_undone(office, entry, lambda: office.act.hand_over(ANN, entry, None, "bob"))
    done_then_undone(office, entry, lambda: office.act.resolve(ANN, entry, None, "done"))
    office.act.resolve(ANN, entry, None, "done")
    done_then_undone(office, entry, lambda: office.act.reopen(ANN, entry, None, "not done"))


def test_what_was_done_to_an_entry_put_aside_is_undone(office: Office) -> None:
    entry, later = office.raised(), office.clock.now() + 10 * MINUTE
    office.act.acknowledge(ANN, entry)
    office.act.snooze(ANN, entry, None, later, "lunch")
    for do in (
        lambda: office.act.acknowledge(ANN, entry),
        lambda: office.act.hand_over(ANN, entry, None, "bob"),
        lambda: office.act.resolve(ANN, entry, None, "done"),
    ):
        done_then_undone(office, entry, do)
        assert office.entries.entry(entry).due_at == later


def test_what_was_told_or_merged_is_not_undone(office: Office) -> None:
    entry, other = office.raised(), office.raised(by_hand(5))
    office.act.acknowledge(ANN, entry)
    assert office.act.undo(ANN, office.act.progress(ANN, entry, None, "called")) is None
    assert office.act.undo(ANN, office.act.merge(ANN, entry, None, other)) is None


def test_only_who_did_it_undoes_it_and_only_while_nothing_else_happened(office: Office) -> None:
    entry = office.raised()
    made = office.act.acknowledge(ANN, entry)
    with pytest.raises(Refused) as caught:
        office.act.undo(BOB, made)
    assert caught.value.refusal is Refusal.NOT_OWN
    office.act.progress(ANN, entry, None, "called")
    with pytest.raises(ChangedMeanwhile):
        office.act.undo(ANN, made)
    assert office.audited()[-1][3:] == ("refused", "illegal")


def test_an_undo_of_several_moves_is_made_whole_or_not_at_all(office: Office) -> None:
    entry, later = office.raised(), office.clock.now() + MINUTE
    office.act.acknowledge(ANN, entry)
    office.act.snooze(ANN, entry, None, later, "lunch")
    made = office.act.resolve(ANN, entry, None, "done")
    office.clock.advance(120)
    with pytest.raises(IllegalMove):
        office.act.undo(ANN, made)
    assert office.entries.entry(entry) == made.entry, "reopened and taken, but it could not be put aside again"


VERBS = ["acknowledge", "note", "snooze", "return", "resolve", "reopen", "hand_over", "merge", "raise"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    calls=st.lists(st.tuples(st.sampled_from([ANN, BOB, COACH, VIEWER, STRANGER]), st.sampled_from(VERBS)), max_size=12)
)
def test_whatever_is_asked_state_and_trail_move_together(office: Office, calls: list[tuple[Actor, str]]) -> None:
    entry = office.raised(by_hand())
    for actor, verb in calls:
        before, rows, moves = office.entries.entry(entry), len(office.audited()), _moves(office)
        try:
            each_verb(office, actor, entry)[verb]()
        except KnownError:
            assert office.entries.entry(entry) == before
            assert _moves(office) == moves
            assert len(office.audited()) == rows + 1
            assert office.audited()[-1][3] == "refused"
        else:
            made = _moves(office) - moves
            assert made >= 1
            assert [row[3] for row in office.audited()[rows:]] == ["done"] * made


def _moves(office: Office) -> int:
    with office.readers.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM escalation_event").scalar() or 0)


def test_without_its_row_on_the_trail_nothing_is_done(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = office.raised()
    before = office.entries.entry(entry)

    def full(*_anything: object) -> None:
        raise OSError("no room for the trail")

    monkeypatch.setattr(acting, "append", full)
    for actor in (ANN, VIEWER):
        for call in each_verb(office, actor, entry).values():
            with pytest.raises((OSError, KnownError)):
                call()
    assert office.entries.entry(entry) == before
    assert _moves(office) == 1
    assert office.audited() == []
