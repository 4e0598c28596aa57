"""What judging arrivals costs, and how often it is right: ``python -m benchmarks.arrivals``.

A day of the demonstration centre of which nobody says type, emotion or complaint tier: every message is judged. Prints
the cost of a thousand messages, with reading and writing the log and of the words alone, and how many of the types that
the centre knows were found.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from console.clock import FixedClock, SystemClock, micros
from console.connectors.demo.centre import DemoCentre
from console.connectors.demo.site import Site
from console.models.domain.attributes import BY_NAME, unpack
from console.models.domain.events import OWN_SOURCE, Event, Kind, Origin
from console.models.policy import keywords
from console.models.policy import policy as policies
from console.models.store.database import place
from console.models.store.log import EventLog, open_log
from console.scheduling.arrivals.classifying import Classifying

ZONE = ZoneInfo("Asia/Shanghai")
MIDNIGHT = datetime(2026, 11, 23, tzinfo=ZONE)
SAID = {Kind.TYPE_CHANGED, Kind.EMOTION_CHANGED, Kind.COMPLAINT}


def silent(event: Event) -> Event:
    """The event without what the classifier is to find."""
    if event.kind is not Kind.CREATED:
        return event
    value = event.value
    for name in ("type", "emotion", "complaint"):
        value &= ~(BY_NAME[name].mask << BY_NAME[name].shift)
    return event._replace(value=value)


def true_types(events: list[Event]) -> dict[str, int]:
    """What the centre knows of each ticket in the end."""
    types: dict[str, int] = {}
    for event in events:
        told = unpack(event.value)["type"] if event.kind is Kind.CREATED else 0
        told = event.value if event.kind is Kind.TYPE_CHANGED else told
        if told:
            types[event.subject] = told
    return types


def judge(log: EventLog, now: int) -> tuple[int, float, float]:
    """Messages judged, and the seconds of this thread and of the wall that it took."""
    rules = policies.default().complaints
    words = keywords.default()
    running = Classifying(log.reader, log.intake, lambda: words, lambda: rules, FixedClock(now))
    assert log.intake.submit(OWN_SOURCE, [], origin=Origin.OUTBOX, cursor={"classified_to": 0}).wait()
    rows = log.reader.rows(0, log.reader.last_seq())
    cpu, wall = time.thread_time(), time.perf_counter()
    while running.judge_piece():
        pass
    return int((rows["kind"] == Kind.CUSTOMER_MESSAGE).sum()), time.thread_time() - cpu, time.perf_counter() - wall


def found_types(log: EventLog) -> dict[str, int]:
    """What the classifier said of each ticket."""
    rows = log.reader.rows(0, log.reader.last_seq())
    own = log.reader.names()["source"][OWN_SOURCE]
    said = rows[(rows["source"] == own) & (rows["kind"] == Kind.TYPE_CHANGED)]
    refs = {text.id: text.ref for text in log.reader.texts()}
    return {refs[int(row["subject"])]: int(row["value"]) for row in said}


def main() -> None:
    """Run the day and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=7)
    end = micros(MIDNIGHT + timedelta(hours=23))
    events = DemoCentre(Site(parser.parse_args().seed, ZONE), end).advance(end)
    types = true_types(events)
    with tempfile.TemporaryDirectory() as folder, open_log(place(Path(folder)), SystemClock()) as log:
        spoken = [silent(event) for event in events if event.kind not in SAID]
        log.intake.submit("demo", spoken, origin=Origin.DEMO).wait()
        log.wait_committed(len(spoken))
        messages, cpu, wall = judge(log, end)
        found = found_types(log)
    words = keywords.default()
    texts = [event.body for event in spoken if event.kind is Kind.CUSTOMER_MESSAGE]
    began = time.thread_time()
    for text in texts:
        words.inquiry_type.classify(text)
        words.emotion.classify(text)
    alone = time.thread_time() - began
    right = sum(types.get(ref) == type_ for ref, type_ in found.items())
    per = 1e6 / messages
    print(f"{messages:,} messages of {len(types):,} contacts")
    print(f"a thousand messages: {cpu * per:.1f} ms of a core, {wall * per:.1f} ms by the clock")
    print(f"the words alone, type and emotion of each: {alone * per:.1f} ms of a core")
    print(
        f"typed: {len(found) / len(types):.1%} of the contacts; as the centre does: {right / len(found):.1%} of these"
    )


if __name__ == "__main__":
    main()
