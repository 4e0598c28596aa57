"""The end of a shift: who hands what over to the next one, and when; kept for good and on the trail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from console.models.actions.authorize import Refused, done, may_take, permit, refusal
from console.models.domain.hand_over import HandOverChange, HandOverReader, HandOvers, Signed
from console.models.domain.ports import Clock
from console.models.domain.roles import Action, Actor, Decision, Refusal, Target, same_person


class HandOverActions:
    """The sheets of one database. Blocks on it."""

    def __init__(self, hand_overs: HandOvers, clock: Clock, leave: Callable[[str, str], None]) -> None:
        """``leave`` gives what the first person has in the inbox to the second, or back to the chain where that is
        empty; it may do so later."""
        self._hand_overs = hand_overs
        self._clock = clock
        self._leave = leave

    @property
    def reader(self) -> HandOverReader:
        """What a sheet says, for reading."""
        return self._hand_overs

    def sign(self, actor: Actor, as_of: int, since: int, notes: str) -> Signed:
        """Sign the sheet of an instant, with the notes to the next shift. Raises `Refused`."""
        now = self._clock.now()
        with self._hand_overs.change() as change:
            actor = change.as_stored(actor.name)
            decision = permit(change.record, now, actor, Action.HAND_OVER_SIGN, Target("hand_over", ""))
            if decision.refusal is None:
                signed = _sign(change, actor, decision, Signed(as_of, since, actor.name, now, notes.strip()))
        if decision.refusal is not None:
            raise Refused(decision.refusal)
        return signed

    def sign_off(
        self, actor: Actor, as_of: int, since: int, notes: str, successor: str = "", signed: Signed | None = None
    ) -> Signed:
        """End the shift: sign the sheet as `sign` does, where it is not ``signed`` yet, and let what the actor has in
        the inbox go to the successor, or back to the first level of the chain without one. Raises `Refused`, and then
        nothing is signed.

        The entries follow when this is durable. What a crash keeps from following has its own due times (R-ESC-LIFE).
        """
        now, target = self._clock.now(), Target("hand_over", "" if signed is None else str(signed.id))
        with self._hand_overs.change() as change:
            actor, taker = change.as_stored(actor.name), change.as_stored(successor)
            decision = permit(change.record, now, actor, Action.SHIFT_END, target)
            why = decision.refusal
            if why is None and successor:
                why = _unfit(actor, taker)
                if why is not None:
                    change.record(refusal(now, actor, Action.SHIFT_END, target, why))
            if why is None:
                sheet = signed or _sign(change, actor, decision, Signed(as_of, since, actor.name, now, notes.strip()))
                target = replace(target, id=str(sheet.id))
                change.record(done(now, actor, Action.SHIFT_END, target, decision, after={"successor": taker.name}))
        if why is not None:
            raise Refused(why)
        self._leave(actor.name, taker.name)
        return sheet


def _sign(change: HandOverChange, actor: Actor, decision: Decision, sheet: Signed) -> Signed:
    signed = change.sign(sheet)
    facts = {"as_of": sheet.as_of, "since": sheet.since, "notes": sheet.notes}
    target = Target("hand_over", str(signed.id))
    change.record(done(sheet.signed_at, actor, Action.HAND_OVER_SIGN, target, decision, after=facts))
    return signed


def _unfit(actor: Actor, taker: Actor) -> Refusal | None:
    """Why this person cannot take over."""
    if same_person(actor.name, taker.name):
        return Refusal.OWN_SUCCESSOR
    return None if may_take(taker) else Refusal.NOT_A_TAKER
