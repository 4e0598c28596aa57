"""One key of the policy as a row: label, editor, what is wrong, the shipped value with a way back, the rule."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from console.i18n import _
from console.models.policy import kinds
from console.models.policy.labels import full_label, label, note
from console.models.policy.saying import said
from console.models.policy.schema import BY_PATH
from console.views import theme
from console.views.screens.settings.draft import Draft
from console.views.screens.settings.editors import editor_of
from console.views.screens.settings.field_editors import FieldEditor, NumberEditor
from console.views.widgets import labels
from console.views.widgets.buttons import button
from console.views.widgets.labels import StateMark

_LABEL_WIDTH, _NARROW_LABEL_WIDTH = 264, 152
_RULE_WIDTH = 108
_DEFAULT_WIDTH = 236
NARROW = 800
"""A page of fewer pixels (at scale 1) has no room for columns of their own for rule and default."""
_MARK = 3


class FieldRow(QWidget):
    """``reset_requested`` fires when a person wants the shipped value. Built for the words in force; made anew when the
    language changes."""

    reset_requested = Signal(str)

    def __init__(self, path: str, draft: Draft, *, read_only: bool, narrow: bool = False) -> None:
        super().__init__()
        self.path = path
        self._narrow = narrow
        self._draft = draft
        self._changed = False
        self.editor: FieldEditor | None = None if read_only else editor_of(path)
        self._shown: QLabel | None = None
        self._title = labels.label(label(path), wrap=True)
        self._title.setBuddy(self.editor if self.editor is not None else self._title)
        self._problem = labels.label(wrap=True)
        self._problem_line = self._line_of(StateMark(theme.State.DANGER), self._problem)
        self._default = labels.label("", "small")
        self._reset = button(_("Reset"), "link")
        self._reset.setAccessibleName(_("Reset {name}").format(name=full_label(path)))
        self._reset.clicked.connect(lambda: self.reset_requested.emit(path))
        self._lay_out()
        self.setAccessibleName(full_label(path))
        if self.editor is not None:
            self.editor.edited.connect(lambda value: draft.set(path, value))
        self.show_value()
        self.refresh()

    def show_value(self) -> None:
        """Put the draft's value into the editor: after a reset, or when the policy was read anew."""
        value = self._draft.value(self.path)
        if self.editor is not None:
            self.editor.show_value(value)
            if BY_PATH[self.path].kind is kinds.AMOUNT and isinstance(self.editor, NumberEditor):
                self.editor.unit.setText(str(self._draft.value("complaints.currency")))
        elif self._shown is not None:
            self._shown.setText(said(self.path, value))

    def refresh(self) -> None:
        """What is wrong, whether it is changed, the shipped value."""
        told = self._draft.problem(self.path)
        self._problem.setText(told)
        self._problem_line.setVisible(bool(told))
        differs = self._draft.differs(self.path)
        site = self._draft.site
        assert site is not None
        self._default.setText(_("Default: {value}").format(value=said(self.path, site.default(self.path))))
        self._default.setToolTip(self._default.text())
        self._default.setVisible(differs)
        self._reset.setVisible(differs and self.editor is not None)
        changed = self._draft.is_changed(self.path)
        if changed != self._changed:
            self._changed = changed
            self._title.setProperty("kind", "title" if changed else "")
            self._title.style().polish(self._title)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A bar at the left of what is changed, and a line below."""
        del event
        with QPainter(self) as painter:
            if self._changed:
                painter.fillRect(0, 0, theme.px(_MARK), self.height(), theme.color("accent"))
            painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("hairline"))

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(theme.px(12), theme.px(4), theme.px(8), theme.px(4))
        grid.setHorizontalSpacing(theme.px(12))
        grid.setVerticalSpacing(0)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        rule = BY_PATH[self.path].rule
        widest = self.editor is not None and self.editor.widest
        lines = [rule, note(self.path)] if self._narrow or widest else [note(self.path)]
        if told := " · ".join(filter(None, lines)):
            words.addWidget(labels.label(told, "small", wrap=True))
        names = QWidget()
        names.setLayout(words)
        words.setContentsMargins(0, theme.px(5), 0, 0)
        names.setFixedWidth(theme.px(_NARROW_LABEL_WIDTH if self._narrow else _LABEL_WIDTH))
        grid.addWidget(names, 0, 0, Qt.AlignmentFlag.AlignTop)
        middle = QVBoxLayout()
        middle.setSpacing(theme.px(2))
        middle.addWidget(self._value_widget())
        middle.addWidget(self._problem_line)
        wide = self._narrow or (self.editor is not None and self.editor.wide)
        if wide:
            middle.addWidget(self._default_line(), 0, Qt.AlignmentFlag.AlignLeft)
        # Aligned to the top by a stretch: a cell with an alignment asks a wrapped label for one line only.
        middle.addStretch(1)
        grid.addLayout(middle, 0, 1, 1, 3 if widest else 2 if wide else 1)
        if not wide:
            box = self._default_line()
            box.setFixedWidth(theme.px(_DEFAULT_WIDTH))
            grid.addWidget(box, 0, 2, Qt.AlignmentFlag.AlignTop)
        if not self._narrow and not widest:
            grid.addWidget(self._rule(rule), 0, 3, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(1, 1)

    @staticmethod
    def _rule(rule: str) -> QLabel:
        made = labels.label(rule, "small")
        made.setFixedWidth(theme.px(_RULE_WIDTH))
        made.setMinimumHeight(theme.px(theme.CONTROL_HEIGHT))
        made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return made

    def _value_widget(self) -> QWidget:
        if self.editor is not None:
            return self.editor
        self._shown = labels.label(wrap=True)
        self._shown.setMinimumHeight(theme.px(theme.CONTROL_HEIGHT))
        self._shown.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return self._shown

    def _default_line(self) -> QWidget:
        self._default.setMinimumHeight(theme.px(theme.CONTROL_HEIGHT))
        self._default.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        box = self._line_of(self._default, self._reset)
        policy = self._default.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Maximum)
        self._default.setSizePolicy(policy)
        row = box.layout()
        assert isinstance(row, QHBoxLayout)
        row.addStretch(1)
        return box

    @staticmethod
    def _line_of(*pieces: QWidget) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(4))
        for piece in pieces:
            row.addWidget(piece)
        row.setStretch(len(pieces) - 1, 1 if isinstance(pieces[-1], QLabel) else 0)
        return line
