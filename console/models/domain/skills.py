"""R-ROUTE: who may handle what, as their source tells at the log-in, or as their work shows where it tells nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from console.models.domain.contacts import Code, Language


class Level(Code):
    """How much somebody is trusted with; 0 where nobody says."""

    UNKNOWN = 0
    JUNIOR = 1
    REGULAR = 2
    SENIOR = 3
    LEAD = 4
    """Leads a shift and takes no contacts from the routing."""


@dataclass(frozen=True, slots=True)
class Skilled:
    """One agent. ``queues`` are the ids of those they serve, ``helps`` of those they may help out in; no ``languages``
    means any; ``limit`` is how many contacts they may have at once (0: not said)."""

    agent: int
    name: str
    team: str = ""
    level: Level = Level.UNKNOWN
    queues: frozenset[int] = frozenset()
    helps: frozenset[int] = frozenset()
    languages: frozenset[Language] = frozenset()
    limit: int = 0

    def may(self, queue: int, language: int = Language.UNKNOWN) -> bool:
        """Whether a contact of this queue and language may be theirs. A lead takes none."""
        if self.level is Level.LEAD or (queue not in self.queues and queue not in self.helps):
            return False
        return language == Language.UNKNOWN or not self.languages or language in self.languages


@dataclass(frozen=True, slots=True)
class Directory:
    """Everybody the log has heard of, by agent id; ``told`` says whether a source tells skills at all. Where it does
    not, they are read from who handled what."""

    people: Mapping[int, Skilled] = field(default_factory=dict)
    told: bool = False
    _serving: dict[tuple[int, int], NDArray[np.int32]] = field(default_factory=dict, repr=False, compare=False)

    def may(self, agent: int, queue: int, language: int = Language.UNKNOWN) -> bool:
        """Whether a contact of this queue and language may be theirs. One without a queue (0) may be anybody's but a
        lead's, where skills are told."""
        person = self.people.get(agent)
        if self.told and not queue:
            return person is None or person.level is not Level.LEAD
        return person is not None and person.may(queue, language)

    def who_may(self, agents: NDArray[np.int32], queue: int, language: int = Language.UNKNOWN) -> NDArray[np.bool_]:
        """`may` of each of these agents."""
        anybody = self.told and not queue
        key = (queue, Language.UNKNOWN if anybody else language)
        if key not in self._serving:
            # Of what is anybody's those are kept who are left out: there are people whom the directory does not know.
            ids = [id_ for id_ in self.people if self.may(id_, *key) is not anybody]
            self._serving[key] = np.array(ids, dtype=np.int32)
        return np.isin(agents, self._serving[key], invert=anybody)

    def teams(self) -> list[str]:
        """The names of the teams, sorted."""
        return sorted({person.team for person in self.people.values() if person.team})

    def of_team(self, team: str) -> frozenset[int]:
        """Who belongs to a team."""
        return frozenset(person.agent for person in self.people.values() if person.team == team)
