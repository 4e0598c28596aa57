"""A person acts on entries: ask what is missing, carry it out in a worker, tell what became of it, offer to undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from console.errors import KnownError
from console.i18n import _, ngettext
from console.models.actions.authorize import may_take
from console.models.domain.commands import Delivery, Ordered
from console.models.domain.escalation import Entry, Happening, Transition
from console.models.domain.roles import Actor
from console.models.queries.inbox import is_unowned
from console.models.queries.inbox_advice import Step, Suggestion
from console.models.queries.inbox_lines import Line, level_word, who
from console.views import formats, theme
from console.views.bridge import LiveBoard
from console.views.desk import Desk
from console.views.screen import Context
from console.views.screens.escalations.asking import Choices, asked, refusals, told
from console.views.screens.escalations.deeds import (
    BY_KEY,
    Deed,
    Form,
    Refusal,
    Result,
    barred,
    carry_out,
    possible,
    take_back,
)
from console.views.screens.escalations.work_strip import Ask, Tell, WorkStrip

LineOf = Callable[[Entry], Line]


_ANSWER_SECONDS = 3.0
"""So long a ticket's source may take to answer; after that the ticket alone tells."""


class Acting(QObject):
    """``changed`` asks for another look at the inbox; ``done`` carries a text, a state, and what to call to undo."""

    changed = Signal()
    done = Signal(str, object, object)
    decision_requested = Signal(int)
    """The compensation of an entry is to be decided on, or its follow-up or promised call to be ended."""

    def __init__(self, context: Context, live: LiveBoard, strip: WorkStrip, line_of: LineOf, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._live, self._strip, self._line = context, live, strip, line_of
        self._all: Sequence[Entry] = ()
        self._people: Sequence[str] = ()
        self._agents: Callable[[], Sequence[str]] = lambda: ()

    def know(self, entries: Sequence[Entry], agents: Callable[[], Sequence[str]]) -> None:
        """What is open now, and who could take a ticket."""
        self._all, self._agents = entries, agents

    def know_people(self, people: Sequence[str]) -> None:
        """Who has an account that may take escalations."""
        self._people = people

    def read_people(self) -> None:
        """Who has an account here whose roles permit to take an escalation may get one."""
        access = self._context.access
        if access is None:
            return
        self._context.ops.read(
            lambda _progress: [account.name for account in access.accounts.all() if may_take(account.actor)],
            self.know_people,
            failure=lambda _error: None,
            key="escalations/people",
            owner=self,
        )

    def actor(self) -> Actor:
        """Who acts."""
        return self._context.session.actor()

    def start(self, key: str, entries: Sequence[Entry], into: int = 0) -> None:
        """Begin a deed with these entries: at once where nothing is missing, else by asking for it."""
        desk = self._context.desk
        if not entries:
            return
        if desk is None:
            self._strip.tell(Tell(theme.State.WARNING, _("Nothing can be changed here."), [_("This is only a look.")]))
            return
        deed, actor = BY_KEY[key], self.actor()
        able = [entry for entry in entries if deed in possible(entry, actor)]
        if not able:
            self._refuse(deed, entries, actor)
            return
        if not deed.asks and len({entry.ticket or -entry.id for entry in entries}) == 1:
            self._carry_out(deed, desk, entries, Form())
            return
        lines = [self._line(entry) for entry in entries]
        others = self._into(entries, into) if "into" in deed.asks else ()
        form = asked(deed, lines, actor, self._choices(), self._who_gets(deed, lines, actor), others)
        self._strip.ask(
            form, lambda filled: self._carry_out(deed, desk, [e for e in entries if e.id != filled.into], filled)
        )

    def follow(self, suggestion: Suggestion, line: Line) -> None:
        """Do what was suggested."""
        desk, step = self._context.desk, suggestion.step
        if step in (Step.ACKNOWLEDGE, Step.RESOLVE, Step.MERGE):
            self.start(step.value, [line.entry], suggestion.other)
        elif step in (Step.DECIDE, Step.FOLLOW_UP, Step.CALLED):
            self.decision_requested.emit(line.entry.id)
        elif desk is None:
            self._strip.tell(Tell(theme.State.WARNING, _("Nothing can be changed here."), [_("This is only a look.")]))
        elif step is Step.ASSIGN:
            self._assign(desk, suggestion, line)
        elif step is Step.CALL_BACK:
            self._call_back(desk, suggestion, line)
        else:
            self.escalate(line.entry.ticket, who(line), "second_line")

    def escalate(self, ticket: int, name: str, to: str = "") -> None:
        """Bring a ticket into the inbox by hand (R-ESC); without ``to`` it is asked who is told first."""
        desk = self._context.desk
        if desk is None:
            self._strip.tell(Tell(theme.State.WARNING, _("Nothing can be changed here."), [_("This is only a look.")]))
            return
        actor = self.actor()
        levels = [to] if to else [*self._live.policy.escalation.chain, "second_line"]
        ask = Ask(
            head=_("Escalate: {who}").format(who=name),
            do=_("Escalate"),
            into=None if to else [(number, level_word(level)) for number, level in enumerate(levels, 1)],
            into_name=_("Who is told first"),
            reasons=[_("Beyond the first line"), _("Customer asks for a supervisor"), _("Needs another department")],
            reason_name=_("Reason"),
        )
        self._strip.ask(
            ask,
            lambda form: self._write(
                lambda: desk.escalations.raise_by_hand(actor, ticket, levels[max(0, form.into - 1)], form.reason),
                _("Escalated: {who}").format(who=name),
            ),
        )

    # Carrying out

    def _carry_out(self, deed: Deed, desk: Desk, entries: Sequence[Entry], form: Form) -> None:
        actor = self.actor()
        self._context.ops.write(
            lambda progress: carry_out(deed, desk, actor, entries, form, progress),
            lambda result: self._on_result(result, desk, actor),
            failure=self._on_failure,
            owner=self,
        )

    def _on_result(self, result: Result, desk: Desk, actor: Actor) -> None:
        if result.done:
            name = who(self._line(result.done[0].entry))
            moves = tuple(result.done)
            undo = None if result.deed.what in _FINAL else lambda: self._undo(desk, actor, moves)
            self.done.emit(told(result, name), theme.State.OK, undo)
        if result.refused:
            self._tell_refused(result, actor)
        self.changed.emit()

    def _tell_refused(self, result: Result, actor: Actor) -> None:
        lines = refusals(result, lambda entry: who(self._line(entry)))
        count = len(result.refused)
        if count == 1 and not result.done:
            self._tell_conflict(result.deed, result.refused[0], actor)
            return
        head = ngettext("{n} was not changed", "{n} were not changed", count).format(n=count)
        if result.done:
            head = _("{done}, {kept}").format(done=told(result, ""), kept=head)
        self._strip.tell(Tell(theme.State.WARNING, head, lines))

    def _tell_conflict(self, deed: Deed, refused: Refusal, actor: Actor) -> None:
        """Somebody was quicker, or it does not go: how things stand, and what can be done."""
        entry = refused.entry
        name = who(self._line(entry))
        if refused.taken and entry.owner and entry.owner != actor.name:
            since = self._written(entry.acknowledged_at) if entry.acknowledged_at else ""
            head = _("{owner} already has it since {time}").format(owner=entry.owner, time=since)
            take = BY_KEY["hand_over"]
            can_take = take in possible(entry, actor)
            lines = [_("{who}: nothing was changed.").format(who=name)]
            if can_take:
                lines.append(
                    _("Work on something else, or take it over; {owner} is then told.").format(owner=entry.owner)
                )
            desk = self._context.desk
            run = None
            if can_take and desk is not None:
                run = lambda: self._carry_out(take, desk, [entry], Form(to=actor.name))  # noqa: E731 - one call, bound here
            self._strip.tell(Tell(theme.State.WARNING, head, lines, _("Take it over") if run else "", run))
            return
        lines = [part for part in (refused.remedy,) if part]
        head = _("{deed}: {who} – {why}").format(deed=_(deed.title), who=name, why=refused.why)
        self._strip.tell(Tell(theme.State.WARNING, head, lines))

    def _refuse(self, deed: Deed, entries: Sequence[Entry], actor: Actor) -> None:
        """Nothing of this can be done: why."""
        entry = entries[0]
        taken = bool(entry.owner) and entry.owner != actor.name and not is_unowned(entry)
        roles = barred(entry, actor) if not possible(entry, actor) and not taken else ""
        reason = roles or _("This cannot be done with an escalation in this state.")
        if len(entries) > 1:
            reason = _("This can be done with none of these {n}.").format(n=len(entries))
            self._strip.tell(Tell(theme.State.WARNING, reason))
            return
        self._tell_conflict(deed, Refusal(entry, reason, "", taken), actor)

    def _undo(self, desk: Desk, actor: Actor, moves: Sequence[Transition]) -> None:
        def on_back(result: tuple[int, list[str]]) -> None:
            back, kept = result
            if back:
                text = ngettext("Taken back: {n} escalation", "Taken back: {n} escalations", back).format(n=back)
                self.done.emit(text, theme.State.OK, None)
            if kept:
                head = ngettext("{n} was not taken back", "{n} were not taken back", len(kept)).format(n=len(kept))
                self._strip.tell(Tell(theme.State.WARNING, head, kept))
            self.changed.emit()

        self._context.ops.write(
            lambda _progress: take_back(desk, actor, moves), on_back, failure=self._on_failure, owner=self
        )

    def _assign(self, desk: Desk, suggestion: Suggestion, line: Line) -> None:
        actor, done = self.actor(), _("Assigned to {agent}: {who}").format(agent=suggestion.agent, who=who(line))

        def on_asked(made: Sequence[Ordered]) -> None:
            self._context.ops.read(
                lambda _progress: desk.tickets.answers(made, _ANSWER_SECONDS),
                lambda answers: self._on_answers(answers, done),
                failure=self._on_failure,
                owner=self,
            )

        self._context.ops.write(
            lambda _progress: desk.tickets.assign(actor, [line.entry.ticket], suggestion.agent),
            on_asked,
            failure=self._on_failure,
            owner=self,
        )

    def _on_answers(self, answers: Sequence[Ordered], done: str) -> None:
        """Nothing is called done before its source has done it."""
        refused = [one for one in answers if one.state in (Delivery.REFUSED, Delivery.CONFLICT)]
        pending = [one for one in answers if one.pending]
        if refused:
            why = refused[0].reason or refused[0].words
            head = _("Not changed: {n} of {all}. {reason}").format(n=len(refused), all=len(answers), reason=why)
            self._strip.tell(Tell(theme.State.WARNING, head, []))
        elif pending:
            self.done.emit(_("Asked for: {how}").format(how=pending[0].words), theme.State.INFO, None)
        else:
            self.done.emit(done, theme.State.OK, None)
        self.changed.emit()

    def _call_back(self, desk: Desk, suggestion: Suggestion, line: Line) -> None:
        actor = self.actor()
        title = suggestion.title(self._live.zone)
        ask = Ask(
            head=f"{title} · {who(line)}",
            do=_("Ask for it"),
            reasons=[_("Please call back"), _("Please call and apologise")],
            reason_name=_("What to say"),
        )
        self._strip.ask(
            ask,
            lambda form: self._write(
                lambda: desk.tickets.call_back(actor, line.entry.ticket, suggestion.at, suggestion.agent, form.reason),
                title,
            ),
        )

    def _write(self, work: Callable[[], object], success: str) -> None:
        def on_done(_result: object) -> None:
            self.done.emit(success, theme.State.OK, None)
            self.changed.emit()

        self._context.ops.write(lambda _progress: work(), on_done, failure=self._on_failure, owner=self)

    def _on_failure(self, error: BaseException) -> None:
        known = isinstance(error, KnownError)
        head = error.what if isinstance(error, KnownError) else _("Something went wrong.")
        lines = [error.remedy] if isinstance(error, KnownError) and error.remedy else []
        self._strip.tell(Tell(theme.State.WARNING if known else theme.State.DANGER, head, lines))
        self.changed.emit()

    # What can be chosen

    def _choices(self) -> Choices:
        return Choices(self._context.clock.now(), self._live.policy.escalation, self._written)

    def _who_gets(self, deed: Deed, lines: Sequence[Line], actor: Actor) -> list[str]:
        if "agent" in deed.asks:
            own = [line.agent for line in lines if line.agent]
            return list(dict.fromkeys([*own, *self._agents()]))
        owners = [entry.owner for entry in self._all if entry.acknowledged_at and entry.owner]
        known = dict.fromkeys([*self._people, *owners])
        return [name for name in known if name != actor.name] + [name for name in known if name == actor.name]

    def _into(self, entries: Sequence[Entry], chosen: int) -> list[Line]:
        """What these could be merged with: what was suggested, then the same ticket, the same customer, the rest."""
        moved = {entry.id for entry in entries} if len(entries) == 1 else set()
        mine = [self._line(entry) for entry in entries]
        tickets, names = {line.entry.ticket for line in mine}, {line.customer for line in mine if line.customer}
        others = [entry for entry in self._all if entry.id not in moved and entry.resolved_at is None]
        # The most urgent stand first; the customers of thousands are not looked up.
        others.sort(key=lambda entry: (entry.id != chosen, entry.ticket not in tickets))
        lines = [self._line(entry) for entry in others[:_MOST_COMPARED]]
        lines.sort(
            key=lambda line: (
                line.entry.id != chosen,
                line.entry.ticket not in tickets,
                line.customer not in names,
                line.entry.urgency,
                line.entry.since,
            )
        )
        return lines

    def _written(self, at: int) -> str:
        return formats.time_of_day(at, self._live.zone, seconds=False)


_MOST_COMPARED = 500
"""Of so many other entries the customer is looked up to find what an entry can be merged with."""

_FINAL = frozenset({Happening.PROGRESS, Happening.MERGE})
"""What has no way back."""
