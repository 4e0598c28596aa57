"""R-AGENT-SLOW as a finder of the inbox: an agent whose mean response time passed the threshold, once per episode.

An episode begins with the second in which the mean goes over, and ends with the one in which it is no longer over, be
it by quicker answers or because slow ones have left the window. An episode that came and went between two looks is
not raised.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from console.clock import MINUTE, SECOND
from console.i18n import _
from console.models.domain.agent_pace import Pace
from console.models.domain.escalation import Cause, Entry, Key, ObjectKind, Occurrence, Urgency
from console.models.live.open_tickets import OpenTickets
from console.models.live.sliding import Totals
from console.models.policy.policy import Policy

RULE = "R-AGENT-SLOW"


class SlowAgents:
    """`Crossings` over the answers of agents; shares the tickets with other finders of the same thread."""

    def __init__(self, tickets: OpenTickets, policy: Policy, running: Iterable[Entry] = ()) -> None:
        """``running`` are the open entries of an earlier run: their episodes go on and are not raised again."""
        self._tickets = tickets
        self._rules = policy.agent_slow
        mine = [entry for entry in running if entry.key.cause is Cause.AGENT_ALARM]
        self._named: list[tuple[int, Occurrence]] = []
        self._looked_at = 0
        self._episodes = {entry.key.object: entry.occurred_at for entry in mine}

    def set_policy(self, policy: Policy) -> None:
        """Other figures hold from now on."""
        if policy is not self._tickets.policy:
            self._tickets.set_policy(policy)
        self._rules = policy.agent_slow

    def between(self, after: int, until: int) -> Sequence[Occurrence]:
        """The episodes that began in this time and still run."""
        self._tickets.catch_up()
        # What was named is named again until it has been taken: the sweep's watermark is behind it then.
        self._named = [(named, occurrence) for named, occurrence in self._named if named > after]
        # Answers are counted by the second, so only seconds that are over are looked at, and each once.
        begin, end = max(after, self._looked_at), until // SECOND * SECOND - 1
        if end > begin:
            self._looked_at = end
            begun: list[Occurrence] = []
            for second, seen in self._tickets.answers.agents_through(begin, end):
                begun += self._look(second, seen)
            # After a pause many have come and gone: an alarm that is over calls for nobody.
            running = [one for one in begun if self._episodes.get(one.key.object) == one.occurred_at]
            self._named += [(until, occurrence) for occurrence in running]
        return [occurrence for _named, occurrence in self._named]

    def ended(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Those of these entries whose episode is over: the agent is back under the threshold."""
        mine = [entry for entry in entries if entry.key.cause is Cause.AGENT_ALARM]
        return [entry for entry in mine if self._episodes.get(entry.key.object) != entry.occurred_at]

    def next_after(self, at: int) -> int | None:
        """None: an answer is not foreseen, and one that leaves the window can only end an episode or be seen soon."""
        del at
        return None

    def slow(self) -> frozenset[int]:
        """Agents whose episode runs."""
        return frozenset(self._episodes)

    def _look(self, second: int, seen: Totals) -> list[Occurrence]:
        rules = self._rules
        counts, sums = seen
        enough = counts >= max(1, rules.replies_at_least)
        slow = np.flatnonzero(enough & (sums > rules.threshold * counts)).tolist()
        for agent in self._episodes.keys() - set(slow):
            del self._episodes[agent]
        found = []
        for agent in slow:
            if agent not in self._episodes:
                self._episodes[agent] = second
                found.append(self._occurrence(agent, second, Pace(int(counts[agent]), int(sums[agent]))))
        return found

    def _occurrence(self, agent: int, at: int, seen: Pace) -> Occurrence:
        rules = self._rules
        return Occurrence(
            Key(ObjectKind.AGENT, agent, Cause.AGENT_ALARM, str(at)),
            RULE,
            since=at - rules.window,
            occurred_at=at,
            urgency=Urgency.P3,
            reason=_reason(seen, rules.window),
        )


def _reason(seen: Pace, window: int) -> str:
    mean = round((seen.mean or 0) / SECOND)
    time = f"{mean // 60}:{mean % 60:02d}"
    return _("{time} min a reply, mean of {n} in {window} min").format(
        time=time, n=seen.replies, window=window // MINUTE
    )
