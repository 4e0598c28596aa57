"""The escalation inbox: every ticket that needs a supervisor, why, since when, and what to do; worked by keyboard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from console.clock import SECOND
from console.i18n import _, ngettext
from console.models.domain.contacts import Channel, ComplaintTier
from console.models.domain.escalation import Cause, Entry, Urgency
from console.models.queries.inbox import Inbox, InboxFilter, Scope, Words, arrange, by_urgency, scope_counts
from console.models.queries.inbox_advice import able_agents
from console.models.queries.inbox_detail import amounts
from console.models.queries.inbox_lines import Line, line_of, who, why
from console.views import formats, theme
from console.views.bridge import LiveBoard
from console.views.inbox_watch import STALE_AFTER
from console.views.screen import Context, Offer, OfferProvider, ScreenWidget, add_actions
from console.views.screens.board.freshness import age_of_all
from console.views.screens.board.records import StoreLog
from console.views.screens.escalations.acting import Acting
from console.views.screens.escalations.actions import (
    ADVICE_ACTIONS,
    DEED_ACTIONS,
    LIST_ACTIONS,
    MENU,
    OTHER_ACTIONS,
)
from console.views.screens.escalations.body import InboxBody
from console.views.screens.escalations.detail import EntryDetail
from console.views.screens.escalations.faces import Face, Heading, face, heading
from console.views.screens.escalations.following import Following
from console.views.screens.escalations.list_view import InboxView
from console.views.screens.escalations.toolbar import InboxToolbar, NewsLine
from console.views.screens.escalations.work_strip import WorkStrip

_MOST_AMOUNTS = 200
_TABS = ("talk", "clocks", "customer", "history")


class EscalationsScreen(ScreenWidget):
    """What a supervisor works from."""

    key = "escalations"

    def __init__(self, context: Context) -> None:
        super().__init__()
        if not isinstance(context.live, LiveBoard):
            raise TypeError("the inbox needs a LiveBoard")
        self._context, self._live, self._watch = context, context.live, context.watch
        self._awake = False
        self._amounts: dict[int, str] = {}
        self._inbox = Inbox()
        self._undo: Callable[[], object] | None = None
        self.toolbar = InboxToolbar()
        self.news = NewsLine()
        self.view = InboxView(self._face, self._heading)
        self.strip = WorkStrip()
        self.acting = Acting(context, self._live, self.strip, self._line, self)
        handlers = self._handlers()
        self._actions = add_actions(self, (*DEED_ACTIONS, *OTHER_ACTIONS, *ADVICE_ACTIONS), handlers)
        add_actions(self.view, LIST_ACTIONS, {"space": self.view.toggle})
        self.detail = EntryDetail(context.clock.now, context.zone, self._keys_of)
        self.body = InboxBody(self.view, self.news, self.strip, self.detail)
        self.following = Following(context, self._live, self.detail, self.acting.actor)
        column = QVBoxLayout(self)
        column.setSpacing(theme.px(8))
        column.addWidget(self.toolbar)
        column.addWidget(self.body, 1)
        self.setFocusProxy(self.view)
        self.body.recall(context.layout)
        self._connect()
        self.retranslate()
        self._pad()

    # What the shell asks

    def activated(self) -> None:
        """Follow the inbox again."""
        self._awake = True
        self._read_people()
        self._on_changed()
        self._on_second()

    def deactivated(self) -> None:
        """Compute nothing while nobody looks."""
        self._awake = False

    def ready(self) -> bool:
        """Whether the inbox was read, and what is in sight of it."""
        watch = self._watch
        if watch is None:
            return True
        return self._live.present is not None and (watch.inbox is not None or watch.error is not None)

    def retranslate(self) -> None:
        """Every word anew."""
        super().retranslate()
        self.view.setAccessibleName(_("Escalations"))
        for piece in (self.toolbar, self.view, self.detail, self.body.reading, self.body.not_kept):
            piece.retranslate()
        self._on_changed()

    def remember(self) -> None:
        """Keep the widths."""
        self.body.remember(self._context.layout)

    def go_to(self, what: object) -> None:
        """Show ``("entry", number)``, or the entry of ``("ticket", id)``; without one ask whether to escalate it."""
        if not isinstance(what, tuple) or len(what) != 2:
            return
        kind, number = what
        entry = self._inbox.find(number) if kind == "entry" else self._of_ticket(number)
        if entry is not None:
            self.open_entry(entry.id)
        elif kind == "ticket":
            board = self._live.present
            slot = None if board is None else board.slot(number)
            ref, _subject, customer = board.texts.get(slot) if board is not None and slot is not None else ("", "", "")
            name = " · ".join(part for part in (customer, ref) if part) or f"#{number}"
            self.acting.escalate(number, name)

    def providers(self) -> Sequence[OfferProvider]:
        """Entries by words."""
        return (_InboxOffers(self),)

    def open_entry(self, entry: int) -> None:
        """Show an entry in full, whatever the filter says."""
        if self.view.inbox.place_of(entry) is None:
            found = self._inbox.find(entry)
            scope = Scope.RESOLVED if found is not None and found.resolved_at else Scope.ALL
            self.toolbar.show_filter(InboxFilter(scope))
            self._on_changed()
        self.body.show_detail(True)
        self.view.choose(entry)
        self.view.setFocus()

    # Following

    def _on_changed(self) -> None:
        if not self._awake:
            return
        watch = self._watch
        inbox = None if watch is None else watch.inbox
        if inbox is not None:
            self._inbox = inbox
            chosen = self.toolbar.filter
            shown = arrange(inbox, chosen, self.acting.actor().name, self._words)
            self.view.show_groups(by_urgency(shown))
            if shown and self.view.current() is None:
                self.view.step(0)
            self._look_at_tickets()
            self.acting.know(inbox.entries, self._agents)
        self._choose_page()
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
        entry = entries[0]
        line = self._line(entry)
        more = len(entries) - 1
        words = f"P{int(entry.urgency)} · {who(line)} · {why(line, self._context.clock.now(), self._live.zone)}"
        if more:
            words += ngettext(", and {n} more", ", and {n} more", more).format(n=more)
        self.news.tell(words, entry.id)

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
        if watch is None:
            return
        now = self._context.clock.now()
        if watch.error is not None and watch.inbox is not None:
            age = formats.span((now - watch.looked_at) / SECOND)
            words, state = _("cannot be read, {age} old").format(age=age), theme.State.DANGER
        elif watch.inbox is None or not watch.inbox.swept_at:
            words, state = _("clocks not checked yet"), theme.State.WARNING
        else:
            late = now - watch.inbox.swept_at
            age = formats.span(late / SECOND)
            fine = late <= STALE_AFTER
            words = _("clocks checked {age} ago").format(age=age)
            state = theme.State.OK if fine else theme.State.WARNING
            if not fine:
                words = _("clocks not checked for {age}").format(age=age)
        self.toolbar.show_freshness(words, state)
        data_age = age_of_all(self._live.sources(), now)
        self.view.set_stale(bool(data_age) or (watch.error is not None))

    def _count(self, channels: Mapping[Channel, int]) -> None:
        causes = Counter(entry.key.cause for entry in self._inbox.entries)
        self.toolbar.show_counts(
            scope_counts(self._inbox, self.acting.actor().name),
            {cause: causes[cause] for cause in Cause if causes[cause]},
            channels,
        )

    def _look_at_tickets(self) -> None:
        """Count by channel; and ask once for the amount of each complaint, which stands in its events only."""
        board = self._live.present
        if board is None:
            self._count({})
            return
        tickets = np.array([entry.ticket for entry in self._inbox.entries], dtype=np.int64)
        slots = board.slots_of(tickets)
        there = slots >= 0
        counts = np.bincount(board.columns.channel[slots[there]], minlength=len(Channel))
        counts[Channel.UNKNOWN] += int((~there).sum())
        self._count({channel: int(counts[channel]) for channel in Channel if counts[channel]})
        complaints = tickets[there][board.columns.complaint[slots[there]] != ComplaintTier.NONE]
        wanted = [ticket for ticket in complaints.tolist() if ticket not in self._amounts][:_MOST_AMOUNTS]
        if not wanted:
            return
        self._amounts.update(dict.fromkeys(wanted, ""))
        log = StoreLog(self._context.store)
        self._context.ops.read(lambda _progress: amounts(log, wanted), self._on_amounts, owner=self)

    def _on_amounts(self, found: dict[int, str]) -> None:
        self._amounts.update(found)
        self.view.refresh()

    def _read_people(self) -> None:
        """Who has an account here may get an escalation."""
        access = self._context.access
        if access is None:
            return
        self._context.ops.read(
            lambda _progress: [account.name for account in access.accounts.all()],
            self.acting.know_people,
            failure=lambda _error: None,
            key="escalations/people",
            owner=self,
        )

    def _follow(self) -> None:
        current = self.view.current()
        self.following.show(None if current is None else self._inbox.find(current.id) or current, self._inbox)

    # What a person does

    def _handlers(self) -> dict[str, Callable[[], object]]:
        handlers: dict[str, Callable[[], object]] = {
            "next": lambda: self.view.step(1),
            "previous": lambda: self.view.step(-1),
            "newest": self._show_newest,
            "tick": self.view.toggle,
            "group": self.view.pick_group,
            "undo": self._take_back,
            "find": self._find,
            "clear": self._clear,
            "detail": lambda: self.body.show_detail(not self.body.has_detail),
            "board": self._show_ticket,
            "tab": self._next_tab,
        }
        for spec in DEED_ACTIONS:
            handlers[spec.key] = partial(self._deed, spec.key)
        for number, spec in enumerate(ADVICE_ACTIONS):
            handlers[spec.key] = partial(self._advice, number)
        return handlers

    def _deed(self, key: str) -> None:
        entries = self.view.chosen()
        if key == "merge" and len(entries) > 1:
            current = self.view.current()
            self.acting.start(key, entries, current.id if current is not None else 0)
        else:
            self.acting.start(key, entries)

    def _advice(self, place: int) -> None:
        suggestions, line = self.detail.advice.suggestions, self.detail.line
        if line is not None and place < len(suggestions):
            self.acting.follow(suggestions[place], line)

    def _clear(self) -> None:
        if self.strip.dismiss():
            self.view.setFocus()
        elif self.view.picked:
            self.view.pick(())
        elif self.toolbar.search.hasFocus() and not self.toolbar.search.words():
            self.view.setFocus()
        elif not self.toolbar.clear() and self.body.has_detail:
            self.body.show_detail(False)

    def _take_back(self) -> None:
        undo, self._undo = self._undo, None
        if undo is None:
            self.toast_requested.emit(_("There is nothing to undo."), theme.State.INFO)
        else:
            undo()

    def _find(self) -> None:
        self.toolbar.search.setFocus()
        self.toolbar.search.selectAll()

    def _show_newest(self) -> None:
        if self.news.entry:
            self.open_entry(self.news.entry)
            self.news.hide()

    def _show_ticket(self) -> None:
        current = self.view.current()
        if current is not None and current.ticket:
            self.jump_requested.emit("board", ("ticket", current.ticket))

    def _next_tab(self) -> None:
        place = (_TABS.index(self.detail.tabs.choice()) + 1) % len(_TABS)
        self.detail.tabs.choose(_TABS[place])
        self.detail.tabs.chosen.emit(_TABS[place])

    def _on_done(self, text: str, state: object, undo: object) -> None:
        self._undo = undo if callable(undo) else None
        if undo is None:
            self.toast_requested.emit(text, state)
        else:
            self.undo_offered.emit(text, state, _("Undo"), undo)
        self.view.pick(())
        self.view.setFocus()

    def _on_context(self, where: QPoint) -> None:
        menu = QMenu(self)
        menu.addActions([self._actions[key] for key in MENU])
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)

    # What is shown of an entry

    def _face(self, entry: Entry) -> Face:
        live = self._live
        return face(entry, live.present, self._amounts, self._inbox.repeats, self._context.clock.now(), live.zone)

    def _heading(self, urgency: Urgency, entries: list[Entry]) -> Heading:
        return heading(urgency, entries, self._context.clock.now())

    def _line(self, entry: Entry) -> Line:
        return line_of(entry, self._live.present)

    def _words(self, entry: Entry) -> Words:
        line = self._line(entry)
        return Words(int(line.channel), f"{line.ref} {line.subject} {line.customer} {line.agent} {entry.reason}")

    def _of_ticket(self, ticket: int) -> Entry | None:
        return next((entry for entry in self._inbox.entries if entry.ticket == ticket), None)

    def _agents(self) -> list[str]:
        board, current = self._live.present, self.view.current()
        if board is None or current is None:
            return []
        return [able.name for able in able_agents(board, self._line(current).type, self._context.clock.now())]

    def _keys_of(self, key: str) -> str:
        return self._actions[key].shortcut().toString(QKeySequence.SequenceFormat.NativeText)

    def _connect(self) -> None:
        if self._watch is not None:
            self._watch.changed.connect(self._on_changed)
            self._watch.called.connect(self._on_called)
            self._watch.failed.connect(lambda _error: self._choose_page())
            self.acting.changed.connect(self._watch.look)
        self._live.second.connect(self._on_second)
        self._live.replaced.connect(self._on_changed)
        self.toolbar.filter_changed.connect(lambda _filter: self._on_changed())
        self.toolbar.results_requested.connect(self.view.setFocus)
        self.news.show_requested.connect(lambda _entry: self._show_newest())
        self.view.current_changed.connect(lambda _entry: self._follow())
        self.view.picked_changed.connect(lambda: self.toolbar.show_picked(len(self.view.picked)))
        self.view.opened.connect(lambda _entry: self.body.show_detail(True))
        self.view.context_requested.connect(self._on_context)
        self.detail.closed.connect(lambda: self.body.show_detail(False))
        self.detail.deed_requested.connect(self._deed)
        self.detail.advice_chosen.connect(self._advice)
        self.detail.ticket_requested.connect(lambda ticket: self.jump_requested.emit("board", ("ticket", ticket)))
        self.body.detail_toggled.connect(self._actions["detail"].setChecked)
        self.acting.done.connect(self._on_done)
        self.strip.closed.connect(self.view.setFocus)
        theme.notifier().changed.connect(self._pad)

    def _pad(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), 0)


class _InboxOffers:
    """Open entries for the command palette."""

    def __init__(self, screen: EscalationsScreen) -> None:
        self._screen = screen

    def offers(self, words: str, limit: int) -> Iterable[Offer]:
        """At most ``limit`` entries that contain all words, worst first."""
        screen = self._screen
        if not words.split():
            return []
        found = arrange(screen._inbox, InboxFilter(text=words), "", screen._words)[:limit]
        return [
            Offer(
                f"P{int(entry.urgency)}  {who(screen._line(entry))}",
                why(screen._line(entry), screen._context.clock.now(), screen._live.zone),
                "bell-ringing",
                partial(screen.jump_requested.emit, "escalations", ("entry", entry.id)),
            )
            for entry in found
        ]
