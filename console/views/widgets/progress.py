"""Long work in one line: what is done, how far it is, and the way to stop it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from console.i18n import _
from console.views import formats, theme
from console.views.widgets.buttons import IconButton
from console.views.widgets.labels import label

_STEPS = 1_000


class ProgressStrip(QWidget):
    """``cancel_requested`` is the wish to stop; the owner of the work decides when it did."""

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = label()
        self._figure = label(kind="muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._cancel = IconButton("x", _("Cancel"))
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._text)
        self._row.addWidget(self._bar, 1)
        self._row.addWidget(self._figure)
        self._row.addWidget(self._cancel)
        self._cancel.clicked.connect(self._on_cancel)
        self.hide()
        self._pad()
        theme.notifier().changed.connect(self._pad)

    def start(self, text: str, *, cancellable: bool = True) -> None:
        """Show the line; how far is unknown until `set_progress`."""
        self._text.setText(text)
        self._bar.setAccessibleName(text)
        self._figure.setText("")
        self._bar.setRange(0, 0)
        self._cancel.setVisible(cancellable)
        self._cancel.setEnabled(True)
        self._cancel.set_name(_("Cancel"))
        self.show()

    def set_progress(self, done: int, total: int) -> None:
        """How far it is; a total of 0 means that nobody knows, and only ``done`` is shown."""
        if total <= 0:
            self._bar.setRange(0, 0)
            self._figure.setText(formats.count(done) if done else "")
            return
        self._bar.setRange(0, _STEPS)
        self._bar.setValue(min(_STEPS, done * _STEPS // total))
        self._figure.setText(_("{done} of {total}").format(done=formats.count(done), total=formats.count(total)))

    def finish(self) -> None:
        """The work is over, however it ended."""
        self.hide()

    def _on_cancel(self) -> None:
        self._cancel.setEnabled(False)
        self._figure.setText(_("stopping…"))
        self.cancel_requested.emit()

    def _pad(self) -> None:
        self._row.setContentsMargins(theme.px(12), 0, theme.px(8), 0)
        self._row.setSpacing(theme.px(12))
        self.setFixedHeight(theme.px(32))
