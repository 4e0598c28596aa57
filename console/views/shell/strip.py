"""The permanent strip at the top: which screen, how fresh the data is, open escalations, the time, and the switches."""

from __future__ import annotations

from datetime import tzinfo

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from console.i18n import _, ngettext
from console.models.domain.fairness import Verdict
from console.models.domain.ports import Clock
from console.models.queries.balance_words import percent, verdict_words
from console.models.queries.inbox import Counts
from console.views import formats, theme
from console.views.screen import Live
from console.views.shell.freshness import FreshnessBar
from console.views.widgets.buttons import IconButton
from console.views.widgets.labels import label

_HEIGHT = 40
_BALANCE_WORDS_FROM, _DATE_FROM, _WORDS_FROM = 1080, 840, 640
_SPACE = "\N{NO-BREAK SPACE}"


class TopStrip(QWidget):
    """Call `tick` once a second. ``actions`` are the shell's, by key; the buttons run them. ``escalations_requested``
    and ``balance_requested``: the open escalations, or how work is shared, were pressed."""

    escalations_requested = Signal()
    balance_requested = Signal()

    def __init__(self, clock: Clock, zone: tzinfo, live: Live, actions: dict[str, QAction]) -> None:
        super().__init__()
        self._clock, self._zone, self._live, self._actions = clock, zone, live, actions
        self._title = label(kind="title")
        self._freshness = FreshnessBar(zone)
        self._escalations = QToolButton()
        self._escalations.setProperty("kind", "flat")
        self._escalations.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._escalations.clicked.connect(self.escalations_requested)
        self._escalations.hide()
        self._counts: Counts | None = None
        self._balance = QToolButton()
        self._balance.setProperty("kind", "flat")
        self._balance.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._balance.clicked.connect(self.balance_requested)
        self._balance.hide()
        self._verdict: Verdict | None = None
        self._find = QToolButton()
        self._find.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._find.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._find.clicked.connect(actions["palette"].trigger)
        self._time = label(kind="title")
        self._date = label(kind="small")
        self._buttons = {key: IconButton(icon, key) for key, icon in _BUTTONS.items()}
        for key, made in self._buttons.items():
            made.clicked.connect(actions[key].trigger)
        self._row = QHBoxLayout(self)
        told = (self._balance, self._escalations, self._find, self._date, self._time)
        for piece in (self._title, self._freshness, *told):
            self._row.addWidget(piece)
        for made in self._buttons.values():
            self._row.addWidget(made)
        self._row.setStretch(1, 1)
        self.retranslate()
        theme.notifier().changed.connect(self.retranslate)

    @property
    def open_escalations(self) -> int | None:
        """How many escalations are open, as it was told; None where nobody knows."""
        return None if self._counts is None else self._counts.total

    def set_title(self, title: str) -> None:
        """Name the screen in front."""
        self._title.setText(title)

    def set_escalations(self, counts: Counts | None) -> None:
        """Show how many escalations are open, by urgency; None hides the slot."""
        self._counts = counts
        self._escalations.setVisible(counts is not None)
        if counts is None:
            return
        by_urgency = ((1, counts.p1), (2, counts.p2), (3, counts.p3))
        figures = " · ".join(f"{formats.count(count)} P{urgency}" for urgency, count in by_urgency if count)
        words = _("Escalations: {figures}").format(figures=figures) if figures else _("No escalations")
        # Where there is little room the figures say it alone: the bell stands before them.
        self._escalations.setText(_SPACE + (words if self.width() >= theme.px(_DATE_FROM) else figures or "0"))
        spoken = ngettext("{n} unowned", "{n} unowned", counts.unowned).format(n=counts.unowned)
        self._escalations.setAccessibleName(f"{words}, {spoken}" if figures else words)
        self._escalations.setToolTip(f"{words}\n{spoken} (Ctrl+2)" if figures else f"{words} (Ctrl+2)")
        ink: theme.ColorName = "text_muted" if not counts.total else "danger" if counts.unowned else "text"
        self._escalations.setIcon(theme.icon("bell-ringing", ink))
        self._escalations.setStyleSheet(f"color: {theme.color(ink).name()}; font-weight: 600" if figures else "")

    def set_balance(self, verdict: Verdict | None) -> None:
        """Show how much of the last hour's work the busiest carried, where that is not chance."""
        self._verdict = verdict
        shown = verdict is not None and verdict.uneven
        self._balance.setVisible(shown)
        if verdict is None or not shown:
            return
        share = percent(verdict.share)
        ink: theme.ColorName = "danger" if verdict.alarm else "text"
        wide = self.width() >= theme.px(_BALANCE_WORDS_FROM)
        words = _("{share} on the busiest").format(share=share)
        self._balance.setText(_SPACE + (words if wide else share))
        told = f"{words}. {verdict_words(verdict)}"
        self._balance.setAccessibleName(told)
        self._balance.setToolTip(f"{told} (Ctrl+3)")
        self._balance.setIcon(theme.icon("scale", ink))
        self._balance.setStyleSheet(f"color: {theme.color(ink).name()}; font-weight: 600" if verdict.alarm else "")

    def tick(self) -> None:
        """Show the present second, and how old the data is."""
        now = self._clock.now()
        self._time.setText(formats.time_of_day(now, self._zone))
        zone = formats.zone_name(now, self._zone)
        self._date.setText(_("{date}, {zone}").format(date=formats.date(now, self._zone), zone=zone))
        self._time.setAccessibleName(f"{self._time.text()} {zone}")
        self._freshness.show_sources(self._live.sources(), now)

    def retranslate(self) -> None:
        """Words, sizes and icons anew."""
        self.setFixedHeight(theme.px(_HEIGHT))
        self._row.setContentsMargins(theme.px(12), 0, theme.px(8), 0)
        self._row.setSpacing(theme.px(8))
        keys = QKeySequence("Ctrl+K").toString(QKeySequence.SequenceFormat.NativeText)
        # The style leaves no room between icon and word.
        self._find.setText(_SPACE + _("Find ({keys})").format(keys=keys))
        self._find.setIcon(theme.icon("search", "text_muted", 14))
        self._find.setIconSize(QSize(theme.px(14), theme.px(14)))
        self._find.setToolTip(self._actions["palette"].text())
        self._find.setAccessibleName(self._actions["palette"].text())
        for key, made in self._buttons.items():
            shortcut = self._actions[key].shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            made.set_name(self._actions[key].text(), shortcut)
        self.tick()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, first the date goes, then the word of the search button."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._date.setVisible(self.width() >= theme.px(_DATE_FROM))
        self.set_balance(self._verdict)
        words = self.width() >= theme.px(_WORDS_FROM)
        self.set_escalations(self._counts)
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if words else Qt.ToolButtonStyle.ToolButtonIconOnly
        self._find.setToolButtonStyle(style)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground and the line below."""
        del event
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("surface"))
            painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("hairline"))


_BUTTONS = {"detach": "external-link", "language": "language", "theme": "contrast", "help": "help-circle"}
