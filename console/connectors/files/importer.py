"""Importing a log: file to rows, rows to events, events through the door; and the preview that writes nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from itertools import islice
from pathlib import Path

from console import zones
from console.connectors.files.cells import Words
from console.connectors.files.happenings import EventRows
from console.connectors.files.mapping import EVENTS, Mapping, choose, shipped
from console.connectors.files.opening import DAMAGED, damaged, open_table
from console.connectors.files.rejects import Rejects
from console.connectors.files.rows import Fault, FileUnreadable, Row, Table
from console.connectors.files.states import Mapped, StateRows
from console.connectors.files.times import TimeReader
from console.errors import KnownError, SetupError, UsageError
from console.i18n import _
from console.models.domain.events import Event, Origin
from console.models.domain.ports import Intake, Progress, Receipt

ROWS_AT_ONCE = 500
EVENTS_UNDER_WAY = 10_000
"""Fewer than the door queues: a log that cannot be written must show in a receipt, not in a submission that waits."""
SHOWN = 5
"""Rows that a summary keeps with their events."""
FAULTS_KEPT = 1_000
"""Rejects that a summary keeps; the rejects file has them all."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How logs are to be read. ``zone`` is meant where neither the file nor its mapping says another."""

    zone: tzinfo
    mapping: Mapping | None = None
    zone_is_asked: bool = False
    source: str = ""


@dataclass(slots=True)
class Summary:
    """What became of one file. ``first`` holds the first rows with their events (as a preview shows them)."""

    path: Path
    format: str = ""
    encoding: str = ""
    mapping: str = ""
    zone: str = ""
    zone_from: str = ""
    """``asked``, ``mapping`` or ``console``; empty while every time of the log had an offset of its own."""
    rows: int = 0
    rejected: int = 0
    events: int = 0
    complete: bool = False
    first: list[Mapped] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """What the log itself would not keep."""
    rejects_path: Path | None = None
    unmapped: list[str] = field(default_factory=list)
    unused: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, dict[str, int]] = field(default_factory=dict)
    twice: int = 0
    skipped: int = 0
    earliest: int | None = None
    latest: int | None = None

    @property
    def landed(self) -> int:
        """Rows that were taken."""
        return self.rows - self.rejected


def _fits(given: Mapping | None) -> Callable[[Sequence[str]], bool]:
    """Which header belongs to the log, where a workbook has several."""
    if given is not None:
        return lambda columns: not given.lacks(columns)
    return lambda columns: any(mapping.signs(columns) for mapping in shipped())


