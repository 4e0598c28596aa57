"""What can be done with agents from the board: set their state, change their queues, answer who asks for a break."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain

from PySide6.QtCore import QObject, Signal

from console.clock import MINUTE
from console.i18n import _
from console.models.actions.authorize import authorize
from console.models.domain.break_requests import BreakRequest
from console.models.domain.commands import SETTABLE, Ordered, Verb
from console.models.domain.contacts import AgentState
from console.models.domain.glossary import word
from console.models.domain.roles import Action, Target
from console.models.live.agents import Agent
from console.views import formats
from console.views.bridge import LiveBoard
from console.views.desk import AgentDesk
from console.views.screen import Context, Offer, ScreenWidget
from console.views.screens.board.asking import Asking


class AgentDeeds(QObject):
    """Asks, and keeps what agents do not show yet; ``changed`` when that is something else."""

    changed = Signal()

    def __init__(self, context: Context, live: LiveBoard, screen: ScreenWidget) -> None:
        super().__init__(screen)
        self._context = context
        self._live = live
        self._asking = Asking(context, screen)
        self._pending: dict[str, Sequence[Ordered]] = {}
        self._looked = self._busy = False

    @property
    def able(self) -> bool:
        """Whether anything can be changed: not in the past, and not where nobody listens."""
        return self._context.desk is not None and self._live.past_at is None

    def may(self, action: Action, agent: str) -> bool:
        """Whether the person at the console may do this, and it can be done at all."""
        actor = self._context.session.actor()
        return self.able and authorize(actor, action, Target("agent", agent)).allowed

    def pending(self, agent: str) -> Sequence[Ordered]:
        """What was asked of an agent who does not show it yet, oldest first."""
        return self._pending.get(agent, ())

    def look(self) -> None:
        """Once a second: look how far it came while something is on its way; the first time, whether anything is."""
        desk = self._context.desk
        if desk is None or self._busy or (self._looked and not self._pending):
            return
        self._busy = True
        self._context.ops.read(
            lambda _progress: desk.commands.pending_of_agents(),
            self._on_looked,
            failure=self._on_failed,
            key="board/agents asked",
            owner=self,
        )

    def set_state(self, agent: str, state: AgentState) -> None:
        """Make an agent available, or send them on a break, away or home."""
        actor, done = (
            self._context.session.actor(),
            _("{agent} was set: {state}").format(agent=agent, state=word(state)),
        )
        self._ask(lambda desk: desk.set_state(actor, [agent], state), done, can_undo=True)

    def set_queues(self, agent: str, queues: Sequence[str]) -> None:
        """An agent serves these queues from now on."""
        actor = self._context.session.actor()
        done = _("{agent} serves now: {queues}").format(agent=agent, queues=_(", ").join(queues))
        self._ask(lambda desk: desk.set_queues(actor, agent, queues), done, can_undo=True)

    def approve(self, request: BreakRequest) -> None:
        """Grant a break, from now on for as long as was asked for."""
        actor, until = self._context.session.actor(), self.until(request)
        time = formats.time_of_day(until, self._live.zone, seconds=False)
        done = _("{agent} may go until {time}").format(agent=request.agent, time=time)
        self._ask(lambda desk: desk.decide_break(actor, request, True, until), done)

    def decline(self, request: BreakRequest) -> None:
        """The agent stays."""
        actor, done = self._context.session.actor(), _("The break of {agent} is declined").format(agent=request.agent)
        self._ask(lambda desk: desk.decide_break(actor, request, False), done)

    def until(self, request: BreakRequest) -> int:
        """When a break that is granted now would end: on the minute."""
        return -(-(self._live.now() + request.wanted) // MINUTE) * MINUTE

    def offers(self, words: str, limit: int) -> Iterable[Offer]:
        """At most ``limit`` lines of the command palette for these words."""
        wanted = words.casefold().split()
        board = self._live.board
        if board is None or not wanted or not self.may(Action.AGENT_STATE, ""):
            return []
        names = {name: id_ for id_ in board.agents.ids() if (name := board.names.text("agent", id_))}
        asking = [(name, agent) for name, id_ in names.items() if (agent := board.agents[id_]).asks]
        breaks = (line for name, agent in asking for line in self._breaks(name, agent))
        lines = chain(breaks, (line for name in names for line in self._states(name)))
        return [line for line in lines if all(part in line.title.casefold() for part in wanted)][:limit]

    def _breaks(self, name: str, agent: Agent) -> Iterator[Offer]:
        request = BreakRequest(name, agent.asked_at, agent.wanted)
        time = formats.time_of_day(self.until(request), self._live.zone, seconds=False)
        approve = _("Approve the break of {agent} until {time}").format(agent=name, time=time)
        yield Offer(approve, _("Agent"), "check", partial(self.approve, request))
        yield Offer(
            _("Decline the break of {agent}").format(agent=name), _("Agent"), "x", partial(self.decline, request)
        )

    def _states(self, agent: str) -> Iterator[Offer]:
        for state in SETTABLE:
            title = _("Set {agent}: {state}").format(agent=agent, state=word(state))
            yield Offer(title, _("Agent"), "user", partial(self.set_state, agent, state))

    def _ask(self, work: Callable[[AgentDesk], Sequence[Ordered]], done: str, *, can_undo: bool = False) -> None:
        if self._context.desk is not None and self.able:
            desk = self._context.desk.agents
            self._asking.ask(desk, lambda: work(desk), done, can_undo=can_undo, heard=self._on_heard)

    def _on_heard(self, made: Sequence[Ordered]) -> None:
        for one in made:
            others = [kept for kept in self._pending.pop(one.agent, []) if kept.id != one.id]
            left = [*others, one] if one.pending else others
            if left:
                self._pending[one.agent] = left
        self.changed.emit()

    def _on_looked(self, pending: Mapping[str, Sequence[Ordered]]) -> None:
        self._busy, self._looked = False, True
        if pending != self._pending:
            self._pending = dict(pending)
            self.changed.emit()

    def _on_failed(self, _error: BaseException) -> None:
        """The crash funnel hears of it; the next second asks again."""
        self._busy = False


def pending_words(asked: Ordered) -> str:
    """What is on its way, in a word or two."""
    if asked.verb is Verb.AGENT_STATE:
        return word(AgentState(asked.value))
    if asked.verb is Verb.AGENT_QUEUES:
        return _("Queues")
    return _("Break") if asked.value else _("No break")
