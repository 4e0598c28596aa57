"""How far the past is sealed, in which files, and what came late for it.

The manifest is the truth about the folder: a file that it does not name is litter of a run that was cut short. It is
valid as a whole: every event up to the place ``scanned`` of the log that lies before the end of the sealed days is in
the files of its day and of the days after it, except those of the tickets and agents of the late events. A sealed day
without a file is one on which nothing happened.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from console.models.domain.events import FIRST_AGENT_KIND, FIRST_CHANNEL_KIND, ROW
from console.models.domain.ports import LogReader, Rows
from console.models.live import container
from console.models.live.history import days

logger = logging.getLogger("console.history")

FOLDER = "history"
"""Below the data directory."""

FORM = "days 4"
FILE = "days.manifest"

_NEVER = -(1 << 62)


def _none() -> Rows:
    return np.empty(0, ROW)


@dataclass(frozen=True, slots=True)
class Manifest:
    """All days before ``end`` are sealed (None: no day is); ``files`` by day; ``late`` holds the late events."""

    end: int | None = None
    files: Mapping[int, str] = field(default_factory=dict)
    scanned: int = 0
    late: Rows = field(default_factory=_none)

    @property
    def sealed_until(self) -> int:
        """The last instant of the sealed days; before all events when no day is sealed."""
        return _NEVER if self.end is None else days.begin(self.end)

    def with_late(self, rows: Rows, scanned: int) -> Manifest:
        """After a look at the log's next events: those that lie before the end of the sealed days are late."""
        late = rows[(rows["at"] <= self.sealed_until) & (rows["kind"] < FIRST_CHANNEL_KIND)]
        return replace(self, scanned=scanned, late=np.concatenate([self.late, late]))

    def late_tickets(self, until: int) -> list[int]:
        """The tickets that have late events up to an instant."""
        mine = (self.late["kind"] < FIRST_AGENT_KIND) & (self.late["at"] <= until)
        return [int(ticket) for ticket in np.unique(self.late["subject"][mine])]

    def late_agents(self, until: int) -> Rows:
        """The late events of agents up to an instant."""
        return self.late[(self.late["kind"] >= FIRST_AGENT_KIND) & (self.late["at"] <= until)]


def load(folder: Path, log: LogReader) -> Manifest:
    """The manifest of a folder; an empty one when there is none, or none that can be used for this log."""
    path = folder / FILE
    try:
        kept = container.read(path, FORM)
        if kept.facts["anchor"] != _anchor(log, kept.facts["scanned"]):
            raise container.Damaged("it was not made from this log")
    except FileNotFoundError:
        return Manifest()
    except (container.Damaged, OSError) as error:
        logger.warning("the sealed days in %s are not used: %s", folder, error)
        return Manifest()
    files = {int(day): str(name) for day, name in kept.facts["files"]}
    return Manifest(kept.facts["end"], files, kept.facts["scanned"], kept.arrays["late"].view(ROW).reshape(-1))


def save(manifest: Manifest, folder: Path, log: LogReader) -> None:
    """Put a manifest in place of the one before, and remove the files that it no longer names; raises OSError."""
    facts = {
        "end": manifest.end,
        "scanned": manifest.scanned,
        "anchor": _anchor(log, manifest.scanned),
        "files": sorted(manifest.files.items()),
    }
    late = np.ascontiguousarray(manifest.late).view(np.uint8)
    container.write(folder / FILE, FORM, facts, {"late": late})
    named = set(manifest.files.values())
    for path in folder.glob(f"*{days.SUFFIX}*"):
        if path.name not in named:
            # Where a file that is mapped cannot be removed, the next save does it.
            with suppress(OSError):
                path.unlink()


def _anchor(log: LogReader, seq: int) -> list[int]:
    """The last event up to a place of the log, by which a log is told from another."""
    rows = log.rows(max(0, seq - 1), seq)
    return [int(rows[name][0]) for name in ("seq", "at", "subject", "source", "key")] if rows.size else []
