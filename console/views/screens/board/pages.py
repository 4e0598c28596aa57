"""What stands in place of the table while there is nothing to show: no data yet, loading, an error, no hit."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from console.errors import KnownError
from console.i18n import _
from console.invocation import command
from console.views import formats, theme
from console.views.widgets.buttons import IconButton
from console.views.widgets.empty import EmptyState
from console.views.widgets.labels import label
from console.views.widgets.progress import ProgressStrip

_WIDTH = 420
_COMMAND_WIDTH = 520


class NothingYet(QWidget):
    """The log is empty: how to bring in a ticket log, or to look at the demonstration centre first."""

    copied = Signal(str)

    def __init__(self, folder: Path | None = None, parent: QWidget | None = None) -> None:
        """``folder`` is where an import has to put what it reads; None: the usual place."""
        super().__init__(parent)
        where = [] if folder is None else ["--data-dir", folder]
        commands = (command("import", "FILE.csv", *where), command("--demo"))
        self._picture = QLabel()
        self._title = label(kind="title")
        self._text = label(kind="muted", wrap=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lines: list[tuple[QLineEdit, IconButton]] = []
        self._hints = [label(kind="small"), label(kind="small")]
        column = QVBoxLayout(self)
        column.addStretch(2)
        for piece in (self._picture, self._title, self._text):
            column.addWidget(piece, 0, Qt.AlignmentFlag.AlignHCenter)
        for hint, words in zip(self._hints, commands, strict=True):
            column.addSpacing(theme.px(8))
            column.addWidget(hint, 0, Qt.AlignmentFlag.AlignHCenter)
            column.addLayout(self._line(words))
        column.addStretch(3)
        self.retranslate()
        theme.notifier().changed.connect(self._fit)

    def retranslate(self) -> None:
        """Every word anew."""
        self._title.setText(_("No tickets yet"))
        self._text.setText(
            _("The board fills by itself as soon as a helpdesk, a file or the demonstration centre brings events.")
        )
        self._hints[0].setText(_("Bring in a ticket log (CSV, TSV, JSON lines, Excel):"))
        self._hints[1].setText(_("Or look round in the demonstration centre first:"))
        for field, copy in self._lines:
            copy.set_name(_("Copy the command"))
            field.setAccessibleName(_("Command"))
        self._fit()

    def _fit(self) -> None:
        self._picture.setPixmap(theme.pixmap("ticket", "text_muted", 32, self.devicePixelRatioF()))
        # A layout asks a centred label for one line only.
        width = theme.px(_WIDTH - 40)
        self._text.setFixedSize(width, self._text.heightForWidth(width))
        for field, _copy in self._lines:
            field.setFixedWidth(theme.px(_COMMAND_WIDTH))

    def _line(self, words: str) -> QHBoxLayout:
        row = QHBoxLayout()
        field = QLineEdit(words)
        field.setReadOnly(True)
        field.setCursorPosition(0)
        copy = IconButton("copy", "")
        copy.clicked.connect(lambda: self._copy(words))
        row.addStretch(1)
        row.addWidget(field)
        row.addWidget(copy)
        row.addStretch(1)
        self._lines.append((field, copy))
        return row

    def _copy(self, words: str) -> None:
        QGuiApplication.clipboard().setText(words)
        self.copied.emit(words)


class Loading(QWidget):
    """The board is being read: what is done and how far it is."""

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = EmptyState("hourglass", "")
        self._strip = ProgressStrip()
        self._strip.cancel_requested.connect(self.cancel_requested)
        self._strip.setFixedWidth(theme.px(_WIDTH))
        column = QVBoxLayout(self)
        column.addWidget(self._state, 3)
        column.addWidget(self._strip, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        self.retranslate()

    def show_progress(self, text: str, done: int, total: int) -> None:
        """What is being done, how much of it, of how much (0: nobody knows)."""
        if self._strip.isHidden():
            self._strip.start(text, cancellable=False)
        self._strip.set_progress(done, total)

    def retranslate(self) -> None:
        """Every word anew."""
        self._state.set_words(_("Reading the log"), _("Figures and tickets appear as soon as the board is complete."))


class Failed(EmptyState):
    """The board could not be read: what went wrong, and what to do about it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("alert-triangle", "", parent=parent)

    def show_error(self, error: BaseException) -> None:
        """Say what went wrong."""
        remedy = error.remedy if isinstance(error, KnownError) else ""
        self.set_words(str(error) or _("Something went wrong."), remedy)


class NoHit(EmptyState):
    """No ticket passes the filter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("list-search", "", parent=parent)

    def show_filter(self, *, narrowed: bool, total: int) -> None:
        """Say why: the filters, or simply nothing in this scope."""
        if narrowed:
            text = _("{n} tickets are on the board in all.").format(n=formats.count(total))
            self.set_words(_("No ticket passes these filters"), text, _("Clear all filters"))
        else:
            self.set_words(_("Nothing here"), _("No ticket is in this scope at the moment."))
