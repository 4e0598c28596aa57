"""Editors of single values, one for each kind of the policy. What is typed is kept as typed: the policy itself says
what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar
from zoneinfo import available_timezones

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.i18n import _
from console.models.policy import kinds
from console.models.policy.saying import LEVELS, UNITS, said_word, split_duration
from console.views import theme
from console.views.screens.settings.typed import parsed, periods, shown_number
from console.views.widgets.buttons import IconButton, button
from console.views.widgets.chips import FilterChip
from console.views.widgets.choice import ChoiceButton
from console.views.widgets.labels import label
from console.views.widgets.options import Option
from console.views.widgets.segmented import SegmentedControl

_NUMBER_WIDTH = 72
_UNIT_WIDTH = 76
_TEXT_WIDTH = 200


class FieldEditor(QWidget):
    """Base of the editors. ``edited`` carries the value as the file would hold it, after every change by a person."""

    edited = Signal(object)
    wide: ClassVar[bool] = False
    """Whether it takes the whole width, below its label."""
    widest: ClassVar[bool] = False
    """Whether it takes the column of the rule too."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(theme.px(4))

    def show_value(self, written: Any) -> None:
        """Show a value without telling; the base has nothing to show it in."""

    def _line(self, width: int, placeholder: str = "") -> QLineEdit:
        line = QLineEdit()
        line.setFixedWidth(theme.px(width))
        line.setPlaceholderText(placeholder)
        line.setAccessibleName(self._name)
        return line


class DurationEditor(FieldEditor):
    """A number and its unit; where the kind allows it, the word for no number at all."""

    def __init__(self, name: str, word: str = "") -> None:
        super().__init__(name)
        self._word = word
        choices = [(unit, _(words)) for unit, words in UNITS.items()]
        if word:
            choices.append((word, said_word(word)))
        self.number = self._line(_NUMBER_WIDTH)
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.unit = ChoiceButton(_("{name}, unit").format(name=name), choices)
        self.unit.setMinimumWidth(theme.px(_UNIT_WIDTH))
        self.row.addWidget(self.number)
        self.row.addWidget(self.unit)
        self.row.addStretch(1)
        self.number.textEdited.connect(self._tell)
        self.unit.chosen.connect(self._on_unit)
        self.setFocusProxy(self.number)

    def show_value(self, written: Any) -> None:
        """``30 min`` in its two parts."""
        number, unit = ("", self._word) if written == self._word and self._word else split_duration(str(written))
        self.number.setText(number)
        self.number.setVisible(not self._word or unit != self._word)
        self.unit.choose(unit)

    def _on_unit(self, unit: str) -> None:
        self.number.setVisible(unit != self._word)
        if unit != self._word and not self.number.text():
            self.number.setText("1")
        self._tell()

    def _tell(self) -> None:
        unit = self.unit.choice()
        self.edited.emit(unit if unit == self._word and self._word else f"{self.number.text().strip()} {unit}".strip())


class NumberEditor(FieldEditor):
    """A number with its unit behind it. ``factor`` is what the file's value is multiplied by to be shown."""

    def __init__(self, name: str, unit: str = "", *, factor: int = 1) -> None:
        super().__init__(name)
        self._factor = factor
        self.number = self._line(_NUMBER_WIDTH)
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.unit = label(unit, "muted")
        self.row.addWidget(self.number)
        self.row.addWidget(self.unit)
        self.row.addStretch(1)
        self.number.textEdited.connect(lambda text: self.edited.emit(parsed(text, self._factor)))
        self.setFocusProxy(self.number)

    def show_value(self, written: Any) -> None:
        """The number without needless digits."""
        self.number.setText(shown_number(written, self._factor))


