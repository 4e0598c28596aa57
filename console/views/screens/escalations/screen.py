"""The escalation inbox: every ticket that needs a supervisor, why, since when, and what to do; worked by keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.i18n import _
from console.models.domain.escalation import Entry
from console.models.queries.inbox import Inbox, InboxFilter, Scope
from console.models.queries.inbox_detail import called
from console.models.queries.inbox_list import InboxList
from console.views import theme
from console.views.bridge import FRAME_MS, LiveBoard
from console.views.people import SessionSignal
from console.views.screen import Context, OfferProvider, ScreenWidget, add_actions
from console.views.screens.board.freshness import age_of_all
from console.views.screens.escalations.acting import Acting
from console.views.screens.escalations.actions import (
    ADVICE_ACTIONS,
    DEED_ACTIONS,
    LIST_ACTIONS,
    OTHER_ACTIONS,
)
from console.views.screens.escalations.body import InboxBody
from console.views.screens.escalations.detail import EntryDetail
from console.views.screens.escalations.figures import TicketFigures, freshness
from console.views.screens.escalations.following import Following
from console.views.screens.escalations.hands import Hands, Parts
from console.views.screens.escalations.list_view import InboxView
from console.views.screens.escalations.listing import Listing
from console.views.screens.escalations.offers import InboxOffers
from console.views.screens.escalations.sayings import Sayings
from console.views.screens.escalations.shift_pages import ShiftPages
from console.views.screens.escalations.side import Side
from console.views.screens.escalations.toolbar import InboxToolbar, NewsLine
from console.views.screens.escalations.work_strip import WorkStrip


class EscalationsScreen(ScreenWidget):
    """What a supervisor works from."""

    key = "escalations"

    def __init__(self, context: Context) -> None:
        super().__init__()
        if not isinstance(context.live, LiveBoard):
            raise TypeError("the inbox needs a LiveBoard")
        self._context, self._live, self._watch = context, context.live, context.watch
        self._awake = self._filling = False
        self._inbox = Inbox()
        self._wanted = 0
        self._inner = QWidget()
        self._pages = ShiftPages(context, self._inner)
        self.toolbar = InboxToolbar()
        self.news = NewsLine()
        self.figures = TicketFigures(context, self._live, self.toolbar, self)
        self._say = Sayings(
            self._live,
            context.clock.now,
            self.figures,
            lambda entry: self.view.folded(entry),  # noqa: PLW0108 - the list is made later
            lambda: context.session.name,
        )
        self.view = InboxView(self._say.face, self._say.heading, self._say.tip)
        self._listing = Listing(context.ops, self._say.words, self)
        self.strip = WorkStrip()
        self.acting = Acting(context, self._live, self.strip, self._say.line, self)
        keys = {spec.key: spec.shortcut for spec in DEED_ACTIONS}
        self.detail = EntryDetail(context.clock.now, context.zone, keys.__getitem__, lambda: context.session.name)
        self.side = Side(context, self.detail, self._customer, self._entry_of)
        self.body = InboxBody(self.view, self.news, self.strip, self.side)
        parts = Parts(
            self.view, self.toolbar, self.news, self.strip, self.acting, self.detail, self.side, self.body, self._pages
        )
        self.hands = Hands(parts, self._say.line, self.open_entry, self._catch_up, self)
        self._actions = add_actions(self, (*DEED_ACTIONS, *OTHER_ACTIONS, *ADVICE_ACTIONS), self.hands.handlers())
        self.hands.own(self._actions)
        add_actions(self.view, LIST_ACTIONS, {"space": self.view.toggle})
        self.following = Following(context, self._live, self.detail, self.acting.actor)
        self._session = SessionSignal(context.session, self)
        self.destroyed.connect(self._session.close)
        # List and detail filled in one turn would hold up a frame.
        self._soon = QTimer(self)
        self._soon.setObjectName("detail")
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._on_soon)
        column = QVBoxLayout(self._inner)
        column.setSpacing(theme.px(8))
        column.addWidget(self.toolbar)
        column.addWidget(self.body, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        self.setFocusProxy(self.view)
        self.body.recall(context.layout)
        self._connect()
        self.retranslate()
        self._pad()

    # What the shell asks

    def activated(self) -> None:
        """Follow the inbox again."""
        self._awake = True
        self.acting.read_people()
        self._on_changed()
        self._on_second()

    def deactivated(self) -> None:
        """Compute nothing while nobody looks."""
        self._awake = False
        self._soon.stop()
        self._pages.sleep()

    def ready(self) -> bool:
        """Whether the inbox was read, and what is in sight of it."""
        watch = self._watch
        if watch is None:
            return True
        read = watch.settled or watch.error is not None
        busy = self._soon.isActive() or self._listing.busy or self.view.unfinished
        return self._live.present is not None and read and not busy

    def foot(self) -> int:
        """The news and the question below the list must stay in sight."""
        return self.body.foot()

    def retranslate(self) -> None:
        """Every word anew."""
        super().retranslate()
        self.view.setAccessibleName(_("Escalations"))
        for piece in (self.toolbar, self.view, self.side, self.body.reading, self.body.not_kept):
            piece.retranslate()
        self._pages.retranslate()
        self._on_changed()

    def remember(self) -> None:
        """Keep the widths, and what was written to the next shift."""
        self._pages.remember()
        self.body.remember(self._context.layout)

    def go_to(self, what: object) -> None:
        """Show ``("entry", number)``, or the entry of ``("ticket", id)``; without one ask whether to escalate it."""
        if not isinstance(what, tuple) or len(what) != 2:
            return
        kind, number = what
        entry = self._inbox.find(number) if kind == "entry" else self._inbox.of_ticket(number)
        if entry is not None:
            self.open_entry(entry.id)
        elif kind == "ticket":
            self.acting.escalate(number, self._customer(number))

    def providers(self) -> Sequence[OfferProvider]:
        """Entries by words."""
        return (InboxOffers(self._found, self._say.line, self._say.sentence, self.jump_requested.emit),)

    def open_entry(self, entry: int) -> None:
        """Show an entry in full, whatever the filter says."""
        if not self.view.choose(entry):
            found = self._inbox.find(entry)
            scope = Scope.RESOLVED if found is not None and found.resolved_at else Scope.ALL
            self.toolbar.show_filter(InboxFilter(scope))
            self._on_changed()
        self.body.show_detail(True)
        if not self.view.choose(entry):
            self._wanted = entry if self._listing.busy else 0
        self.view.setFocus()

    # Following

    def _on_changed(self) -> None:
        if not self._awake:
            return
        watch = self._watch
        inbox = None if watch is None else watch.inbox
        if inbox is None:
            self._choose_page()
            self._follow()
            return
        self._listing.ask(inbox, self.toolbar.filter, self.acting.actor().name)

    def _show(self, shown: InboxList) -> None:
        self._inbox, self._say.shown = shown.inbox, shown
        self._filling = True
        self.view.show_list(shown)
        if self._wanted:
            self.view.choose(self._wanted)
            self._wanted = 0
        if shown.rows and self.view.current() is None:
            self.view.step(0)
        self._filling = False
        self.figures.look(shown)
        self.acting.know(shown.inbox.entries, lambda: self._say.agents(self.view.current()))
        self.news.keep_only(shown.unowned)
        self._choose_page()
        current, followed = self.view.current(), self.detail.line
        if current is not None and (followed is None or followed.entry.id != current.id):
            self._soon.start()
        else:
            self._follow()

    def _on_second(self, _now: int = 0) -> None:
        if not self._awake:
            return
        self.view.refresh()
        self._show_freshness()
        self.following.refresh(self._inbox)
        if self.body.page() is not None:
            self._choose_page()

    def _on_called(self, entries: Sequence[Entry]) -> None:
        """Say what came in, where the list does not show it already."""
        if not self._awake:
            return
        self.news.tell(self._say.news(entries), entries[0].id)

    def _choose_page(self) -> None:
        watch, body = self._watch, self.body
        page: QWidget | None = None
        if watch is None:
            page = body.not_kept
        elif watch.inbox is None:
            page = body.reading if watch.error is None else body.unreadable
        elif not self.view.inbox.rows:
            chosen = self.toolbar.filter
            empty = not chosen.narrowed and chosen.scope is Scope.ALL
            page = body.calm if empty else body.no_entry
            if empty:
                body.calm.show_outlook(self._live.present, self._context.clock.now(), self._context.zone)
            else:
                body.no_entry.show_filter(chosen, self._inbox.counts().total)
        if page is body.unreadable and watch is not None and watch.error is not None:
            body.unreadable.show_error(watch.error)
        body.show_page(page)
        self.toolbar.setVisible(page not in (body.not_kept, body.reading))

    def _show_freshness(self) -> None:
        watch = self._watch
        if watch is None or not self._awake:
            return
        now = self._context.clock.now()
        self.toolbar.show_freshness(*freshness(watch, now))
        self.view.set_stale(bool(age_of_all(self._live.sources(), now)) or watch.error is not None)

    def _on_current(self, _entry: object) -> None:
        if not self._filling:
            self._follow()

    def _on_soon(self) -> None:
        if self.view.unfinished and not self._soon.interval():
            self._soon.start(FRAME_MS)
        else:
            self._follow()

    def _follow(self) -> None:
        self._soon.stop()
        self._soon.setInterval(0)
        current = self.view.current()
        self.side.follow(0 if current is None else current.id)
        entry = None if current is None else self._inbox.find(current.id) or current
        self.following.show(entry, self._inbox, self.view.folded(0 if entry is None else entry.id))

    def _catch_up(self) -> None:
        """What the keys mean is what stands there for the row that has the focus now."""
        if self._soon.isActive():
            self._follow()

    def _customer(self, ticket: int) -> str:
        return called(ticket, self._live.present)

    def _entry_of(self, call: int) -> int:
        return self._inbox.of_call(call)

    def _found(self, words: str) -> list[Entry]:
        return self._listing.search(self._inbox, words)

    def _connect(self) -> None:
        if self._watch is not None:
            self._watch.changed.connect(self._on_changed)
            self._watch.looked.connect(self._show_freshness)
            self._watch.called.connect(self._on_called)
            self._watch.failed.connect(lambda _error: self._choose_page())
            self.acting.changed.connect(self._watch.look)
            self.side.changed.connect(self._watch.look)
        self._listing.listed.connect(self._show)
        self._session.changed.connect(self._on_changed)
        self._live.second.connect(self._on_second)
        self._live.replaced.connect(self._on_changed)
        self.toolbar.filter_changed.connect(lambda _filter: self._on_changed())
        self.toolbar.results_requested.connect(self.view.setFocus)
        self.news.show_requested.connect(lambda _entry: self.hands.show_newest())
        self.view.current_changed.connect(self._on_current)
        self.view.picked_changed.connect(lambda: self.toolbar.show_picked(len(self.view.picked)))
        self.view.opened.connect(lambda _entry: self.body.show_detail(True))
        self.view.context_requested.connect(self.hands.show_menu)
        self.detail.closed.connect(lambda: self.body.show_detail(False))
        self.detail.deed_requested.connect(self.hands.begin)
        self.detail.advice_chosen.connect(self.hands.follow_advice)
        self.detail.ticket_requested.connect(lambda ticket: self.jump_requested.emit("board", ("ticket", ticket)))
        self.body.foot_changed.connect(self.foot_changed)
        self.body.detail_toggled.connect(self._actions["detail"].setChecked)
        self.acting.done.connect(self.hands.finish)
        self.figures.changed.connect(self.view.refresh)
        self.acting.decision_requested.connect(lambda _entry: self.hands.decide())
        self.side.told.connect(self.toast_requested)
        self.toolbar.shift_requested.connect(self._pages.show_shift)
        self._pages.told.connect(self.toast_requested)
        self.hands.toast_requested.connect(self.toast_requested)
        self.hands.undo_offered.connect(self.undo_offered)
        self.hands.jump_requested.connect(self.jump_requested)
        self._pages.shift_shown.connect(self.hands.pause)
        self.side.pane_shown.connect(self.hands.hold_advice)
        self._pages.left.connect(self.view.setFocus)
        self.strip.closed.connect(self.view.setFocus)
        self.strip.asking_changed.connect(self.hands.hold_letters)
        theme.notifier().changed.connect(self._pad)

    def _pad(self) -> None:
        layout = self._inner.layout()
        if layout is not None:
            layout.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), 0)
