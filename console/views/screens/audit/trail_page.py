"""The audit trail on one page: filters, is it sound, the table, and the chosen row in full."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from console.i18n import _, ngettext
from console.models.actions.accounts import anchor_anew
from console.models.actions.audit_trail import TRAIL, look_at_trail, record_trail_export
from console.models.actions.authorize import authorize
from console.models.domain.audit import Row, Verification
from console.models.domain.audit_ports import AuditFilter, Numbers
from console.models.domain.ports import Progress
from console.models.domain.roles import PERMITTED, Action
from console.models.domain.session_ports import AccessDoor
from console.models.queries.audit_pages import export_trail
from console.views import formats, theme
from console.views.ops import Job
from console.views.people import roles_in_words
from console.views.screen import Context
from console.views.screens.audit.detail import RowDetail
from console.views.screens.audit.filter_bar import FilterBar
from console.views.screens.audit.trail_model import TrailModel
from console.views.screens.audit.trail_table import TrailTable
from console.views.screens.audit.verification import VerificationStrip
from console.views.widgets.buttons import button
from console.views.widgets.card import Card
from console.views.widgets.empty import EmptyState
from console.views.widgets.labels import label
from console.views.widgets.progress import ProgressStrip

_LOOK_MS = 2_000
_NO_NUMBERS: Numbers = np.zeros(0, dtype=np.int64)
_DETAIL_WIDTH = 312


class TrailPage(QWidget):
    """``told`` carries words and a state; ``object_requested`` kind and id of what another screen shows."""

    told = Signal(str, object)
    object_requested = Signal(str, str)

    def __init__(self, context: Context, access: AccessDoor) -> None:
        super().__init__()
        self._context, self._access = context, access
        self._known = -1
        self._shown: AuditFilter | None = None
        self._under_way: AuditFilter | None = None
        self._verifying: Job[Verification] | None = None
        self._exporting: Job[int] | None = None
        self.bar = FilterBar(context.clock, context.zone)
        self.verification = VerificationStrip(context.zone)
        self.model = TrailModel(context.zone, self)
        self.table = TrailTable(self.model)
        self.detail = RowDetail(context.zone)
        self.progress = ProgressStrip()
        self.denied = EmptyState("lock", "")
        self.none = EmptyState("list-search", "")
        self._look = QTimer(self)
        self._look.setObjectName("audit trail")
        self._look.setInterval(_LOOK_MS)
        self._lay_out()
        self._connect()
        self.retranslate()

    def wake(self) -> None:
        """In sight: look whether one may, and follow what comes."""
        session = self._context.session
        if not session.actor().name:
            return
        allowed = authorize(session.actor(), Action.AUDIT_VIEW, TRAIL).allowed
        self._pages.setCurrentWidget(self._whole if allowed else self.denied)
        if allowed:
            self._look.start()
            self._follow()
            self._read_choices()
        else:
            self.sleep()
            self._record_refusal()

    def sleep(self) -> None:
        """Out of sight: nothing is asked."""
        self._look.stop()

    def ready(self) -> bool:
        """Whether there is an answer to look at."""
        return self._pages.currentWidget() is self.denied or self._shown is not None

    def retranslate(self) -> None:
        """Every word anew."""
        self.bar.retranslate()
        self.verification.retranslate()
        self.model.retranslate()
        self.detail.retranslate()
        who = roles_in_words(PERMITTED[Action.AUDIT_VIEW])
        self.denied.set_words(
            _("Your roles do not permit this."), _("The audit trail is for: {roles}.").format(roles=who)
        )
        self.none.set_words(_("No row matches these filters"), "", _("Clear all"))

    def show_object(self, kind: str, id_: str) -> None:
        """Only what was done to one object."""
        self.bar.show_object(kind, id_)

    def export_to(self, path: Path) -> None:
        """Record the export, then write the rows that the filter wants."""
        numbers, wanted, context = self.model.numbers, self.bar.wanted, self._context
        actor, accounts = context.session.actor(), self._access.accounts
        context.ops.write(
            lambda _p: record_trail_export(accounts, actor, context.clock, path.name, len(numbers), wanted),
            lambda _n: self._write(path, numbers),
            failure=lambda error: self.told.emit(str(error), theme.State.WARNING),
            owner=self,
        )

    def _follow(self) -> None:
        """Read the numbers again where rows came or the filter changed."""
        self._context.ops.read(
            lambda _p: self._access.trail.count(),
            self._on_count,
            failure=self._on_failed,
            key="audit count",
            owner=self,
        )

    def _read_choices(self) -> None:
        access, ops = self._access, self._context.ops
        show = self.bar.show_choices
        ops.read(lambda _p: access.trail.choices(), show, failure=self._on_failed, key="audit choices", owner=self)

    def _on_count(self, count: int) -> None:
        # A search through a long trail may outlast the next look; it must not begin anew each time.
        if self._under_way != self.bar.wanted and (count != self._known or self._shown != self.bar.wanted):
            self._read(count)

    def _read(self, count: int) -> None:
        wanted, access = self.bar.wanted, self._access
        # Of a filter in force only what came on top is looked for: the trail may be long.
        grown = wanted == self._shown and 0 <= self._known <= count
        before, after = (self.model.numbers, self._known) if grown else (_NO_NUMBERS, 0)
        if not grown:
            self.bar.show_count(None)
        self._under_way = wanted

        def take(numbers: Numbers) -> None:
            self._known, self._under_way = count, None
            self._on_numbers(wanted, numbers)

        def fail(error: BaseException) -> None:
            self._under_way = None
            self._on_failed(error)

        def work(progress: Progress) -> Numbers:
            found = access.trail.numbers(wanted, progress, after)
            return np.concatenate([found[found <= count], before])

        self._context.ops.read(work, take, failure=fail, key="audit numbers", owner=self)

    def _on_numbers(self, wanted: AuditFilter, numbers: Numbers) -> None:
        chosen = self.model.row(self.table.currentIndex().row()) if self.table.currentIndex().isValid() else None
        self._shown = wanted
        self.model.show_numbers(numbers)
        self.bar.show_count(len(numbers))
        self._tables.setCurrentWidget(self.table if len(numbers) else self.none)
        place = self.model.place_of(chosen.seq) if chosen is not None else None
        if place is not None:
            self.table.selectRow(place)
        elif len(numbers) and not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        self._on_current()

    def _on_page_wanted(self, numbers: Sequence[int]) -> None:
        def fail(error: BaseException) -> None:
            self.model.give_up(numbers)
            self._on_failed(error)

        def take(rows: Sequence[Row]) -> None:
            self.model.take_rows(numbers, rows)
            self._on_current()

        self._context.ops.read(lambda _p: self._access.trail.rows(numbers), take, failure=fail, owner=self)

    def _on_current(self, *_where: QModelIndex) -> None:
        index = self.table.currentIndex()
        row = self.model.row(index.row()) if index.isValid() else None
        self.detail.show_row(row, max(self._known, 0))

    def _on_failed(self, error: BaseException) -> None:
        self._look.stop()
        self.told.emit(str(error), theme.State.WARNING)

    def _record_refusal(self) -> None:
        context, accounts = self._context, self._access.accounts
        actor = context.session.actor()
        if self._access.writable:
            context.ops.write(
                lambda _p: look_at_trail(accounts, actor, context.clock), failure=lambda _refused: None, owner=self
            )

    def _verify(self) -> None:
        self.verification.start()

        def fail(error: BaseException) -> None:
            self._end_verify()
            self._on_failed(error)

        access = self._access
        self._verifying = self._context.ops.read(
            lambda progress: access.trail.verify(progress),  # noqa: PLW0108 - opened in the worker
            self._on_verified,
            failure=fail,
            progress=self.verification.progress.set_progress,
            cancelled=self._end_verify,
            owner=self,
        )

    def _on_verified(self, found: Verification) -> None:
        may = authorize(self._context.session.actor(), Action.AUDIT_ANCHOR, TRAIL).allowed
        self.verification.show_found(found, self._context.clock.now(), may_anchor=may and self._access.writable)
        self.model.mark_bad(found.first_bad_row)
        place = self.model.place_of(found.first_bad_row) if found.first_bad_row else None
        if place is not None:
            self.table.selectRow(place)
            self.table.scrollTo(self.model.index(place, 0))

    def _end_verify(self) -> None:
        self.verification.show_found(None, 0)

    def _stop_verify(self) -> None:
        if self._verifying is not None:
            self._verifying.cancel()

    def _anchor(self) -> None:
        card = Card(self.window(), _("Anchor the trail anew"))
        card.add_text(
            _("From now on the trail is judged by where it stands. Your reason stands on the trail with your name.")
        )
        reason = QLineEdit()
        card.add_field(_("What was found"), reason)
        wrong = label(kind="wrong", wrap=True)
        card.body.addWidget(wrong)
        send, cancel = button(_("Anchor anew"), "primary"), button(_("Cancel"))
        send.setEnabled(False)
        reason.textChanged.connect(lambda text: send.setEnabled(bool(text.strip())))
        cancel.clicked.connect(card.close_now)
        card.closed.connect(card.deleteLater)
        card.add_foot(cancel, send)
        context, access = self._context, self._access

        def after(anchored: bool) -> None:
            card.close_now()
            if not anchored:
                self.told.emit(_("The anchor could not be written."), theme.State.WARNING)
            self._verify()

        def go() -> None:
            actor, words = context.session.actor(), reason.text().strip()
            context.ops.write(
                lambda _p: anchor_anew(access.accounts, access.trail, actor, words, context.clock),
                after,
                failure=lambda error: wrong.setText(str(error)),
                owner=card,
            )

        send.clicked.connect(go)
        card.open()

    def _ask_export(self) -> None:
        csv, excel = _("CSV for spreadsheets"), _("Excel workbook")
        name, kind = QFileDialog.getSaveFileName(
            self, _("Export the rows shown"), str(Path.home() / "audit.csv"), f"{csv} (*.csv);;{excel} (*.xlsx)"
        )
        if name:
            path = Path(name)
            if path.suffix.lower() not in (".csv", ".xlsx"):
                path = path.with_name(path.name + (".xlsx" if "xlsx" in kind else ".csv"))
            self.export_to(path)

    def _write(self, path: Path, numbers: Numbers) -> None:
        trail, zone = self._access.trail, self._context.zone
        self.progress.start(_("Exporting to {name}").format(name=path.name))
        self._exporting = self._context.ops.read(
            lambda progress: export_trail(path, trail, numbers, zone, progress),
            lambda count: self._end_export(
                ngettext("{n} row written to {name}", "{n} rows written to {name}", count).format(
                    n=formats.count(count), name=path.name
                ),
                theme.State.OK,
            ),
            failure=lambda error: self._end_export(str(error), theme.State.DANGER),
            progress=self.progress.set_progress,
            cancelled=lambda: self._end_export(_("Export stopped; no file was written"), theme.State.INFO),
            owner=self,
        )

    def _stop_export(self) -> None:
        if self._exporting is not None:
            self._exporting.cancel()

    def _end_export(self, words: str, state: theme.State) -> None:
        self.progress.finish()
        self.told.emit(words, state)
        self._follow()

    def _connect(self) -> None:
        self._look.timeout.connect(self._follow)
        self.bar.filter_changed.connect(lambda _wanted: self._follow())
        self.bar.export_requested.connect(self._ask_export)
        self.bar.results_requested.connect(self.table.setFocus)
        self.none.action_requested.connect(self.bar.lift)
        self.model.page_wanted.connect(self._on_page_wanted, Qt.ConnectionType.QueuedConnection)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.verification.verify_requested.connect(self._verify)
        self.verification.cancel_requested.connect(self._stop_verify)
        self.verification.anchor_requested.connect(self._anchor)
        self.progress.cancel_requested.connect(self._stop_export)
        self.detail.object_requested.connect(self.object_requested)
        self.detail.history_requested.connect(self.show_object)

    def _lay_out(self) -> None:
        self._whole = QWidget()
        column = QVBoxLayout(self._whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        holder = QWidget()
        around = QVBoxLayout(holder)
        around.setContentsMargins(theme.px(12), theme.px(4), theme.px(12), theme.px(8))
        around.addWidget(self.bar)
        split = QSplitter(Qt.Orientation.Horizontal)
        left = QWidget()
        self._tables = QStackedLayout(left)
        self._tables.addWidget(self.table)
        self._tables.addWidget(self.none)
        split.addWidget(left)
        split.addWidget(self.detail)
        split.setStretchFactor(0, 1)
        split.setCollapsible(0, False)
        self.detail.setMinimumWidth(theme.px(_DETAIL_WIDTH))
        for piece in (holder, self.verification, self.progress):
            column.addWidget(piece)
        column.addWidget(split, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._whole)
        self._pages.addWidget(self.denied)
