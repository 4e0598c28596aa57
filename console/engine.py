"""The console without its window: the log, the connectors that feed it, and the order in which they start and stop."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from console.clock import SystemClock
from console.models.domain.ports import Clock, Connector, Intake, Progress, Tail

# SQLAlchemy takes 0.2 s to import: whoever only names an engine must not pay for it.
if TYPE_CHECKING:
    from console.connectors.handover import Door
    from console.models.actions.desk import Desk
    from console.models.domain.escalation_ports import Crossings
    from console.models.policy.policy import Policy
    from console.models.store.access import Access
    from console.models.store.database import Place
    from console.models.store.escalation_rows import SqlEscalationReader
    from console.models.store.escalations import SqlEscalations
    from console.models.store.health import StoreHealth
    from console.models.store.inbox import Inbox
    from console.models.store.log import EventLog
    from console.models.store.reader import SqlLogReader
    from console.scheduling.arrivals.classifying import Classifying
    from console.scheduling.commands.work import Work
    from console.scheduling.escalations.loading import Load
    from console.scheduling.escalations.notices import Notices
    from console.scheduling.escalations.watch import Watch
    from console.scheduling.routing.router import Router

logger = logging.getLogger("console.engine")


class Engine:
    """One running console over one data directory. Only one process at a time can have it open."""

    def __init__(
        self,
        data_dir: Path,
        *,
        url: str | None = None,
        clock: Clock | None = None,
        policy: Policy | None = None,
        fleeting: bool = False,
    ) -> None:
        """Name the data directory, or a database by ``url``; nothing is touched before `open`. Without a ``policy`` the
        one of the data directory holds. What is ``fleeting`` is thrown away after use, see `Place`."""
        self.clock: Clock = clock or SystemClock()
        self._data_dir = data_dir
        self._url = url
        self._fleeting = fleeting
        self._policy = policy
        self._events: EventLog | None = None
        self._inbox: Inbox | None = None
        self._watch: Watch | None = None
        self._commanded: list[Connector] = []
        self._work: Work | None = None
        self._classifying: Classifying | None = None
        self._router: Router | None = None
        self._door: Door | None = None
        self._connectors: list[Connector] = []
        self._started: list[Connector] = []
        self._running = False

    @property
    def place(self) -> Place:
        """Where the database lies; raises UsageError when the URL cannot hold the log."""
        from console.models.store.database import place

        return replace(place(self._data_dir, self._url), fleeting=self._fleeting)

    @property
    def events(self) -> EventLog:
        """The open log; raises RuntimeError before `open`."""
        return _opened(self._events)

    @property
    def intake(self) -> Intake:
        """Where events are handed in."""
        return self.events.intake

    @property
    def tail(self) -> Tail:
        """Where live batches come out."""
        return self.events.intake

    @property
    def log(self) -> SqlLogReader:
        """The readers of the log."""
        return self.events.reader

    @property
    def health(self) -> StoreHealth:
        """How the store is."""
        return self.events.health

    @property
    def escalations(self) -> SqlEscalations:
        """The only way to change the escalation inbox."""
        return _opened(self._inbox).writer

    @property
    def inbox(self) -> SqlEscalationReader:
        """Reads the escalation inbox."""
        return _opened(self._inbox).reader

    @property
    def access(self) -> Access:
        """Accounts and audit trail."""
        return _opened(self._inbox).access

    @property
    def watching(self) -> Watch:
        """The sweep, the auditor and the dispatcher; they run from `watch` to `stop`."""
        return _opened(self._watch)

    @property
    def notices(self) -> Notices:
        """Where this console hears of what needs a person."""
        return self.watching.notices

    @property
    def router(self) -> Router:
        """Hands out what nobody has; it runs from `watch` to `stop`."""
        return _opened(self._router)

    def desk(self) -> Desk:
        """Everything that people can do here; what they ask for is carried out while the engine runs."""
        return _opened(self._work).desk

    def set_policy(self, policy: Policy) -> None:
        """These figures hold from now on."""
        self._policy = policy
        if self._watch is not None:
            self._watch.set_policy(policy)

    def watch(
        self, *finders: Crossings, load: Load | None = None, since: int | None = None, on_threads: bool = True
    ) -> None:
        """Raise from now on what these find, and every promise and request that nobody saw to; carry out what is due
        and tell the consoles that listen.

        ``load`` makes further finders, on a thread of its own where it may take its time. ``since`` is where to begin
        in a log that was never swept; now, if not given. Without threads there is one turn, in this call. Raises
        RuntimeError when the inbox is watched already.
        """
        watch, work = self.watching, _opened(self._work)
        finders = (*work.finders, *finders)
        if on_threads:
            watch.start(finders, load, since)
            _opened(self._classifying).start(self.tail)
            _opened(self._router).start(self.tail)
        else:
            watch.sweep_once(finders, load, since)

    def command(self, connector: Connector) -> None:
        """What people ask of this source's tickets goes to the connector, which somebody else starts, and stops after
        `quiet`."""
        self._commanded.append(connector)

    def quiet(self) -> None:
        """Nothing is raised, told or sent any more: each thread ends after what it is doing. Part of `stop`."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.stop()
        classifying, self._classifying = self._classifying, None
        if classifying is not None:
            classifying.stop()
        router, self._router = self._router, None
        if router is not None:
            router.stop()
        work, self._work = self._work, None
        if work is not None:
            work.dispatcher.stop()
        self._commanded.clear()

    def sign_off(self, name: str, successor: str = "") -> None:
        """A supervisor ends the session: what they own goes to the successor, or back to the chain. Raises ValueError
        when both are the same person."""
        self.watching.leavers.sign_off(name, self.clock.now(), successor)
        self.watching.poke()

    def open(self, progress: Progress | None = None) -> Self:
        """Take the lock and bring the database up to date, with progress.

        Raises `store.lock.Locked` when another process has it, SetupError when it cannot be used, `Cancelled`.
        """
        from console.models.store.log import open_log

        self._events = open_log(self.place, self.clock, progress)
        try:
            self._open_inbox()
        except BaseException:
            self.stop()
            raise
        return self

    def attach(self, connector: Connector) -> None:
        """Add a source of events; it starts with the engine, or at once when the engine runs."""
        self._connectors.append(connector)
        if self._running:
            self._start(connector)

    def start(self) -> None:
        """Begin to take events, also from other processes of this user, then start the connectors.

        Subscribe to `tail` before, to miss nothing.
        """
        self.events.start()
        self._running = True
        self._open_door()
        for connector in self._connectors:
            self._start(connector)
        work = _opened(self._work)
        work.dispatcher.start()
        # What a console that died had decided and not told yet.
        work.desk.compensation.tell()

    def stop(self) -> None:
        """Stop the watch and the connectors, make durable what they handed in, close the log, free the lock."""
        self._running = False
        self.quiet()
        while self._started:
            connector = self._started.pop()
            try:
                connector.stop()
            except Exception:
                # A connector that cannot stop must not keep the events of the others from the disk.
                logger.exception("%s did not stop", connector.name)
        events, self._events = self._events, None
        door, self._door = self._door, None
        if door is not None:
            door.close()
        inbox, self._inbox = self._inbox, None
        if inbox is not None:
            inbox.close()
        if events is not None:
            events.stop()

    def __enter__(self) -> Self:
        if self._events is None:
            self.open()
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    def _open_inbox(self) -> None:
        from console.models.actions.accounts import found
        from console.models.actions.routing import RoutingActions
        from console.models.domain.promises import promised_at
        from console.models.policy import keywords
        from console.models.policy.policy import load_site
        from console.models.store.inbox import Inbox
        from console.scheduling.arrivals.classifying import Classifying
        from console.scheduling.commands.work import open_work
        from console.scheduling.escalations.watch import Watch
        from console.scheduling.routing.router import Router

        self._inbox = inbox = Inbox(self.place, self.events.between_commits)
        found(inbox.access.accounts, inbox.access.creator, self.clock)
        policy = self._policy or load_site(self.place.directory).policy
        self._watch = watch = Watch(inbox.writer, inbox.reader, inbox.outbox, self.clock, policy)
        watch.leavers.know(self.log.names().get("agent", {}))
        self.tail.subscribe(watch.leavers.feed)
        inbox.on_moved(watch.poke)
        inbox.start()
        self._work = open_work(
            inbox, self.intake, self.log, self._connected, lambda: watch.policy, self.clock, self.sign_off
        )
        self._classifying = Classifying(
            self.log,
            self.intake,
            keywords.default,
            lambda: watch.policy.complaints,
            self.clock,
            promised_at=lambda text, at: promised_at(text, at, watch.policy.time_zone, watch.policy.promise.longest),
            enabled=lambda: watch.policy.classify_on_arrival,
            wait_committed=self.events.wait_committed,
        )

        def midnight_before(at: int) -> int:
            return watch.policy.midnight_before(at)

        self._router = Router(
            self.log,
            self.intake,
            RoutingActions(
                inbox.commands, inbox.orders, self.clock, self._work.dispatcher.poke, lambda: tuple(self._connected())
            ),
            lambda: watch.policy.routing,
            midnight_before,
            self.clock,
            wait_committed=self.events.wait_committed,
        )
        # Before the sources start: nothing of what they bring is history then.
        self._classifying.begin()
        self._router.begin()

    def _connected(self) -> dict[str, Connector]:
        return {connector.name: connector for connector in (*self._started, *self._commanded)}

    def _start(self, connector: Connector) -> None:
        self._started.append(connector)
        connector.start(self.intake)

    def _open_door(self) -> None:
        from console.connectors.handover import Door

        door = Door(self.place.door, self.intake)
        try:
            door.open()
        except OSError as error:
            # Only imports from a second process need it; they will name this process instead.
            logger.warning("other processes cannot hand in events: %s", error)
        else:
            self._door = door


T = TypeVar("T")


def _opened(part: T | None) -> T:
    if part is None:
        raise RuntimeError("the engine is not open")
    return part
