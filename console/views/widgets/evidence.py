"""The evidence behind a figure: what it is in one sentence, what was counted, as of when, and the way to the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from console.i18n import _
from console.views import theme
from console.views.widgets.buttons import button
from console.views.widgets.labels import ElidedLabel, label
from console.views.widgets.popover import Popover

_WIDTH = 320


@dataclass(frozen=True, slots=True)
class Evidence:
    """``title`` repeats the figure with its words; ``definition`` is one sentence; ``parts`` are rows of name and
    figure (numerator, denominator, exclusions); ``as_of`` is the moment in words; ``examples`` are a few of the rows
    behind it (reference, what about it); ``rows`` is how many there are in all, 0 when there is nothing to open."""

    title: str
    definition: str
    parts: Sequence[tuple[str, str]] = ()
    as_of: str = ""
    examples: Sequence[tuple[str, str]] = ()
    rows: int = 0
    action: str = ""
    """What the button says; the words for *show the tickets* when empty."""


class EvidencePopover(Popover):
    """Opens beside a tile. ``rows_requested`` is the wish to see all rows behind the figure; ``example_requested``
    carries the reference that was pressed."""

    rows_requested = Signal()
    example_requested = Signal(str)

    def __init__(self, window: QWidget, evidence: Evidence) -> None:
        super().__init__(window, evidence.title)
        self.setAccessibleDescription(evidence.definition)
        self.body.addWidget(label(evidence.title, "title", wrap=True))
        definition = label(evidence.definition, wrap=True)
        self.body.addWidget(definition)
        if evidence.parts:
            self.body.addLayout(_figures(evidence.parts))
        for reference, about in evidence.examples:
            self.body.addLayout(self._example(reference, about))
        self.body.addLayout(self._foot(evidence))
        # As wide as its widest line; a wrapping label alone would not say how high it then is.
        definition.setFixedWidth(theme.px(_WIDTH))
        edges = self.body.contentsMargins()
        width = max(theme.px(_WIDTH), self.sizeHint().width() - edges.left() - edges.right())
        definition.setFixedSize(width, definition.heightForWidth(width))

    def _example(self, reference: str, about: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        link = button(reference, "link")
        link.clicked.connect(lambda: self._leave_for(reference))
        row.addWidget(link)
        row.addWidget(ElidedLabel(about, "small"), 1)
        return row

    def _leave_for(self, reference: str) -> None:
        self.close_now()
        self.example_requested.emit(reference)

    def _foot(self, evidence: Evidence) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.addWidget(label(_("As of {time}").format(time=evidence.as_of) if evidence.as_of else "", "small"), 1)
        if evidence.rows:
            show = button(evidence.action or _("Show all {n}").format(n=evidence.rows))
            show.clicked.connect(self._on_show)
            foot.addWidget(show)
        return foot

    def _on_show(self) -> None:
        self.close_now()
        self.rows_requested.emit()


def _figures(parts: Sequence[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.px(16))
    grid.setVerticalSpacing(theme.px(2))
    grid.setColumnStretch(0, 1)
    for place, (name, figure) in enumerate(parts):
        grid.addWidget(label(name, "muted"), place, 0)
        value = label(figure)
        value.setAccessibleName(f"{name}: {figure}")
        grid.addWidget(value, place, 1)
        grid.setAlignment(value, Qt.AlignmentFlag.AlignRight)
    return grid
