"""What the window asks of whoever feeds it; no Qt, so that the composition root can answer without it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, NamedTuple, Protocol

from console.models.domain.ports import Batch, Progress, Rows

if TYPE_CHECKING:
    from console.models.live.board import Board
    from console.models.policy.policy import Policy


class SourceAge(NamedTuple):
    """When a source was last heard of. ``at`` is microseconds since the epoch, 0 when never; after ``stale_after``
    seconds of silence it counts as stale; ``down`` says that it failed, and ``note`` why in its own words. ``file`` is
    a source that nobody expects to speak again: an imported file, of which ``at`` is the last event."""

    name: str
    at: int
    stale_after: float = 60.0
    down: bool = False
    note: str = ""
    file: bool = False


class Trouble(NamedTuple):
    """What is wrong with the store or the inbox, in words; ``grave`` when events may be lost."""

    text: str
    grave: bool


class Opened(NamedTuple):
    """The board, and where to ask for tickets to be read again (id -> the seq they must be read up to)."""

    board: Board
    refold: Callable[[Mapping[int, int]], None] | None


class Feed(Protocol):
    """Where the board and its events come from."""

    def opened(self) -> Future[Opened]:
        """The board, which a worker opens."""
        ...

    def progress(self) -> tuple[str, int, int]:
        """What is being done, how much of it is done, and of how much (0 while unknown)."""
        ...

    def opened_under(self, policy: Policy, progress: Progress) -> Opened:
        """The board as it is under another policy, which holds from now on; blocks, so for workers.

        Raises `Cancelled` when asked to stop; then the former policy goes on.
        """
        ...

    def deliver(self, receive: Callable[[Batch], None], refolded: Callable[[Rows, int], None]) -> None:
        """Hand over the batches that came in meanwhile and all later ones, and the answers of refolds."""
        ...

    def sources(self) -> Sequence[SourceAge]:
        """Every source with the time it was last heard of; answers at once."""
        ...

    def trouble(self) -> Trouble | None:
        """What is wrong with the store, None when nothing is."""
        ...

    def filling(self) -> tuple[int, int] | None:
        """Past days of the demonstration centre that are there, and how many there are to be; None when complete."""
        ...

    def close(self) -> None:
        """Stop everything and make all of it durable."""
        ...