class NumbersEditor(FieldEditor):
    """Three percentages side by side."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.numbers = [self._line(56) for _place in range(3)]
        for number in self.numbers:
            number.setAlignment(Qt.AlignmentFlag.AlignRight)
            number.textEdited.connect(self._tell)
            self.row.addWidget(number)
            self.row.addWidget(label("%", "muted"))
        self.row.addStretch(1)
        self.setFocusProxy(self.numbers[0])

    def show_value(self, written: Any) -> None:
        """One in each field."""
        for number, value in zip(self.numbers, written, strict=False):
            number.setText(shown_number(value))

    def _tell(self) -> None:
        self.edited.emit([parsed(number.text()) for number in self.numbers])


class WordEditor(FieldEditor):
    """One word out of a few."""

    def __init__(self, name: str, words: Sequence[str]) -> None:
        super().__init__(name)
        self.choice = ChoiceButton(name, [(told, said_word(told)) for told in words])
        self.choice.chosen.connect(self.edited.emit)
        self.row.addWidget(self.choice)
        self.row.addStretch(1)
        self.setFocusProxy(self.choice)

    def show_value(self, written: Any) -> None:
        """The word in force."""
        self.choice.choose(str(written))


class ThreeWordsEditor(FieldEditor):
    """One word for each of the three offers."""

    def __init__(self, name: str, words: Sequence[str]) -> None:
        super().__init__(name)
        self.choices = [ChoiceButton(name, [(told, said_word(told)) for told in words]) for _place in range(3)]
        for choice in self.choices:
            choice.chosen.connect(lambda _key: self.edited.emit([each.choice() for each in self.choices]))
            self.row.addWidget(choice)
        self.row.addStretch(1)

    def show_value(self, written: Any) -> None:
        """One on each button."""
        for choice, told in zip(self.choices, written, strict=False):
            choice.choose(str(told))


class WordsEditor(FieldEditor):
    """Some words out of several, in a list with ticks."""

    def __init__(self, name: str, words: Sequence[str]) -> None:
        super().__init__(name)
        self._words = tuple(words)
        self.chip = FilterChip("")
        self.chip.set_options([Option(told, said_word(told)) for told in words])
        self.chip.chosen.connect(self._on_chosen)
        self.chip.setFixedHeight(theme.px(theme.CONTROL_HEIGHT))
        self.row.addWidget(self.chip)
        self.row.addStretch(1)
        self.setFocusProxy(self.chip)

    def show_value(self, written: Any) -> None:
        """The ticked words; none where there is none."""
        keys = [told for told in written if told in self._words]
        self.chip.set_name(_("none") if not keys else _("{n} of {total}").format(n=len(keys), total=len(self._words)))
        self.chip.set_keys(keys)

    def _on_chosen(self, keys: object) -> None:
        chosen = [told for told in self._words if isinstance(keys, frozenset) and told in keys]
        self.show_value(chosen)
        self.edited.emit(chosen)


class FlagEditor(FieldEditor):
    """Yes or no."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.choice = SegmentedControl(name, [("yes", _("Yes")), ("no", _("No"))])
        self.choice.chosen.connect(lambda key: self.edited.emit(key == "yes"))
        self.row.addWidget(self.choice)
        self.row.addStretch(1)

    def show_value(self, written: Any) -> None:
        """The one in force."""
        self.choice.choose("yes" if written else "no")


class TextEditor(FieldEditor):
    """A text as the file holds it."""

    def __init__(self, name: str, width: int = _TEXT_WIDTH, placeholder: str = "") -> None:
        super().__init__(name)
        self.line = self._line(width, placeholder)
        self.line.textEdited.connect(lambda text: self.edited.emit(text.strip()))
        self.row.addWidget(self.line)
        self.row.addStretch(1)
        self.setFocusProxy(self.line)

    def show_value(self, written: Any) -> None:
        """The text."""
        self.line.setText(str(written))


class ZoneEditor(TextEditor):
    """The name of a time zone, with those that there are as proposals."""

    def __init__(self, name: str) -> None:
        super().__init__(name, placeholder=_("this machine's"))
        proposals = QCompleter(sorted(available_timezones()), self)
        proposals.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        proposals.setFilterMode(Qt.MatchFlag.MatchContains)
        proposals.activated.connect(lambda text: self.edited.emit(str(text)))
        self.line.setCompleter(proposals)


