"""The editor of the routing rules: one block for each, from the first that is asked to the last."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.i18n import N_, _
from console.models.domain.glossary import word
from console.models.policy.kinds import OFF
from console.models.policy.routing_kind import CONDITIONS, LEVELS, STRATEGIES
from console.models.policy.saying import said_word
from console.views import theme
from console.views.screens.settings.field_editors import DurationEditor, FieldEditor, clear
from console.views.widgets.buttons import IconButton, button
from console.views.widgets.chips import FilterChip
from console.views.widgets.choice import ChoiceButton
from console.views.widgets.labels import label
from console.views.widgets.options import Option

_HEAD_WIDTH = 72
_NAME_WIDTH = 200
_LIST_WIDTH = 152
_CHIP_WIDTH = 140
_TITLES: Mapping[str, str] = {
    "types": N_("Type"),
    "tiers": N_("Customer"),
    "languages": N_("Language"),
    "channels": N_("Channel"),
    "complaints": N_("Complaint"),
}
_ANY = ""


class RuleBlock(QFrame):
    """One rule: its name, for which contacts, to whom. ``value`` is as the file would hold it."""

    def __init__(self, place: int, told: Mapping[str, Any]) -> None:
        super().__init__()
        self._told = dict(told)
        self.name = _line(_NAME_WIDTH, _("Name of the rule"), str(told.get("name", "")))
        self.chips: dict[str, FilterChip] = {}
        self.lists: dict[str, QLineEdit] = {}
        self.level = _choice(_("At least"), _("any level"), LEVELS, told.get("least_level"))
        self.strategy = _choice(
            _("Who gets it among several"), _("among several: as everywhere"), STRATEGIES, told.get("strategy")
        )
        self.widen = DurationEditor(_("Kept for them"), OFF)
        self.widen.show_value(told.get("widen_after", OFF))
        self.up = IconButton("arrow-up", _("Move up"))
        self.up.setEnabled(place > 0)
        self.out = IconButton("x", _("Take out"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.px(4), 0, theme.px(8))
        column.setSpacing(theme.px(4))
        queues = self._list("queues", _("any queue"))
        head = (self.name, label(_("in queue"), "muted"), queues, self.up, self.out)
        column.addLayout(_row(label(f"{place + 1}", "muted"), *head))
        chips = [self._chip(name) for name in CONDITIONS]
        column.addLayout(_row(label(_("Applies to"), "muted"), *chips))
        teams, serving = self._list("to_teams", _("any team")), self._list("to_queues", _("serving this queue"))
        column.addLayout(_row(label(_("Give to"), "muted"), teams, serving, self.level))
        then = label(_("for them, then others too"), "muted")
        column.addLayout(_row(label(_("Kept"), "muted"), self.widen, then, self.strategy))

    def value(self) -> dict[str, Any]:
        """The rule without what it leaves out."""
        told: dict[str, Any] = {"name": self.name.text().strip()}
        for name, codes in CONDITIONS.items():
            keys = self.chips[name].keys()
            told[name] = [code.key for code in codes if code.key in keys]
        told |= {name: _names(line.text()) for name, line in self.lists.items()}
        told["least_level"], told["strategy"] = self.level.choice(), self.strategy.choice()
        told["widen_after"] = self._told.get("widen_after", OFF)
        return {name: value for name, value in told.items() if value or name == "name"}

    def keep_widen(self, written: Any) -> None:
        """What was typed for how long it is kept."""
        self._told["widen_after"] = written

    def _chip(self, name: str) -> FilterChip:
        chip = self.chips[name] = FilterChip(_(_TITLES[name]))
        chip.set_options([Option(code.key, word(code)) for code in CONDITIONS[name]])
        chip.set_keys(self._told.get(name, []))
        chip.setFixedHeight(theme.px(theme.CONTROL_HEIGHT))
        chip.setMaximumWidth(theme.px(_CHIP_WIDTH))
        return chip

    def _list(self, name: str, placeholder: str) -> QLineEdit:
        line = self.lists[name] = _line(_LIST_WIDTH, placeholder, _(", ").join(map(str, self._told.get(name, []))))
        line.setToolTip(_("Several with commas between"))
        return line


class RulesEditor(FieldEditor):
    """The rules one below the other, with buttons to add, take out and move up."""

    wide = widest = True

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self.row.addLayout(self._column, 1)
        self.blocks: list[RuleBlock] = []
        self._shown: list[dict[str, Any]] | None = None
        self.add = button(_("Add a rule"), "link", flush=True)
        self.add.setProperty("keep", True)
        self.add.clicked.connect(self._on_add)

    def show_value(self, written: Any) -> None:
        """The rules as they stand in the file; what is being typed stays as it is typed."""
        told = [dict(rule) for rule in written] if isinstance(written, list) else []
        if told != self._shown:
            self._build(told)
            self._shown = told

    def _build(self, rules: Sequence[Mapping[str, Any]]) -> None:
        clear(self._column)
        self.blocks = []
        for place, told in enumerate(rules):
            block = RuleBlock(place, told)
            self._connect(block, place)
            self.blocks.append(block)
            self._column.addWidget(block)
        if not rules:
            none = label(_("No rules: everybody who serves the queue."), "muted")
            none.setMinimumHeight(theme.px(theme.CONTROL_HEIGHT))
            self._column.addWidget(none)
        self._column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)

    def _connect(self, block: RuleBlock, place: int) -> None:
        for line in (block.name, *block.lists.values()):
            line.textEdited.connect(self._tell)
        for chip in block.chips.values():
            chip.chosen.connect(self._tell)
        for choice in (block.level, block.strategy):
            choice.chosen.connect(self._tell)
        block.widen.edited.connect(block.keep_widen)
        block.widen.edited.connect(self._tell)
        block.up.clicked.connect(lambda: self._move(place))
        block.out.clicked.connect(lambda: self._take_out(place))

    def _value(self) -> list[dict[str, Any]]:
        return [block.value() for block in self.blocks]

    def _tell(self, *_what: object) -> None:
        self._shown = self._value()
        self.edited.emit(self._shown)

    def _change(self, rules: list[dict[str, Any]]) -> None:
        self.show_value(rules)
        self.edited.emit(rules)

    def _on_add(self) -> None:
        self._change([*self._value(), {"name": "", "widen_after": "2 min"}])
        self.blocks[-1].name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _move(self, place: int) -> None:
        rules = self._value()
        rules[place - 1], rules[place] = rules[place], rules[place - 1]
        self._change(rules)

    def _take_out(self, place: int) -> None:
        self._change([rule for at, rule in enumerate(self._value()) if at != place])


def _row(head: QWidget, *pieces: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.px(4))
    head.setFixedWidth(theme.px(_HEAD_WIDTH))
    row.addWidget(head)
    for piece in pieces:
        row.addWidget(piece)
    row.addStretch(1)
    return row


def _line(width: int, words: str, text: str) -> QLineEdit:
    line = QLineEdit(text)
    line.setFixedWidth(theme.px(width))
    line.setPlaceholderText(words)
    line.setAccessibleName(words)
    return line


def _choice(name: str, none: str, words: Sequence[str], told: Any) -> ChoiceButton:
    choice = ChoiceButton(name, [(_ANY, none), *((key, said_word(key)) for key in words)])
    choice.choose(str(told or _ANY))
    return choice


def _names(text: str) -> list[str]:
    """Names that somebody typed, with commas of either writing between."""
    return [name.strip() for name in re.split(r"[,，、;；]", text) if name.strip()]
