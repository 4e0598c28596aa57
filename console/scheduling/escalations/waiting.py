"""How a thread of this room waits: on the machine's monotonic clock, until it is woken or told to end."""

from __future__ import annotations

import threading
from typing import Protocol


class Waiter(Protocol):
    """A wait that can be cut short. Tests bring one that needs no real time."""

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until somebody wakes; False when it is over and the thread has to end."""
        ...

    def rest(self, seconds: float) -> bool:
        """Wait so long whoever wakes; that is for the next wait. False when it is over and the thread has to end."""
        ...

    def wake(self) -> None:
        """Cut the present wait, or the next one, short."""
        ...

    def end(self) -> None:
        """Make every wait return False from now on."""
        ...


class Alarm:
    """The `Waiter` of the machine's own time; a step of the wall clock does not touch it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._woken = False
        self._over = False

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until somebody wakes; False when it is over and the thread has to end."""
        with self._changed:
            self._changed.wait_for(lambda: self._woken or self._over, seconds)
            self._woken = False
            return not self._over

    def rest(self, seconds: float) -> bool:
        """Wait so long whoever wakes; that is for the next wait. False when it is over and the thread has to end."""
        with self._changed:
            self._changed.wait_for(lambda: self._over, seconds)
            return not self._over

    def wake(self) -> None:
        """Cut the present wait, or the next one, short."""
        with self._changed:
            self._woken = True
            self._changed.notify_all()

    def end(self) -> None:
        """Make every wait return False from now on."""
        with self._changed:
            self._over = True
            self._changed.notify_all()
