"""The engine of this process as the window's feed: its board, its sources, its store."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import tzinfo
from importlib import import_module
from typing import TYPE_CHECKING

from console.clock import MINUTE
from console.engine import Engine
from console.errors import UsageError
from console.feeds.access import FeedAccess
from console.feeds.background import Background
from console.feeds.opening import Opening
from console.feeds.wellness import inbox_trouble
from console.i18n import N_, _
from console.models.domain.events import OWN_SOURCES, Event, Origin
from console.models.domain.ports import Batch, Intake, Progress, Receipt, Rows
from console.views.feed import Opened, SourceAge, Trouble

# Heavy imports come with the worker.
if TYPE_CHECKING:
    from console.connectors.demo import DemoConnector
    from console.feeds.demo_people import DemoPeople
    from console.feeds.finders import EngineFinders
    from console.models.actions.desk import Desk
    from console.models.domain.escalation_ports import EscalationReader, Waiting
    from console.models.live.board import Board
    from console.models.live.refolder import Refolder
    from console.models.policy.policy import Policy
    from console.models.store.reader import SqlLogReader

DEFAULT_SEED = 7
DEMO = "demo"
"""The centre's name as a source; a test holds it equal to the connector's, which is not imported to learn it."""
OWN = "console"
"""The console itself as a source: nobody waits to hear of it."""
_WATCHED_BEFORE = 30 * MINUTE
"""So far a picture's inbox looks back behind the minutes that are lived through before it."""
_LOOK_SECONDS = 0.05
_TROUBLES: Mapping[str, tuple[str, bool]] = {
    "spooling": (N_("The database takes no events: {reason}. {n} are shown and kept in a file until it does."), False),
    "failed": (N_("Events can be neither stored nor kept aside: {reason}. {n} are shown and may be lost."), True),
}
"""By the state of the store: what to say, and whether events may be lost."""


