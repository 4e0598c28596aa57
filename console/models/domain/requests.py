"""A compensation that somebody asks for (R-CMP-OFFER, R-ESC): its states, and the one table of what may happen to it.

Within the agent's limit it is granted at once. Above it a second person approves or declines in the policy's time;
undecided after that it lapses: it goes to the inbox by itself, again and again until somebody decides. All instants
and durations are microseconds, all sums hundredths.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from console.errors import KnownError
from console.i18n import _
from console.models.domain.compensation import Case, Offer
from console.models.domain.contacts import Code
from console.models.domain.escalation import Cause, Key, ObjectKind, Occurrence, Urgency
from console.models.domain.money import Money
from console.models.domain.roles import same_person


class RequestState(Code):
    """Where a request stands."""

    PROPOSED = 1
    """Waits for a decision, in time."""
    LAPSED = 2
    """Waits for a decision, too long: it is an escalation of its own now."""
    GRANTED = 3
    """Was within the agent's limit: nobody had to decide."""
    APPROVED = 4
    DECLINED = 5
    WITHDRAWN = 6


class Step(Code):
    """What can happen to a request."""

    PROPOSE = 1
    GRANT = 2
    APPROVE = 3
    DECLINE = 4
    WITHDRAW = 5
    LAPSE = 6
    """Its time passed and nobody decided."""


S = RequestState
TABLE: Mapping[tuple[RequestState, Step], RequestState] = {
    (S.PROPOSED, Step.APPROVE): S.APPROVED,
    (S.PROPOSED, Step.DECLINE): S.DECLINED,
    (S.PROPOSED, Step.WITHDRAW): S.WITHDRAWN,
    (S.PROPOSED, Step.LAPSE): S.LAPSED,
    (S.LAPSED, Step.APPROVE): S.APPROVED,
    (S.LAPSED, Step.DECLINE): S.DECLINED,
    (S.LAPSED, Step.WITHDRAW): S.WITHDRAWN,
    (S.LAPSED, Step.LAPSE): S.LAPSED,
}
"""Every move there is; what is not in it is illegal. Who may do it is in `roles.PERMITTED`."""

OPEN = frozenset({S.PROPOSED, S.LAPSED})
"""These wait for a decision, and only these have a due time."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. ``due_at`` is when it lapses (again), None once it is decided; ``version`` grows with every step.

    The three offers, the limit and the policy's time were copied when it was made: a later edit of the policy changes
    neither what was asked nor what the other person saw.
    """

    id: int
    ticket: int
    state: RequestState
    proposed_by: str
    proposed_at: int
    due_at: int | None
    case: Case
    limit: Money
    """What the agent may still give alone on this ticket."""
    offers: tuple[Offer, Offer, Offer]
    chosen: int
    """Which of the three is asked for, 0 to 2."""
    urgency: Urgency = Urgency.P3
    """That of the ticket when it was made (R-ESC-LIFE)."""
    note: str = ""
    """Why the one who proposed it asks for it."""
    lapsed_at: int | None = None
    """The last due time that passed without a decision."""
    lapses: int = 0
    decided_by: str = ""
    decided_at: int | None = None
    reason: str = ""
    version: int = 1

    @property
    def offer(self) -> Offer:
        """The offer that is asked for."""
        return self.offers[self.chosen]

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.state in OPEN


class RequestRefused(KnownError):
    """The step cannot be taken; the message says why, ``request`` how things stand."""

    def __init__(self, request: Request, what: str, remedy: str = "") -> None:
        super().__init__(what, remedy)
        self.request = request


class AlreadyDecided(RequestRefused):
    """Somebody was faster; ``request.decided_by`` says who."""


def propose(
    ticket: int,
    case: Case,
    offers: tuple[Offer, Offer, Offer],
    chosen: int,
    limit: Money,
    actor: str,
    at: int,
    undecided: int,
    note: str = "",
    urgency: Urgency = Urgency.P3,
) -> Request:
    """A new request, without its number: granted where the offer is within the limit, else due after ``undecided``.

    Raises ValueError for an offer that is none of the three, or a time that is not above 0.
    """
    if not 0 <= chosen < len(offers) or undecided <= 0:
        raise ValueError("the offer must be one of the three, and the time for a decision more than nothing")
    granted = not offers[chosen].needs_approval
    return Request(
        id=0,
        ticket=ticket,
        state=S.GRANTED if granted else S.PROPOSED,
        proposed_by=actor,
        proposed_at=at,
        due_at=None if granted else at + undecided,
        case=case,
        limit=limit,
        offers=offers,
        chosen=chosen,
        urgency=urgency,
        note=note,
        decided_at=at if granted else None,
    )


def after(request: Request, step: Step, at: int, actor: str, reason: str, undecided: int) -> Request:
    """Run the table. ``undecided`` is the policy's time for a decision, for the next lapse.

    Raises `AlreadyDecided` when it has ended, `RequestRefused` where a decline has no reason, an approver is the one
    who proposed it, or a lapse is not due.
    """
    to = TABLE.get((request.state, step))
    if to is None:
        raise AlreadyDecided(request, _ended(request), _("Look at it again."))
    if step is Step.DECLINE and not reason.strip():
        raise RequestRefused(request, _("This needs a reason."))
    if step is Step.APPROVE and same_person(actor, request.proposed_by):
        raise RequestRefused(request, _("Nobody approves what they proposed themselves."))
    if step is not Step.LAPSE:
        decided = replace(request, state=to, due_at=None, decided_by=actor, decided_at=at, reason=reason)
        return replace(decided, version=request.version + 1)
    due_at = request.due_at
    if due_at is None or at < due_at:
        raise RequestRefused(request, _("It is not due yet."))
    # After a sleep several may have passed: the last of them counts, and the next is still to come.
    missed = (at - due_at) // undecided
    last = due_at + missed * undecided
    lapsed = replace(request, state=to, lapsed_at=last, due_at=last + undecided)
    return replace(lapsed, lapses=request.lapses + 1 + missed, version=request.version + 1)


def limit_left(limit: Money, of_ticket: Iterable[Request]) -> Money:
    """What may still be given on a ticket without asking: its grants count together, so that no sum is cut into small
    ones."""
    granted = sum(one.offer.total.hundredths for one in of_ticket if one.state is S.GRANTED)
    return Money(max(0, limit.hundredths - granted), limit.currency)


def asks_for_approval(request: Request) -> Occurrence:
    """The entry that shows a request to the supervisors as soon as it is made (R-CMP-OFFER)."""
    key = Key(ObjectKind.REQUEST, request.id, Cause.APPROVAL)
    at = request.proposed_at
    return Occurrence(key, request.offer.rule, at, at, request.urgency, request.ticket, request.note)


def is_undecided(request: Request) -> Occurrence:
    """R-ESC: the entry of a request that nobody decided in time; that is a breach, so P2 at the least. Raises
    ValueError for one that has not lapsed."""
    if request.lapsed_at is None:
        raise ValueError(f"request {request.id} has not lapsed")
    key = Key(ObjectKind.REQUEST, request.id, Cause.REQUEST)
    urgency = min(request.urgency, Urgency.P2)
    return Occurrence(key, "R-ESC", request.proposed_at, request.lapsed_at, urgency, request.ticket, request.note)


def _ended(request: Request) -> str:
    words = {
        S.GRANTED: _("It was granted at once: it is within the agent's limit."),
        S.APPROVED: _("{person} has approved it already."),
        S.DECLINED: _("{person} has declined it already."),
        S.WITHDRAWN: _("{person} has withdrawn it."),
    }
    return words.get(request.state, _("This is not possible in the present state.")).format(person=request.decided_by)
