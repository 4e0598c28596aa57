"""The figures of the escalation machine, filled by the policy, and what makes an entry urgent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from console.models.domain.contacts import Channel, ComplaintTier
from console.models.domain.escalation import Urgency


class ByUrgency(NamedTuple):
    """One duration for each urgency, in microseconds."""

    p1: int
    p2: int
    p3: int

    def of(self, urgency: Urgency) -> int:
        """The duration for this urgency."""
        return self[urgency - 1]


@dataclass(frozen=True, slots=True)
class EscalationRules:
    """R-ESC and R-ESC-LIFE as figures. Durations are microseconds and more than nothing; raises ValueError if not.

    ``aside_limit`` bounds a snooze and a return, so that nothing can be put off for ever. ``wait_by_channel`` is
    indexed by the codes of `contacts.Channel`; 0 means that the channel's own response target decides.
    """

    level_timeout: ByUrgency
    progress_due: ByUrgency
    aside_limit: ByUrgency
    lapse_after: int
    """After a reminder of due progress, this silence gives the entry back to the chain."""
    exhausted_repeat: int
    reopen_window: int
    chain: tuple[str, ...]
    """The levels, from the first to be told to the last."""
    wait_by_channel: tuple[int, ...]
    request_undecided: int
    settle_answered: bool = True
    """What nobody had taken on, and whose clock has stopped, is resolved by the console: told, and shown for the
    reopen window. Where it is False a person looks at each."""

    def __post_init__(self) -> None:
        durations = (
            *self.level_timeout,
            *self.progress_due,
            *self.aside_limit,
            self.lapse_after,
            self.exhausted_repeat,
            self.reopen_window,
            self.request_undecided,
        )
        if min(durations) <= 0:
            raise ValueError("every duration of the escalation rules must be more than nothing")
        if not self.chain or len(set(self.chain)) != len(self.chain) or not all(self.chain):
            raise ValueError("the chain needs at least one level, each with a name of its own")
        if len(self.wait_by_channel) != len(Channel) or min(self.wait_by_channel) < 0:
            raise ValueError("every channel needs a waiting time, or 0 for its own response target")


def urgency_of(complaint: ComplaintTier, *, is_vip: bool, in_breach: bool, is_public: bool) -> Urgency:
    """R-ESC-LIFE: P1 high-tier complaint, VIP in breach or publicity; P2 medium tier or any breached clock; else P3."""
    if complaint is ComplaintTier.HIGH or is_public or (is_vip and in_breach):
        return Urgency.P1
    if complaint is ComplaintTier.MEDIUM or in_breach:
        return Urgency.P2
    return Urgency.P3
