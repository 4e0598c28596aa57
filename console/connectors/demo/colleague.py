"""A supervisor of the demonstration centre at the escalation inbox: takes some entries, works on them, and leaves the
rest to whoever sits at the console.

What she does to an entry follows from the seed and the entry's own key, when she does it from the clock: the same
inbox at the same instants is worked in the same way. She acts through the actions that people have, and never on what
somebody else has.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol
from zlib import crc32

from console.clock import MINUTE, SECOND
from console.connectors.demo.texts import texts
from console.errors import KnownError
from console.i18n import language
from console.models.actions.authorize import Refused
from console.models.domain.contacts import Language
from console.models.domain.escalation import Cause, Entry, Happening, ObjectKind, State, Transition, Urgency
from console.models.domain.escalation_ports import Past
from console.models.domain.follow_ups import FollowUp, task_of
from console.models.domain.requests import Request
from console.models.domain.roles import Actor, Refusal, same_person

logger = logging.getLogger("console.demo")

HANDS = 12
"""So many she has at once."""
LEFT_TO_OTHERS = 7
"""Of what nobody has, so many at least she leaves alone; half of all where there are few."""
FIRST_LOOK, LAST_LOOK = 20 * SECOND, 3 * MINUTE
"""How long after the raise she takes an entry, at the earliest and at the latest."""
DECIDES_AFTER = 18 * MINUTE
"""A compensation that nobody has decided by then she decides herself, some of them."""
WIDE = 2**32

SHARE = {Urgency.P1: 0.5, Urgency.P2: 0.7, Urgency.P3: 0.5}
"""Of the entries of each urgency, how many she takes on."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done to an entry that she has, so many minutes (least and most) after the last thing that happened."""

    what: Happening
    least: int
    most: int


PLANS: Sequence[tuple[float, tuple[Deed, ...]]] = (
    (0.55, (Deed(Happening.RESOLVE, 2, 6),)),
    (0.75, (Deed(Happening.PROGRESS, 2, 5), Deed(Happening.RESOLVE, 3, 9))),
    (0.88, (Deed(Happening.RETURN, 1, 3), Deed(Happening.RESOLVE, 1, 4))),
    (1.00, (Deed(Happening.SNOOZE, 1, 3), Deed(Happening.RESOLVE, 1, 4))),
)
"""How she works on an entry, each up to its share of all; what is done is counted from the entry's history."""
LAST = Deed(Happening.RESOLVE, 1, 4)
ASIDE = {Urgency.P1: (6, 14), Urgency.P2: (12, 30), Urgency.P3: (20, 60)}
"""For how many minutes she puts an entry aside or gives it back, within the policy's shipped limits."""
HERS = frozenset({Happening.PROGRESS, Happening.SNOOZE, Happening.RETURN})


class Escalations(Protocol):
    """The verbs of the inbox that she uses; `actions.escalations.EscalationActions` has them."""

    def acknowledge(self, actor: Actor, entry: int, version: int | None = None) -> Transition:
        """Take it."""
        ...

    def progress(self, actor: Actor, entry: int, version: int | None, note: str) -> Transition:
        """Tell of progress."""
        ...

    def snooze(self, actor: Actor, entry: int, version: int | None, until: int, reason: str) -> Transition:
        """Put it aside."""
        ...

    def give_back(self, actor: Actor, entry: int, version: int | None, to: str, until: int, reason: str) -> Transition:
        """Return it to an agent."""
        ...

    def resolve(self, actor: Actor, entry: int, version: int | None, reason: str) -> Transition:
        """It is done."""
        ...


class Decisions(Protocol):
    """What she decides on; `actions.compensation.CompensationActions` has it."""

    def approve(self, actor: Actor, request: int, reason: str = "") -> Request:
        """Grant it."""
        ...

    def decline(self, actor: Actor, request: int, reason: str) -> Request:
        """Refuse it."""
        ...


class Tasks(Protocol):
    """What she ends where an entry is about it; `actions.follow_ups.FollowUpActions` has it."""

    def finish(self, actor: Actor, task: int, outcome: str) -> FollowUp:
        """Say what came of it."""
        ...


