"""What people ask of agents: written down with its audit row or not at all, in order, and taken back where possible."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from console.clock import MINUTE
from console.models.actions.authorize import Refused
from console.models.domain.break_requests import BreakRequest
from console.models.domain.commands import Command, Delivery, Ordered, Outcome, Result, Verb, named
from console.models.domain.contacts import AgentState
from console.models.domain.events import Kind
from console.models.domain.roles import Actor, Refusal
from console.models.store.audit import Wanted
from tests.models.actions.office import ANN, BOB, COACH, LOCAL, STRANGER, VIEWER, Office


def refused(call: Callable[[], object]) -> Refusal:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.refusal


def test_agents_are_set_together_each_with_its_row_and_its_former_state(office: Office) -> None:
    office.told("Mei", Kind.AGENT_STATE, AgentState.BUSY)
    made = office.agents.set_state(ANN, ["Mei", "Wang"], AgentState.BREAK)
    assert [(one.agent, one.ticket, one.ref, one.verb, one.value, one.former) for one in made] == [
        ("Mei", 0, "Mei", Verb.AGENT_STATE, AgentState.BREAK, "busy"),
        ("Wang", 0, "Wang", Verb.AGENT_STATE, AgentState.BREAK, "offline"),
    ]
    # Only a source that told of Mei can make it true of her; of Wang nobody but the console says anything.
    assert [(one.source, one.is_sent) for one in made] == [("helpdesk", True), ("", False)]
    assert made[0].command == Command(made[0].key, Verb.AGENT_STATE, "", "", 4, "", "ann", "Mei")
    assert {who: [one.id for one in asked] for who, asked in office.pending.pending_of_agents().items()} == {
        "Mei": [1],
        "Wang": [2],
    }
    assert office.pending.pending() == {}
    row = office.trail.rows(Wanted(action="agent.state"))[1]
    assert (row.object_kind, row.object_id, row.role) == ("agent", "Mei", "supervisor")
    assert json.loads(row.before or "") == {"state": "busy"}
    assert json.loads(row.after or "")["state"] == "break"
    assert office.orders == 1


def test_of_several_agents_all_are_asked_or_none(office: Office) -> None:
    assert refused(lambda: office.agents.set_state(ANN, ["Mei", "Nobody"], AgentState.AWAY)) is Refusal.NO_SUCH_AGENT
    assert office.pending.pending_of_agents() == {}
    assert office.audited() == [("ann", "agent.state", "Mei, Nobody", "refused", "no_such_agent")]
    assert office.orders == 0


def each_verb(office: Office, actor: Actor) -> dict[str, Callable[[], object]]:
    request, until = BreakRequest("Mei", office.clock.now() + 5, 10 * MINUTE), office.clock.now() + 10 * MINUTE
    return {
        "agent.state": lambda: office.agents.set_state(actor, ["Mei"], AgentState.BREAK),
        "agent.queues": lambda: office.agents.set_queues(actor, "Mei", ["Phone"]),
        "agent.break": lambda: office.agents.decide_break(actor, request, True, until),
    }


@pytest.mark.parametrize("actor", [VIEWER, COACH, STRANGER, Actor("")], ids=["viewer", "coach", "unknown", "nobody"])
def test_who_leads_no_shift_asks_nothing_of_agents(office: Office, actor: Actor) -> None:
    office.told("Mei", Kind.BREAK_REQUESTED, 10 * MINUTE, 5)
    for call in each_verb(office, actor).values():
        assert refused(call) in (Refusal.NOT_PERMITTED, Refusal.NOBODY)
    assert office.pending.pending_of_agents() == {}
    assert [row[3] for row in office.audited()] == ["refused"] * 3


def test_a_supervisor_may_do_each_of_it(office: Office) -> None:
    office.told("Mei", Kind.BREAK_REQUESTED, 10 * MINUTE, 5)
    for action, call in each_verb(office, ANN).items():
        call()
        assert office.audited()[-1][1:4] == (action, "Mei", "done")


@pytest.mark.parametrize("state", [AgentState.BUSY, AgentState.WRAP_UP])
def test_what_follows_from_contacts_cannot_be_set(office: Office, state: AgentState) -> None:
    assert refused(lambda: office.agents.set_state(ANN, ["Mei"], state)) is Refusal.ILLEGAL


def test_queues_are_told_with_those_served_before(office: Office) -> None:
    office.told("Mei", Kind.AGENT_LOGIN, 3, 1, skills=["General"], helps=["Returns"])
    (made,) = office.agents.set_queues(ANN, "Mei", ["Returns", "Phone", "Phone"])
    assert (made.name, made.former) == (named(["Phone", "Returns"]), named(["General"]))
    assert made.command.queues == ("Phone", "Returns")
    assert refused(lambda: office.agents.set_queues(ANN, "Mei", ["Nowhere"])) is Refusal.NO_SUCH_QUEUE
    assert refused(lambda: office.agents.set_queues(ANN, "Mei", [])) is Refusal.NOTHING_SAID


def test_a_later_change_of_queues_is_what_they_serve_and_a_log_in_after_it_counts_again(office: Office) -> None:
    office.told("Mei", Kind.AGENT_LOGIN, 3, 1, skills=["General"])
    office.told("Mei", Kind.AGENT_QUEUES, 0, 2, skills=["Phone"])
    assert office.agents.set_queues(ANN, "Mei", ["Returns"])[0].former == named(["Phone"])
    office.told("Mei", Kind.AGENT_LOGIN, 3, 3, skills=["General"])
    assert office.agents.set_queues(ANN, "Mei", ["Returns"])[0].former == named(["General"])


def test_a_break_is_granted_until_an_instant_or_declined_with_a_reason(office: Office) -> None:
    office.told("Mei", Kind.BREAK_REQUESTED, 10 * MINUTE, 5)
    request, until = BreakRequest("Mei", office.clock.now() + 5, 10 * MINUTE), office.clock.now() + 10 * MINUTE
    (granted,) = office.agents.decide_break(ANN, request, True, until)
    assert (granted.verb, granted.value, granted.name) == (Verb.BREAK, until, str(request.asked_at))
    (declined,) = office.agents.decide_break(ANN, request, False, reason=" the queue is full ")
    assert (declined.value, declined.text) == (0, "the queue is full")
    row = office.trail.rows(Wanted(action="agent.break"))[0]
    assert (row.reason, json.loads(row.after or "")["approved"]) == ("the queue is full", False)


def test_only_the_request_that_waits_is_decided_and_only_for_a_time_to_come(office: Office) -> None:
    now = office.clock.now()
    office.told("Mei", Kind.BREAK_REQUESTED, 10 * MINUTE, 5)
    old, request = BreakRequest("Mei", now, 5 * MINUTE), BreakRequest("Mei", now + 5, 10 * MINUTE)
    assert refused(lambda: office.agents.decide_break(ANN, old, False)) is Refusal.NO_SUCH_BREAK
    assert refused(lambda: office.agents.decide_break(ANN, request, True, now)) is Refusal.TIME_PAST
    office.told("Mei", Kind.AGENT_STATE, AgentState.OFFLINE, 6)
    assert refused(lambda: office.agents.decide_break(ANN, request, False)) is Refusal.NO_SUCH_BREAK


@pytest.mark.parametrize("kind", [Kind.BREAK_DECIDED, Kind.BREAK_WITHDRAWN])
def test_a_request_that_ended_is_not_decided_again(office: Office, kind: Kind) -> None:
    office.told("Mei", Kind.BREAK_REQUESTED, 10 * MINUTE, 5)
    office.told("Mei", kind, 0, 6)
    request = BreakRequest("Mei", office.clock.now() + 5, 10 * MINUTE)
    assert refused(lambda: office.agents.decide_break(ANN, request, False)) is Refusal.NO_SUCH_BREAK


def carried_out(office: Office, made: list[Ordered]) -> None:
    """The dispatcher was there."""
    now = office.clock.now()
    for claimed in office.commands.claim(now, 30 * MINUTE, 9, MINUTE):
        assert office.commands.settle(claimed, Result(Outcome.APPLIED), now, now)
    assert [one.state for one in office.pending.ordered([one.id for one in made])] == [Delivery.APPLIED] * len(made)


def test_a_state_is_taken_back_while_nobody_has_changed_it(office: Office) -> None:
    office.told("Mei", Kind.AGENT_STATE, AgentState.BUSY)
    made = office.agents.set_state(ANN, ["Mei"], AgentState.BREAK)
    carried_out(office, made)
    office.told("Mei", Kind.AGENT_STATE, AgentState.BREAK, 2)
    (back,) = office.agents.undo(ANN, made) or []
    # Busy follows from contacts: whoever comes back is available, and the source makes it busy.
    assert (back.verb, back.value, back.agent) == (Verb.AGENT_STATE, AgentState.AVAILABLE, "Mei")
    assert refused(lambda: office.agents.undo(BOB, made)) is Refusal.NOT_OWN
    office.told("Mei", Kind.AGENT_STATE, AgentState.AWAY, 3)
    assert refused(lambda: office.agents.undo(ANN, made)) is Refusal.ILLEGAL


def test_queues_are_taken_back_while_nobody_has_changed_them(office: Office) -> None:
    office.told("Mei", Kind.AGENT_LOGIN, 3, 1, skills=["General"])
    made = office.agents.set_queues(ANN, "Mei", ["Phone"])
    carried_out(office, made)
    office.told("Mei", Kind.AGENT_QUEUES, 0, 2, skills=["Phone"])
    (back,) = office.agents.undo(ANN, made) or []
    assert back.command.queues == ("General",)
    office.told("Mei", Kind.AGENT_QUEUES, 0, 3, skills=["Returns"])
    assert refused(lambda: office.agents.undo(ANN, made)) is Refusal.ILLEGAL


def test_a_decision_on_a_break_is_not_taken_back(office: Office) -> None:
    office.told("Mei", Kind.BREAK_REQUESTED, 10 * MINUTE, 5)
    request = BreakRequest("Mei", office.clock.now() + 5, 10 * MINUTE)
    assert office.agents.undo(ANN, office.agents.decide_break(ANN, request, False)) is None
    assert office.agents.undo(ANN, []) is None


def test_of_one_agent_the_oldest_is_sent_first_and_others_do_not_wait(office: Office) -> None:
    office.agents.set_state(ANN, ["Mei"], AgentState.BREAK)
    office.agents.set_state(ANN, ["Mei"], AgentState.AVAILABLE)
    office.agents.set_state(ANN, ["Wang"], AgentState.AWAY)
    office.tickets.assign(ANN, [1], "Mei")
    due = office.commands.claim(office.clock.now(), MINUTE, 9, MINUTE)
    assert [(one.ordered.agent, one.ordered.ticket, one.ordered.value) for one in due] == [
        ("Mei", 0, AgentState.BREAK),
        ("Wang", 0, AgentState.AWAY),
        ("", 1, 0),
    ]


def read_back(office: Office, made: list[Ordered]) -> bool:
    return office.commands.read_back(made[0])


def test_the_log_shows_a_state_in_any_of_the_words_that_sources_use(office: Office) -> None:
    away = office.agents.set_state(ANN, ["Mei"], AgentState.BREAK)
    office.told("Mei", Kind.AGENT_STATE, AgentState.BREAK, -1)
    assert not read_back(office, away), "it was so before"
    office.told("Mei", Kind.AGENT_PAUSED, 0, 2)
    assert read_back(office, away)
    back = office.agents.set_state(ANN, ["Mei"], AgentState.AVAILABLE)
    assert not read_back(office, back)
    office.told("Mei", Kind.AGENT_STATE, AgentState.BUSY, 3)
    assert read_back(office, back)


def test_the_log_shows_other_queues_and_a_decision(office: Office) -> None:
    moved = office.agents.set_queues(ANN, "Mei", ["Phone", "General"])
    office.told("Mei", Kind.AGENT_QUEUES, 0, 1, skills=["Phone"])
    assert not read_back(office, moved)
    office.told("Mei", Kind.AGENT_QUEUES, 0, 2, skills=["General", "Phone"])
    assert read_back(office, moved)
    office.told("Mei", Kind.BREAK_REQUESTED, 10 * MINUTE, 5)
    until = office.clock.now() + 10 * MINUTE
    granted = office.agents.decide_break(ANN, BreakRequest("Mei", office.clock.now() + 5, 1), True, until)
    office.told("Mei", Kind.BREAK_DECIDED, 0, 6)
    assert not read_back(office, granted)
    office.told("Mei", Kind.BREAK_DECIDED, until, 7)
    assert read_back(office, granted)


def test_what_only_a_file_told_of_is_made_true_by_the_console(office: Office) -> None:
    office.told("Mei", Kind.AGENT_STATE, AgentState.BUSY, 1, LOCAL)
    (made,) = office.agents.set_state(ANN, ["Mei"], AgentState.AWAY)
    assert (made.source, made.is_sent) == ("file", False)
