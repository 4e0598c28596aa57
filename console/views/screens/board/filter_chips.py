"""The row of filters: dropdowns whose choices are counted when they open."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from console.i18n import _
from console.models.live.filters import Filter
from console.models.live.names import Names
from console.views import formats
from console.views.screens.board.choices import CHOICES, Choice
from console.views.screens.board.flow import FlowLayout
from console.views.widgets.chips import FilterChip
from console.views.widgets.options import Option


class CountedChip(FilterChip):
    """A dropdown that says when its list is about to open, so that its choices can be counted."""

    opening = Signal()

    def open_list(self) -> None:
        """Count first, then open."""
        self.opening.emit()
        super().open_list()


class FilterChips(QWidget):
    """``filter_changed`` carries the filter that a person made of the one in force; ``count_requested`` a facet whose
    choices should be counted."""

    filter_changed = Signal(object)
    count_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filter = Filter()
        self._tallies: dict[str, Mapping[int, int]] = {}
        self._chips: dict[str, CountedChip] = {}
        row = FlowLayout(self)
        for choice in CHOICES:
            chip = CountedChip(_(choice.title))
            chip.chosen.connect(lambda keys, choice=choice: self._change(choice.put(self._filter, keys)))
            if choice.facet:
                chip.opening.connect(lambda choice=choice: self.count_requested.emit(choice.facet))
            self._chips[choice.key] = chip
            row.addWidget(chip)
        self.retranslate()

    def chip(self, key: str) -> FilterChip:
        """The dropdown of a choice."""
        return self._chips[key]

    def show_filter(self, chosen: Filter) -> None:
        """Show what is in force."""
        self._filter = chosen
        for choice in CHOICES:
            self._chips[choice.key].set_keys(choice.get(chosen))

    def set_names(self, names: Names) -> None:
        """Queues and agents have got names."""
        for choice in CHOICES:
            self._show_options(choice, names)

    def set_tally(self, facet: str, tally: Mapping[int, int], names: Names) -> None:
        """How many tickets each choice of a facet would leave."""
        self._tallies = {facet: tally}
        for choice in CHOICES:
            if choice.facet == facet:
                self._show_options(choice, names)

    def retranslate(self) -> None:
        """Every word anew; the options follow with `set_names`."""
        for choice in CHOICES:
            self._chips[choice.key].set_name(_(choice.title))

    def _show_options(self, choice: Choice, names: Names) -> None:
        tally = self._tallies.get(choice.facet)
        options = []
        for key, text in choice.options(names):
            number = "" if tally is None else formats.count(tally.get(key, 0))
            if tally is None or key or key in tally or key in choice.get(self._filter):
                options.append(Option(key, text, number))
        self._chips[choice.key].set_options(options)

    def _change(self, chosen: Filter) -> None:
        self.show_filter(chosen)
        self.filter_changed.emit(chosen)