class PeriodsEditor(FieldEditor):
    """Periods of a day in one line: ``09:00-12:00, 13:00-18:00``."""

    def __init__(self, name: str, *, one: bool = False, width: int = _TEXT_WIDTH) -> None:
        super().__init__(name)
        self._one = one
        self.line = self._line(width, "" if one else _("closed"))
        self.line.textEdited.connect(self._on_edited)
        self.row.addWidget(self.line)
        self.row.addStretch(1)
        self.setFocusProxy(self.line)

    def show_value(self, written: Any) -> None:
        """The periods with commas between."""
        self.line.setText(str(written) if self._one else ", ".join(map(str, written)))

    def _on_edited(self, text: str) -> None:
        told = periods(text)
        self.edited.emit((told[0] if len(told) == 1 else text) if self._one else told)


class NamesEditor(FieldEditor):
    """Names one below the other, from the first to the last, with buttons to add, take out and move up."""

    wide = True

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._column = QVBoxLayout()
        self._column.setSpacing(theme.px(4))
        self.row.addLayout(self._column)
        self.row.addStretch(1)
        self._lines: list[QLineEdit] = []
        self._add = button(_("Add a level"), "link", flush=True)
        self._add.setProperty("keep", True)
        self._add.clicked.connect(lambda: self._change([*self.names(), ""]))

    def names(self) -> list[str]:
        """As the policy names them; what is typed otherwise is a name of the site's own."""
        known = {said_word(level).casefold(): level for level in LEVELS}
        typed = [line.text().strip() for line in self._lines]
        return [known.get(words.casefold(), words) for words in typed]

    def show_value(self, written: Any) -> None:
        """One line for each."""
        if written == self.names() and self._lines:
            return
        clear(self._column)
        self._lines = []
        for place, told in enumerate(written):
            self._column.addLayout(self._level(place, str(told)))
        self._column.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)

    def _level(self, place: int, told: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.px(4))
        line = self._line(_TEXT_WIDTH)
        line.setText(said_word(told) if told in LEVELS else told)
        line.textEdited.connect(lambda _text: self.edited.emit(self.names()))
        self._lines.append(line)
        up = IconButton("arrow-up", _("Move up"))
        up.setEnabled(place > 0)
        up.clicked.connect(lambda: self._move(place))
        out = IconButton("x", _("Take out"))
        out.clicked.connect(lambda: self._change([name for at, name in enumerate(self.names()) if at != place]))
        for piece in (label(f"{place + 1}", "muted"), line, up, out):
            row.addWidget(piece)
        row.addStretch(1)
        return row

    def _move(self, place: int) -> None:
        names = self.names()
        names[place - 1], names[place] = names[place], names[place - 1]
        self._change(names)

    def _change(self, names: list[str]) -> None:
        self.show_value(names)
        self.edited.emit(names)


def clear(layout: QVBoxLayout | QHBoxLayout) -> None:
    """Take everything out of a layout, and let go of all but what has the property ``keep``."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None and not widget.property("keep"):
            widget.hide()
            widget.deleteLater()
        if isinstance(inner, QHBoxLayout | QVBoxLayout):
            clear(inner)
            inner.deleteLater()


Maker = Callable[[str], FieldEditor]

MAKERS: dict[kinds.Kind, Maker] = {
    kinds.DURATION: DurationEditor,
    kinds.DURATION_OR_OFF: lambda name: DurationEditor(name, kinds.OFF),
    kinds.DURATION_OR_TARGET: lambda name: DurationEditor(name, kinds.TARGET),
    kinds.SHARE: lambda name: NumberEditor(name, "%", factor=100),
    kinds.PERCENT: lambda name: NumberEditor(name, "%"),
    kinds.PERCENTS: NumbersEditor,
    kinds.OFFER_KINDS: lambda name: ThreeWordsEditor(name, kinds.OFFER_KINDS.words),
    kinds.AMOUNT: NumberEditor,
    kinds.COUNT: NumberEditor,
    kinds.FLAG: FlagEditor,
    kinds.ZONE: ZoneEditor,
    kinds.CURRENCY: lambda name: TextEditor(name, 64),
    kinds.NAMES: NamesEditor,
    kinds.WINDOW: lambda name: PeriodsEditor(name, one=True),
    kinds.WINDOWS: PeriodsEditor,
    kinds.PERIODS: PeriodsEditor,
}
"""The kinds that are read alone; `editors` adds those of the calendar and the words."""
