"""How each figure looks on a tile: its number in words, the line below, and when it needs a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from console.clock import SECOND
from console.i18n import _
from console.models.queries.figures import Figure, Reading, Unit, target, will_breach_by
from console.models.queries.today import Look
from console.views import formats
from console.views.theme import State
from console.views.widgets.tile import TileFace

_HOUR = 3_600
_DAY = 86_400
_SPOKEN_IN_SECONDS = 120
"""A service level of 60 s is never called one of 1 min."""
_MINUTES = len("20:30")
_DANGER_BELOW = 0.85
"""Under this part of the service-level target the tile turns from a warning into an alarm."""


class Written(NamedTuple):
    """A value as a large number and its unit."""

    figure: str
    unit: str = ""


def written(value: float | None, unit: Unit) -> Written:
    """A value in words: counts with groups, shares in per cent, durations as 48 s, 3:07 (minutes), 1:12 h, 2.4 d."""
    if value is None:
        return Written(formats.DASH)
    if unit is Unit.SHARE:
        return Written(f"{100 * value:.0f}" if value >= _ONE_PERCENT or not value else f"{100 * value:.1f}", "%")
    if unit is Unit.SECONDS:
        return _duration(value)
    return Written(formats.count(round(value)))


_ONE_PERCENT = 0.0995
_LONG = 36_000
"""From ten hours on nobody asks for the minutes."""


def _duration(seconds: float) -> Written:
    whole = int(seconds)
    if whole < 60:
        return Written(str(whole), _("s"))
    if whole < _HOUR:
        return Written(f"{whole // 60}:{whole % 60:02d}")
    if whole < _DAY:
        return Written(f"{whole // _HOUR}:{whole % _HOUR // 60:02d}", _("h"))
    return Written(f"{whole / _DAY:.1f}", _("d"))


def short(seconds: float) -> str:
    """A duration for a narrow column: 48 s, 12 min, 1:12 h, 14 h, 2.4 d."""
    if seconds < _HOUR:
        return formats.span(seconds)
    if _LONG <= seconds < _DAY:
        return formats.span(seconds // _HOUR * _HOUR)
    return _in_one(_duration(seconds))


def _in_one(told: Written) -> str:
    return f"{told.figure}\N{NO-BREAK SPACE}{told.unit}"


def as_text(value: float | None, unit: Unit) -> str:
    """The same in one piece, for rows of evidence."""
    if unit is Unit.SECONDS and value is not None:
        if value >= _HOUR:
            return _in_one(_duration(value))
        return _within(int(value)) if value <= _SPOKEN_IN_SECONDS else _minutes(value)
    number, word = written(value, unit)
    return f"{number}\N{NO-BREAK SPACE}{word}" if word else number


def _minutes(seconds: float) -> str:
    whole = int(seconds)
    return formats.span(whole) if whole % 60 == 0 else _("{time} min").format(time=formats.countdown(whole))


def face(figure: Figure, reading: Reading, look: Look) -> TileFace:
    """The tile of a figure; staleness is added by whoever knows the sources."""
    number, unit = written(reading.value, figure.unit)
    sub, state = _LOOKS[figure.key](reading, look)
    return TileFace(number, _(figure.label), sub, unit, state)


_Look = Callable[[Reading, Look], tuple[str, State]]


def _breached(reading: Reading, _look: Look) -> tuple[str, State]:
    sub = _("of {n} waiting").format(n=formats.count(reading.denominator))
    return sub, State.DANGER if reading.value else State.OK


def _due_soon(reading: Reading, _look: Look) -> tuple[str, State]:
    worst = reading.parts[0] if reading.parts else None
    sub = _("{n} on {channel}").format(n=int(worst.value), channel=_(worst.label)) if worst else _("none due shortly")
    return sub, State.WARNING if reading.value else State.OK


def _will_breach(reading: Reading, look: Look) -> tuple[str, State]:
    if reading.value is None:
        return _("being worked out"), State.NEUTRAL
    if not reading.value:
        return _("nobody else in sight"), State.OK
    until = will_breach_by(look)
    by = formats.time_of_day(until, look.board.policy.time_zone)[:_MINUTES]
    return _("by {time}").format(time=by) if until else "", State.WARNING


def _oldest_wait(reading: Reading, look: Look) -> tuple[str, State]:
    slot = look.board.clocks.oldest_slot()
    if slot is None:
        return _("nobody waits"), State.OK
    due = int(look.board.columns.due_at[slot])
    sub = _("on {channel}").format(channel=_(reading.parts[0].label))
    return sub, State.DANGER if 0 < due <= look.now else State.NEUTRAL


def _waiting(_reading: Reading, look: Look) -> tuple[str, State]:
    unowned = int(look.waiting_by("assignee")[0])
    return _("{n} unassigned").format(n=formats.count(unowned)), State.NEUTRAL


def _in_progress(_reading: Reading, look: Look) -> tuple[str, State]:
    return _("{n} done").format(n=formats.count(look.done)), State.NEUTRAL


def _service_level(reading: Reading, look: Look) -> tuple[str, State]:
    share, within = target(look)
    sub = _("goal {share}/{span}").format(share=f"{100 * share:.0f}%", span=_within(within // SECOND))
    if reading.value is None:
        return sub, State.NEUTRAL
    if reading.value >= share:
        return sub, State.OK
    return sub, State.WARNING if reading.value >= share * _DANGER_BELOW else State.DANGER


def _within(seconds: int) -> str:
    return _("{n} s").format(n=seconds) if seconds <= _SPOKEN_IN_SECONDS else formats.span(seconds)


def _answers(reading: Reading, _look: Look) -> tuple[str, State]:
    return _("mean of {n}").format(n=formats.count(reading.denominator)), State.NEUTRAL


def _contacts(reading: Reading, _look: Look) -> tuple[str, State]:
    return _("mean of {n}").format(n=formats.count(reading.denominator)), State.NEUTRAL


def _agents(reading: Reading, look: Look) -> tuple[str, State]:
    sub = _("{n} logged in").format(n=reading.denominator)
    waiting = int(look.waiting_by("channel").sum())
    return sub, State.WARNING if reading.value == 0 and waiting else State.NEUTRAL


def _abandonment(reading: Reading, _look: Look) -> tuple[str, State]:
    return _("{n} of {all}").format(n=reading.numerator, all=formats.count(reading.denominator)), State.NEUTRAL


_LOOKS: dict[str, _Look] = {
    "breached": _breached,
    "due_soon": _due_soon,
    "will_breach": _will_breach,
    "oldest_wait": _oldest_wait,
    "waiting": _waiting,
    "in_progress": _in_progress,
    "service_level": _service_level,
    "first_response": _answers,
    "handling": _contacts,
    "agents": _agents,
    "abandonment": _abandonment,
}
