"""Why the work is uneven: the excess of the busiest in parts that add up to it, and who and what is behind each."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.i18n import _
from console.models.domain.contacts import InquiryType
from console.models.domain.glossary import word
from console.models.domain.skew_causes import WORDS
from console.models.queries.balance_figures import Balance, Behind
from console.models.queries.balance_words import percent
from console.views import theme
from console.views.charts.cause_bars import CauseBars, Part
from console.views.screens.balance.asked import Measure
from console.views.screens.balance.reading import Reading
from console.views.widgets.labels import label

_LEAST = 0.0005
"""Half a thousandth is drawn as nothing."""
_NAMED = 2


class WhyPage(QWidget):
    """``part_requested`` carries the key of a part whose contacts are to be shown."""

    part_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._reading: Reading | None = None
        self._lead = label(kind="muted", wrap=True)
        self.bars = CauseBars(_("Why it is so"))
        self.bars.chosen.connect(self.part_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.px(8), 0, 0)
        column.setSpacing(theme.px(8))
        column.addWidget(self._lead)
        column.addWidget(self.bars)
        column.addStretch(1)

    def follow(self, reading: Reading) -> None:
        """Show the causes of a reading."""
        self._reading = reading
        if reading.asked.measure is Measure.OPEN:
            self._lead.setText(_("Causes are told of what was handled. Choose Handled above."))
            self.bars.show_parts([])
            return
        found = reading.handled
        if found is None:
            self._lead.setText(_("Nothing was handled."))
            self.bars.show_parts([])
            return
        self._lead.setText(
            _(
                "By head the busiest {part} carry {share}, {excess} points more than their part. These are the "
                "reasons, in points; they add up to it."
            ).format(
                part=percent(found.causes.share - found.causes.excess),
                share=percent(found.causes.share),
                excess=f"{100 * found.causes.excess:.0f}",
            )
        )
        self.bars.show_parts(parts_of(found), f"{100 * found.causes.excess:+.1f}")

    def retranslate(self) -> None:
        """Every word anew."""
        self.bars.setAccessibleName(_("Why it is so"))
        if self._reading is not None:
            self.follow(self._reading)


def parts_of(found: Balance) -> list[Part]:
    """The parts, the largest first; those that are nothing are left out."""
    parts = sorted(found.causes.parts.items(), key=lambda part: -part[1])
    return [
        Part(key, _(WORDS[key]), value, f"{100 * value:+.1f}", _behind(found.behind[key], value))
        for key, value in parts
        if abs(value) >= _LEAST
    ]


def _behind(behind: Behind, value: float) -> str:
    """The agents and types that have most to do with a part, in its own direction."""
    sign = 1 if value >= 0 else -1
    agents = [_told(one.name, one.share) for one in behind.agents if one.share * sign > 0][:_NAMED]
    types = [_told(_type(one.id), one.share) for one in behind.types if one.share * sign > 0][:_NAMED]
    return " · ".join([", ".join(some) for some in (agents, types) if some])


def _told(name: str, share: float) -> str:
    return f"{name} {100 * share:+.1f}"


def _type(code: int) -> str:
    return word(InquiryType(code))
