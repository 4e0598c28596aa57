"""A promised call that was missed: its entry and its promise end together, both on the trail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.clock import MINUTE
from console.models.domain.call_backs import Kept, call_of, overdue
from console.models.domain.escalation import EscalationRefused, State
from tests.models.actions.office import ANN, BOB, Office
from tests.models.domain.escalation_cases import breach


def missed(office: Office) -> tuple[int, int]:
    """The numbers of a call that is overdue, and of its entry."""
    office.tickets.call_back(ANN, 3, office.clock.now() + MINUTE, "Mei", "about the refund")
    (call,) = office.pending.call_backs()
    office.clock.advance(120)
    return call.id, office.raised(overdue(call))


def test_who_resolves_the_entry_has_kept_the_promise(office: Office) -> None:
    call, entry = missed(office)
    office.act.acknowledge(BOB, entry)
    office.act.resolve(BOB, entry, None, "reached at noon")
    assert office.pending.call_backs() == []
    (kept,) = office.pending.call_backs(3)
    assert (kept.state, kept.settled_by, kept.outcome) == (Kept.DONE, "bob", "reached at noon")
    assert office.audited()[-2:] == [
        ("bob", "escalation.resolve", str(entry), "done", "reached at noon"),
        ("bob", "ticket.change", str(call), "done", "reached at noon"),
    ]


def test_a_call_that_was_settled_before_stays_as_it_was_settled(office: Office) -> None:
    call, entry = missed(office)
    office.tickets.settle_call_back(ANN, call, Kept.NOT_REACHED, "nobody answered")
    rows = len(office.audited())
    office.act.resolve(ANN, entry, None, "tried")
    assert office.pending.call_backs(3)[0].state is Kept.NOT_REACHED
    assert len(office.audited()) == rows + 1


def test_a_resolution_that_is_refused_keeps_no_promise(office: Office) -> None:
    call, entry = missed(office)
    office.act.acknowledge(BOB, entry)
    with pytest.raises(EscalationRefused):
        office.act.resolve(ANN, entry, None, "done")
    assert office.entries.entry(entry).state is State.ACKNOWLEDGED
    assert [one.id for one in office.pending.call_backs()] == [call]


def test_other_entries_are_about_no_call(office: Office) -> None:
    entry = office.raised(breach())
    assert call_of(office.entries.entry(entry).key) == 0
    missed(office)
    office.act.resolve(ANN, entry, None, "done")
    assert len(office.pending.call_backs()) == 1


def test_undo_of_the_resolution_promises_the_call_again(office: Office) -> None:
    call, entry = missed(office)
    office.act.acknowledge(BOB, entry)
    resolved = office.act.resolve(BOB, entry, None, "reached at noon")
    before = office.pending.call_backs(3)[0]
    office.clock.advance(60)
    office.act.undo(BOB, resolved)
    (open_again,) = office.pending.call_backs()
    assert open_again == replace(before, state=Kept.PROMISED, settled_at=None, settled_by="", outcome="")
    assert office.entries.entry(entry).state is State.ACKNOWLEDGED
    assert ("bob", "ticket.change", str(call), "done", "") in office.audited()
    again = office.act.resolve(BOB, entry, None, "now really")
    assert office.pending.call_backs(3)[0].outcome == "now really"
    assert again.before is not None


def test_reopening_the_entry_promises_the_call_again_and_undo_of_that_keeps_it(office: Office) -> None:
    _call, entry = missed(office)
    office.act.resolve(ANN, entry, None, "reached")
    office.clock.advance(60)
    reopened = office.act.reopen(ANN, entry, None, "it was somebody else")
    assert len(office.pending.call_backs()) == 1
    office.act.undo(ANN, reopened)
    assert office.pending.call_backs(3)[0].state is Kept.DONE


def test_a_call_that_was_settled_otherwise_stays_settled_by_an_undo(office: Office) -> None:
    call, entry = missed(office)
    office.tickets.settle_call_back(ANN, call, Kept.DONE, "reached in the morning")
    office.clock.advance(60)
    resolved = office.act.resolve(ANN, entry, None, "known")
    office.act.undo(ANN, resolved)
    assert office.pending.call_backs(3)[0].outcome == "reached in the morning"
