"""Signing a hand-over sheet: who hands what over to the next shift, and when; kept for good and on the trail."""

from __future__ import annotations

from console.models.actions.authorize import Refused, done, permit
from console.models.domain.hand_over import HandOverReader, HandOvers, Signed
from console.models.domain.ports import Clock
from console.models.domain.roles import Action, Actor, Target


class HandOverActions:
    """The sheets of one database. Blocks on it."""

    def __init__(self, hand_overs: HandOvers, clock: Clock) -> None:
        self._hand_overs = hand_overs
        self._clock = clock

    @property
    def reader(self) -> HandOverReader:
        """What a sheet says, for reading."""
        return self._hand_overs

    def sign(self, actor: Actor, as_of: int, since: int, notes: str) -> Signed:
        """Sign the sheet of an instant, with the notes to the next shift. Raises `Refused`."""
        now = self._clock.now()
        with self._hand_overs.change() as change:
            actor = change.as_stored(actor)
            decision = permit(change.record, now, actor, Action.HAND_OVER_SIGN, Target("hand_over", ""))
            if decision.refusal is None:
                signed = change.sign(Signed(as_of, since, actor.name, now, notes.strip()))
                facts = {"as_of": as_of, "since": since, "notes": signed.notes}
                target = Target("hand_over", str(signed.id))
                change.record(done(now, actor, Action.HAND_OVER_SIGN, target, decision, after=facts))
        if decision.refusal is not None:
            raise Refused(decision.refusal)
        return signed
