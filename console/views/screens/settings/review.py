"""The look at all changes before they are saved: each before and after, and what becomes of the open tickets."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QWidget

from console.i18n import _, ngettext
from console.models.domain.glossary import word
from console.models.policy.labels import full_label
from console.models.policy.saying import said_change
from console.views import formats, theme
from console.views.screens.settings.change_bar import clock_words, effect_words
from console.views.screens.settings.draft import Draft
from console.views.widgets.buttons import button
from console.views.widgets.labels import label
from console.views.widgets.popover import Popover

_WIDTH = 640
_MOST_HEIGHT = 420
_LINES = 5


class Review(Popover):
    """``save_requested`` when a person has looked and wants it."""

    save_requested = Signal()

    def __init__(self, window: QWidget, draft: Draft) -> None:
        super().__init__(window, _("Review and save"))
        count = len(draft.changes)
        title = ngettext("{n} change of the policy", "{n} changes of the policy", count).format(n=count)
        self.body.addWidget(label(title, "title"))
        self.body.addWidget(self._list(draft))
        if draft.effect is not None:
            self.body.addWidget(label(self._effect(draft), wrap=True))
        self.body.addWidget(
            label(_("It is in force at once and stands on the audit trail under your name."), "muted", wrap=True)
        )
        if draft.site is not None and draft.site.loaded.problems:
            text = _("The wrong file is kept beside the new one as policy.wrong.toml.")
            self.body.addWidget(label(text, "muted", wrap=True))
        foot = QHBoxLayout()
        foot.addStretch(1)
        cancel, self.save = button(_("Cancel")), button(_("Save"), "primary")
        cancel.clicked.connect(self.close_now)
        self.save.clicked.connect(self._on_save)
        foot.addWidget(cancel)
        foot.addWidget(self.save)
        self.body.addLayout(foot)

    def _list(self, draft: Draft) -> QWidget:
        inner = QWidget()
        inner.setProperty("kind", "raised")
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, theme.px(4), theme.px(12), theme.px(4))
        grid.setHorizontalSpacing(theme.px(12))
        grid.setVerticalSpacing(theme.px(8))
        for row, change in enumerate(draft.changes):
            before, after = said_change(change.path, change.before, change.after)
            pieces = (
                label(full_label(change.path), wrap=True),
                label(before, "muted", wrap=True),
                label("\N{RIGHTWARDS ARROW}", "muted"),
                label(after, "title", wrap=True),
            )
            for column, piece in enumerate(pieces):
                piece.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
                grid.addWidget(piece, row, column)
        for column, stretch in enumerate((3, 2, 0, 2)):
            grid.setColumnStretch(column, stretch)
        for words in inner.findChildren(QLabel):
            words.ensurePolished()
        whole = grid.totalHeightForWidth(theme.px(_WIDTH))
        inner.setFixedSize(theme.px(_WIDTH), whole)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inner)
        area.setFixedSize(theme.px(_WIDTH + 16), min(whole, theme.px(_MOST_HEIGHT)) + 2)
        return area

    def _effect(self, draft: Draft) -> str:
        assert draft.effect is not None
        words = effect_words(draft.effect)
        text = words[:1].upper() + words[1:]
        lines = list(draft.effect.lines())
        told = [
            f"{word(line.channel)} {formats.count(line.breached_before)} \N{RIGHTWARDS ARROW} "
            f"{formats.count(line.breached_after)}"
            for line in lines[:_LINES]
            if line.breached_before != line.breached_after
        ]
        by_channel = _("In breach by channel: {list}").format(list=_("; ").join(told))
        return "\n".join([text, *([by_channel] if told else []), *clock_words(draft.clocks)])

    def _on_save(self) -> None:
        self.close_now()
        self.save_requested.emit()
