"""R-ESC: a compensation request that nobody decided in time goes into the inbox by itself, again and again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from console.models.domain.escalation import SYSTEM, Occurrence
from console.models.domain.requests import Step, after, is_undecided
from console.models.domain.requests_ports import Requests


class UndecidedRequests:
    """`escalation_ports.Crossings`: lapses what is due, and names every lapse in the span.

    A lapse is kept before it is raised. When the raise does not come about, the sweep asks for the same span again and
    the lapse is still in it, so none is lost; named twice it is raised once, by its key and instant.
    """

    def __init__(self, requests: Requests, undecided: Callable[[], int]) -> None:
        """``undecided`` is the policy's time for a decision, in microseconds."""
        self._requests = requests
        self._undecided = undecided

    def between(self, after_: int, until: int) -> Sequence[Occurrence]:
        """Every lapse with ``after_ < occurred_at <= until``, and any that was found only now."""
        fresh = [request.id for request in self._requests.lapsing(until)]
        if fresh:
            wait = self._undecided()
            with self._requests.change() as change:
                for number in fresh:
                    found = change.find(number)
                    if found is not None and found.is_open and found.due_at is not None and found.due_at <= until:
                        change.write(
                            found, after(found, Step.LAPSE, until, SYSTEM, "", wait), Step.LAPSE, until, SYSTEM, ""
                        )
        late = [one for one in self._requests.undecided() if one.id in fresh and one.lapsed_at is not None]
        named = {one.id: one for one in (*late, *self._requests.lapsed(after_, until))}
        return [is_undecided(one) for one in named.values()]

    def next_after(self, at: int) -> int | None:
        """When the next request lapses."""
        return self._requests.next_due(at)
