"""Exports the table to a file of the user's choice, with progress and a way to stop."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from console.i18n import _, ngettext
from console.models.actions.exports import record_export
from console.models.domain.ports import Progress
from console.models.domain.roles import Target
from console.models.queries.export import export
from console.views import formats, theme
from console.views.ops import Job
from console.views.screen import Context
from console.views.tables.ticket_table import TicketTable
from console.views.widgets.progress import ProgressStrip


class TableExport(QObject):
    """``told`` is what came of it: words and a state."""

    told = Signal(str, object)

    def __init__(self, context: Context, table: TicketTable, strip: ProgressStrip, screen: QWidget) -> None:
        super().__init__(screen)
        self._context = context
        self._table = table
        self._strip = strip
        self._screen = screen
        self._job: Job[int] | None = None
        strip.cancel_requested.connect(self._cancel)

    def ask(self) -> None:
        """Ask for a file and write the selected tickets, or all that are shown."""
        if self._job is not None:
            self.told.emit(_("Another export is under way; wait for it, or stop it first."), theme.State.INFO)
            return
        selected = len(self._table.selected_tickets()) > 1
        title = _("Export the selected tickets") if selected else _("Export the tickets shown")
        csv, excel = _("CSV for spreadsheets"), _("Excel workbook")
        kinds = f"{csv} (*.csv);;{excel} (*.xlsx)"
        name, kind = QFileDialog.getSaveFileName(self._screen, title, str(Path.home() / "tickets.csv"), kinds)
        if name:
            path = Path(name)
            if path.suffix.lower() not in (".csv", ".xlsx"):
                path = path.with_name(path.name + (".xlsx" if "xlsx" in kind else ".csv"))
            self.write(path, selected_only=selected)

    def write(self, path: Path, *, selected_only: bool) -> None:
        """Record the export, then write the file, both in the background."""
        if self._job is not None:
            return
        context, access = self._context, self._context.access
        if access is None:
            self._start(path, selected_only=selected_only)
            return
        actor, facts = context.session.actor(), {"file": path.name, "rows": self._total(selected_only)}
        context.ops.write(
            lambda _p: record_export(access.accounts, actor, context.clock, Target("board", ""), facts),
            lambda _n: self._start(path, selected_only=selected_only),
            failure=lambda error: self.told.emit(str(error), theme.State.WARNING),
            owner=self,
        )

    def _total(self, selected_only: bool) -> int:
        return len(self._table.selected_tickets()) if selected_only else self._table.shown()

    def _start(self, path: Path, *, selected_only: bool) -> None:
        headers, rows = self._table.export_rows(selected_only=selected_only)
        total = self._total(selected_only)
        self._strip.start(_("Exporting to {name}").format(name=path.name))

        def work(progress: Progress) -> int:
            return export(path, headers, rows, total, progress)

        self._job = self._context.ops.read(
            work,
            lambda count: self._end(
                ngettext("{n} ticket written to {name}", "{n} tickets written to {name}", count).format(
                    n=formats.count(count), name=path.name
                ),
                theme.State.OK,
            ),
            failure=lambda error: self._end(str(error), theme.State.DANGER),
            progress=self._strip.set_progress,
            cancelled=lambda: self._end(_("Export stopped; no file was written"), theme.State.INFO),
            owner=self,
        )
        if self._strip.isHidden():
            self._job = None

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _end(self, words: str, state: theme.State) -> None:
        self._job = None
        self._strip.finish()
        self.told.emit(words, state)
