"""Writes a chart of the balance to a file of the user's choice: as a picture, or its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from console.errors import KnownError
from console.i18n import _
from console.models.actions.exports import record_export
from console.models.domain.roles import Target
from console.views import theme
from console.views.charts.pictures import KINDS, Chart, save
from console.views.screen import Context


class ChartExport(QObject):
    """``charts`` tells which there are now, by name. ``told`` is what came of it: words and a state."""

    told = Signal(str, object)

    def __init__(self, context: Context, charts: Callable[[], Mapping[str, Chart]], screen: QWidget) -> None:
        super().__init__(screen)
        self._context, self._charts, self._screen = context, charts, screen

    def open_menu(self, at: QPoint) -> None:
        """Ask which one."""
        menu = QMenu(self._screen)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, chart in self._charts().items():
            action = menu.addAction(name)
            action.triggered.connect(lambda _checked=False, name=name, chart=chart: self._ask(name, chart))
        menu.popup(at)

    def write(self, chart: Chart, path: Path) -> None:
        """Record the export, then write the file."""
        context, access = self._context, self._context.access
        if access is None:
            self._save(chart, path)
            return
        actor, facts = context.session.actor(), {"file": path.name, "rows": len(chart.table().rows)}
        context.ops.write(
            lambda _progress: record_export(access.accounts, actor, context.clock, Target("balance", ""), facts),
            lambda _recorded: self._save(chart, path),
            failure=lambda error: self.told.emit(str(error), theme.State.WARNING),
            owner=self,
        )

    def _ask(self, name: str, chart: Chart) -> None:
        picture, drawing, figures = _("Picture"), _("Drawing for print"), _("CSV for spreadsheets")
        kinds = f"{picture} (*.png);;{drawing} (*.svg);;{figures} (*.csv)"
        start = str(Path.home() / "balance.png")
        chosen, kind = QFileDialog.getSaveFileName(self._screen, _("Export {name}").format(name=name), start, kinds)
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() not in KINDS:
            ending = next((suffix for suffix in KINDS if suffix in kind), KINDS[0])
            path = path.with_name(path.name + ending)
        self.write(chart, path)

    def _save(self, chart: Chart, path: Path) -> None:
        try:
            save(chart, path)
        except KnownError as error:
            self.told.emit(str(error), theme.State.DANGER)
        else:
            self.told.emit(_("Written to {name}").format(name=path.name), theme.State.OK)
