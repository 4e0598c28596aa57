"""R-PRECEDENCE as a table: which rule each clock of a ticket is under, looked up for many tickets at once.

`ClockTargets.choose` decides once for every combination of what the rules of a clock look at; nothing is decided twice.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from console.models.domain.clock_targets import ClockName, ClockTargets, Level, Traits
from console.models.domain.contacts import (
    Channel,
    ComplaintTier,
    Emotion,
    InquiryType,
    Priority,
    Stage,
)
from console.models.live.columns import Slots
from console.models.live.cycle_columns import CycleColumns

CLOCKS = tuple(ClockName)
"""The clock of each lane of `CycleColumns`."""
LANE = {clock: lane for lane, clock in enumerate(CLOCKS)}

NO_RULE = -1
DEMAND = len(CLOCKS)
"""R-ESC: the lane, beside those of the clocks, that runs while a ticket's complaint tier demands a supervisor."""
DEMAND_RULE = "R-ESC"

Rules = NDArray[np.int64]
"""Numbers of rules, `NO_RULE` where none matches."""

_TRAITS: dict[str, int] = {
    "complaint": len(ComplaintTier),
    "emotion": len(Emotion),
    "type": 2,
    "priority": len(Priority),
    "stage": len(Stage),
    "channel": len(Channel),
}
"""What rules look at, and how many codes it has; of the type only whether it is a complaint (R-FRT-CLASS)."""

_LOOKS_AT: dict[Level, tuple[str, ...]] = {
    Level.COMPLAINT: ("complaint",),
    Level.EMOTION: ("emotion",),
    Level.CLASS: ("complaint", "type"),
    Level.PRIORITY: ("priority",),
    Level.STAGE: ("stage",),
    Level.CHANNEL: ("channel",),
    Level.ANY: (),
}


class TargetTable:
    """The rules of a policy by number: ``names``, ``targets`` (microseconds), and `rules` to look them up."""

    def __init__(self, targets: ClockTargets) -> None:
        self.names = [rule.name for rule in targets.rules] + [targets.promise_rule, DEMAND_RULE]
        self.targets = np.array([rule.target for rule in targets.rules] + [0, 0], dtype=np.int64)
        self.promise = len(targets.rules)
        """The rule of every promise: it has no target, because a promise brings its own due time."""
        self.demand = self.promise + 1
        """The rule of what is due at once."""
        self._sizes = dict(_TRAITS)
        for rule in targets.rules:
            for name in _LOOKS_AT[rule.level] if rule.level is not Level.CLASS else ():
                self._sizes[name] = max(self._sizes[name], rule.code + 1)
        self._strides = np.zeros((len(CLOCKS), len(_TRAITS)), dtype=np.int64)
        self._offsets = np.zeros(len(CLOCKS), dtype=np.int64)
        parts: list[list[int]] = []
        for lane, clock in enumerate(CLOCKS):
            self._offsets[lane] = sum(map(len, parts))
            parts.append(self._lane(targets, lane, clock))
        self._table = np.array([number for part in parts for number in part], dtype=np.int64)

    def rules(self, columns: CycleColumns, slots: Slots, lanes: Slots) -> Rules:
        """The rule of the clock in each lane, by what its ticket is now."""
        demand = lanes == DEMAND
        lanes = np.where(demand, 0, lanes)
        strides = self._strides[lanes]
        place = self._offsets[lanes]
        for number, name in enumerate(_TRAITS):
            codes = getattr(columns, name)[slots].astype(np.int64)
            if name == "type":
                codes = (codes == InquiryType.COMPLAINT).astype(np.int64)
            # A code that no rule names shares the last place.
            place = place + strides[:, number] * np.minimum(codes, self._sizes[name])
        found = np.where(lanes == LANE[ClockName.PROMISE], self.promise, self._table[place])
        return np.where(demand, self.demand, found)

    def _lane(self, targets: ClockTargets, lane: int, clock: ClockName) -> list[int]:
        """The rules of one clock, over all combinations of what they look at."""
        own = tuple(rule for rule in targets.rules if rule.clock is clock)
        only = replace(targets, rules=own)
        seen = {name for rule in own for name in _LOOKS_AT[rule.level]}
        if any(rule.live_only for rule in own):
            seen.add("channel")
        used = [name for name in _TRAITS if name in seen]
        stride = 1
        for name in reversed(used):
            self._strides[lane, list(_TRAITS).index(name)] = stride
            stride *= self._sizes[name] + 1
        numbers = {rule: number for number, rule in reversed(list(enumerate(targets.rules)))}
        found = []
        for codes in product(*(range(self._sizes[name] + 1) for name in used)):
            chosen = only.choose(clock, _traits(dict(zip(used, codes, strict=True))))
            found.append(NO_RULE if chosen is None else numbers[chosen])
        return found


def _traits(codes: dict[str, int]) -> Traits:
    if "type" in codes:
        codes["type"] = InquiryType.COMPLAINT if codes["type"] == 1 else InquiryType.UNCLASSIFIED
    return Traits(**codes)
