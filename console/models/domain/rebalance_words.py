"""R-ROUTE: what people read about moves: why each one, what forbids it, and why the target is out of reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from console.i18n import N_, _, ngettext
from console.models.domain.rebalance import Binding, Block, Fault, Hold, Move, Problem, Proposal, Violation, Whom, Why

_MOST_NAMED = 3

HOLD_WORDS: Mapping[Hold, str] = {
    Hold.NONE: "",
    Hold.PROMISE: N_("its owner has promised the customer an answer"),
    Hold.TALKING: N_("the conversation is going on"),
    Hold.WINDOW: N_("the platform's free reply ends soon"),
    Hold.CUSTOMER: N_("the customer is to stay with the person they know"),
    Hold.ASKED: N_("a change of it is on its way"),
}
"""Why a contact stays where it is; translated when it is shown."""

WHY_WORDS: Mapping[Why, str] = {
    Why.BUSY: N_("the owner is among the busiest"),
    Why.ABSENT: N_("the owner is away and the customer waits"),
    Why.LATE: N_("the owner would answer too late"),
    Why.UNANSWERED: N_("the owner is among the busiest, and nobody has answered yet"),
    Why.BY_HAND: N_("chosen by hand"),
}

WHOM_WORDS: Mapping[Whom, str] = {
    Whom.ROOM: N_("may handle it and has room"),
    Whom.TEAM: N_("has room, same team"),
    Whom.KNOWN: N_("knows the customer"),
}

_FAULT_WORDS: Mapping[Fault, str] = {
    Fault.NO_TICKET: N_("Ticket {ticket} is not open any more."),
    Fault.TWICE: N_("Ticket {ticket} is moved twice."),
    Fault.OTHER_OWNER: N_("Ticket {ticket} has another owner by now."),
    Fault.SAME_PERSON: N_("Ticket {ticket} is with {agent} already."),
    Fault.NO_PERSON: N_("Ticket {ticket} would go to somebody who is not known."),
    Fault.NOT_THERE: N_("Ticket {ticket}: {agent} is not there."),
    Fault.NO_SKILL: N_("Ticket {ticket}: {agent} may not handle it."),
    Fault.HELD: N_("Ticket {ticket} stays: {why}."),
    Fault.NO_PLACE: N_("{agent} would have more contacts at once than the limit."),
    Fault.TOO_MANY: N_("{agent} would have more open contacts than anybody is given."),
}


def reason(move: Move) -> str:
    """Why this ticket, and why this person."""
    return _("{why}; {whom}").format(why=_(WHY_WORDS[move.why]), whom=_(WHOM_WORDS[move.whom]))


def fault(problem: Problem, violation: Violation) -> str:
    """What is wrong with a move, as a sentence."""
    ticket = problem.ticket_of.get(violation.ticket)
    place = problem.place.get(violation.agent)
    return _(_FAULT_WORDS[violation.fault]).format(
        ticket=(ticket.ref if ticket else "") or violation.ticket,
        agent=problem.people[place].name if place is not None else "",
        why=_(HOLD_WORDS[violation.hold]) if violation.hold else "",
    )


def infeasible_reason(problem: Problem, proposal: Proposal) -> str:
    """Why the target is not reached, naming what binds most; empty where it is."""
    if not proposal.bindings:
        return ""
    said = [_sentence(binding) for binding in _weighty(proposal.bindings)]
    head = _("The busiest keep {share:.0%} of the open contacts, not {target:.0%}.").format(
        share=proposal.after.share, target=problem.target
    )
    return " ".join([head, *said])


def _weighty(bindings: Sequence[Binding]) -> list[Binding]:
    """The largest, and that time was over, which always matters."""
    counted = [one for one in bindings if one.block is not Block.TIME]
    return [*counted[:_MOST_NAMED], *(one for one in bindings if one.block is Block.TIME)]


def _sentence(binding: Binding) -> str:
    if binding.block is Block.HELD:
        return _held(binding)
    return _BLOCKS[binding.block](binding)


def _skill(binding: Binding) -> str:
    if not binding.people:
        return ngettext(
            "{n} contact of {queue} can be taken by nobody who is there.",
            "{n} contacts of {queue} can be taken by nobody who is there.",
            binding.contacts,
        ).format(n=binding.contacts, queue=binding.name or _("no queue"))
    return ngettext(
        "{n} contact of {queue} can only go to people who are as busy themselves ({people} in all).",
        "{n} contacts of {queue} can only go to people who are as busy themselves ({people} in all).",
        binding.contacts,
    ).format(n=binding.contacts, queue=binding.name or _("no queue"), people=binding.people)


def _full(binding: Binding) -> str:
    return ngettext(
        "{n} contact of {queue} finds nobody who has room.",
        "{n} contacts of {queue} find nobody who has room.",
        binding.contacts,
    ).format(n=binding.contacts, queue=binding.name or _("no queue"))


def _held(binding: Binding) -> str:
    return ngettext("{n} contact stays: {why}.", "{n} contacts stay: {why}.", binding.contacts).format(
        n=binding.contacts, why=_(HOLD_WORDS[binding.hold])
    )


_BLOCKS: Mapping[Block, Callable[[Binding], str]] = {
    Block.SKILL: _skill,
    Block.FULL: _full,
    Block.NOBODY: lambda _binding: _("Nobody else is there."),
    Block.EVEN: lambda _binding: _("Whole contacts cannot be shared more evenly."),
    Block.TIME: lambda _binding: _("The time for looking was over: there may be better moves."),
}
