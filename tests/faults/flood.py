"""A console without its window in a flood: ``flood.py DIR SECONDS EVENTS_PER_SECOND TICKETS_PER_SECOND COMPLAINTS``.

Customers write, new tickets come that nobody answers, so that each of them breaches, and so many high-tier complaints
come at even distances. For each complaint one line on standard output: its ticket, and how many milliseconds after it
was handed in the inbox of the screens showed it and the notice was heard; then how many events and how many new tickets
were handed in.
"""

from __future__ import annotations

import sys
import threading
from datetime import UTC
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer

from console.clock import MILLISECOND, SystemClock
from console.engine import Engine
from console.feeds import EngineFeed
from console.models.domain import attributes
from console.models.domain.contacts import Channel, ComplaintTier
from console.models.domain.escalation import Cause
from console.models.domain.escalation_ports import Waiting
from console.models.domain.events import Event, Kind, Origin
from console.models.policy import policy as policies
from console.views.inbox_watch import InboxWatch
from console.views.ops import Ops

STEP = 0.025
WRITERS = 5_000
FIRST_COMPLAINT = 3.0
PATIENCE = 30
POLICY = '[first_response]\nchannel = { web_chat = "3 s" }\n'


class Flood:
    """The source, on a thread of its own."""

    def __init__(self, engine: Engine, seconds: float, events: int, tickets: int, complaints: int) -> None:
        self._engine, self._seconds, self._complaints = engine, seconds, complaints
        self._per_second = events, tickets
        self.handed_in: dict[str, int] = {}
        self.count = 0
        self.born = 0
        self._thread = threading.Thread(target=self._run, name="flood")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self) -> None:
        """Wait until it is over."""
        self._thread.join()

    def _run(self) -> None:
        clock, pause = self._engine.clock, threading.Event()
        (events, tickets), began, turn = self._per_second, clock.monotonic(), 0
        while (past := clock.monotonic() - began) < self._seconds:
            now, batch = clock.now(), list[Event]()
            turn += 1
            while self.born < tickets * turn * STEP:
                self.born += 1
                value = attributes.pack(channel=Channel.WEB_CHAT)
                batch.append(Event(Kind.CREATED, f"N{self.born}", now, f"N{self.born}", value=value))
            while self.born + self.count < events * turn * STEP:
                self.count += 1
                ticket = f"W{self.count % WRITERS}"
                batch.append(Event(Kind.CUSTOMER_MESSAGE, ticket, now, f"M{self.count}", body="Where is it?"))
            if past > FIRST_COMPLAINT + len(self.handed_in) * (self._seconds - 5) / self._complaints:
                ticket = f"C{len(self.handed_in)}"
                if len(self.handed_in) < self._complaints:
                    value = attributes.pack(channel=Channel.WEB_CHAT, complaint=ComplaintTier.HIGH)
                    batch.append(Event(Kind.CREATED, ticket, now, ticket, value=value))
                    self.handed_in[ticket] = now
            self._engine.intake.submit("desk", batch, origin=Origin.STREAM)
            pause.wait(max(0.0, began + turn * STEP - clock.monotonic()))


def main() -> None:
    """Run until each complaint was seen and heard, or patience ends."""
    folder, seconds = Path(sys.argv[1]), float(sys.argv[2])
    events, tickets, complaints = map(int, sys.argv[3:6])
    file = folder / "quick.toml"
    file.write_text(POLICY, encoding="utf-8")
    app = QCoreApplication([])
    clock = SystemClock()
    engine = Engine(folder, clock=clock)
    feed = EngineFeed(engine, policies.load_over_default(file), UTC)
    seen: dict[int, int] = {}
    heard: dict[int, int] = {}
    ops = Ops()
    feed.begin()
    feed.opened().result(60)
    watch = InboxWatch(feed.inbox, ops, clock)

    def hear(notice: Waiting) -> None:
        heard.setdefault(notice.entry, clock.now())
        watch.nudge()

    def look() -> None:
        assert watch.inbox is not None
        for entry in watch.inbox.entries:
            if entry.key.cause is Cause.COMPLAINT:
                seen.setdefault(entry.id, clock.now())

    feed.listen(hear)
    watch.changed.connect(look)
    watch.start()
    flood = Flood(engine, seconds, events, tickets, complaints)
    flood.start()
    until = clock.monotonic() + seconds + PATIENCE

    def may_end() -> None:
        if clock.monotonic() > until or (len(seen) == len(flood.handed_in) == complaints and set(seen) <= set(heard)):
            app.quit()

    timer = QTimer()
    timer.timeout.connect(may_end)
    timer.start(100)
    app.exec()
    flood.join()
    watch.stop()
    names = {text.id: text.ref for text in engine.log.texts()}
    for entry, at in seen.items():
        ticket = names[engine.inbox.entry(entry).ticket]
        late = [(moment - flood.handed_in[ticket]) // MILLISECOND for moment in (at, heard.get(entry, 10**18))]
        print(ticket, *late, flush=True)  # noqa: T201 - the test reads it
    print("handed in", flood.count + flood.born, flood.born, flush=True)  # noqa: T201
    ops.close()
    feed.close()


if __name__ == "__main__":
    main()
