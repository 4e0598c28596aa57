"""The line above the balance: measure, time, count, and what it is limited to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import tzinfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from console.clock import HOUR, MINUTE
from console.i18n import N_, _
from console.models.domain.contacts import Channel, InquiryType
from console.models.domain.glossary import word
from console.models.domain.ports import Clock
from console.models.live.names import Names
from console.views import formats
from console.views.screens.balance.asked import COUNTS, MEASURES, OWN, WINDOWS, Asked, Count, Measure
from console.views.screens.board.flow import FlowLayout
from console.views.widgets.buttons import button
from console.views.widgets.chips import FilterChip
from console.views.widgets.labels import label
from console.views.widgets.options import Option
from console.views.widgets.popover import Popover
from console.views.widgets.segmented import SegmentedControl
from console.views.widgets.span_fields import SpanFields

LIMITS = (("queue", N_("Queue")), ("type", N_("Type")), ("channel", N_("Channel")), ("team", N_("Team")))


class BalanceToolbar(QWidget):
    """``asked_changed`` carries what a person wants to see instead."""

    asked_changed = Signal(object)

    def __init__(self, clock: Clock, zone: tzinfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock, self._zone = clock, zone
        self._asked = Asked()
        self._measure = SegmentedControl(_("Measure"), _words(MEASURES))
        self._window = SegmentedControl(_("Time"), _words(WINDOWS))
        self._count = SegmentedControl(_("Counted in"), _words(COUNTS))
        self._chips = {key: FilterChip(_(title)) for key, title in LIMITS}
        self._card: Popover | None = None
        line = FlowLayout(self, gap=8)
        for piece in (self._measure, self._window, self._count, *self._chips.values()):
            line.addWidget(piece)
        self._measure.chosen.connect(lambda key: self._change(replace(self._asked, measure=Measure(key))))
        self._count.chosen.connect(lambda key: self._change(replace(self._asked, count=Count(key))))
        self._window.chosen.connect(self._on_window)
        for key, chip in self._chips.items():
            chip.chosen.connect(lambda keys, key=key: self._limit(key, keys))
        self.show_asked(self._asked)

    @property
    def asked(self) -> Asked:
        """What is in force."""
        return self._asked

    def show_asked(self, asked: Asked) -> None:
        """Show what is in force, without telling."""
        self._asked = asked
        self._measure.choose(asked.measure.value)
        self._count.choose(asked.count.value)
        self._window.choose(asked.window)
        self._window.setVisible(asked.measure is Measure.HANDLED)
        for key, chip in self._chips.items():
            chip.set_keys(asked.teams if key == "team" else asked.limits.get(key, frozenset()))
        self._window.set_words([*_words(WINDOWS[:-1]), (OWN, self._own_words())])

    def choose(self, measure: Measure | None = None, count: Count | None = None) -> None:
        """Ask for another measure or count, and tell."""
        asked = self._asked
        self._change(replace(asked, measure=measure or asked.measure, count=count or asked.count))

    def choose_span(self, span: tuple[int, int]) -> None:
        """Ask for what was handled in a span of one's own, and tell."""
        self._change(replace(self._asked, measure=Measure.HANDLED, window=OWN, own=(span[0], span[1])))

    def set_names(self, names: Names, teams: Sequence[str]) -> None:
        """What there is to choose from."""
        queues = [(id_, names.text("queue", id_)) for id_ in range(1, names.size("queue"))]
        self._chips["queue"].set_options(_options(sorted(queues, key=lambda pair: pair[1].casefold())))
        self._chips["type"].set_options(_options((int(code), word(code)) for code in InquiryType))
        self._chips["channel"].set_options(_options((int(code), word(code)) for code in Channel))
        self._chips["team"].set_options(_options((team, team) for team in teams))
        self._chips["team"].setVisible(bool(teams))

    def retranslate(self) -> None:
        """Every word anew."""
        self._measure.set_words(_words(MEASURES))
        self._count.set_words(_words(COUNTS))
        for key, title in LIMITS:
            self._chips[key].set_name(_(title))
        self.show_asked(self._asked)

    def _own_words(self) -> str:
        if self._asked.window != OWN:
            return _(WINDOWS[-1][1])
        return " – ".join(formats.instant(at, self._zone) for at in self._asked.own)

    def _on_window(self, key: str) -> None:
        if key != OWN:
            self._change(replace(self._asked, window=key))
            return
        # Nothing is in force before a span was given.
        self._window.choose(self._asked.window)
        self._open_card()

    def _open_card(self) -> None:
        now = self._clock.now() // MINUTE * MINUTE
        start, end = self._asked.own if self._asked.window == OWN else (now - 4 * HOUR, now)
        card = self._card = Popover(self.window(), _("Time"))
        fields = SpanFields(start, end, self._zone)
        shown = button(_("Show"), "primary")
        wrong = label(kind="wrong", wrap=True)
        wrong.hide()
        for piece in (fields, wrong, shown):
            card.body.addWidget(piece)

        def apply() -> None:
            first, last = fields.span()
            what = "" if first < last else _("From and to are the same moment.")
            what = what or ("" if first < self._clock.now() else _("This time has not come yet."))
            wrong.setText(what)
            wrong.setVisible(bool(what))
            card.place()
            if not what:
                card.close_now()
                self._change(replace(self._asked, window=OWN, own=(first, last)))

        shown.clicked.connect(apply)
        card.closed.connect(card.deleteLater)
        card.open_beside(self._window)

    def _limit(self, key: str, keys: frozenset[object]) -> None:
        if key == "team":
            self._change(replace(self._asked, teams=frozenset(str(team) for team in keys)))
            return
        ids = frozenset(one for one in keys if isinstance(one, int))
        limits = {name: values for name, values in {**self._asked.limits, key: ids}.items() if values}
        self._change(replace(self._asked, limits=limits))

    def _change(self, asked: Asked) -> None:
        self.show_asked(asked)
        self.asked_changed.emit(asked)


def _words(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(key, _(words)) for key, words in choices]


def _options(pairs: Iterable[tuple[object, str]]) -> list[Option]:
    return [Option(key, text) for key, text in pairs]
