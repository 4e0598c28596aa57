"""The balance screen: who carries the work, whether that is chance, why it is so, and the moves that repair it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from console.errors import KnownError
from console.i18n import N_, _, ngettext
from console.models.domain.fairness import SkewRules
from console.models.live.board import Board
from console.models.live.filters import Filter, Scope
from console.models.live.fold import IS_FINAL
from console.models.queries.balance_words import evidence_words
from console.views import formats, theme
from console.views.bridge import LiveBoard
from console.views.charts.load_bars import Dropped
from console.views.screen import ActionSpec, Context, ScreenWidget, add_actions
from console.views.screens.balance.asked import Asked, Count, Measure
from console.views.screens.balance.body import BalanceBody
from console.views.screens.balance.chart_export import ChartExport
from console.views.screens.balance.figures import evidence_parts, face, meaning, measured
from console.views.screens.balance.proposal import Proposing
from console.views.screens.balance.reading import Follower, Reading
from console.views.screens.balance.toolbar import BalanceToolbar
from console.views.screens.board.asking import Asking
from console.views.screens.board.freshness import age_of_all
from console.views.widgets.evidence import Evidence, EvidencePopover

ACTIONS = (
    ActionSpec("propose", N_("Propose moves"), "Ctrl+Shift+B", "scale"),
    ActionSpec("measure", N_("Handled or open now"), "M"),
    ActionSpec("count", N_("Contacts or minutes"), "N"),
    ActionSpec("wall", N_("For a wall screen"), "W", checkable=True),
    ActionSpec("export", N_("Export a chart"), "Ctrl+E", "file-export"),
    ActionSpec("apply", N_("Make the proposed moves"), "Ctrl+Return"),
)


class BalanceScreen(ScreenWidget):
    """What a supervisor shares work out from."""

    key = "balance"

    def __init__(self, context: Context) -> None:
        super().__init__()
        if not isinstance(context.live, LiveBoard):
            raise TypeError("the balance needs a LiveBoard")
        self._context, self._live = context, context.live
        self._awake = False
        self._reading: Reading | None = None
        self.toolbar = BalanceToolbar(context.clock, context.zone)
        self.proposing = Proposing(context, self)
        self.body = BalanceBody(context, self._live, self.proposing)
        self.exporting = ChartExport(context, self.body.charts, self)
        self.follower = Follower(context, self._live, self)
        self._asking = Asking(context, self)
        self._actions = add_actions(
            self,
            ACTIONS,
            {
                "propose": self._propose,
                "measure": self._turn_measure,
                "count": self._turn_count,
                "wall": self._turn_wall,
                "export": self._export,
                "apply": self.body.proposal.apply,
            },
        )
        column = QVBoxLayout(self)
        column.setSpacing(theme.px(8))
        column.addWidget(self.toolbar)
        column.addWidget(self.body, 1)
        self._connect()
        self._name_buttons()
        self._pad()

    # What the shell asks

    def activated(self) -> None:
        """Follow the balance again."""
        self._awake = True
        self._look()

    def deactivated(self) -> None:
        """Compute nothing while nobody looks."""
        self._awake = False
        self.body.sleep()

    def ready(self) -> bool:
        """Whether figures are on the screen."""
        return self._live.board is not None and self._reading is not None and not self.body.busy

    def retranslate(self) -> None:
        """Every word anew."""
        super().retranslate()
        self.toolbar.retranslate()
        self.body.retranslate()
        self._name_buttons()
        if self._reading is not None:
            self._show(self._reading)

    def remember(self) -> None:
        """Keep what was asked for, and the sizes."""
        asked = self.toolbar.asked
        self._context.layout.keep_data("balance/asked", [asked.measure.value, asked.count.value, asked.window])
        self.body.remember(self._context.layout)

    def go_to(self, what: object) -> None:
        """Look for moves at once, with ``"propose"``."""
        if what == "propose":
            self._propose()

    # Following

    def _look(self) -> None:
        if self._awake and self._live.board is not None:
            self.follower.ask(self.toolbar.asked)

    def _on_asked(self, asked: Asked) -> None:
        self.body.ask(asked)
        self._look()

    def _on_second(self, _now: int = 0) -> None:
        if not self._awake:
            return
        self.follower.follow()
        # A window moves on where nothing happens too.
        self.follower.go_on()
        if self._live.present is not None:
            self.proposing.follow(self._live.present)
        self._show_freshness()

    def _on_frame(self, _delta: object) -> None:
        if self._awake:
            self.follower.go_on()

    def _on_read(self, reading: Reading) -> None:
        board = self._live.board
        if board is None or reading.asked != self.toolbar.asked:
            return
        self._reading = reading
        self.toolbar.set_names(board.names, reading.directory.teams())
        self._show(reading)

    def _on_went_on(self, reading: Reading) -> None:
        if self._awake and self._reading is not None and reading.asked == self.toolbar.asked:
            self._reading = reading
            self.body.show_moment(reading, face(reading, self._rules().busiest))
            self._show_freshness()

    def _show(self, reading: Reading) -> None:
        self.body.show_reading(reading, face(reading, self._rules().busiest))
        self._show_freshness()

    def _on_failed(self, error: BaseException) -> None:
        what = str(error) if isinstance(error, KnownError) else _("Something went wrong.")
        self.toast_requested.emit(what, theme.State.DANGER)

    def _show_freshness(self) -> None:
        reading = self._reading
        if reading is None:
            return
        zone, now = self._context.zone, self._live.now()
        if reading.asked.measure is Measure.OPEN:
            words = _("as of {time}").format(time=formats.time_of_day(reading.span.end, zone))
        else:
            same_day = reading.span.end - reading.span.begin < 86_400_000_000
            begin = (
                formats.time_of_day(reading.span.begin, zone, seconds=False)
                if same_day
                else formats.instant(reading.span.begin, zone)
            )
            words = _("{begin} to {end}").format(begin=begin, end=formats.time_of_day(reading.span.end, zone))
        age = age_of_all(self._live.sources(), now)
        old = _("data {age} old").format(age=age)
        self.body.as_of.setText(f"{words} · {old}" if age else words)

    # Evidence

    def _show_evidence(self) -> None:
        reading = self._reading
        found = None if reading is None else measured(reading)
        if reading is None or found is None:
            return
        shown = face(reading, self._rules().busiest)
        zone = self._context.zone
        evidence = Evidence(
            f"{shown.figure} {meaning(reading, self._rules().busiest)}",
            evidence_words(self._rules()),
            evidence_parts(reading),
            formats.instant(reading.span.end, zone),
            rows=round(found.total) if reading.asked.count is Count.CONTACTS else 0,
            action=_("Show the contacts of the busiest"),
        )
        card = EvidencePopover(self.window(), evidence)
        card.closed.connect(card.deleteLater)
        card.rows_requested.connect(lambda: self.body.evidence.show_busiest(reading))
        card.open_beside(self.body.headline.anchor)

    def _on_agent(self, agent: int) -> None:
        reading, board = self._reading, self._live.board
        if reading is None or board is None:
            return
        name = board.names.text("agent", agent)
        if reading.asked.measure is Measure.OPEN:
            chosen = Filter(Scope.IN_PROGRESS, values={**reading.asked.limits, "assignee": frozenset({agent})})
            self.jump_requested.emit("board", ("filter", chosen, ""))
        else:
            self.body.evidence.show_agents(reading, frozenset({agent}), _("handled by {agent}").format(agent=name))

    # The proposal

    def _propose(self) -> None:
        reading, board = self._reading, self._live.present
        if reading is None or board is None or self.proposing.busy:
            return
        self.body.show_tab("repair")
        self.body.proposal.begin()
        self.proposing.look(board, reading.directory, self._live.clock.now())

    def _apply(self) -> None:
        desk, board = self._context.desk, self._live.present
        if desk is None or board is None or self._told_of_moved(board):
            return
        moves = self.proposing.named_moves()
        if not moves:
            return
        tickets, actor = desk.tickets, self._context.session.actor()
        done = ngettext("Moved {n} contact", "Moved {n} contacts", len(moves)).format(n=formats.count(len(moves)))

        def heard(_answers: object) -> None:
            self.proposing.discard()
            self._look()

        self._asking.ask(tickets, lambda: tickets.share_out(actor, moves), done, can_undo=True, heard=heard)

    def _told_of_moved(self, board: Board) -> bool:
        """The centre goes on while somebody reads a proposal: what has moved on is left out and told."""
        gone = self.proposing.follow(board)
        if gone:
            words = ngettext(
                "{n} contact has another owner by now and is left out. Look once more, then move the others.",
                "{n} contacts have another owner by now and are left out. Look once more, then move the others.",
                gone,
            )
            self.toast_requested.emit(words.format(n=formats.count(gone)), theme.State.WARNING)
        return bool(gone)

    # People and tickets between queues

    def _set_queues(self, agent: str, queues: list[str]) -> None:
        desk = self._context.desk
        if desk is None:
            return
        agents, actor = desk.agents, self._context.session.actor()
        done = _("{agent} serves now: {queues}").format(agent=agent, queues=_(", ").join(queues))
        self._asking.ask(agents, lambda: agents.set_queues(actor, agent, queues), done, can_undo=True)

    def _give_to(self, agent: int, dropped: Dropped) -> None:
        """Tickets, or all that somebody has open, were drawn onto a person."""
        desk, board = self._context.desk, self._live.present
        if desk is None or board is None:
            return
        columns = board.columns
        of_agent = (columns.of("assignee") == dropped.agent) & ~IS_FINAL[columns.of("status")]
        ids = list(dropped.tickets) or columns.of("id")[of_agent].tolist()
        if not ids:
            self.toast_requested.emit(_("Nothing is assigned."), theme.State.INFO)
            return
        tickets, actor, name = desk.tickets, self._context.session.actor(), board.names.text("agent", agent)
        done = ngettext("{n} ticket is now with {agent}", "{n} tickets are now with {agent}", len(ids))
        done = done.format(n=formats.count(len(ids)), agent=name)
        self._asking.ask(tickets, lambda: tickets.assign(actor, ids, name), done, can_undo=True)

    def _move_tickets(self, ids: list[int], queue: str) -> None:
        desk = self._context.desk
        if desk is None:
            return
        tickets, actor = desk.tickets, self._context.session.actor()
        done = ngettext("{n} ticket is now in {queue}", "{n} tickets are now in {queue}", len(ids))
        self._asking.ask(tickets, lambda: tickets.move(actor, ids, queue), done.format(n=len(ids), queue=queue))

    def _show_queue(self, queue: int, name: str) -> None:
        chosen = Filter(Scope.IN_PROGRESS, values={"queue": frozenset({queue})})
        self.jump_requested.emit("board", ("filter", chosen, name))

    # Keys

    def _turn_measure(self) -> None:
        asked = self.toolbar.asked
        other = Measure.OPEN if asked.measure is Measure.HANDLED else Measure.HANDLED
        self.toolbar.choose(measure=other)

    def _turn_count(self) -> None:
        asked = self.toolbar.asked
        self.toolbar.choose(count=Count.MINUTES if asked.count is Count.CONTACTS else Count.CONTACTS)

    def _export(self) -> None:
        below = self.body.export
        self.exporting.open_menu(below.mapToGlobal(below.rect().bottomLeft()))

    def _turn_wall(self) -> None:
        self.body.set_wall(self._actions["wall"].isChecked())

    def _rules(self) -> SkewRules:
        return self._live.policy.skew

    def _on_replaced(self) -> None:
        self.follower.forget()
        self._look()

    def _connect(self) -> None:
        self.toolbar.asked_changed.connect(self._on_asked)
        self.follower.read.connect(self._on_read)
        self.follower.went_on.connect(self._on_went_on)
        self.follower.failed.connect(self._on_failed)
        self._live.second.connect(self._on_second)
        self._live.frame.connect(self._on_frame)
        self._live.replaced.connect(self._on_replaced)
        self.body.headline.evidence_requested.connect(self._show_evidence)
        self.body.agent_requested.connect(self._on_agent)
        self.body.bars.dropped.connect(self._give_to)
        self.body.wall.clicked.connect(self._actions["wall"].trigger)
        self.body.export.clicked.connect(self._actions["export"].trigger)
        self.exporting.told.connect(self.toast_requested)
        self.body.queues.queues_wished.connect(self._set_queues)
        self.body.queues.tickets_wished.connect(self._move_tickets)
        self.body.queues.queue_requested.connect(self._show_queue)
        self.body.span_requested.connect(self.toolbar.choose_span)
        self.body.evidence.failed.connect(self._on_failed)
        self.body.evidence.jump_requested.connect(self.jump_requested)
        self.body.proposal.look_requested.connect(self._propose)
        self.body.proposal.ticket_requested.connect(
            lambda ticket: self.jump_requested.emit("board", ("ticket", ticket))
        )
        self.body.proposal.apply_requested.connect(self._apply)
        self.proposing.failed.connect(self._on_failed)
        theme.notifier().changed.connect(self._pad)

    def _name_buttons(self) -> None:
        for key, made in (("wall", self.body.wall), ("export", self.body.export)):
            action = self._actions[key]
            made.set_name(action.text(), action.shortcut().toString())

    def _pad(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(8))
