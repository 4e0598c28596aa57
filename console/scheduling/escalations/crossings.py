"""Several finders of what crosses, as one: a finder that fails does not silence the others, and loses nothing itself.

What a finder could not be asked stays owed: at the next turn it is asked from where it last answered. The watermark
that is kept must not pass that point, see `AllCrossings.answered_to`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol, TypeVar, runtime_checkable

from console.models.domain.escalation import Entry, Occurrence
from console.models.domain.escalation_ports import Crossings, Endings, Standing
from console.models.policy.policy import Policy

logger = logging.getLogger("console.escalations")

Answer = TypeVar("Answer")

_EXPECTED = -1
"""Stands for the finders that have not joined yet, and for whoever makes them."""


@runtime_checkable
class FollowsPolicy(Protocol):
    """A finder whose instants depend on the policy."""

    def set_policy(self, policy: Policy) -> None:
        """From now on these figures hold; called on the sweep's thread."""
        ...


class AllCrossings:
    """`Crossings` over several. All but `set_policy`, `join`, `report` and `failures` belongs to one thread, the
    sweep's."""

    def __init__(self, finders: Sequence[Crossings], *, expects_more: bool = False) -> None:
        """``expects_more``: other finders still load and will `join`; what crosses meanwhile is owed to them."""
        self._finders = tuple(finders)
        self._expects_more = expects_more
        self._joining: Sequence[Crossings] | None = None
        self._owed: dict[int, int] = {}
        self._unstood: set[int] = set()
        self._first_start = False
        self._failures: dict[int, str] = {}
        self._policy: Policy | None = None
        self._told: Policy | None = None
        self._untold: set[int] = set()

    def join(self, finders: Sequence[Crossings]) -> None:
        """Those that were expected are ready; asked from the next turn on. Any thread may call, once."""
        self._joining = tuple(finders)
        self.report("")

    def report(self, failure: str) -> None:
        """Finders cannot be made, or not for the policy that holds, and why; empty when that is over. Any thread may
        call."""
        if failure:
            self._failures[_EXPECTED] = failure
        else:
            self._failures.pop(_EXPECTED, None)

    @property
    def failures(self) -> tuple[str, ...]:
        """What is wrong with each finder that could not answer when it was last asked; any thread may ask."""
        return tuple(self._failures.copy().values())

    def set_policy(self, policy: Policy) -> None:
        """Tell the finders at the next turn; any thread may call."""
        self._policy = policy

    def answered_to(self, until: int) -> int:
        """How far everybody has answered, at most ``until``."""
        return min([until, *self._owed.values()])

    def standing(self, at: int) -> Sequence[Occurrence]:
        """What stands at the first start of all; a finder that fails here is asked again at the next turns."""
        self._first_start = True
        self._unstood = {number for number, finder in enumerate(self._finders) if isinstance(finder, Standing)}
        self._begin_turn(at)
        return self._stood(at)

    def between(self, after: int, until: int) -> Sequence[Occurrence]:
        """Every occurrence with ``after < occurred_at <= until``, and what became known too late for that."""
        self._begin_turn(after)
        found = self._stood(until)
        for number, finder in enumerate(self._finders):
            begin = min(after, self._owed.get(number, after))
            answer = self._ask(number, partial(finder.between, begin, until))
            if answer is None:
                self._owed[number] = begin
            else:
                self._owed.pop(number, None)
                found.extend(answer)
        return found

    def ended(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Those of these entries whose matter is over. A finder that is behind or fails says nothing of its own."""
        found: list[Entry] = []
        for number, finder in enumerate(self._finders):
            if isinstance(finder, Endings) and number not in self._owed:
                found.extend(self._ask(number, partial(finder.ended, entries)) or ())
        return found

    def next_after(self, at: int) -> int | None:
        """The next instant at which something will cross, None when nothing is foreseen."""
        known = [
            self._ask(number, partial(finder.next_after, at))
            for number, finder in enumerate(self._finders)
            if number not in self._owed
        ]
        return min((instant for instant in known if instant is not None), default=None)

    def _begin_turn(self, after: int) -> None:
        """Take in who has joined, owed what crossed while they loaded; tell everybody of a new policy."""
        if self._expects_more:
            begin = self._owed.setdefault(_EXPECTED, after)
            joining = self._joining
            if joining is not None:
                numbers = range(len(self._finders), len(self._finders) + len(joining))
                self._finders += tuple(joining)
                self._expects_more = False
                del self._owed[_EXPECTED]
                self._untold.update(numbers)
                self._owed.update(dict.fromkeys(numbers, begin))
                if self._first_start:
                    self._unstood |= {number for number in numbers if isinstance(self._finders[number], Standing)}
        self._tell_policy()

    def _stood(self, at: int) -> list[Occurrence]:
        found: list[Occurrence] = []
        for number in sorted(self._unstood):
            finder = self._finders[number]
            assert isinstance(finder, Standing)
            answer = self._ask(number, partial(finder.standing, at))
            if answer is not None:
                self._unstood.discard(number)
                found.extend(answer)
        return found

    def _ask(self, number: int, question: Callable[[], Answer]) -> Answer | None:
        """The answer, or None where the finder fails; that it does is told once, and that it is over."""
        name = type(self._finders[number]).__name__
        try:
            answer = question()
        except Exception as error:
            if number not in self._failures:
                logger.exception("%s cannot say what crossed", name)
            self._failures[number] = str(error) or name
            return None
        if self._failures.pop(number, None) is not None:
            logger.info("%s answers again", name)
        return answer

    def _tell_policy(self) -> None:
        """Each finder once, those that join later too; one that fails is told again at the next turn."""
        policy, self._policy = self._policy, None
        if policy is not None:
            self._told = policy
            self._untold = set(range(len(self._finders)))
        if self._told is not None:
            for number in sorted(self._untold):
                if self._ask(number, partial(_told, self._finders[number], self._told)):
                    self._untold.discard(number)


def _told(finder: Crossings, policy: Policy) -> bool:
    if isinstance(finder, FollowsPolicy):
        finder.set_policy(policy)
    return True