class FileImport:
    """One log on its way in; `run` walks it once."""

    def __init__(self, path: Path, plan: Plan, progress: Progress) -> None:
        """Open the file and choose its mapping; raises `FileUnreadable`, `UsageError` when that is impossible."""
        self._progress = progress
        self._path = path
        self.summary = Summary(path)
        self._broken: FileUnreadable | None = None
        given = plan.mapping
        self._table: Table = open_table(
            path,
            encoding=given.encoding if given else "",
            delimiter=given.delimiter if given else "",
            report=lambda: progress.step(0, 0),
            fits=_fits(given),
        )
        try:
            self._prepare(plan)
        except BaseException:
            self._table.close()
            raise

    def _prepare(self, plan: Plan) -> None:
        table = self._table
        mapping = plan.mapping or choose(shipped(), table.columns)
        self._report_columns(mapping)
        header = list(table.columns)
        table.include([*mapping.columns(), *mapping.key.columns])
        if lacking := mapping.lacks(table.columns):
            raise UsageError(
                _(
                    "The mapping {name} does not fit {path}: none of its columns for {field} is there ({wanted})."
                ).format(name=mapping.name, path=self._path, field=lacking, wanted=", ".join(mapping.fields[lacking])),
                _("The file has {columns}; it was read as {encoding}.").format(
                    columns=", ".join(header), encoding=table.encoding or table.format
                ),
            )
        zone, zone_from = plan.zone, "asked" if plan.zone_is_asked else "console"
        if mapping.time_zone and not plan.zone_is_asked:
            zone, zone_from = zones.zone(mapping.time_zone), "mapping"
        self._zone_from = zone_from
        self._times = TimeReader(mapping.formats, zone)
        self._words = Words(mapping)
        source = plan.source or mapping.source
        self._reader: EventRows | StateRows
        if mapping.rows == EVENTS:
            self._reader = EventRows(mapping, table.columns, self._times, self._words, source)
        else:
            uncertain = set(table.columns).difference(header)
            self._reader = StateRows(mapping, table.columns, self._times, self._words, source, uncertain)
        summary = self.summary
        summary.format, summary.encoding, summary.mapping, summary.zone = (
            table.format,
            table.encoding,
            mapping.name,
            str(zone),
        )

    def _report_columns(self, mapping: Mapping) -> None:
        read = {name.casefold() for name in mapping.columns()}
        unused = {name.casefold(): reason for name, reason in mapping.unused.items()}
        for column in self._table.columns:
            if column.casefold() in unused:
                self.summary.unused[column] = unused[column.casefold()]
            elif column.casefold() not in read:
                self.summary.unmapped.append(column)

    def preview(self) -> Summary:
        """Read all of it and write nothing."""
        for _item in self._walk(None):
            pass
        return self.summary

    def run(self, intake: Intake, data_dir: Path, name: str = "") -> Summary:
        """Hand everything in and return when it is durable. ``name`` is that of the rejects file (default: the log's).

        Raises `Cancelled` when asked to stop: what was handed in until then has landed, and another run of the same
        file goes on from there. Raises `FileUnreadable` when the file breaks off, with the rows before it landed.
        """
        receipts: deque[tuple[Receipt, int]] = deque()
        under_way = 0
        try:
            with Rejects(data_dir, name or self._path.name) as rejects:
                for events in self._walk(rejects):
                    for source, some in events.items():
                        receipts.append((intake.submit(source, some, origin=Origin.IMPORT), len(some)))
                        under_way += len(some)
                    while under_way > EVENTS_UNDER_WAY:
                        receipt, count = receipts.popleft()
                        self._settle(receipt)
                        under_way -= count
        finally:
            for receipt, _count in receipts:
                self._settle(receipt)
        return self.summary

    def _settle(self, receipt: Receipt) -> None:
        """Wait until it is durable. That the log refused single events is noted; that nothing can be written raises."""
        try:
            receipt.wait()
        except KnownError as error:
            if error.exit_code != KnownError.exit_code:
                raise
            self.summary.refused.append(str(error))
        except Exception as error:
            # Whatever keeps database and spool from writing, the machine is where it has to be mended.
            raise SetupError(
                _("The events cannot be stored: {error}.").format(error=error),
                _("Make room on the disk and start the same command again: what has landed is not doubled."),
            ) from error

    def _walk(self, rejects: Rejects | None) -> Iterator[dict[str, list[Event]]]:
        """The events of some rows at a time, by source; keeps the summary."""
        table, summary = self._table, self.summary
        try:
            while items := self._some():
                yield self._take(items, rejects)
                self._progress.step(table.position(), table.size)
            summary.complete = True
        finally:
            self._conclude(rejects)
            self._reader.close()
            table.close()

    def _some(self) -> list[Row | Fault]:
        """The next rows, none at the end. Where the file breaks off, the rows before that come out first."""
        if self._broken is not None:
            raise self._broken
        items: list[Row | Fault] = []
        try:
            items.extend(islice(self._table.rows, ROWS_AT_ONCE))
        except (*DAMAGED, OSError) as error:
            self._broken = damaged(self._path, error)
            if not items:
                raise self._broken from error
        return items

    def _take(self, items: Sequence[Row | Fault], rejects: Rejects | None) -> dict[str, list[Event]]:
        summary = self.summary
        summary.rows += len(items)
        events: dict[str, list[Event]] = {}
        faults = [item for item in items if isinstance(item, Fault)]
        for mapped in self._reader.read([item for item in items if isinstance(item, Row)]):
            if isinstance(mapped, Fault):
                faults.append(mapped)
                continue
            if len(summary.first) < SHOWN:
                summary.first.append(mapped)
            events.setdefault(mapped.source, []).extend(mapped.events)
        for fault in sorted(faults):
            summary.rejected += 1
            if len(summary.faults) < FAULTS_KEPT:
                summary.faults.append(fault)
            if rejects is not None:
                rejects.add(fault)
        for some in events.values():
            summary.events += len(some)
            times = [event.at for event in some]
            if times:
                summary.earliest = min(times) if summary.earliest is None else min(summary.earliest, *times)
                summary.latest = max(times) if summary.latest is None else max(summary.latest, *times)
        return events

    def _conclude(self, rejects: Rejects | None) -> None:
        summary = self.summary
        summary.unknown = {field: dict(words.most_common()) for field, words in self._words.unknown.items()}
        summary.twice, summary.skipped = self._times.twice, self._times.skipped
        summary.zone_from = self._zone_from if self._times.zoneless else ""
        if rejects is not None and rejects.count:
            summary.rejects_path = rejects.path
