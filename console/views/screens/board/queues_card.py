"""Which queues an agent serves, to be ticked."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListWidget, QListWidgetItem, QWidget

from console.i18n import _
from console.views import theme
from console.views.widgets.buttons import button
from console.views.widgets.labels import label
from console.views.widgets.popover import Popover

_WIDTH = 240
_MOST_ROWS, _LEAST_ROWS = 14, 3
_AROUND = 150
"""Title, foot and edges, at scale 1."""


class QueuesCard(Popover):
    """``chosen`` carries the names of the ticked queues; nothing is changed before it is asked for."""

    chosen = Signal(object)

    def __init__(self, window: QWidget, agent: str, queues: Sequence[str], served: Collection[str]) -> None:
        title = _("Queues of {agent}").format(agent=agent)
        super().__init__(window, title)
        self._served = frozenset(served)
        self._list = QListWidget()
        self._list.setAccessibleName(title)
        self._list.setUniformItemSizes(True)
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for name in queues:
            item = QListWidgetItem(name)
            item.setSizeHint(QSize(0, theme.px(theme.ROW_HEIGHT)))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if name in served else Qt.CheckState.Unchecked)
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._list.itemChanged.connect(self._on_changed)
        self._list.itemActivated.connect(self._on_confirmed)
        self.apply = button(_("Change"), "primary")
        self.apply.clicked.connect(self._on_confirmed)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.apply)
        self.body.addWidget(label(title, "title"))
        self.body.addWidget(self._list)
        self.body.addLayout(foot)
        row = theme.px(theme.ROW_HEIGHT)
        room = max(_LEAST_ROWS, min(_MOST_ROWS, (window.height() - theme.px(_AROUND)) // row))
        self._list.setFixedSize(theme.px(_WIDTH), min(max(self._list.count(), 1), room) * row + 2)
        self._on_changed()

    def ticked(self) -> list[str]:
        """The names of the ticked queues."""
        items = [self._list.item(place) for place in range(self._list.count())]
        return [item.text() for item in items if item.checkState() == Qt.CheckState.Checked]

    def tick(self, queue: str, ticked: bool) -> None:
        """Tick a queue, or not."""
        for item in self._list.findItems(queue, Qt.MatchFlag.MatchExactly):
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)

    def _on_changed(self) -> None:
        ticked = self.ticked()
        self.apply.setEnabled(bool(ticked) and frozenset(ticked) != self._served)

    def _on_confirmed(self) -> None:
        if self.apply.isEnabled():
            chosen = self.ticked()
            self.close_now()
            self.chosen.emit(chosen)