class Colleague:
    """One supervisor. `turn` blocks on the database and belongs to one thread."""

    def __init__(
        self,
        seed: int,
        actor: Actor,
        escalations: Escalations,
        decisions: Decisions,
        tasks: Tasks,
        history: Callable[[int], Sequence[Past]],
        owner_of: Callable[[int], str],
    ) -> None:
        """``history`` gives the moves of an entry, ``owner_of`` the agent who has a ticket (empty: nobody)."""
        self.actor = actor
        self.rests = False
        """Her roles were taken away: she does nothing any more."""
        self._seed = seed
        self._escalations = escalations
        self._decisions = decisions
        self._tasks = tasks
        self._history = history
        self._owner_of = owner_of
        self._known: dict[int, tuple[int, int, int]] = {}
        """Of what she has, by number: its version, when something last happened, and how many deeds are done."""

    def turn(self, entries: Sequence[Entry], now: int, most: int = 1) -> int:
        """Look at the open entries, most urgent first, and do at most so much; returns how much was done."""
        if self.rests:
            return 0
        mine = [entry for entry in entries if entry.state is State.ACKNOWLEDGED and self._has(entry)]
        unowned = [entry for entry in entries if entry.state in (State.RAISED, State.EXHAUSTED)]
        self._known = {entry.id: self._known[entry.id] for entry in mine if entry.id in self._known}
        done = 0
        for entry in mine:
            done += done < most and self._work_on(entry, now)
        free = HANDS - len(mine)
        left = min(LEFT_TO_OTHERS, (len(unowned) + len(mine) + 1) // 2)
        for place, entry in enumerate(self._wanted(unowned, now)):
            if done >= most or place >= free or len(unowned) - place <= left:
                break
            done += self._try(partial(self._escalations.acknowledge, self.actor, entry.id, entry.version))
        if done < most:
            done += self._decide(unowned, now)
        return done

    def _has(self, entry: Entry) -> bool:
        return same_person(entry.owner, self.actor.name)

    def _wanted(self, unowned: Sequence[Entry], now: int) -> list[Entry]:
        """What she would take now: her share, and whatever everybody was told of without anybody acting."""
        found = []
        for entry in unowned:
            if entry.key.kind is ObjectKind.REQUEST or entry.key.cause is Cause.BY_HAND:
                continue
            if self._chance(entry, "take") >= SHARE[entry.urgency] and entry.state is not State.EXHAUSTED:
                continue
            if now - entry.raised_at >= FIRST_LOOK + int(self._chance(entry, "when") * (LAST_LOOK - FIRST_LOOK)):
                found.append(entry)
        return found

    def _work_on(self, entry: Entry, now: int) -> bool:
        known = self._known.get(entry.id)
        if known is None or known[0] != entry.version:
            past = self._history(entry.id)
            deeds = sum(one.what in HERS and same_person(one.actor, self.actor.name) for one in past)
            known = self._known[entry.id] = (entry.version, past[-1].at if past else now, deeds)
        _version, last_at, count = known
        lot = self._chance(entry, "plan")
        plan = next(plan for upto, plan in PLANS if lot < upto)
        deed = plan[count] if count < len(plan) else LAST
        if now < last_at + self._between(entry, f"deed {count}", deed.least, deed.most):
            return False
        return self._do(entry, deed.what, now, count)

    def _do(self, entry: Entry, what: Happening, now: int, count: int) -> bool:
        verbs, actor = self._escalations, self.actor
        until = now + self._between(entry, f"until {count}", *ASIDE[entry.urgency])
        agent = self._owner_of(entry.ticket) if what is Happening.RETURN and entry.ticket else ""
        if what is Happening.PROGRESS:
            return self._try(lambda: verbs.progress(actor, entry.id, entry.version, self._say(entry, "progress")))
        if what is Happening.SNOOZE:
            return self._try(lambda: verbs.snooze(actor, entry.id, entry.version, until, self._say(entry, "snooze")))
        if what is Happening.RETURN and agent:
            words = self._say(entry, "give_back")
            return self._try(lambda: verbs.give_back(actor, entry.id, entry.version, agent, until, words))
        words = self._say(entry, "resolve")
        if task := task_of(entry.key):
            # Without an outcome the task would stay open behind the entry.
            self._try(lambda: self._tasks.finish(actor, task, words))
        return self._try(lambda: verbs.resolve(actor, entry.id, entry.version, words))

    def _decide(self, unowned: Sequence[Entry], now: int) -> bool:
        """Of the compensations that wait long she decides half; the last one is always left to somebody else."""
        asked = [entry for entry in unowned if entry.key.cause is Cause.APPROVAL]
        for entry in asked[:-1]:
            if now - entry.raised_at < DECIDES_AFTER or self._chance(entry, "decide") >= 0.5:
                continue
            request = entry.key.object
            agrees = self._chance(entry, "agree") < 0.75
            decide = self._decisions.approve if agrees else self._decisions.decline
            words = self._say(entry, "approve" if agrees else "decline")
            return self._try(partial(decide, self.actor, request, words))
        return False

    def _try(self, act: Callable[[], object]) -> bool:
        if self.rests:
            return False
        try:
            act()
        except Refused as error:
            self.rests = error.refusal is Refusal.NOT_PERMITTED
            logger.info("%s is refused: %s", self.actor.name, error)
            return False
        except KnownError as error:
            # Somebody was quicker, or the database is busy: the next turn sees how things stand.
            logger.info("%s comes too late: %s", self.actor.name, error)
            return False
        return True

    def _say(self, entry: Entry, scene: str) -> str:
        said = Language.ZH if language().startswith("zh") else Language.EN
        return texts(said).pick(f"colleague.{scene}", int(self._chance(entry, scene) * WIDE))

    def _between(self, entry: Entry, what: str, least: int, most: int) -> int:
        return int((least + self._chance(entry, what) * (most - least)) * MINUTE)

    def _chance(self, entry: Entry, what: str) -> float:
        return chance(self._seed, self.actor.name, *entry.key, what)


def chance(*of: object) -> float:
    """A number in [0, 1) that belongs to these things for good."""
    return crc32(" ".join(map(str, of)).encode()) / WIDE
