"""Fields of the policy one below the other, in their groups; long pages are built a few rows at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from console.i18n import _
from console.models.policy.labels import Group
from console.views import theme
from console.views.screens.settings.draft import Draft
from console.views.screens.settings.field_row import NARROW, FieldRow
from console.views.widgets import labels
from console.views.widgets.empty import EmptyState

_FIRST_ROWS = 3
_ROWS = 2
"""Rows made in one turn of the loop, so that a section comes into sight without a stall."""
_WIDEST = 1_080


class PolicyPage(QScrollArea):
    """Shows groups of keys; `ready` when all their rows are made."""

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self.rows: dict[str, FieldRow] = {}
        self._left: deque[Callable[[], object]] = deque()
        self._read_only = self._narrow = False
        self._target = self._empty = ""
        self._groups: Sequence[tuple[Group, Sequence[str]]] = ()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._column = QVBoxLayout()
        self._turn = QTimer(self)
        self._turn.setObjectName("settings rows")
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._on_turn)
        draft.changed.connect(self._on_changed)
        draft.checked.connect(self._on_checked)

    def ready(self) -> bool:
        """Whether every row is there."""
        return not self._left

    def show_groups(
        self, groups: Sequence[tuple[Group, Sequence[str]]], *, read_only: bool, target: str = "", empty: str = ""
    ) -> None:
        """Show these keys of these groups from the top, or from the row of ``target``; ``empty`` is said where there
        is none."""
        self._turn.stop()
        self._left.clear()
        self.rows = {}
        self._read_only, self._target = read_only, target
        self._groups, self._empty, self._narrow = groups, empty, self._is_narrow()
        self._column = self._fresh_column()
        if not groups:
            self._column.addWidget(EmptyState("list-search", empty or _("No setting matches.")), 1)
            return
        for group, paths in groups:
            self._left.append(partial(self._add_head, group))
            self._left.extend(partial(self._add_row, path) for path in paths)
        self._left.append(lambda: self._column.addStretch(1))
        self._make(_FIRST_ROWS)

    def show_values(self) -> None:
        """The policy was read anew: every editor shows its value."""
        for row in self.rows.values():
            row.show_value()
            row.refresh()

    def reveal(self, path: str) -> None:
        """Scroll to a row and put the focus into it."""
        row = self.rows.get(path)
        if row is None:
            return
        self.ensureWidgetVisible(row)
        if row.editor is not None:
            row.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def stop(self) -> None:
        """Make no more rows."""
        self._turn.stop()

    def resume(self) -> None:
        """Go on with what is left to make."""
        if self._left:
            self._turn.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the rows out anew where the room for their columns comes or goes."""
        super().resizeEvent(event)
        if self._groups and self._is_narrow() != self._narrow:
            self.show_groups(self._groups, read_only=self._read_only, target=self._target, empty=self._empty)

    def _is_narrow(self) -> bool:
        return self.width() < theme.px(NARROW)

    def _fresh_column(self) -> QVBoxLayout:
        body = QWidget()
        body.setProperty("kind", "raised")
        outer = QVBoxLayout(body)
        outer.setContentsMargins(0, 0, theme.px(12), theme.px(24))
        outer.setSpacing(0)
        inner = QWidget()
        inner.setMaximumWidth(theme.px(_WIDEST))
        outer.addWidget(inner)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.setWidget(body)
        return column

    def _make(self, count: int) -> None:
        for _number in range(count):
            if self._left:
                self._left.popleft()()
        if self._left:
            self._turn.start()

    def _on_turn(self) -> None:
        self._make(_ROWS)
        if not self._left and self._target:
            target, self._target = self._target, ""
            self.reveal(target)

    def _add_head(self, group: Group) -> None:
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(theme.px(12), theme.px(16), theme.px(8), theme.px(4))
        column.setSpacing(0)
        column.addWidget(labels.label(_(group.title), "title"))
        column.addWidget(labels.label(_(group.note), "small", wrap=True))
        self._column.addWidget(head)

    def _add_row(self, path: str) -> None:
        row = FieldRow(path, self._draft, read_only=self._read_only, narrow=self._narrow)
        row.reset_requested.connect(self._on_reset)
        self.rows[path] = row
        self._column.addWidget(row)

    def _on_reset(self, path: str) -> None:
        self._draft.reset(path)
        self.rows[path].show_value()
        self.rows[path].refresh()

    def _on_changed(self, path: str) -> None:
        if path in self.rows:
            self.rows[path].refresh()

    def _on_checked(self) -> None:
        for row in self.rows.values():
            row.refresh()
