"""What people ask of tickets: written down with its audit row or not at all, and pending until it is done."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.clock import MINUTE
from console.models.actions.authorize import Refused
from console.models.domain.call_backs import Kept
from console.models.domain.commands import Delivery, Ordered, Verb
from console.models.domain.contacts import ComplaintTier, Emotion, InquiryType, Priority, Status
from console.models.domain.roles import Actor, Refusal
from console.models.store import acting
from console.models.store.audit import Wanted
from tests.models.actions.office import ANN, BOB, COACH, STRANGER, VIEWER, Office


def told(made: list[Ordered]) -> list[tuple[int, Verb, str]]:
    return [(ordered.ticket, ordered.verb, ordered.name) for ordered in made]


def test_many_tickets_are_assigned_at_once_and_each_has_its_row(office: Office) -> None:
    office.assigned(2, "Mei")
    made = office.tickets.assign(ANN, [1, 2], "Wang")
    assert told(made) == [(1, Verb.ASSIGN, "Wang"), (2, Verb.ASSIGN, "Wang")]
    assert [(one.source, one.ref, one.former, one.state) for one in made] == [
        ("file", "T1", "", Delivery.REQUESTED),
        ("helpdesk", "T2", "Mei", Delivery.REQUESTED),
    ]
    assert {ticket: told(list(found)) for ticket, found in office.pending.pending([1, 2, 3]).items()} == {
        1: [(1, Verb.ASSIGN, "Wang")],
        2: [(2, Verb.ASSIGN, "Wang")],
    }
    rows = office.trail.rows(Wanted(action="ticket.assign"))
    assert [(row.object_id, row.role, row.outcome) for row in rows] == [
        ("2", "supervisor", "done"),
        ("1", "supervisor", "done"),
    ]
    assert json.loads(rows[0].before or "") == {"assignee": "Mei"}
    assert json.loads(rows[0].after or "")["assign"] == "Wang"
    assert office.orders == 1


def test_of_many_tickets_all_are_asked_for_or_none(office: Office) -> None:
    with pytest.raises(Refused) as caught:
        office.tickets.assign(ANN, [1, 99], "Wang")
    assert caught.value.refusal is Refusal.NO_SUCH_TICKET
    assert office.pending.pending() == {}
    assert office.audited() == [("ann", "ticket.assign", "1,99", "refused", "no_such_ticket")]
    assert office.orders == 0


def test_a_ticket_named_twice_is_asked_for_once(office: Office) -> None:
    assert told(office.tickets.assign(ANN, [1, 1], "Wang")) == [(1, Verb.ASSIGN, "Wang")]


def each_verb(office: Office, actor: Actor) -> dict[str, tuple[str, Callable[[], object]]]:
    """Every verb with its permission."""
    later, desk = office.clock.now() + 10 * MINUTE, office.tickets
    return {
        "assign": ("ticket.assign", lambda: desk.assign(actor, [1, 2], "Mei")),
        "unassign": ("ticket.assign", lambda: desk.unassign(actor, [2])),
        "priority": ("ticket.change", lambda: desk.set_priority(actor, [1], Priority.HIGH)),
        "status": ("ticket.change", lambda: desk.set_status(actor, [1], Status.RESOLVED)),
        "queue": ("ticket.change", lambda: desk.move(actor, [1], "returns")),
        "note": ("ticket.note", lambda: desk.note(actor, 1, "called twice")),
        "classify": ("ticket.classify", lambda: desk.classify(actor, 1, InquiryType.WARRANTY, Emotion.HIGH)),
        "call_back": ("ticket.change", lambda: desk.call_back(actor, 1, later, "Mei", "refund")),
        "settle": ("ticket.change", lambda: desk.settle_call_back(actor, 1, Kept.DONE, "reached")),
    }


@pytest.mark.parametrize("actor", [VIEWER, STRANGER, Actor("")], ids=["viewer", "unknown", "nobody"])
def test_nobody_without_a_role_asks_for_anything_and_each_refusal_is_recorded(office: Office, actor: Actor) -> None:
    for action, call in each_verb(office, actor).values():
        with pytest.raises(Refused):
            call()
        assert office.audited()[-1][:2] == (actor.name, action)
        assert office.audited()[-1][3:] == ("refused", "not_permitted" if actor.name else "nobody")
    assert office.pending.pending() == {}
    assert office.pending.call_backs() == []


def test_a_coach_notes_and_corrects_but_gives_no_tickets(office: Office) -> None:
    office.tickets.note(COACH, 1, "listen to this one")
    office.tickets.classify(COACH, 1, InquiryType.COMPLAINT)
    with pytest.raises(Refused):
        office.tickets.assign(COACH, [1], "Mei")


@pytest.mark.parametrize(
    ("ask", "why"),
    [
        (lambda o: o.tickets.assign(ANN, [1], "Nobody"), "no_such_agent"),
        (lambda o: o.tickets.assign(ANN, [], "Mei"), "nothing_said"),
        (lambda o: o.tickets.note(ANN, 1, "  "), "nothing_said"),
        (lambda o: o.tickets.classify(ANN, 1, None), "nothing_said"),
        (lambda o: o.tickets.move(ANN, [1], ""), "nothing_said"),
        (lambda o: o.tickets.call_back(ANN, 1, o.clock.now(), "Mei", "?"), "time_past"),
        (lambda o: o.tickets.call_back(ANN, 1, o.clock.now() + 1, "Nobody", "?"), "no_such_agent"),
        (lambda o: o.tickets.note(ANN, 99, "?"), "no_such_ticket"),
        (lambda o: o.tickets.settle_call_back(ANN, 1, Kept.DONE), "no_such_call_back"),
    ],
)
def test_nonsense_is_refused_and_recorded(office: Office, ask: Callable[[Office], object], why: str) -> None:
    with pytest.raises(Refused):
        ask(office)
    assert office.audited()[-1][3:] == ("refused", why)
    assert office.pending.pending() == {}


def test_the_words_of_a_note_are_not_on_the_trail(office: Office) -> None:
    office.tickets.note(ANN, 1, " her number is 555 ")
    (ordered,) = office.pending.pending([1])[1]
    assert ordered.text == "her number is 555"
    row = office.trail.rows(Wanted())[0]
    assert "555" not in f"{row.reason}{row.before}{row.after}"


def test_a_correction_says_only_what_was_corrected(office: Office) -> None:
    made = office.tickets.classify(ANN, 1, None, Emotion.LOW, ComplaintTier.NONE)
    assert [(one.verb, one.value) for one in made] == [(Verb.EMOTION, Emotion.LOW), (Verb.COMPLAINT, 0)]


def test_a_call_back_is_an_obligation_with_an_owner_a_time_and_an_outcome(office: Office) -> None:
    later = office.clock.now() + 10 * MINUTE
    office.tickets.call_back(ANN, 3, later, "Mei", "about the refund")
    (call,) = office.pending.call_backs()
    assert (call.ticket, call.owner, call.due_at, call.state) == (3, "Mei", later, Kept.PROMISED)
    office.tickets.settle_call_back(BOB, call.id, Kept.NOT_REACHED, "line busy")
    assert office.pending.call_backs() == []
    (kept,) = office.pending.call_backs(3)
    assert (kept.state, kept.outcome, kept.settled_by) == (Kept.NOT_REACHED, "line busy", "bob")
    with pytest.raises(Refused):
        office.tickets.settle_call_back(ANN, call.id, Kept.DONE)


def test_a_call_back_is_not_promised_again_by_settling_it(office: Office) -> None:
    office.tickets.call_back(ANN, 3, office.clock.now() + MINUTE, "Mei", "")
    with pytest.raises(Refused):
        office.tickets.settle_call_back(ANN, 1, Kept.PROMISED)


def test_an_assignment_is_undone_to_who_had_it_or_to_nobody(office: Office) -> None:
    office.assigned(2, "Mei")
    made = office.tickets.assign(ANN, [1, 2], "Wang")
    back = office.tickets.undo(ANN, made)
    assert back is not None
    assert told(back) == [(1, Verb.UNASSIGN, ""), (2, Verb.ASSIGN, "Mei")]


def test_only_who_assigned_undoes_it_and_only_while_nobody_moved_it_on(office: Office) -> None:
    made = office.tickets.assign(ANN, [2], "Wang")
    with pytest.raises(Refused) as caught:
        office.tickets.undo(BOB, made)
    assert caught.value.refusal is Refusal.NOT_OWN
    office.assigned(2, "Mei")
    with pytest.raises(Refused) as caught:
        office.tickets.undo(ANN, made)
    assert caught.value.refusal is Refusal.ILLEGAL
    assert office.audited()[-1] == ("ann", "ticket.assign", "2", "refused", "illegal")


def test_tickets_are_shared_out_each_to_its_own_agent(office: Office) -> None:
    office.assigned(1, "Mei")
    office.assigned(2, "Mei")
    made = office.tickets.share_out(ANN, [(1, "Mei", "Wang"), (2, "Mei", "Wang"), (3, "", "Mei")])
    assert told(made) == [(1, Verb.ASSIGN, "Wang"), (2, Verb.ASSIGN, "Wang"), (3, Verb.ASSIGN, "Mei")]
    rows = office.trail.rows(Wanted(action="ticket.assign"))
    assert [(row.object_id, json.loads(row.before or ""), row.outcome) for row in rows] == [
        ("3", {"assignee": ""}, "done"),
        ("2", {"assignee": "Mei"}, "done"),
        ("1", {"assignee": "Mei"}, "done"),
    ]
    back = office.tickets.undo(ANN, made)
    assert back is not None
    assert told(back) == [(1, Verb.ASSIGN, "Mei"), (2, Verb.ASSIGN, "Mei"), (3, Verb.UNASSIGN, "")]


@pytest.mark.parametrize(
    ("moves", "why"),
    [
        ([(1, "Mei", "Wang"), (2, "Wang", "Mei")], Refusal.OWNER_CHANGED),
        ([(1, "Mei", "Wang"), (2, "Mei", "Nobody")], Refusal.NO_SUCH_AGENT),
        ([(1, "Mei", "Wang"), (99, "Mei", "Wang")], Refusal.NO_SUCH_TICKET),
        ([(1, "Mei", "Wang"), (1, "Mei", "Mei")], Refusal.ILLEGAL),
        ([], Refusal.NOTHING_SAID),
    ],
)
def test_tickets_are_shared_out_all_or_none(office: Office, moves: list[tuple[int, str, str]], why: Refusal) -> None:
    office.assigned(1, "Mei")
    office.assigned(2, "Mei")
    with pytest.raises(Refused) as caught:
        office.tickets.share_out(ANN, moves)
    assert caught.value.refusal is why
    assert office.pending.pending() == {}
    assert [(outcome, reason) for *_who, outcome, reason in office.audited()] == [("refused", why.value)]


def test_what_was_said_is_not_undone(office: Office) -> None:
    assert office.tickets.undo(ANN, office.tickets.note(ANN, 1, "called")) is None
    assert office.tickets.undo(ANN, []) is None


VERBS = ["assign", "unassign", "priority", "status", "queue", "note", "classify", "call_back", "settle"]
PEOPLE = [ANN, BOB, COACH, VIEWER, STRANGER]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(VERBS)), max_size=8))
def test_whatever_is_asked_outbox_and_trail_move_together(office: Office, calls: list[tuple[Actor, str]]) -> None:
    for actor, verb in calls:
        before, rows = counted(office), len(office.audited())
        try:
            each_verb(office, actor)[verb][1]()
        except Refused:
            assert counted(office) == before
            assert [row[3] for row in office.audited()[rows:]] == ["refused"]
        else:
            assert counted(office) != before
            assert {row[3] for row in office.audited()[rows:]} == {"done"}


def counted(office: Office) -> tuple[object, ...]:
    with office.readers.connect() as connection:
        commands = connection.exec_driver_sql("SELECT count(*) FROM command").scalar()
        return (commands, *connection.exec_driver_sql("SELECT count(*), sum(state) FROM call_back").one())


def test_without_its_row_on_the_trail_nothing_is_asked_for(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    before = counted(office)

    def full(*_anything: object) -> None:
        raise OSError("no room for the trail")

    monkeypatch.setattr(acting, "append", full)
    for _action, call in each_verb(office, ANN).values():
        with pytest.raises(OSError, match="no room"):
            call()
    assert counted(office) == before
    assert office.orders == 0
