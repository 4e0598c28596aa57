"""The menu of an agent on the board: what they ask for, what they are to do, which queues are theirs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget, QWidgetAction

from console.clock import MINUTE, SECOND
from console.i18n import _
from console.models.domain.break_requests import BreakRequest
from console.models.domain.commands import SETTABLE, as_set
from console.models.domain.glossary import word
from console.models.domain.roles import Action
from console.models.queries.panels import AgentRow
from console.views import formats, theme
from console.views.bridge import LiveBoard
from console.views.screens.board.agent_deeds import AgentDeeds, pending_words
from console.views.widgets.labels import label

_WIDTH = 300
"""Lines to be read are at least so wide, and break where they are longer."""


def request_of(row: AgentRow) -> BreakRequest | None:
    """The break that an agent asks for; None where they do not."""
    return BreakRequest(row.name, row.asked_at, row.wanted) if row.asked_at else None


def asked_words(request: BreakRequest) -> str:
    """Who wants what."""
    return _("{agent} asks for {n} min").format(agent=request.agent, n=-(-request.wanted // MINUTE))


def until_words(request: BreakRequest, deeds: AgentDeeds, live: LiveBoard) -> str:
    """What approving means."""
    time = formats.time_of_day(deeds.until(request), live.zone, seconds=False)
    return _("Approve until {time}").format(time=time)


def agent_menu(
    parent: QWidget,
    row: AgentRow,
    deeds: AgentDeeds,
    live: LiveBoard,
    *,
    effect: str,
    change_queues: Callable[[], object],
    show_tickets: Callable[[], object],
) -> QMenu:
    """Build it anew for an agent as they are now; ``effect`` says what the break that they ask for would do."""
    menu = QMenu(parent)
    request = request_of(row)
    if request is not None:
        _asks(menu, request, deeds, live, effect)
    for asked in deeds.pending(row.name):
        _say(menu, f"{pending_words(asked)}: {asked.words}")
    states = menu.addMenu(theme.icon("user", "text_muted"), _("Set state"))
    states.setEnabled(deeds.may(Action.AGENT_STATE, row.name))
    group = QActionGroup(states)
    for state in SETTABLE:
        action = states.addAction(word(state))
        action.setCheckable(True)
        group.addAction(action)
        action.setChecked(bool(row.since) and as_set(row.state) is state)
        action.triggered.connect(partial(_call, partial(deeds.set_state, row.name, state)))
    queues = menu.addAction(theme.icon("adjustments", "text_muted"), _("Change queues…"))
    queues.setEnabled(deeds.may(Action.AGENT_QUEUES, row.name))
    queues.triggered.connect(partial(_call, change_queues))
    menu.addSeparator()
    menu.addAction(theme.icon("filter", "text_muted"), _("Show their tickets")).triggered.connect(
        partial(_call, show_tickets)
    )
    return menu


def _asks(menu: QMenu, request: BreakRequest, deeds: AgentDeeds, live: LiveBoard, effect: str) -> None:
    age = formats.span((live.now() - request.asked_at) / SECOND)
    _say(menu, _("{asked}, {age} ago").format(asked=asked_words(request), age=age))
    if effect:
        _say(menu, effect)
    may = deeds.may(Action.AGENT_BREAK, request.agent)
    approve = menu.addAction(theme.icon("check", "text_muted"), until_words(request, deeds, live))
    approve.triggered.connect(partial(_call, partial(deeds.approve, request)))
    decline = menu.addAction(theme.icon("x", "text_muted"), _("Decline"))
    decline.triggered.connect(partial(_call, partial(deeds.decline, request)))
    for action in (approve, decline):
        action.setEnabled(may)
    menu.addSeparator()


def _say(menu: QMenu, text: str) -> None:
    """A line to be read, which cannot be pressed."""
    line = QWidgetAction(menu)
    said = label(text, "small", wrap=True)
    said.setContentsMargins(theme.px(12), theme.px(4), theme.px(12), theme.px(4))
    said.setMinimumWidth(theme.px(_WIDTH))
    line.setText(text)
    line.setDefaultWidget(said)
    line.setEnabled(False)
    menu.addAction(line)


def _call(call: Callable[[], object], _checked: bool = False) -> None:
    call()