class EngineFeed:
    """The engine of this process with its sources; ``seed`` brings the demonstration centre.

    With ``wait_for_today`` the board is opened only when the centre's day is in the log, as a picture needs it.
    """

    def __init__(
        self,
        engine: Engine,
        policy: Policy,
        zone: tzinfo,
        *,
        seed: int | None = None,
        speed: float = 1.0,
        past_days: int = 56,
        wait_for_today: bool = False,
    ) -> None:
        self._opening = Opening(self._open, self._begin_background)
        self._engine, self._policy, self._zone = engine, policy, zone
        engine.set_policy(policy)
        self.access = FeedAccess(lambda: engine.place, self.opened, writable=True, shared=lambda: engine.access)
        self._seed, self._speed, self._past_days, self._wait = seed, speed, past_days, wait_for_today
        self._demo: DemoConnector | None = None
        self._people: DemoPeople | None = None
        self._moment = 0
        self._refolder: Refolder | None = None
        self._background: Background | None = None
        self.finders: EngineFinders | None = None
        """What finds cases for the inbox; None before the data is open."""
        self._board: Board | None = None
        self._door = threading.Lock()
        self._inbox: deque[Batch] = deque()
        self._receive: Callable[[Batch], None] = self._inbox.append
        self._refolded: Callable[[Rows, int], None] = lambda _rows, _until: None
        self._listener: Callable[[Waiting], None] | None = None
        self._watched = False
        self._names: dict[int, str] = {}
        self._heard: dict[int, int] = {}
        self._live: set[str] = set()

    def begin(self) -> None:
        """Start to open."""
        self._opening.begin()

    def opened(self) -> Future[Opened]:
        """What was opened, or why it could not be."""
        return self._opening.future

    def progress(self) -> tuple[str, int, int]:
        """What is being done, how much of it is done, and of how much."""
        return self._opening.progress()

    @property
    def log(self) -> SqlLogReader:
        """The readers of the log; raises RuntimeError before it is open."""
        return self._engine.log

    @property
    def inbox(self) -> EscalationReader:
        """The escalations; raises RuntimeError before the data is open, for until then they are not all there."""
        if not self._opening.future.done():
            raise RuntimeError("the data is not open")
        return self._engine.inbox

    def listen(self, listener: Callable[[Waiting], None]) -> None:
        """Call ``listener`` (on a thread of its own; it must only pass the notice on) for each notice that reaches this
        console. Without a listener notices wait, and nobody counts as told."""
        with self._door:
            self._listener = listener
            if self._watched:
                self._engine.notices.subscribe(listener)

    def desk(self) -> Desk:
        """What people can do here; raises RuntimeError before the data is open."""
        return self._engine.desk()

    def board_at(self, at: int, progress: Progress) -> Board:
        """The board at a past instant; blocks, so for workers. Raises `Cancelled` when asked to stop."""
        self._opening.wait()
        if self._background is None or self._board is None:
            raise RuntimeError("there is no board yet")
        return self._background.board_at(at, self._board, progress)

    def opened_under(self, policy: Policy, progress: Progress) -> Opened:
        """The board as it is under another policy, which holds from now on; blocks, so for workers."""
        self._opening.wait()
        board = self._load(policy, progress)
        self._policy = policy
        self._engine.set_policy(policy)
        return Opened(board, self._refolder.ask if self._refolder is not None else None)

    def deliver(self, receive: Callable[[Batch], None], refolded: Callable[[Rows, int], None]) -> None:
        """Hand over what waits, and all that comes."""
        with self._door:
            while self._inbox:
                receive(self._inbox.popleft())
            self._receive = receive
            self._refolded = refolded

    def sources(self) -> Sequence[SourceAge]:
        """Sources that run, and files that were imported."""
        waiting = [SourceAge(name, 0) for name in self._live - set(self._names.values())]
        answered = {self._demo.name: self._demo.heard_at()} if self._demo is not None else {}
        known = [(self._names.get(id_, str(id_)), at) for id_, at in tuple(self._heard.items())]
        known = [(name, at) for name, at in known if name not in OWN_SOURCES]
        return waiting + [
            SourceAge(name, max(at, answered.get(name, 0)), file=name not in self._live) for name, at in known
        ]

    def trouble(self) -> Trouble | None:
        """What is wrong with the store, else with the inbox."""
        health = self._engine.health
        words = _TROUBLES.get(health.state.value)
        if words is None:
            return inbox_trouble(self._engine.watching.finding) if self._watched else None
        return Trouble(_(words[0]).format(reason=health.reason, n=health.waiting), words[1])

    def filling(self) -> tuple[int, int] | None:
        """How many of the centre's past days are there."""
        if self._demo is None or self._demo.filled.is_set():
            return None
        return self._demo.backfill

    def tell(self, event: Event) -> None:
        """Hand in an event of the console itself; raises RuntimeError before the log is open."""
        self._engine.intake.submit(OWN, [event], origin=Origin.OUTBOX)

    def close(self) -> None:
        """Stop what runs; what was handed in is durable afterwards."""
        self._opening.stop()
        if self._people is not None:
            self._people.stop()
        self._engine.quiet()
        if self.finders is not None:
            self.finders.stop()
        if self._refolder is not None:
            self._refolder.stop()
        if self._demo is not None:
            self._demo.stop()
        if self._background is not None:
            self._background.stop()
        self.access.close()
        self._engine.stop()

    def _open(self, progress: Progress) -> Opened:
        from console.feeds.finders import EngineFinders
        from console.models.live.refolder import Refolder

        if self._wait:
            from console.feeds.rehearsal import turn_back

            self._moment = turn_back(self._engine.clock, self._zone)
        # NumPy imports it at the first `unique`, which would be in a frame.
        import_module("numpy.ma")
        self._engine.open(progress)
        log = self._engine.log
        self._know_sources(log)
        if self._seed is not None:
            self._refuse_real_data()
        self._engine.tail.subscribe(self._on_batch)
        self.finders = finders = EngineFinders(self._engine, lambda: self._policy)
        if self._seed is not None:
            self._people = self._bring_people(self._seed)
        if self._wait:
            self._engine.start()
            door = self._start_demo(log)
            door.wait()
            self._rehearse(finders, door, progress)
        self._opening.step = _("Loading the board")
        board = self._load(self._policy, progress)
        self._refolder = Refolder(log, self._engine.events.wait_committed, self._on_refolded)
        self._refolder.start()
        if not self._wait:
            finders.begin(board)
            self._engine.start()
            if self._seed is not None:
                finders.wait_for(self._start_demo(log).wait_while)
        with self._door:
            self._watched = True
            if self._listener is not None:
                self._engine.notices.subscribe(self._listener)
        if not self._wait:
            # One instant for sweep and finders: what ends while these begin to read is no past.
            finders.first_start_at = self._engine.clock.now()
            self._engine.watch(load=finders.load, since=finders.first_start_at)
            if self._people is not None:
                self._people.start()
        return Opened(board, self._refolder.ask)

    def _bring_people(self, seed: int) -> DemoPeople:
        from console.feeds.demo_people import DemoPeople

        return DemoPeople(self._engine, seed)

    def _rehearse(self, finders: EngineFinders, door: _LastReceipt, progress: Progress) -> None:
        """Let the last minutes before a picture pass: the centre lives, the inbox is swept, its people act."""
        from console.feeds.rehearsal import rehearse

        finders.begin(self._load(self._policy, progress))
        since = self._engine.clock.now() - _WATCHED_BEFORE
        self._engine.watch(load=finders.load, since=since, on_threads=False)
        if self._demo is not None and self._people is not None:
            rehearse(self._engine, self._demo, self._people, self._moment, door.wait, progress)

    def _load(self, policy: Policy, progress: Progress) -> Board:
        from console.models.live import snapshot
        from console.models.live.catch_up import load_board

        folder = self._engine.place.directory / snapshot.FOLDER
        self._board = load_board(self._engine.log, folder, policy, self._engine.clock.now(), progress)
        return self._board

    def _begin_background(self) -> None:
        """When the board is on the screen; a picture needs no jobs."""
        self._background = Background(self._engine.place, self.log, self._engine.clock)
        if not self._wait:
            self._background.start()

    def _start_demo(self, log: SqlLogReader) -> _LastReceipt:
        from console.connectors.demo import DemoConnector

        assert self._seed is not None
        demo = DemoConnector(
            seed=self._seed,
            clock=self._engine.clock,
            zone=self._zone,
            speed=self._speed,
            past_days=self._past_days,
            cursor=log.cursor(DEMO),
        )
        self._live.add(demo.name)
        self._demo = demo
        door = _LastReceipt(self._engine.intake, demo.told)
        demo.start(door)
        self._engine.command(demo)
        return door

    def _on_batch(self, batch: Batch) -> None:
        """On the intake's thread: note who spoke, and pass it on."""
        for name in batch.names:
            if name.dimension == "source":
                self._names[name.id] = name.text
        if batch.rows.size:
            source = int(batch.rows["source"][-1])
            if self._names.get(source) in self._live:
                self._heard[source] = batch.arrived_at or self._engine.clock.now()
            else:  # a file tells of its own time, whenever it is imported
                self._heard[source] = max(self._heard.get(source, 0), int(batch.rows["at"].max()))
        with self._door:
            self._receive(batch)

    def _on_refolded(self, rows: Rows, until: int) -> None:
        """On the refolder's thread."""
        self._refolded(rows, until)

    def _refuse_real_data(self) -> None:
        """What the centre writes could not be taken out of somebody's own log again."""
        others = sorted({*self._names.values()} - OWN_SOURCES)
        if others and DEMO not in others:
            raise UsageError(
                _("{folder} holds other data than the demonstration centre's: {sources}.").format(
                    folder=self._engine.place.directory, sources=", ".join(others)
                ),
                _("Leave --demo out, or give it another --data-dir."),
            )

    def _know_sources(self, log: SqlLogReader) -> None:
        for state in log.sources():
            self._names[state.id] = state.name
            self._heard[state.id] = state.last_at


class _LastReceipt:
    """An `Intake` that knows when everything handed in so far is durable."""

    def __init__(self, intake: Intake, complete: threading.Event) -> None:
        self._intake = intake
        self._complete = complete
        self._last: Receipt | None = None

    def submit(
        self,
        source: str,
        events: Sequence[Event],
        *,
        origin: Origin,
        cursor: Mapping[str, object] | None = None,
    ) -> Receipt:
        """Pass on, and remember the receipt."""
        self._last = self._intake.submit(source, events, origin=origin, cursor=cursor)
        return self._last

    def wait_while(self, progress: Progress) -> None:
        """Block until all that was missing is there and durable; raises `Cancelled` when the progress says so."""
        while not self._complete.wait(_LOOK_SECONDS):
            progress.step(0, 0)
        self.wait()

    def wait(self) -> None:
        """Block until all that was missing is there and durable."""
        self._complete.wait()
        if self._last is not None:
            self._last.wait()
