"""The thread on which finders read the log: when the watch begins, and again for each policy.

At a million tickets that takes seconds. Meanwhile the sweep goes on: before the finders are there it carries out what
is due, after that the former figures hold until the new ones are computed.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from console.models.domain.escalation_ports import Crossings
from console.models.domain.ports import Cancelled, Progress
from console.models.policy.policy import Policy
from console.scheduling.escalations.crossings import AllCrossings

logger = logging.getLogger("console.escalations")

LOAD_AGAIN = 5.0
"""Seconds until what failed is tried again."""

Load = Callable[[Progress], Sequence[Crossings]]
"""Makes finders from the log; raises `Cancelled` when its progress says so."""


@runtime_checkable
class BuildsAnew(Protocol):
    """A finder that reads the log for a policy, aside: it answers by the former one until that is done."""

    def build_anew(self, policy: Policy, progress: Progress) -> None:
        """Let these figures hold from the end of this call on. Raises `Cancelled` when the progress asks to stop; then,
        as after any other error, the former ones hold."""
        ...


class Loading:
    """Nothing runs before `start`; `set_policy` is safe on any thread, and the newest policy wins."""

    def __init__(
        self,
        crossings: AllCrossings,
        finders: Sequence[Crossings],
        load: Load | None = None,
        done: Callable[[], None] = lambda: None,
    ) -> None:
        """``finders`` are there already, those of ``load`` join ``crossings``, which also takes what went wrong.
        ``done`` is called on this thread whenever there is something new to look at."""
        self._crossings = crossings
        self._finders = list(finders)
        self._load = load
        self._done = done
        self._changed = threading.Condition()
        self._policy: Policy | None = None
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="escalation-finders", daemon=True)

    def start(self) -> None:
        """Begin with what is to be loaded."""
        self._thread.start()

    def set_policy(self, policy: Policy) -> None:
        """Build anew for it; what is being built for an older one is given up."""
        with self._changed:
            self._policy = policy
            self._changed.notify_all()

    def stop(self) -> None:
        """Give up what is being built, and end the thread."""
        with self._changed:
            self._ending = True
            self._changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._ending or self._load is not None or self._policy is not None)
                if self._ending:
                    return
                load, policy = self._load, self._policy
            try:
                if load is not None:
                    self._take_in(load)
                elif policy is not None:
                    self._build(policy)
            except Cancelled:
                continue
            except Exception as error:
                logger.exception("the finders of the inbox cannot read the log")
                self._crossings.report(str(error) or type(error).__name__)
                self._pause(policy)
                continue
            self._crossings.report("")
            self._done()

    def _pause(self, policy: Policy | None) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._ending or self._policy is not policy, LOAD_AGAIN)

    def _take_in(self, load: Load) -> None:
        found = load(Progress(cancelled=lambda: self._ending))
        self._finders += found
        self._crossings.join(found)
        self._load = None

    def _build(self, policy: Policy) -> None:
        progress = Progress(cancelled=lambda: self._ending or self._policy is not policy)
        for finder in self._finders:
            if isinstance(finder, BuildsAnew):
                finder.build_anew(policy, progress)
        with self._changed:
            if self._policy is policy:
                self._policy = None
