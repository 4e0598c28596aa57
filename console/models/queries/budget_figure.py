"""The reply rate of a channel as a figure with evidence (R-FRT-CHANNEL): its share, what it counts, what it assumes."""

from __future__ import annotations

from console.clock import SECOND
from console.i18n import N_
from console.models.domain.contacts import Channel
from console.models.live.filters import Filter, Scope
from console.models.queries.figures import Figure, Part, Reading, Unit
from console.models.queries.reply_budgets import ChannelBudget, budgets
from console.models.queries.today import Look


def figure_of(channel: Channel) -> Figure:
    """The figure of a channel; nothing to show where the policy gives it no goal or its window has not begun."""
    return Figure(
        f"reply_rate/{channel.key}",
        N_("answered in time by the marketplace's measure"),
        N_(
            "Of the times that customers wrote in the platform's window of today, the share that a person answered "
            "within its limit. Messages that follow one another before an answer count once. The misses left assume "
            "that the rest of the window is as busy as its time so far, and that all others are met."
        ),
        Unit.SHARE,
        lambda look: _read(look, channel),
        N_("in time / decided"),
        lambda look: _waiting(look, channel),
        N_("Show the {n} that wait there"),
        by_the_second=True,
    )


def _read(look: Look, channel: Channel) -> Reading:
    found = _of(look, channel)
    if found is None:
        return Reading(None)
    budget = found.budget
    parts = [
        Part(N_("misses left until the end"), budget.misses_left),
        Part(N_("misses left if nobody else wrote"), budget.misses_left_now),
        Part(N_("answered late"), found.late),
        Part(N_("ended without an answer"), found.lost),
        Part(N_("still waiting beyond the limit"), found.overdue),
        Part(N_("still waiting within it"), budget.pending),
        Part(N_("assumed to come"), budget.expected),
        Part(N_("limit"), found.rules.within / SECOND, Unit.SECONDS),
        Part(N_("goal"), found.rules.target, Unit.SHARE),
    ]
    value = None if budget.rate is None else float(budget.rate)
    return Reading(value, budget.met, budget.decided, parts, _waits(look, channel))


def _of(look: Look, channel: Channel) -> ChannelBudget | None:
    return next((each for each in budgets(look.board, look.now) if each.channel is channel), None)


def _waits(look: Look, channel: Channel) -> int:
    columns = look.board.columns
    count = columns.count
    return int(((columns.channel[:count] == channel) & (columns.waiting_since[:count] > 0)).sum())


def _waiting(_look: Look, channel: Channel) -> Filter:
    return Filter(Scope.WAITING, values={"channel": frozenset({int(channel)})})
