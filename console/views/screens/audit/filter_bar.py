"""The filters of the trail: words, person, action, object, outcome, time; what is chosen stays while it is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import tzinfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.i18n import _, ngettext
from console.models.domain.audit import Outcome
from console.models.domain.audit_ports import AuditChoices, AuditFilter
from console.models.domain.audit_words import action_words, actor_words, object_words, outcome_words
from console.models.domain.ports import Clock
from console.views import formats, theme
from console.views.screens.audit.span_chip import SpanChip
from console.views.screens.board.flow import FlowLayout
from console.views.widgets.buttons import button
from console.views.widgets.chips import FilterChip
from console.views.widgets.labels import label
from console.views.widgets.options import Option
from console.views.widgets.search import SearchField
from console.views.widgets.segmented import SegmentedControl

_SEARCH_WIDTH = 200


class FilterBar(QWidget):
    """``filter_changed`` carries the `AuditFilter` that a person made, ``export_requested`` the wish for a file."""

    filter_changed = Signal(object)
    export_requested = Signal()
    results_requested = Signal()

    def __init__(self, clock: Clock, zone: tzinfo) -> None:
        super().__init__()
        self._filter = AuditFilter()
        self._choices = AuditChoices()
        self._count: int | None = None
        self.search = SearchField(_("Search the trail"))
        self.search.words_changed.connect(lambda words: self._change(words=words))
        self.search.results_requested.connect(self.results_requested)
        self.actors, self.deeds, self.kinds, self.outcomes = (FilterChip("") for _chip in range(4))
        self.actors.chosen.connect(lambda keys: self._change(actors=keys))
        self.deeds.chosen.connect(lambda keys: self._change(actions=keys))
        self.kinds.chosen.connect(lambda keys: self._change(kinds=keys))
        self.outcomes.chosen.connect(lambda keys: self._change(outcomes=frozenset(Outcome(key) for key in keys)))
        self.whose = SegmentedControl("", _whose())
        self.whose.chosen.connect(lambda key: self._change(people=key == "people"))
        self.span = SpanChip(clock, zone)
        self.span.chosen.connect(lambda span: self._change(start=span[0], end=span[1]))
        self.clear = button("", "link")
        self.clear.clicked.connect(self.lift)
        self._object = button("", "link")
        self._object.clicked.connect(lambda: self._change(object_id="", kinds=frozenset()))
        self._shown = label(kind="muted")
        self.export = button("")
        self.export.clicked.connect(self.export_requested)
        end = QWidget()
        self._end = QHBoxLayout(end)
        self._end.setContentsMargins(0, 0, 0, 0)
        self._end.addWidget(self._shown)
        self._end.addWidget(self.export)
        row = FlowLayout(self, gap=8, trailing=True)
        pieces: tuple[QWidget, ...] = (
            *(self.search, self.whose, self.span, self.actors, self.deeds),
            *(self.kinds, self.outcomes),
        )
        for piece in (*pieces, self._object, self.clear, end):
            row.addWidget(piece)
        self.retranslate()
        theme.notifier().changed.connect(self._pad)

    @property
    def wanted(self) -> AuditFilter:
        """The filter in force."""
        return self._filter

    def show_choices(self, choices: AuditChoices) -> None:
        """What there is to choose from."""
        self._choices = choices
        self.actors.set_options(Option(name, actor_words(name)) for name in choices.actors)
        self.deeds.set_options(sorted((Option(key, action_words(key)) for key in choices.actions), key=_by_text))
        self.kinds.set_options(sorted((Option(key, object_words(key)) for key in choices.kinds), key=_by_text))
        self.outcomes.set_options(Option(outcome.value, outcome_words(outcome.value)) for outcome in Outcome)

    def show_count(self, count: int | None) -> None:
        """How many rows the filter leaves; None while that is being found out."""
        self._count = count
        text = (
            _("searching…") if count is None else ngettext("{n} row", "{n} rows", count).format(n=formats.count(count))
        )
        self._shown.setText(text)
        self.export.setEnabled(bool(count))

    def show_object(self, kind: str, id_: str) -> None:
        """Only what was done to one object, and tell."""
        self.lift(tell=False)
        self._change(kinds=frozenset({kind}), object_id=id_)

    def lift(self, _checked: bool = False, *, tell: bool = True) -> None:
        """No filter any more."""
        self.search.show_words("")
        self.span.clear()
        self._filter = AuditFilter()
        self._show()
        if tell:
            self.filter_changed.emit(self._filter)

    def retranslate(self) -> None:
        """Every word anew."""
        self.search.set_name(_("Search the trail"))
        names = (_("Person"), _("Action"), _("Object"), _("Outcome"))
        for chip, name in zip((self.actors, self.deeds, self.kinds, self.outcomes), names, strict=True):
            chip.set_name(name)
        self.whose.setAccessibleName(_("Whose actions"))
        self.whose.set_words(_whose())
        self.span.retranslate()
        self.clear.setText(_("Clear all"))
        self.export.setText(_("Export…"))
        self.show_choices(self._choices)
        self.show_count(self._count)
        self._show()
        self._pad()

    def _change(self, **parts: object) -> None:
        self._filter = replace(self._filter, **parts)  # type: ignore[arg-type]  # names and types are those above
        self._show()
        self.filter_changed.emit(self._filter)

    def _show(self) -> None:
        self.whose.choose("people" if self._filter.people else "all")
        self.actors.set_keys(self._filter.actors)
        self.deeds.set_keys(self._filter.actions)
        self.kinds.set_keys(self._filter.kinds)
        self.outcomes.set_keys(outcome.value for outcome in self._filter.outcomes)
        self.clear.setVisible(self._filter.narrowed)
        self._object.setVisible(bool(self._filter.object_id))
        self._object.setText(_("Only {object}").format(object=self._filter.object_id))

    def _pad(self) -> None:
        self.search.setFixedWidth(theme.px(_SEARCH_WIDTH))
        self._end.setSpacing(theme.px(8))


def _whose() -> list[tuple[str, str]]:
    return [("all", _("All")), ("people", _("By people"))]


def _by_text(option: Option) -> str:
    return option.text.casefold()
