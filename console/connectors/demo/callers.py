"""Agents of the demonstration centre who look after customers whose complaint was resolved (R-CMP-FOLLOW).

Most tasks they end in time and a few too late, as people do. When, by whom and with which words follows from the seed,
the ticket and the duty.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from console.clock import HOUR, MINUTE
from console.connectors.demo.colleague import WIDE, chance
from console.connectors.demo.texts import texts
from console.errors import KnownError
from console.i18n import language
from console.models.actions.authorize import Refused
from console.models.actions.follow_ups import FollowUpActions
from console.models.domain.contacts import Language
from console.models.domain.follow_ups import Duty, FollowUp
from console.models.domain.roles import Actor

logger = logging.getLogger("console.demo")

LATE = 0.02
"""The share of the tasks that are forgotten at first."""
FORGOTTEN_FOR = (HOUR, 8 * HOUR)
"""How long after their time those are ended, where nobody else did it before; the least and the most."""
EARLIEST, LATEST = 0.1, 0.9
"""When the others are ended, as a share of their time."""
IN_SIGHT = 1_000
"""So many of those that are due first are looked at."""
LOOK_EVERY = MINUTE
_SCENES = {Duty.SECOND_CONTACT: "colleague.second_contact", Duty.SATISFACTION: "colleague.satisfaction"}


class Callers:
    """`turn` blocks on the database and belongs to one thread."""

    def __init__(self, seed: int, actors: Sequence[Actor], follow_ups: Callable[[], FollowUpActions]) -> None:
        """``actors`` are the accounts that may end a task: its owner does it, else one of the others."""
        self._seed = seed
        self._actors = {actor.name: actor for actor in actors}
        self._follow_ups = follow_ups
        self._ready: list[FollowUp] = []
        self._looked_at = 0

    def turn(self, now: int, most: int) -> int:
        """End at most so many tasks whose moment has come; returns how many were ended."""
        if not self._ready and not self._looked_at <= now < self._looked_at + LOOK_EVERY:
            owed = self._follow_ups().outstanding(most=IN_SIGHT)
            self._ready, self._looked_at = [task for task in owed if now >= self.moment(task)], now
        chosen, self._ready = self._ready[:most], self._ready[most:]
        return sum(self._finish(task) for task in chosen)

    def moment(self, task: FollowUp) -> int:
        """When somebody ends it, in microseconds."""
        lot = self._chance(task, "when")
        if self._chance(task, "late") < LATE:
            least, most = FORGOTTEN_FOR
            return task.promised_at + int(least + lot * (most - least))
        share = EARLIEST + lot * (LATEST - EARLIEST)
        return task.resolved_at + int(share * (task.promised_at - task.resolved_at))

    def _finish(self, task: FollowUp) -> bool:
        names = sorted(self._actors)
        if not names:
            return False
        name = task.owner if task.owner in self._actors else names[int(self._chance(task, "who") * len(names))]
        said = Language.ZH if language().startswith("zh") else Language.EN
        words = texts(said).pick(_SCENES[task.duty], int(self._chance(task, "words") * WIDE))
        try:
            self._follow_ups().finish(self._actors[name], task.id, words)
        except Refused as error:
            del self._actors[name]
            logger.info("%s may not end a follow-up: %s", name, error)
            return False
        except KnownError as error:
            # Somebody was quicker, or the database is busy: the next turn sees how things stand.
            logger.info("%s comes too late: %s", name, error)
            return False
        return True

    def _chance(self, task: FollowUp, what: str) -> float:
        return chance(self._seed, "follow_up", task.ticket, task.duty, task.resolved_at, what)
