"""The room below the toolbar: the headline over the curve, everybody's bars beside it, and below them the pages."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from console.i18n import N_, _
from console.models.domain.concentration import Curve
from console.models.domain.rebalance import Proposal
from console.models.queries.balance_windows import Window
from console.views import theme
from console.views.bridge import LiveBoard
from console.views.charts.load_bars import LoadBars
from console.views.charts.lorenz_chart import LorenzChart, LorenzData
from console.views.charts.pictures import Chart
from console.views.layout import Layout
from console.views.screen import Context
from console.views.screens.balance.asked import Asked, Measure
from console.views.screens.balance.bars import bars_of
from console.views.screens.balance.evidence import BalanceEvidence
from console.views.screens.balance.figures import measured
from console.views.screens.balance.headline import Face, Headline
from console.views.screens.balance.history_page import HistoryPage
from console.views.screens.balance.hours_page import HoursPage
from console.views.screens.balance.proposal import Draft, Proposing
from console.views.screens.balance.proposal_pane import ProposalPane
from console.views.screens.balance.queues_page import QueuesPage
from console.views.screens.balance.reading import Reading
from console.views.screens.balance.transfers_page import TransfersPage
from console.views.screens.balance.why_page import WhyPage
from console.views.widgets.buttons import IconButton
from console.views.widgets.labels import ElidedLabel, label
from console.views.widgets.segmented import SegmentedControl

TABS = (
    ("repair", N_("Repair")),
    ("why", N_("Why")),
    ("queues", N_("Queues")),
    ("hours", N_("Hours")),
    ("history", N_("History")),
    ("transfers", N_("Transfers")),
)


class BalanceBody(QWidget):
    """``agent_requested`` carries somebody whose contacts are to be shown; ``span_requested`` a window to look at."""

    agent_requested = Signal(int)
    span_requested = Signal(object)

    def __init__(self, context: Context, live: LiveBoard, proposing: Proposing) -> None:
        super().__init__()
        self._live, self._proposing = live, proposing
        self._reading: Reading | None = None
        self.headline = Headline()
        self.curve = LorenzChart()
        self.bars = LoadBars(_("Agents, the busiest first"))
        self._caption = ElidedLabel(kind="muted")
        self.as_of = label(kind="muted")
        self.wall, self.export = IconButton("app-window", ""), IconButton("file-export", "")
        self.evidence = BalanceEvidence(context, live, self)
        self.proposal = ProposalPane(proposing)
        self.why = WhyPage()
        self.queues = QueuesPage()
        self.hours, self.history = HoursPage(context, live), HistoryPage(context, live)
        self.transfers = TransfersPage(context, live)
        self._pages: dict[str, QWidget] = {
            "repair": self.proposal,
            "why": self.why,
            "queues": self.queues,
            "hours": self.hours,
            "history": self.history,
            "transfers": self.transfers,
        }
        self._tabs = SegmentedControl(_("Below"), [(key, _(words)) for key, words in TABS])
        self._stack = QStackedWidget()
        self._lower = QWidget()
        self._upper = QSplitter(Qt.Orientation.Horizontal)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._lay_out()
        self._connect()
        self.proposal.set_may_act(context.desk is not None)
        self.bars.let_move(context.desk is not None)
        self._recall(context.layout)

    @property
    def busy(self) -> bool:
        """Whether a page that is in sight is being filled."""
        page = self._stack.currentWidget()
        return self._proposing.busy or (isinstance(page, HoursPage | HistoryPage | TransfersPage) and page.busy)

    def show_reading(self, reading: Reading, face: Face) -> None:
        """Show what a look found."""
        self._show(reading, face)
        self._caption.set_text(_caption(reading))
        self._follow()

    def show_moment(self, reading: Reading, face: Face) -> None:
        """Show what it has become since, as far as it is in sight."""
        self._show(reading, face)
        seen = self._stack.currentWidget() if self._lower.isVisible() else None
        if seen is self.why:
            self.why.follow(reading)
        elif seen is self.hours:
            self.hours.go_on(reading)

    def _show(self, reading: Reading, face: Face) -> None:
        self._reading = reading
        self.headline.show_face(face)
        self.bars.show_data(bars_of(reading, self._live))
        self._show_curve()

    def set_wall(self, wall: bool) -> None:
        """Only the headline, the curve and the bars, large enough to be read across a room; or all of it."""
        self._lower.setVisible(not wall)
        self.headline.set_large(wall)
        self.curve.set_large(wall)
        self.bars.set_large(wall)

    def charts(self) -> dict[str, Chart]:
        """The charts in sight, by what they are called."""
        found: dict[str, Chart] = {_("The curve"): self.curve, _("The bars"): self.bars}
        below: dict[str, tuple[str, Chart]] = {
            "why": (_("The causes"), self.why.bars),
            "hours": (_("The hours"), self.hours.sheet),
            "history": (_("The history"), self.history.chart),
        }
        page = below.get(self._tabs.choice())
        return found | ({page[0]: page[1]} if page is not None and self._lower.isVisible() else {})

    def show_tab(self, key: str) -> None:
        """Bring a page into sight."""
        self._tabs.choose(key)
        self._stack.setCurrentWidget(self._pages[key])
        self._follow()

    def ask(self, asked: Asked) -> None:
        """Something else is asked for: what is shown is not its answer."""
        if asked.measure is not Measure.OPEN:
            self.curve.show_data(None)

    def sleep(self) -> None:
        """Nobody looks."""
        for page in (self.hours, self.history, self.transfers):
            page.sleep()

    def retranslate(self) -> None:
        """Every word anew."""
        self.headline.retranslate()
        self._tabs.set_words([(key, _(words)) for key, words in TABS])
        self.bars.setAccessibleName(_("Agents, the busiest first"))
        self.proposal.retranslate()
        self.why.retranslate()
        self.queues.retranslate()
        for page in (self.hours, self.history, self.transfers):
            page.retranslate()

    def remember(self, layout: Layout) -> None:
        """Keep the sizes and the page."""
        layout.keep_geometry("balance/upper", self._upper.saveState())
        layout.keep_geometry("balance/split", self._split.saveState())
        layout.keep_data("balance/page", self._tabs.choice())

    def _recall(self, layout: Layout) -> None:
        self._upper.restoreState(layout.geometry("balance/upper"))
        self._split.restoreState(layout.geometry("balance/split"))
        page = layout.data("balance/page", "repair")
        self.show_tab(page if isinstance(page, str) and page in self._pages else "repair")

    def _show_curve(self) -> None:
        reading = self._reading
        found = None if reading is None else measured(reading)
        if found is None or not found.total:
            self.curve.show_data(None)
            return
        rules = self._live.policy.skew
        self.curve.show_data(
            LorenzData(
                found.curve.capacity,
                found.curve.load,
                rules.busiest,
                found.verdict.share,
                rules.alarm_share,
                found.verdict.alarm,
                self._after(),
            )
        )

    def _after(self) -> Curve | None:
        draft, reading = self._proposing.draft, self._reading
        still_open = reading is not None and reading.asked.measure is Measure.OPEN
        return draft.judged.after.curve if draft is not None and still_open and _is_curve(draft.judged) else None

    def _on_drafted(self, _draft: Draft | None) -> None:
        self._show_curve()

    def _follow(self) -> None:
        reading, seen = self._reading, self._stack.currentWidget()
        if reading is None:
            return
        self.why.follow(reading)
        self.queues.follow(reading)
        for page in (self.hours, self.history, self.transfers):
            page.follow(reading, seen=page is seen and self.isVisible())

    def _on_cell(self, agent: int, hour: Window) -> None:
        if self._reading is not None:
            self.evidence.show_agents(self._reading, frozenset({agent}), _("handled in this hour"), hour)

    def _connect(self) -> None:
        self._tabs.chosen.connect(self.show_tab)
        self.bars.chosen.connect(self.agent_requested)
        self.why.part_requested.connect(
            lambda part: None if self._reading is None else self.evidence.show_cause(self._reading, part)
        )
        self.hours.cell_requested.connect(self._on_cell)
        self.history.span_requested.connect(self.span_requested)
        self.transfers.tickets_requested.connect(self.evidence.show_tickets)
        self._proposing.drafted.connect(self._on_drafted)

    def _lay_out(self) -> None:
        left, right, lower = QWidget(), QWidget(), self._lower
        column = QVBoxLayout(left)
        column.addWidget(self.headline)
        column.addWidget(self.curve, 1)
        beside = QVBoxLayout(right)
        captions = QHBoxLayout()
        captions.addWidget(self._caption, 1)
        captions.addWidget(self.as_of)
        captions.addWidget(self.wall)
        captions.addWidget(self.export)
        beside.addLayout(captions)
        beside.addWidget(self.bars, 1)
        below = QVBoxLayout(lower)
        line = QHBoxLayout()
        line.addWidget(self._tabs)
        line.addStretch(1)
        below.addLayout(line)
        below.addWidget(self._stack, 1)
        gap = theme.px(8)
        column.setContentsMargins(0, 0, gap, gap)
        beside.setContentsMargins(gap, 0, 0, gap)
        below.setContentsMargins(0, gap, 0, 0)
        for layout in (column, beside, below):
            layout.setSpacing(theme.px(4))
        for key, _words in TABS:
            self._stack.addWidget(self._pages[key])
        self._upper.addWidget(left)
        self._upper.addWidget(right)
        self._split.addWidget(self._upper)
        self._split.addWidget(lower)
        for split in (self._upper, self._split):
            split.setChildrenCollapsible(False)
            split.setHandleWidth(1)
        self._upper.setSizes([theme.px(480), theme.px(640)])
        self._split.setSizes([theme.px(380), theme.px(280)])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._split)


def _is_curve(judged: Proposal) -> bool:
    return judged.after.curve.capacity.size > 1


def _caption(reading: Reading) -> str:
    if reading.asked.measure is Measure.OPEN:
        return _("Open with each agent who is there; the line marks a fair share")
    return _("Handled by each agent; the line marks a fair share")
