"""The three small tables of an entry in full: its clocks, the customer's other tickets, and what happened to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from console.clock import SECOND
from console.i18n import N_, _
from console.models.domain.clock_states import AppliedClock, State
from console.models.domain.escalation import ANSWERED, SYSTEM, Happening
from console.models.domain.escalation import State as EntryState
from console.models.domain.escalation_ports import Past
from console.models.domain.glossary import word
from console.models.live.fold import IS_FINAL
from console.models.queries.inbox_detail import OtherTicket
from console.models.queries.inbox_lines import clock_word, level_word
from console.models.queries.rule_words import rule_row, stage_of
from console.views import formats, theme
from console.views.screens.board.panel_model import PanelCell, PanelColumn
from console.views.tables.ticket_columns import Cell

Now = Callable[[], int]
Written = Callable[[int], str]
"""An instant as people read it."""


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the history, with its place so that it is told apart from others at the same instant."""

    place: int
    past: Past
    chain: tuple[str, ...]


def clock_columns(now: Now, written: Written) -> tuple[PanelColumn[AppliedClock], ...]:
    """Each clock with its rule, its due time and what is left."""
    return (
        PanelColumn("clock", N_("Clock"), 148, _clock),
        PanelColumn("rule", N_("Rule"), 0, lambda clock: _muted(rule_row(clock.cycle.rule))),
        PanelColumn(
            "due", N_("Due"), 92, lambda clock: _muted(written(clock.due_at) if clock.due_at else ""), right=True
        ),
        PanelColumn("left", N_("Left"), 76, lambda clock: _left(clock, now()), right=True),
    )


def other_columns(written: Written) -> tuple[PanelColumn[OtherTicket], ...]:
    """The customer's other tickets."""
    return (
        PanelColumn("when", N_("Created"), 108, lambda other: _muted(written(other.created_at))),
        PanelColumn("about", N_("About"), 0, lambda other: PanelCell(Cell(other.subject or word(other.type)))),
        PanelColumn("channel", N_("Channel"), 84, lambda other: _muted(word(other.channel))),
        PanelColumn("status", N_("Status"), 84, _status),
    )


def history_columns(written: Written) -> tuple[PanelColumn[Step], ...]:
    """Every move of the entry."""
    return (
        PanelColumn("at", N_("Time"), 64, lambda step: _muted(written(step.past.at))),
        PanelColumn("who", N_("Who"), 84, lambda step: _muted(_actor(step.past))),
        PanelColumn("what", N_("What"), 0, lambda step: PanelCell(Cell(told(step.past, step.chain)))),
    )


def told(past: Past, chain: tuple[str, ...]) -> str:
    """A move in words, with its reason."""
    level = level_word(chain[past.level]) if past.level < len(chain) else ""
    words = _(_MOVES.get(past.what, "")).format(level=level, owner=past.owner)
    if past.what is Happening.DUE:
        words = _(_DUE.get((past.before, past.state), _TIME_IS_UP)).format(level=level)
    reason = _(past.reason) if past.reason == ANSWERED else past.reason
    return f"{words}: {reason}" if reason else words


def _clock(clock: AppliedClock) -> PanelCell:
    name = clock_word(clock.cycle.clock)
    number = f" {clock.cycle.number}" if clock.cycle.number > 1 else ""
    if stage := stage_of(clock.cycle.rule):
        # The number of a stay says nothing; where the work order stays does.
        name, number = _("{clock}: {stage}").format(clock=name, stage=stage), ""
    over = clock.cycle.stopped_at is not None
    state = _STATES[clock.state]
    ink: theme.ColorName = "text_muted" if over else "text"
    spoken = f"{name}{number}, {_(_STATE_WORDS[clock.state])}"
    return PanelCell(Cell(name + number, ink, state), spoken=spoken)


def _left(clock: AppliedClock, now: int) -> PanelCell:
    if clock.cycle.stopped_at is None and clock.due_at is not None and clock.state is not State.PAUSED:
        left = clock.due_at - now
        ink: theme.ColorName = "danger" if left < 0 else "text"
        return PanelCell(Cell(formats.countdown(left / SECOND), ink, strong=left < 0))
    if clock.state is State.PAUSED:
        return _muted(_("paused"))
    if clock.state is State.MET:
        return _muted(_("met"))
    return PanelCell(Cell(formats.countdown(clock.margin / SECOND), "text_muted"))


def _status(other: OtherTicket) -> PanelCell:
    return PanelCell(Cell(word(other.status), "text_muted" if IS_FINAL[other.status] else "text"))


def _muted(text: str) -> PanelCell:
    return PanelCell(Cell(text, "text_muted"))


def _actor(past: Past) -> str:
    return _("console") if past.actor == SYSTEM else past.actor


_STATES = {
    State.BREACHED: theme.State.DANGER,
    State.RUNNING: theme.State.INFO,
    State.PAUSED: theme.State.PAUSED,
    State.MET: theme.State.OK,
}
_STATE_WORDS = {
    State.BREACHED: N_("late"),
    State.RUNNING: N_("running"),
    State.PAUSED: N_("paused"),
    State.MET: N_("met"),
}
_MOVES = {
    Happening.RAISE: N_("raised, told {level}"),
    Happening.AGAIN: N_("occurred again"),
    Happening.ACKNOWLEDGE: N_("acknowledged"),
    Happening.PROGRESS: N_("progress"),
    Happening.SNOOZE: N_("put aside"),
    Happening.RETURN: N_("given back to {owner}"),
    Happening.RESOLVE: N_("resolved"),
    Happening.REOPEN: N_("reopened"),
    Happening.HAND_OVER: N_("handed over to {owner}"),
    Happening.OWNER_LEFT: N_("owner went off shift"),
    Happening.MERGE: N_("merged"),
    Happening.UNREACHABLE: N_("nobody could be told, on to {level}"),
    Happening.RELEASE: N_("released"),
}
_TIME_IS_UP = N_("time is up")
_DUE: Mapping[tuple[EntryState | None, EntryState], str] = {
    (EntryState.RAISED, EntryState.RAISED): N_("nobody acted, climbed to {level}"),
    (EntryState.RAISED, EntryState.EXHAUSTED): N_("nobody acted, everyone told"),
    (EntryState.EXHAUSTED, EntryState.EXHAUSTED): N_("nobody acted, everyone told again"),
    (EntryState.ACKNOWLEDGED, EntryState.ACKNOWLEDGED): N_("reminded of progress"),
    (EntryState.ACKNOWLEDGED, EntryState.RAISED): N_("no progress, back to {level}"),
    (EntryState.SNOOZED, EntryState.RAISED): N_("the time aside is over"),
    (EntryState.RETURNED, EntryState.RAISED): N_("the agent's time is over"),
    (EntryState.RESOLVED, EntryState.CLOSED): N_("closed"),
}
