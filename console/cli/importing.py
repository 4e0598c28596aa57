"""``console import``: logs from files into the log, or a preview of what that would do."""

from __future__ import annotations

import argparse
import logging
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from console.cli.failures import INTERRUPTED, say
from console.cli.progress import Shown
from console.cli.shared import Command, add_common, add_place, folder, local_zone, print_json
from console.errors import KnownError, UsageError
from console.i18n import N_, _
from console.settings import Settings

if TYPE_CHECKING:
    from console.connectors.files.importer import Plan, Summary
    from console.engine import Engine
    from console.models.domain.ports import Intake
    from console.models.store.lock import Locked

ABOUT = N_(
    """Import logs: CSV, TSV, JSON lines or XLSX, each also packed as .gz.

Encoding (UTF-8, UTF-16, GBK) and delimiter are found out. The columns are read by a mapping: one of those that come
with the console, chosen by the header (canonical events, canonical tickets, ServiceNow incidents), or your own.
Importing a log twice, or a longer version of it later, adds only what is new; an import that was interrupted goes on
when it is started again. Rows that cannot be taken go to DIR/rejects/FILE.rejects.csv with line and reason.

exit codes: 0 every row landed, 1 some rows were rejected, 2 wrong usage, 3 the machine does not allow it,
130 interrupted (what was read until then has landed)"""
)


def _fill(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar=_("FILE"), help=_("the logs, read in this order"))
    parser.add_argument("--mapping", type=Path, metavar="FILE.toml", help=_("how columns become fields"))
    parser.add_argument(
        "--time-zone", metavar=_("ZONE"), help=_("zone of times without offset (default: the console's)")
    )
    parser.add_argument("--source", metavar=_("NAME"), default="", help=_("name of the system that the log comes from"))
    parser.add_argument("--dry-run", action="store_true", help=_("show what would be imported and write nothing"))
    parser.add_argument("--json", action="store_true", help=_("print the summary as JSON"))
    add_place(parser, demo=False)
    add_common(parser)
    parser.set_defaults(run=import_files)


def import_files(options: argparse.Namespace) -> int:
    """Import the files, print what became of them, and return the exit code."""
    from console.connectors.files.importer import Plan
    from console.connectors.files.mapping import load

    settings = Settings()
    for path in options.files:
        if path.is_dir():
            raise UsageError(
                _("{path} is a folder.").format(path=path), _("Name the files in it, one after the other.")
            )
        if not path.exists():
            raise UsageError(_("There is no file {path}.").format(path=path), _("Check the name."))
    plan = Plan(
        zone=local_zone(options, settings),
        mapping=load(options.mapping) if options.mapping else None,
        zone_is_asked=bool(options.time_zone),
        source=options.source,
    )
    run = _Run(options.files, plan, folder(options, settings))
    exit_code = run.preview() if options.dry_run else run.land()
    if options.json:
        print_json(run.as_json(dry_run=options.dry_run))
    else:
        from console.cli.import_text import summary_text

        sys.stdout.write(
            summary_text(run.summaries, dry_run=options.dry_run, new_events=run.new_events, handed_to=run.handed_to)
        )
    return exit_code


class _Run:
    """The files of one command, one after the other."""

    def __init__(self, files: Sequence[Path], plan: Plan, data_dir: Path) -> None:
        self._files = files
        self._plan = plan
        self._data_dir = data_dir
        self.summaries: list[Summary] = []
        self.failures: list[KnownError] = []
        self.new_events: int | None = None
        """Events that the log did not have before; None where that is not known."""
        self.handed_to = 0
        """The process that took the events, 0 when it was this one."""
        self._interrupted = False

    def preview(self) -> int:
        """Read everything and write nothing; returns the exit code."""
        self._each(None)
        return self._exit_code()

    def land(self) -> int:
        """Import everything into the data folder's log; returns the exit code."""
        from console.engine import Engine
        from console.models.store.lock import Locked

        # What the store complains of comes back in the receipts; on the screen it would only be said twice.
        logging.getLogger("console").addHandler(logging.NullHandler())
        engine = Engine(self._data_dir)
        try:
            engine.open()
        except Locked as locked:
            self._hand_over(engine, locked)
        else:
            self._write(engine)
        return self._exit_code()

    def _write(self, engine: Engine) -> None:
        from console.models.store.log import open_reader

        try:
            before = engine.log.count()
            engine.start()
            self._each(engine.intake)
        finally:
            engine.stop()
        reader = open_reader(engine.place)
        try:
            self.new_events = reader.count() - before
        finally:
            reader.close()

    def _hand_over(self, engine: Engine, locked: Locked) -> None:
        """Let the console that has the log open take the events; raises ``locked`` when it does not listen."""
        from console.connectors.handover import HandoverFailed, RemoteIntake

        try:
            intake = RemoteIntake(engine.place.door)
        except HandoverFailed as failure:
            raise locked from failure
        self.handed_to = locked.pid
        with intake:
            self._each(intake)

    def _each(self, intake: Intake | None) -> None:
        from console.connectors.files.importer import FileImport
        from console.models.domain.ports import Cancelled

        names: Counter[str] = Counter()
        for path in self._files:
            names[path.name] += 1
            name = path.name if names[path.name] == 1 else f"{names[path.name]}-{path.name}"
            with Shown(path.name) as shown:
                job: FileImport | None = None
                try:
                    job = FileImport(path, self._plan, shown.progress)
                    if intake is None:
                        job.preview()
                    else:
                        job.run(intake, self._data_dir, name)
                except UsageError as error:
                    self.failures.append(error)
                    say(_("Error: {what}").format(what=error.what), error.remedy)
                except Cancelled:
                    self._interrupted = True
                if job is not None:
                    self.summaries.append(job.summary)
            if self._interrupted:
                say(_("Interrupted. What was read has landed; start the same command again to go on."))
                return

    def _exit_code(self) -> int:
        if self._interrupted:
            return INTERRUPTED
        if self.failures:
            return max(error.exit_code for error in self.failures)
        return 1 if any(summary.rejected or summary.refused for summary in self.summaries) else 0

    def as_json(self, *, dry_run: bool) -> dict[str, object]:
        """The summary for programs."""
        from console.cli.import_text import summary_json

        return {
            "dry_run": dry_run,
            "data_dir": str(self._data_dir),
            "complete": not self._interrupted and not self.failures,
            "rows": sum(summary.rows for summary in self.summaries),
            "landed": sum(summary.landed for summary in self.summaries),
            "rejected": sum(summary.rejected for summary in self.summaries),
            "new_events": self.new_events,
            "handed_to": self.handed_to,
            "files": [summary_json(summary, dry_run=dry_run) for summary in self.summaries],
        }


IMPORT = Command("import", N_("import logs from files"), _fill, ABOUT)
