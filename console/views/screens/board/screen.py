"""The board screen: figures on top, the ticket table, channels and agents beside it, one ticket in full on demand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from console.i18n import _
from console.models.live.board import Delta
from console.models.live.filters import Filter, Scope
from console.models.queries.budget_figure import figure_of
from console.views import theme
from console.views.bridge import LiveBoard
from console.views.screen import Context, OfferProvider, ScreenWidget, add_actions
from console.views.screens.board.actions import ACTIONS, MENU, TABLE_ACTIONS, TOOLS
from console.views.screens.board.agents_desk import AgentsDesk
from console.views.screens.board.agents_panel import AgentsPanel
from console.views.screens.board.body import Body
from console.views.screens.board.channels_panel import ChannelsPanel
from console.views.screens.board.choices import is_narrowed
from console.views.screens.board.controls import Controls
from console.views.screens.board.deeds import TicketDeeds
from console.views.screens.board.detail import TicketDetail
from console.views.screens.board.evidence_card import EvidenceCard
from console.views.screens.board.export import TableExport
from console.views.screens.board.foresight import Foresight
from console.views.screens.board.freshness import age_of_all, stale_sources
from console.views.screens.board.offers import BoardOffers
from console.views.screens.board.past_pane import STEP, PastPane
from console.views.screens.board.records import StoreLog, history_of
from console.views.screens.board.remembered import keep_table, recall_table
from console.views.screens.board.tiles import TileStrip
from console.views.screens.board.views_control import ViewsControl
from console.views.tables.ticket_table import TicketTable
from console.views.widgets.progress import ProgressStrip

_FIRST = "the first board"
_SECOND = "the panels' second"


class BoardScreen(ScreenWidget):
    """What a shift supervisor looks at all day."""

    key = "board"
    painted = Signal()
    """The table has painted; for measurements."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        if not isinstance(context.live, LiveBoard):
            raise TypeError("the board screen needs a LiveBoard")
        self._context = context
        self._live = live = context.live
        self._awake = False
        self.tiles = TileStrip(live)
        self.table = TicketTable(live, context.ops)
        self.table.setAccessibleName(_("Tickets"))
        self.controls = Controls(live, context.ops, self.table)
        log = StoreLog(context.store)
        self.detail = TicketDetail(live, context.ops, log)
        self.channels = ChannelsPanel(live)
        self.agents = AgentsPanel(live)
        self.body = Body(self.table, self.detail, self.channels, self.agents, context.folder)
        self.past = PastPane(live, context.ops, history_of(context), log)
        self._evidence = EvidenceCard(live, context.ops, self.controls, self.table, self)
        self._offers = BoardOffers(live, self.open_ticket, self._show_agent)
        self._deeds = TicketDeeds(context, live, self.table.selected_tickets, self)
        self.floor = AgentsDesk(context, live, self.agents, self._deeds, self)
        self._foresight = Foresight(live, context.ops, self)
        self._work = ProgressStrip()
        self._export = TableExport(context, self.table, self._work, self)
        self.views = ViewsControl(live, context.layout, self.table, self.controls, self)
        self._actions = add_actions(self, ACTIONS, self._handlers())
        add_actions(self.table, TABLE_ACTIONS, {"toggle": self._toggle_detail})
        for key in TOOLS:
            self.controls.toolbar.add_tool(self._actions[key])
        self._lay_out()
        self.setFocusProxy(self.body)
        self._filled = False
        self._recall()
        self._connect()
        self._on_replaced()

    # What the shell asks

    def set_past(self, at: int | None) -> None:
        """Turn the board to a moment, or back to the present."""
        self.past.go_to(at)

    def activated(self) -> None:
        """Follow the board again."""
        self._awake = True
        self.past.wake()
        self._on_replaced()
        if not self.isAncestorOf(self.window().focusWidget() or self):
            self.body.setFocus()

    def deactivated(self) -> None:
        """Compute nothing while nobody looks."""
        self._awake = False
        self._live.relay.drop(_SECOND)
        self.tiles.sleep()
        self.detail.sleep()
        self.past.sleep()

    def retranslate(self) -> None:
        """Every word anew."""
        super().retranslate()
        self.table.retranslate()
        self.table.setAccessibleName(_("Tickets"))
        for piece in (self.tiles, self.controls, self.detail, self.channels, self.agents, self.past, self.views):
            piece.retranslate()
        for page in (self.body.nothing_yet, self.body.loading):
            page.retranslate()
        self._on_replaced()

    def go_to(self, what: object) -> None:
        """Show the ticket ``("ticket", id)`` that another screen asks for, or all of ``("tickets", ids, name)``, which
        are behind a figure of that name, or what passes ``("filter", filter, name)``."""
        if not isinstance(what, tuple):
            return
        if what[0] == "ticket":
            self.open_ticket(what[1])
        elif what[0] == "tickets":
            # In a filter an empty set means *any*.
            self.controls.apply(Filter(Scope.ALL, tickets=what[1] or frozenset({-1})), what[2])
        elif what[0] == "filter":
            self.controls.apply(what[1], what[2])

    def providers(self) -> Sequence[OfferProvider]:
        """Tickets and agents by words, and what can be done with the chosen tickets."""
        able = self._context.desk is not None
        return (self._offers, self._deeds, self.floor.deeds) if able else (self._offers,)

    def ready(self) -> bool:
        """Whether figures are on the screen."""
        filled = self._filled and not self._live.relay.waits(_FIRST)
        return self._live.board is not None and filled and not (self.past.controller.busy or self._foresight.busy)

    def remember(self) -> None:
        """Keep widths, columns and order."""
        layout = self._context.layout
        self.body.remember(layout)
        keep_table(layout, self.table)

    def show_progress(self, text: str, done: int, total: int) -> None:
        """How far the reading of the log is, while there is no board yet."""
        if self._live.board is None:
            self.body.loading.show_progress(text, done, total)

    def show_failure(self, error: BaseException) -> None:
        """The board could not be read."""
        self.body.failed.show_error(error)
        self.body.show_page(self.body.failed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a low window the filters make room for tickets."""
        super().resizeEvent(event)
        self.controls.make_room(self.height())

    # Following the board

    def _on_frame(self, delta: Delta) -> None:
        if not self._awake:
            return
        self.tiles.touch()
        if self.body.has_detail:
            self.detail.follow(delta)
        if self.body.page() is not None:
            # The table sleeps behind the page, so nobody else notices that there is something to show again.
            self._choose_page()

    def _on_second(self, _now: int) -> None:
        if not self._awake:
            return
        self._show_freshness()
        self.tiles.touch()
        if self.body.page() is not None:
            self._choose_page()
        steps: list[Callable[[], object]] = [self._foresight.look, self.controls.refresh]
        if self.channels.isVisible():
            steps += [self.agents.refresh, self.channels.refresh, self.floor.refresh]
        if self.body.has_detail:
            steps.append(self.detail.refresh)
        if not self.past.isHidden():
            steps.append(self.past.refresh)
        self._live.relay.run(_SECOND, steps)

    def _on_replaced(self) -> None:
        self._choose_page()
        if self._live.board is None or not self._awake:
            return
        self._show_freshness()
        self.past.set_shown(not self.past.isHidden())
        panels = (self.agents.refresh, self.channels.refresh, self.floor.refresh)
        pieces = (self._foresight.look, self.tiles.restart, *panels, self.controls.restart)
        if self._filled:
            # All at once: nobody may see one moment in one place and another beside it.
            for show in (*pieces, self.detail.restart):
                show()
        else:
            self._filled = True
            self._live.relay.run(_FIRST, pieces)

    def _choose_page(self) -> None:
        board = self._live.board
        body = self.body
        if board is None:
            page: QWidget | None = body.failed if body.page() is body.failed else body.loading
        elif not board.columns.count and self._live.past_at is None:
            page = body.nothing_yet
        elif not self.table.shown():
            chosen = self.table.filter()
            body.no_hit.show_filter(narrowed=is_narrowed(chosen), total=board.columns.count)
            page = body.no_hit
        else:
            page = None
        body.show_page(page)
        there = board is not None and page is not body.nothing_yet
        self.tiles.setVisible(there)
        self.controls.setVisible(there)
        body.show_panels(there)

    def _show_freshness(self) -> None:
        past = self._live.past_at is not None
        now = self._context.clock.now()
        sources = self._live.sources()
        age = "" if past else age_of_all(sources, now)
        self.tiles.set_stale(age)
        self.table.set_stale(bool(age))
        self.agents.set_age(age)
        self.channels.set_age(age)
        self.channels.set_stale({} if past else stale_sources(sources, now))

    # What a person does

    def _handlers(self) -> dict[str, Callable[[], object]]:
        return {
            "find": self.controls.focus_search,
            "clear": self._clear,
            "copy": self.table.copy_tsv,
            "only": self._show_selected_only,
            "export": self._export.ask,
            "filters": self.controls.toggle_filters,
            "columns": lambda: self.controls.choose_columns(self.controls.toolbar.tool("columns")),
            "order": lambda: self.controls.choose_order(self.controls.toolbar.tool("order")),
            "views": self.views.open,
            "detail": self._toggle_detail,
            "past": self._toggle_past,
            "back": lambda: self.past.step(-STEP),
            "on": lambda: self.past.step(STEP),
            "panels": self.body.toggle_panels,
            "escalate": self._escalate,
            "figures": lambda: self.tiles.tile("breached").setFocus(),
            "tickets": self.body.setFocus,
        }

    def _show_selected_only(self) -> None:
        tickets = self.table.selected_tickets()
        if tickets:
            self.controls.apply(Filter(Scope.ALL, tickets=frozenset(tickets)), _("Selected tickets"))

    def _escalate(self) -> None:
        ticket = self.table.current_ticket()
        if ticket is not None:
            self.jump_requested.emit("escalations", ("ticket", ticket))

    def _open_evidence(self, key: str, tile: QWidget) -> None:
        # The card counts now, so the tile beside it must not still show a second ago.
        self.tiles.restart()
        self._evidence.open(key, tile)

    def _show_agent(self, agent: int) -> None:
        self.controls.apply(Filter(values={"assignee": frozenset({agent})}))
        self.table.setFocus()

    def _clear(self) -> None:
        if self.controls.leave_search() or self.controls.clear():
            return
        if self.body.has_detail:
            self.body.show_detail(False)
        elif self.table.selected_tickets():
            self.table.select_tickets([])

    def _toggle_detail(self) -> None:
        self.body.show_detail(not self.body.has_detail)
        if self.body.has_detail:
            self.detail.show_ticket(self.table.current_ticket())
        self._actions["detail"].setChecked(self.body.has_detail)

    def _toggle_past(self) -> None:
        had_focus = self.past.isAncestorOf(self.window().focusWidget() or self)
        self.past.toggle()
        if had_focus and self.past.isHidden():
            self.body.setFocus()

    def open_ticket(self, ticket: int) -> None:
        """Show a ticket in full, whether or not the filter lets it through."""
        self.detail.show_ticket(ticket)
        self.body.show_detail(True)
        self.table.select_tickets([ticket])

    def _on_activated_ticket(self, ticket: int) -> None:
        if self.body.has_detail and self.detail.ticket == ticket:
            self.body.show_detail(False)
        else:
            self.detail.show_ticket(ticket)
            self.body.show_detail(True)

    def _on_current(self, ticket: object) -> None:
        if self.body.has_detail and isinstance(ticket, int):
            self.detail.show_ticket(ticket)

    def _on_context(self, where: QPoint) -> None:
        menu = QMenu(self)
        menu.addActions([self._actions[key] for key in MENU])
        self.table.freeze(True)
        menu.aboutToHide.connect(lambda: self.table.freeze(False))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)

    def _on_past_failed(self, error: BaseException) -> None:
        self.toast_requested.emit(str(error), theme.State.DANGER)
        self.past_requested.emit(self._live.past_at)

    # Putting it together

    def _connect(self) -> None:
        self._live.frame.connect(self._on_frame)
        self._live.second.connect(self._on_second)
        self._live.replaced.connect(self._on_replaced)
        self._foresight.told.connect(lambda: self.tiles.again("will_breach"))
        self.tiles.evidence_requested.connect(self._open_evidence)
        self.channels.budget.evidence_requested.connect(
            lambda channel: self._evidence.show(figure_of(channel), self.channels.budget)
        )
        self.table.current_changed.connect(self._on_current)
        self.table.activated_ticket.connect(self._on_activated_ticket)
        self.table.context_requested.connect(self._on_context)
        self.table.shown_changed.connect(lambda _shown: self._choose_page())
        header = self.table.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda _where: self.controls.choose_columns(header))
        self.table.painted.connect(self.painted)
        for panel in (self.channels, self.agents):
            panel.filter_requested.connect(self.controls.narrow)
        self.body.detail_toggled.connect(self._actions["detail"].setChecked)
        self.body.panels_toggled.connect(self._actions["panels"].setChecked)
        self.controls.filters_toggled.connect(self._actions["filters"].setChecked)
        self.body.no_hit.action_requested.connect(self.controls.clear)
        self.body.nothing_yet.copied.connect(
            lambda command: self.toast_requested.emit(_("Copied: {text}").format(text=command), theme.State.OK)
        )
        self.past.moment_requested.connect(self.past_requested)
        self.past.shown_changed.connect(self._actions["past"].setChecked)
        self._actions["past"].setEnabled(self.past.available)
        self.past.refused.connect(lambda words: self.toast_requested.emit(words, theme.State.WARNING))
        self.past.failed.connect(self._on_past_failed)
        self._export.told.connect(self.toast_requested)
        self.views.told.connect(lambda words: self.toast_requested.emit(words, theme.State.OK))

    def _lay_out(self) -> None:
        self._inner = QVBoxLayout()
        for piece in (self.tiles, self.controls):
            self._inner.addWidget(piece)
        self._inner.addWidget(self.body, 1)
        self._inner.addWidget(self._work)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.past)
        column.addLayout(self._inner, 1)
        self._pad()
        theme.notifier().changed.connect(self._pad)

    def _recall(self) -> None:
        layout = self._context.layout
        recall_table(layout, self.table)
        self.body.recall(layout)

    def _pad(self) -> None:
        edge = theme.px(8)
        self._inner.setContentsMargins(edge, edge, edge, edge)
        self._inner.setSpacing(theme.px(8))
