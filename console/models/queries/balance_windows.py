"""R-SKEW: the windows that work is compared over, and the hours and days that they consist of; none is ahead of now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple

from console.clock import HOUR, micros, moment
from console.models.policy.policy import Policy


class Window(NamedTuple):
    """The span ``begin <= at < end``, microseconds since the epoch."""

    begin: int
    end: int


def window(name: str, now: int, policy: Policy) -> Window:
    """The window of this name, one of `WINDOWS`, up to ``now``; raises KeyError for another."""
    return WINDOWS[name](now, policy)


def custom(begin: int, end: int, now: int) -> Window:
    """A span of somebody's choice, without what lies ahead; raises ValueError where nothing is left of it."""
    if begin >= min(end, now):
        raise ValueError(f"nothing of {begin} to {end} lies before {now}")
    return Window(begin, min(end, now))


def hours(span: Window, policy: Policy) -> tuple[Window, ...]:
    """The local hours of a span; the first and the last may be cut."""
    local = moment(span.begin).astimezone(policy.time_zone)
    first = micros(local.replace(minute=0, second=0, microsecond=0))
    return _cut([*range(first, span.end, HOUR), span.end], span)


def days(span: Window, policy: Policy) -> tuple[Window, ...]:
    """The local days of a span; the first and the last may be cut."""
    midnights = [policy.midnight_before(span.begin)]
    day = moment(span.begin).astimezone(policy.time_zone).date()
    while midnights[-1] < span.end:
        day += timedelta(days=1)
        midnights.append(_instant(day, 0, policy))
    return _cut(midnights, span)


def _cut(bounds: list[int], span: Window) -> tuple[Window, ...]:
    spans = [Window(max(begin, span.begin), min(end, span.end)) for begin, end in pairwise(bounds)]
    return tuple(one for one in spans if one.begin < one.end)


def _hour(now: int, _policy: Policy) -> Window:
    return Window(now - HOUR, now)


def _shift(now: int, policy: Policy) -> Window:
    """The shift that runs; of several the one that began last; where none runs, the one that ended last. A site
    without shifts has its days."""
    today = moment(now).astimezone(policy.time_zone).date()
    begun = [
        Window(_instant(day, start, policy), _instant(day, end, policy))
        for day in (today - timedelta(days=2), today - timedelta(days=1), today)
        for start, end in policy.shifts
    ]
    begun = [shift for shift in begun if shift.begin < now]
    if not begun:
        return _day(now, policy)
    running = [shift for shift in begun if now <= shift.end]
    shift = max(running) if running else max(begun, key=lambda one: one.end)
    return Window(shift.begin, min(shift.end, now))


def _day(now: int, policy: Policy) -> Window:
    return Window(policy.midnight_before(now - 1), now)


def _week(now: int, policy: Policy) -> Window:
    """Since Monday."""
    today = moment(now - 1).astimezone(policy.time_zone).date()
    return Window(_instant(today - timedelta(days=today.weekday()), 0, policy), now)


def _instant(day: date, minute: int, policy: Policy) -> int:
    """A minute of the local day, which may be on the next one; of an hour that the clock skips, as if it did not."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    return micros(wall.replace(tzinfo=policy.time_zone))


WINDOWS: dict[str, Callable[[int, Policy], Window]] = {"hour": _hour, "shift": _shift, "day": _day, "week": _week}
"""The last hour, the shift, the day since midnight, the week since Monday."""
