"""What people do with the escalation inbox (R-ESC-LIFE). Each call is one audited transaction, and blocks.

Roles are read again inside the transaction. What the roles or the machine refuse is on the trail too, and raised only
after that is committed: `Refused` by the roles, an `EscalationRefused` by the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from console.errors import KnownError
from console.models.actions.authorize import Refused, done, may_take, permit, refusal
from console.models.domain.acting_ports import EscalationChange, EscalationDesk
from console.models.domain.call_backs import Kept, call_of
from console.models.domain.escalation import (
    Cause,
    Entry,
    EscalationRefused,
    Event,
    Happening,
    Key,
    ObjectKind,
    Occurrence,
    Transition,
    Urgency,
)
from console.models.domain.escalation_ports import Raised
from console.models.domain.escalation_rules import EscalationRules
from console.models.domain.escalation_undo import compensation
from console.models.domain.ports import Clock
from console.models.domain.roles import Action, Actor, Decision, Refusal, Target, same_person

R = TypeVar("R", Transition, Raised)

ACTION_OF = {
    Happening.RAISE: Action.ESCALATION_RAISE,
    Happening.ACKNOWLEDGE: Action.ESCALATION_ACKNOWLEDGE,
    Happening.RELEASE: Action.ESCALATION_ACKNOWLEDGE,
    Happening.PROGRESS: Action.ESCALATION_NOTE,
    Happening.SNOOZE: Action.ESCALATION_SNOOZE,
    Happening.RETURN: Action.ESCALATION_RETURN,
    Happening.HAND_OVER: Action.ESCALATION_HAND_OVER,
    Happening.MERGE: Action.ESCALATION_MERGE,
    Happening.RESOLVE: Action.ESCALATION_RESOLVE,
    Happening.REOPEN: Action.ESCALATION_REOPEN,
}
"""Which permission each thing that a person does needs, and how it is named on the trail."""


class EscalationActions:
    """The verbs of the inbox. ``version`` is what the actor saw; None takes the entry as it stands."""

    def __init__(
        self,
        inbox: EscalationDesk,
        rules: Callable[[], EscalationRules],
        clock: Clock,
        moved: Callable[[], None] = lambda: None,
    ) -> None:
        """``rules`` gives the figures in force; ``moved`` is called after each change, for who waits on due times."""
        self._inbox = inbox
        self._rules = rules
        self._clock = clock
        self._moved = moved

    def acknowledge(self, actor: Actor, entry: int, version: int | None = None) -> Transition:
        """Take it: the actor is its one owner now."""
        return self._move(actor, entry, version, Event(Happening.ACKNOWLEDGE))

    def progress(self, actor: Actor, entry: int, version: int | None, note: str) -> Transition:
        """Tell of progress; the next is due anew."""
        return self._move(actor, entry, version, Event(Happening.PROGRESS, note))

    def snooze(self, actor: Actor, entry: int, version: int | None, until: int, reason: str) -> Transition:
        """Put it aside until an instant (microseconds)."""
        return self._move(actor, entry, version, Event(Happening.SNOOZE, reason, until=until))

    def give_back(self, actor: Actor, entry: int, version: int | None, to: str, until: int, reason: str) -> Transition:
        """Return it to an agent, who has until an instant (microseconds)."""
        return self._move(actor, entry, version, Event(Happening.RETURN, reason, until=until, to=to))

    def resolve(self, actor: Actor, entry: int, version: int | None, reason: str) -> Transition:
        """It is done. Where it is about a promised call that was missed, the promise is kept by this too."""
        return self._move(actor, entry, version, Event(Happening.RESOLVE, reason))

    def reopen(self, actor: Actor, entry: int, version: int | None, reason: str) -> Transition:
        """It was not done after all; possible until the window of the policy ends. A promise that the resolution kept
        stands again."""
        return self._move(actor, entry, version, Event(Happening.REOPEN, reason))

    def hand_over(self, actor: Actor, entry: int, version: int | None, to: str) -> Transition:
        """Give it to another person, who must be one that may take escalations."""
        return self._move(actor, entry, version, Event(Happening.HAND_OVER, to=to))

    def merge(self, actor: Actor, entry: int, version: int | None, into: int, reason: str = "") -> Transition:
        """It belongs to another entry."""
        return self._move(actor, entry, version, Event(Happening.MERGE, reason or f"#{into}", into=into))

    def raise_by_hand(
        self, actor: Actor, ticket: int, to: str, reason: str, *, urgency: Urgency = Urgency.P3
    ) -> Raised:
        """One click to the second line or the supervisor (R-ESC). ``to`` is where the chain begins: one of its levels,
        or another name that is told before all of them. An open entry for the ticket is raised once more instead."""
        now, rules = self._clock.now(), self._rules()
        after = rules.chain[rules.chain.index(to) :] if to in rules.chain else (to, *rules.chain) if to else rules.chain
        key = Key(ObjectKind.TICKET, ticket, Cause.BY_HAND)
        occurrence = Occurrence(key, "R-ESC", now, now, urgency, ticket, reason)
        target = Target("ticket", str(ticket))
        error: KnownError | None = None
        raised: Raised | None = None
        with self._inbox.change() as change:
            actor = change.standing(actor.name)
            decision = permit(change.record, now, actor, Action.ESCALATION_RAISE, target)
            why = decision.refusal
            if why is None and not change.knows_ticket(ticket):
                why = Refusal.NO_SUCH_TICKET
                change.record(refusal(now, actor, Action.ESCALATION_RAISE, target, why))
            if why is None:
                record = _recorder(change, actor, decision, Action.ESCALATION_RAISE)
                raised = change.raise_one(occurrence, now, replace(rules, chain=after), actor.name, record)
            else:
                error = Refused(why)
        return self._told(raised, error)

    def undo(self, actor: Actor, made: Transition) -> Transition | None:
        """Take back what the actor did, by the moves that lead back; None where there are none (progress, a merge).

        Raises `ChangedMeanwhile` when something happened to the entry since, `Refused` to anybody else.
        """
        events = compensation(made)
        if not events:
            return None
        own = same_person(actor.name, made.actor)
        action = ACTION_OF[made.event.what]
        return self._moves(actor, action, made.entry.id, made.entry.version, events, undoes=True, own=own)

    def _move(self, actor: Actor, entry: int, version: int | None, event: Event) -> Transition:
        return self._moves(actor, ACTION_OF[event.what], entry, version, (event,))

    def _moves(
        self,
        actor: Actor,
        action: Action,
        entry: int,
        version: int | None,
        events: Sequence[Event],
        *,
        undoes: bool = False,
        own: bool = True,
    ) -> Transition:
        now, target = self._clock.now(), Target("escalation", str(entry))
        error: KnownError | None = None
        made: list[Transition] = []
        with self._inbox.change() as change:
            actor = change.standing(actor.name)
            decision = permit(change.record, now, actor, action, target)
            why = decision.refusal
            if why is None:
                why = Refusal.NOT_OWN if not own else None if undoes else _unfit(change, events[0])
                if why is not None:
                    change.record(refusal(now, actor, action, target, why))
            if why is not None:
                error = Refused(why)
            else:
                record = _recorder(change, actor, decision, action, undoes=undoes)
                try:
                    made = change.moves(entry, events, now, actor.name, self._rules(), record, version)
                    for move in made:
                        _follow_with_promise(change, actor, decision, move)
                except EscalationRefused as refused:
                    error = refused
                    why = Refusal.ILLEGAL
                except KeyError:
                    why = Refusal.NO_SUCH_ENTRY
                    error = Refused(why)
                if why is not None:
                    change.record(refusal(now, actor, action, target, why))
        return self._told(made[-1] if made else None, error)

    def _told(self, result: R | None, error: KnownError | None) -> R:
        """What was done, or why not, now that it is on the trail."""
        if error is not None:
            raise error
        if result is None:
            raise AssertionError("neither done nor refused")
        self._moved()
        return result


def _unfit(change: EscalationChange, event: Event) -> Refusal | None:
    """Why nobody of that name can get it."""
    if event.what is Happening.HAND_OVER and event.to:
        taker = change.standing(event.to)
        return None if may_take(taker) else Refusal.NOT_A_TAKER
    if event.what is Happening.RETURN and event.to and not change.knows_agent(event.to):
        return Refusal.NO_SUCH_AGENT
    return None


def _follow_with_promise(change: EscalationChange, actor: Actor, decision: Decision, made: Transition) -> None:
    """Whoever resolves the entry of a missed call has settled the call, else it would stay open for ever; whoever takes
    that back has promised it again, else nobody would call."""
    call, entry = call_of(made.entry.key), made.entry
    if not call:
        return
    before = after = Kept.PROMISED
    if made.event.what is Happening.RESOLVE and change.keep_call_back(call, made.event.reason, actor.name, made.at):
        after = Kept.DONE
    elif made.event.what is Happening.REOPEN and made.before is not None and made.before.resolved_at is not None:
        before = Kept.DONE if change.promise_again(call, made.before.resolved_at) else before
    if before is not after:
        facts = {"state": after.key, "ticket": entry.ticket, "entry": entry.id}
        row = done(
            *(made.at, actor, Action.TICKET_CHANGE, Target("call_back", str(call)), decision),
            reason=made.event.reason,
            before={"state": before.key},
            after=facts,
        )
        change.record(row)


def _recorder(
    change: EscalationChange, actor: Actor, decision: Decision, action: Action, *, undoes: bool = False
) -> Callable[[Transition], None]:
    def record(made: Transition) -> None:
        before, after = changed(made)
        if undoes:
            after = {**after, "undoes": action.value}
        target = Target("escalation", str(made.entry.id))
        change.record(
            done(made.at, actor, action, target, decision, reason=made.event.reason, before=before, after=after)
        )

    return record


def changed(made: Transition) -> tuple[Mapping[str, object] | None, Mapping[str, object]]:
    """What a move changed in its entry, before and after, for the audit trail; all there is at the raise. A raise names
    its rule and ticket, also one of an entry that is open already."""
    after, rule = _facts(made.entry), made.raised_by
    raised = {"ticket": made.entry.ticket, "rule": rule} if rule else {}
    if made.before is None:
        return None, {**after, **raised}
    before = _facts(made.before)
    differing = [name for name in after if before[name] != after[name]]
    return {name: before[name] for name in differing}, {name: after[name] for name in differing} | raised


def _facts(entry: Entry) -> dict[str, object]:
    return {
        "state": entry.state.key,
        "urgency": entry.urgency.key,
        "level": entry.level,
        "owner": entry.owner,
        "due_at": entry.due_at,
        "merged_into": entry.merged_into,
        "version": entry.version,
    }
