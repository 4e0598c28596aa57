"""The page that ends a shift: the sheet as it will be printed, notes to the next shift, a signature, a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from console.errors import KnownError
from console.i18n import _
from console.models.actions.authorize import authorize
from console.models.actions.exports import record_export
from console.models.actions.hand_over import HandOverActions
from console.models.domain.hand_over import Signed
from console.models.domain.roles import Action, Target
from console.models.queries.handover import SHIFT, Owed, Sheet, gather, sheet
from console.views import formats, theme
from console.views.bridge import LiveBoard
from console.views.screen import Context
from console.views.screens.escalations.handover_paper import Page, pages, write_pdf
from console.views.screens.escalations.handover_sheets import SheetScroll
from console.views.screens.escalations.sign_off import SignOffPane
from console.views.widgets.buttons import IconButton, button
from console.views.widgets.labels import label
from console.views.widgets.segmented import SegmentedControl

_AFTER_TYPING_MS = 500
_SIDE = 300
_DRAFT = "handover/notes"
_SINCE = ("last", "shift", "day")
_HOURS_OF_DAY = 3


class HandOverPage(QWidget):
    """``closed`` is the wish to go back to the inbox. It reads when it comes into sight, and when asked."""

    closed = Signal()
    toast_requested = Signal(str, object)

    def __init__(self, context: Context, desk: HandOverActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._desk = desk
        self._sheet: Sheet | None = None
        self._signed: Signed | None = None
        self._last: Signed | None = None
        self._pages: Sequence[Page] = ()
        self._busy = self._has_ended = False
        self._title = label(kind="title")
        self._as_of = label(kind="muted")
        self._close = IconButton("x", "")
        self._refresh = button("")
        self._export = button("")
        self._sign = button("", "primary")
        self._paper = SheetScroll()
        self._since_name = label(kind="small")
        self._since = SegmentedControl("", [(key, "") for key in _SINCE])
        self._notes_name = label(kind="small")
        self._notes = QPlainTextEdit()
        self._notes.setTabChangesFocus(True)
        self._notes.setPlainText(context.layout.text(_DRAFT))
        self._told = label(kind="small", wrap=True)
        self._sign_off = SignOffPane(context)
        self._typing = QTimer(self)
        self._typing.setObjectName("handover")
        self._typing.setSingleShot(True)
        self._typing.setInterval(_AFTER_TYPING_MS)
        self._typing.timeout.connect(self._lay_pages)
        self._lay_out()
        self._connect()
        self.retranslate()

    @property
    def pages(self) -> Sequence[Page]:
        """The pages as they are shown."""
        return self._pages

    @property
    def notes(self) -> QPlainTextEdit:
        """Where the notes are written."""
        return self._notes

    def activated(self) -> None:
        """The page is in sight: read it anew."""
        self._sign_off.read_takers()
        self.read()

    def deactivated(self) -> None:
        """Nobody sees it: keep the draft of the notes."""
        self._typing.stop()
        self.remember()

    def remember(self) -> None:
        """Keep the draft of the notes."""
        self._context.layout.keep_text(_DRAFT, "" if self._signed else self._notes.toPlainText())

    def read(self) -> None:
        """Make the sheet of now."""
        reader, now, choice = self._desk.reader, self._context.clock.now(), self._since.choice()
        since = {"last": None, "shift": now - SHIFT, "day": now - _HOURS_OF_DAY * SHIFT}[choice]
        self._signed = None
        self._has_ended = False
        self._context.ops.read(
            lambda _progress: gather(reader, now, since),
            self._on_owed,
            failure=self._on_failure,
            key="handover/read",
            owner=self,
        )

    def retranslate(self) -> None:
        """Every word anew."""
        self._title.setText(_("Hand-over to the next shift"))
        self.setAccessibleName(self._title.text())
        self._close.set_name(_("Close"), "Esc")
        self._refresh.setText(_("As of now"))
        self._refresh.setToolTip("F5")
        self._export.setText(_("Export PDF…"))
        self._sign.setText(_("Sign"))
        self._since_name.setText(_("This shift began"))
        self._since.setAccessibleName(self._since_name.text())
        self._since.set_words([("last", _("Last sheet")), ("shift", _("8 h ago")), ("day", _("24 h ago"))])
        self._notes_name.setText(_("Notes for the next shift"))
        self._notes.setAccessibleName(self._notes_name.text())
        self._notes.setPlaceholderText(_("What they must know that no list says"))
        self._paper.setAccessibleName(_("The sheet"))
        self._sign_off.retranslate()
        self._tell()
        if self._sheet is not None:
            self._lay_pages()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground."""
        del event
        QPainter(self).fillRect(self.rect(), theme.color("surface"))

    def export_to(self, file: Path) -> None:
        """Record the export, then write the sheet into a PDF file, both in workers."""
        made, context, access = self._sheet, self._context, self._context.access
        if made is None:
            return
        if access is None:
            self._write(file, made)
            return
        actor, facts = context.session.actor(), {"file": file.name, "as_of": made.as_of}
        context.ops.write(
            lambda _progress: record_export(access.accounts, actor, context.clock, Target("hand_over", ""), facts),
            lambda _none: self._write(file, made),
            failure=self._on_failure,
            owner=self,
        )

    def _write(self, file: Path, made: Sheet) -> None:
        zone, notes, signed = self._context.zone, self._notes.toPlainText(), self._signed
        self._context.ops.read(
            lambda _progress: write_pdf(file, made, zone, notes, signed),
            lambda _count: self.toast_requested.emit(
                _("The sheet was written into {file}.").format(file=file), theme.State.OK
            ),
            failure=self._on_failure,
            owner=self,
        )

    def _on_owed(self, owed: Owed) -> None:
        live = self._context.live
        board = live.board if isinstance(live, LiveBoard) else None
        if board is None:
            return
        self._sheet = sheet(owed, board)
        self._last = owed.signed
        self._lay_pages()
        self._tell()

    def _lay_pages(self) -> None:
        made = self._sheet
        if made is None:
            return
        zone, notes, signed = self._context.zone, self._notes.toPlainText(), self._signed
        self._context.ops.read(
            lambda _progress: pages(made, zone, notes, signed), self._on_pages, key="handover/pages", owner=self
        )

    def _on_pages(self, made: Sequence[Page]) -> None:
        self._pages = made
        self._paper.sheets.show_pages(made)

    def _tell(self) -> None:
        """What stands beside the paper: as of when, who signed, and what the buttons may do."""
        made, zone = self._sheet, self._context.zone
        if made is not None:
            words = _("as of {time}, this shift since {since}")
            as_of, since = (formats.instant(at, zone) for at in (made.as_of, made.owed.since))
            self._as_of.setText(words.format(time=as_of, since=since))
        refusal = authorize(self._context.session.actor(), Action.HAND_OVER_SIGN, Target("hand_over", "")).reason
        signed = self._signed or self._last
        told = refusal
        if signed is not None:
            words = (
                _("Signed by {person}, {time}") if self._signed else _("The last sheet was signed by {person}, {time}")
            )
            told = words.format(person=signed.signed_by, time=formats.instant(signed.signed_at, zone))
        self._told.setText(told)
        self._sign.setEnabled(made is not None and not refusal and not self._busy and self._signed is None)
        self._sign.setToolTip(refusal or "Ctrl+Return")
        barred = authorize(self._context.session.actor(), Action.EXPORT, Target("hand_over", "")).reason
        self._export.setEnabled(made is not None and not barred)
        self._export.setToolTip(barred or "Ctrl+P")
        self._sign_off.show_sheet(made, busy=self._busy, has_ended=self._has_ended)

    def _on_notes(self) -> None:
        if self._signed is not None:
            # What is signed is signed: other notes need another signature.
            self._signed = None
            self._tell()
        self._typing.start()

    def _on_sign(self) -> None:
        made = self._sheet
        if made is None or not self._sign.isEnabled():
            return
        desk, actor, notes = self._desk, self._context.session.actor(), self._notes.toPlainText()
        self._busy = True
        self._tell()
        self._context.ops.write(
            lambda _progress: desk.sign(actor, made.as_of, made.owed.since, notes),
            self._on_signed,
            failure=self._on_failure,
            owner=self,
        )

    def _on_signed(self, signed: Signed) -> None:
        self._busy = False
        self._signed = signed
        self.remember()
        self._tell()
        self._lay_pages()
        told = _("The sheet is signed, and your shift has ended.") if self._has_ended else _("The sheet is signed.")
        self.toast_requested.emit(told, theme.State.OK)

    def _on_sign_off(self, successor: str) -> None:
        made = self._sheet
        if made is None:
            return
        desk, actor, notes, signed = self._desk, self._context.session.actor(), self._notes.toPlainText(), self._signed
        self._busy = True
        self._tell()
        self._context.ops.write(
            lambda _progress: desk.sign_off(actor, made.as_of, made.owed.since, notes, successor, signed),
            self._on_signed_off,
            failure=self._on_failure,
            owner=self,
        )

    def _on_signed_off(self, signed: Signed) -> None:
        self._has_ended = True
        self._on_signed(signed)

    def _on_export(self) -> None:
        if self._sheet is None or not self._export.isEnabled():
            return
        day = formats.instant(self._sheet.as_of, self._context.zone).replace(":", "").replace(" ", "-")
        start = str(Path.home() / _("hand-over-{time}.pdf").format(time=day))
        name, _kind = QFileDialog.getSaveFileName(self, _("Export PDF"), start, "PDF (*.pdf)")
        if name:
            self.export_to(Path(name))

    def _on_failure(self, error: BaseException) -> None:
        self._busy = False
        if isinstance(error, KnownError):
            self.toast_requested.emit(str(error), theme.State.WARNING)
        self._tell()

    def _connect(self) -> None:
        self._close.clicked.connect(self.closed)
        self._refresh.clicked.connect(self.read)
        self._export.clicked.connect(self._on_export)
        self._sign.clicked.connect(self._on_sign)
        self._sign_off.wished.connect(self._on_sign_off)
        self._since.chosen.connect(lambda _key: self.read())
        self._notes.textChanged.connect(self._on_notes)
        keys = (
            ("Esc", self.closed.emit),
            ("F5", self.read),
            ("Ctrl+P", self._on_export),
            ("Ctrl+Return", self._on_sign),
        )
        for text, act in keys:
            shortcut = QShortcut(QKeySequence(text), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        theme.notifier().changed.connect(self._pad)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addWidget(self._as_of)
        head.addStretch(1)
        for piece in (self._refresh, self._export, self._sign, self._close):
            head.addWidget(piece)
        side = QVBoxLayout()
        for part in (self._since_name, self._since, self._notes_name):
            side.addWidget(part)
        side.addWidget(self._notes, 1)
        side.addWidget(self._told)
        side.addWidget(self._sign_off)
        body = QHBoxLayout()
        body.addWidget(self._paper, 1)
        body.addLayout(side)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addLayout(body, 1)
        self._head, self._side, self._body, self._column = head, side, body, column
        self.setFocusProxy(self._notes)
        self._pad()

    def _pad(self) -> None:
        self._column.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(12))
        for row in (self._column, self._head, self._body):
            row.setSpacing(theme.px(8))
        self._side.setSpacing(theme.px(4))
        self._notes.setFixedWidth(theme.px(_SIDE))
        self._told.setFixedWidth(theme.px(_SIDE))
        self._sign_off.setFixedWidth(theme.px(_SIDE))
