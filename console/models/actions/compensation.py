"""Compensation (R-CMP-OFFER): propose, approve, decline, withdraw. Each is one audited transaction.

Every call blocks on the database, and raises `Refused` where roles or the four eyes forbid it, `RequestRefused` where
the request does not allow it now; both are on the trail by then.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from console.errors import KnownError
from console.i18n import _
from console.models.actions.authorize import Refused, done, permit, refusal
from console.models.domain.compensation import Case, offers
from console.models.domain.complaints import Owner
from console.models.domain.escalation import Urgency
from console.models.domain.ports import Clock
from console.models.domain.requests import (
    Request,
    RequestRefused,
    RequestState,
    Step,
    after,
    asks_for_approval,
    limit_left,
    propose,
)
from console.models.domain.requests_ports import RequestReader, Requests, TicketRecord, Untold
from console.models.domain.roles import Action, Actor, Refusal, Target
from console.models.policy.figures import Policy

logger = logging.getLogger("console.compensation")

_TOLD_TOGETHER = 100


class CompensationActions:
    """The actions over the requests of one database."""

    def __init__(
        self,
        requests: Requests,
        policy: Callable[[], Policy],
        clock: Clock,
        record: TicketRecord | None = None,
    ) -> None:
        """``policy`` gives the figures in force; ``record`` is where the steps are told to who opens the ticket."""
        self._requests = requests
        self._policy = policy
        self._clock = clock
        self._record = record

    @property
    def requests(self) -> RequestReader:
        """The requests, for reading."""
        return self._requests

    @property
    def policy(self) -> Policy:
        """The figures in force."""
        return self._policy()

    def propose(
        self,
        actor: Actor,
        ticket: int,
        case: Case,
        offer: int,
        *,
        owner: Owner = Owner.AGENT,
        note: str = "",
        urgency: Urgency = Urgency.P3,
    ) -> Request:
        """Ask for one of the three offers (0 to 2) for a ticket, within the limit of its ``owner``.

        What fits into the limit is granted at once; more waits for a second person, as an entry of the inbox. Raises
        ValueError for sums in another currency than the policy's.
        """
        now, policy = self._clock.now(), self._policy()
        target = Target("ticket", str(ticket), author=actor.name)
        refused: RequestRefused | None = None
        with self._requests.change() as change:
            actor = change.as_stored(actor)
            decision = permit(change.record, now, actor, Action.COMPENSATION_PROPOSE, target)
            if decision.refusal is None:
                before = change.of_ticket(ticket)
                waiting = next((one for one in before if one.is_open), None)
                if waiting is not None:
                    change.record(refusal(now, actor, Action.COMPENSATION_PROPOSE, target, Refusal.ILLEGAL))
                    what = _("{person} has asked for a compensation for this ticket; it is not decided yet.")
                    refused = RequestRefused(waiting, what.format(person=waiting.proposed_by))
                else:
                    limit = limit_left(policy.compensation_limits[owner], before)
                    choice = offers(case, policy.compensation, limit)
                    wait = policy.escalation.request_undecided
                    made = propose(ticket, case, choice, offer, limit, actor.name, now, wait, note, urgency)
                    made = change.add(made, Step.PROPOSE if made.is_open else Step.GRANT)
                    if made.is_open:
                        change.escalate(asks_for_approval(made), now, policy.escalation, actor.name)
                    facts = _facts(made) | {"loss": case.loss.exact, "cause": case.cause.key, "limit": limit.exact}
                    subject = Target("compensation", str(made.id), author=actor.name)
                    change.record(
                        done(now, actor, Action.COMPENSATION_PROPOSE, subject, decision, reason=note, after=facts)
                    )
        if decision.refusal is not None:
            raise Refused(decision.refusal)
        if refused is not None:
            raise refused
        self.tell()
        return made

    def approve(self, actor: Actor, request: int, reason: str = "") -> Request:
        """Grant what was asked for; never by who asked (four eyes). Raises KeyError when there is no such request."""
        return self._decide(actor, request, Step.APPROVE, Action.COMPENSATION_APPROVE, reason)

    def decline(self, actor: Actor, request: int, reason: str) -> Request:
        """Refuse it, with a reason. Raises KeyError when there is no such request."""
        return self._decide(actor, request, Step.DECLINE, Action.COMPENSATION_DECLINE, reason)

    def withdraw(self, actor: Actor, request: int, reason: str = "") -> Request:
        """Take it back; its author may, and a supervisor. Raises KeyError when there is no such request."""
        return self._decide(actor, request, Step.WITHDRAW, Action.COMPENSATION_WITHDRAW, reason)

    def tell(self) -> int:
        """Write the steps that the tickets' records do not show yet; returns how many were written.

        Called after each action, and by the engine again and again: a crash in between delays a note and loses none.
        """
        if self._record is None:
            return 0
        written: list[Untold] = []
        try:
            for step in self._requests.untold(_TOLD_TOGETHER):
                past, request = step.past, step.request
                key = f"compensation:{request.id}:{step.version}"
                if past.what is Step.LAPSE or self._record.note(request.ticket, _note(step), past.at, key, past.actor):
                    written.append(step)
            if written:
                self._requests.told(written)
        except KnownError as error:
            # The action itself is done and kept; the next call writes what is missing.
            logger.warning("a ticket's record could not be written: %s", error)
            return 0
        return len(written)

    def _decide(self, actor: Actor, request: int, step: Step, action: Action, reason: str) -> Request:
        now, policy = self._clock.now(), self._policy()
        refused: RequestRefused | None = None
        with self._requests.change() as change:
            found = change.find(request)
            if found is None:
                raise KeyError(request)
            target = Target("compensation", str(request), author=found.proposed_by)
            actor = change.as_stored(actor)
            decision = permit(change.record, now, actor, action, target)
            if decision.refusal is None:
                try:
                    made = after(found, step, now, actor.name, reason.strip(), policy.escalation.request_undecided)
                except RequestRefused as error:
                    refused = error
                    change.record(refusal(now, actor, action, target, Refusal.ILLEGAL))
                else:
                    change.write(found, made, step, now, actor.name, made.reason)
                    change.settle(made, now, actor.name, policy.escalation, _decided(made))
                    row = done(
                        *(now, actor, action, target, decision),
                        reason=made.reason,
                        before={"state": found.state.key},
                        after=_facts(made),
                    )
                    change.record(row)
        if decision.refusal is not None:
            raise Refused(decision.refusal)
        if refused is not None:
            raise refused
        self.tell()
        return made


def _facts(request: Request) -> dict[str, object]:
    """What the trail keeps of a request."""
    offer = request.offer
    return {
        "state": request.state.key,
        "ticket": request.ticket,
        "cash": offer.cash.exact,
        "voucher": offer.voucher.exact,
        "offer": request.chosen + 1,
    }


def _decided(request: Request) -> str:
    """Why the entry of the inbox is resolved."""
    words = {
        RequestState.APPROVED: _("{person} approved the compensation of {sum}."),
        RequestState.DECLINED: _("{person} declined the compensation of {sum}."),
        RequestState.WITHDRAWN: _("{person} withdrew the compensation of {sum}."),
    }[request.state]
    told = words.format(person=request.decided_by, sum=request.offer.total)
    return f"{told} {request.reason}".strip()


def _note(step: Untold) -> str:
    """The step as the ticket's record tells it."""
    request, past = step.request, step.past
    words = {
        Step.PROPOSE: _("{person} asks for a compensation of {sum} ({parts}); it waits for approval."),
        Step.GRANT: _("{person} granted a compensation of {sum} ({parts})."),
        Step.APPROVE: _("{person} approved the compensation of {sum} ({parts})."),
        Step.DECLINE: _("{person} declined the compensation of {sum} ({parts})."),
        Step.WITHDRAW: _("{person} withdrew the compensation of {sum} ({parts})."),
    }[past.what]
    offer = request.offer
    parts = _("{cash} cash + {voucher} voucher").format(cash=offer.cash, voucher=offer.voucher)
    return f"{words.format(person=past.actor, sum=offer.total, parts=parts)} {past.reason}".strip()
