"""A door that only remembers, and short ways to read a file through it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from console.connectors.files import mapping
from console.connectors.files.importer import FileImport, Plan, Summary
from console.errors import KnownError
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import Progress


@dataclass
class Landed:
    """A receipt; ``failure`` is raised by `wait`."""

    failure: KnownError | None = None

    def wait(self, timeout: float | None = None) -> bool:
        if self.failure is not None:
            raise self.failure
        return True


@dataclass
class Door:
    """An `Intake` that keeps what is handed in, each event once, as the log does."""

    submitted: int = 0
    events: dict[tuple[str, str, int | str], Event] = field(default_factory=dict)
    failure: KnownError | None = None

    def submit(
        self, source: str, events: Sequence[Event], *, origin: Origin, cursor: Mapping[str, object] | None = None
    ) -> Landed:
        assert origin is Origin.IMPORT
        for event in events:
            self.submitted += 1
            self.events.setdefault((source, event.subject, event.key), event)
        return Landed(self.failure)

    def told(self, ticket: str | None = None) -> list[Event]:
        """The events of a ticket (or of all) in their own order."""
        chosen = [event for event in self.events.values() if ticket in (None, event.subject)]
        return sorted(chosen, key=lambda event: (event.subject, event.at, event.native, event.key))

    def kinds(self, ticket: str) -> list[Kind]:
        return [event.kind for event in self.told(ticket)]


def plan(mapping_text: str = "", folder: Path | None = None, zone: str = "UTC") -> Plan:
    """A plan with the mapping written in ``mapping_text``, or the shipped one that fits."""
    if not mapping_text:
        return Plan(ZoneInfo(zone))
    assert folder is not None
    path = folder / "own.toml"
    path.write_text(mapping_text, encoding="utf-8")
    return Plan(ZoneInfo(zone), mapping.load(path))


def read(path: Path, how: Plan, door: Door | None = None, cancelled: Callable[[], bool] = lambda: False) -> Summary:
    """Import a file through a door."""
    job = FileImport(path, how, Progress(cancelled=cancelled))
    return job.run(door or Door(), path.parent / "data")
