"""Is the trail sound: the last answer in words, what to do about it, and the way to look again."""

from __future__ import annotations

from datetime import tzinfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from console.i18n import _
from console.models.domain.audit import Verification
from console.views import formats, theme
from console.views.widgets.buttons import button
from console.views.widgets.labels import StateMark, label
from console.views.widgets.progress import ProgressStrip


def in_words(found: Verification) -> list[str]:
    """What was found, gravest first, each with what to do about it."""
    if not found.sound:
        lines = [f"{finding.sentence} {finding.remedy}" for finding in found.findings]
        return [*lines, _("Sound up to row {count}.").format(count=formats.count(found.rows))]
    sealed = (
        _("The anchor is sealed by a secret of the keyring.")
        if found.keyed
        else _("The anchor is not keyed, because there was no keyring: who can write that file can forge it.")
    )
    words = _("Every row is as it was written: {count} rows, anchored up to row {row}.")
    return [f"{words.format(count=formats.count(found.rows), row=formats.count(found.anchored))} {sealed}"]


class VerificationStrip(QWidget):
    """``verify_requested`` and ``anchor_requested`` are wishes; ``cancel_requested`` is the wish to stop."""

    verify_requested = Signal()
    anchor_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, zone: tzinfo) -> None:
        super().__init__()
        self._zone = zone
        self._found: Verification | None = None
        self._at = 0
        self._may_anchor = False
        self._mark = StateMark(theme.State.NEUTRAL)
        self._text = label(wrap=True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._when = label(kind="muted")
        self.anchor = button("")
        self.anchor.clicked.connect(self.anchor_requested)
        self.verify = button("")
        self.verify.clicked.connect(self.verify_requested)
        self.progress = ProgressStrip()
        self.progress.cancel_requested.connect(self.cancel_requested)
        self._row = QHBoxLayout()
        for piece in (self._mark, self._text, self._when, self.anchor, self.verify):
            self._row.addWidget(piece)
        self._row.setStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._row)
        column.addWidget(self.progress)
        self.retranslate()
        theme.notifier().changed.connect(self.retranslate)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    @property
    def state(self) -> theme.State:
        """What it shows."""
        return self._mark.state

    def show_found(self, found: Verification | None, at: int, *, may_anchor: bool = False) -> None:
        """The answer of a look at ``at`` (microseconds); None before the first."""
        self._found, self._at, self._may_anchor = found, at, may_anchor
        self.progress.finish()
        self.verify.setEnabled(True)
        self.retranslate()

    def start(self) -> None:
        """A look is under way."""
        self.verify.setEnabled(False)
        self.progress.start(_("Verifying every row"))

    def retranslate(self) -> None:
        """Words and sizes anew."""
        self._row.setContentsMargins(theme.px(12), theme.px(6), theme.px(12), theme.px(6))
        self._row.setSpacing(theme.px(8))
        self.verify.setText(_("Verify now"))
        self.anchor.setText(_("Anchor anew…"))
        found = self._found
        self.anchor.setVisible(found is not None and not found.sound and self._may_anchor)
        self._mark.setVisible(found is not None)
        if found is None:
            self._text.setText(
                _("Each row is chained to the one before. Verify to see whether somebody changed, cut or rewrote it.")
            )
            self._when.setText("")
        else:
            self._mark.set_state(theme.State.OK if found.sound else theme.State.DANGER)
            self._text.setText("\n".join(in_words(found)))
            self._when.setText(
                _("verified {time}").format(time=formats.time_of_day(self._at, self._zone, seconds=False))
            )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The tint of an alarm, and the line below."""
        del event
        alarm = self._found is not None and not self._found.sound
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("danger_soft" if alarm else "sunken"))
            painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("hairline"))
