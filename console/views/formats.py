"""How figures and times are written on screens, in both languages; pure text, no Qt."""

from __future__ import annotations

from datetime import datetime, tzinfo

from console.clock import moment
from console.i18n import N_, _

_MINUTE = 60
_HOUR = 3_600
_DAY = 86_400
_WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
_MONTHS = (
    N_("Jan"),
    N_("Feb"),
    N_("Mar"),
    N_("Apr"),
    N_("May"),
    N_("Jun"),
    N_("Jul"),
    N_("Aug"),
    N_("Sep"),
    N_("Oct"),
    N_("Nov"),
    N_("Dec"),
)
DASH = "–"
"""Stands where there is no figure."""


def count(value: int) -> str:
    """A whole number with thin groups: 12 345 reads faster than 12345 in both languages."""
    return f"{value:,}".replace(",", "\N{NO-BREAK SPACE}")


def percent(part: float, whole: float) -> str:
    """A share as ``93 %``, or a dash when there is nothing to share."""
    return f"{100 * part / whole:.0f}\N{NO-BREAK SPACE}%" if whole else DASH


def span(seconds: float) -> str:
    """A duration in its two largest units: ``42 s``, ``3 min``, ``1 h 12 min``, ``2 d 3 h``."""
    whole = max(0, int(seconds))
    if whole < _MINUTE:
        return _("{n} s").format(n=whole)
    if whole < _HOUR:
        return _("{n} min").format(n=whole // _MINUTE)
    if whole < _DAY:
        hours, minutes = divmod(whole // _MINUTE, 60)
        return _("{h} h {m} min").format(h=hours, m=minutes) if minutes else _("{h} h").format(h=hours)
    days, hours = divmod(whole // _HOUR, 24)
    return _("{d} d {h} h").format(d=days, h=hours) if hours else _("{d} d").format(d=days)


def countdown(seconds: float) -> str:
    """Time left to the second: ``3:07``, ``1:12:40``; past the limit with a minus, ``−0:42``; from 100 h in days."""
    whole = int(abs(seconds))
    sign = "\N{MINUS SIGN}" if seconds < 0 else ""
    minutes, seconds = divmod(whole, _MINUTE)
    if whole < _HOUR:
        return f"{sign}{minutes}:{seconds:02d}"
    if whole < 100 * _HOUR:
        return f"{sign}{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return sign + span(whole)


def time_of_day(at: int, zone: tzinfo, *, seconds: bool = True) -> str:
    """``14:05:09`` of an instant (microseconds since the epoch) in a zone."""
    return _local(at, zone).strftime("%H:%M:%S" if seconds else "%H:%M")


def date(at: int, zone: tzinfo) -> str:
    """The calendar day of an instant: ``Sun 22 Nov 2026`` or ``2026年11月22日 周日``."""
    local = _local(at, zone)
    return _("{weekday} {day} {month} {year}").format(
        weekday=_(_WEEKDAYS[local.weekday()]), day=local.day, month=_(_MONTHS[local.month - 1]), year=local.year
    )


def instant(at: int, zone: tzinfo) -> str:
    """Day and time of an instant, sortable and the same in both languages: ``2026-11-22 14:05``."""
    return _local(at, zone).strftime("%Y-%m-%d %H:%M")


def zone_name(at: int, zone: tzinfo) -> str:
    """The zone's offset at an instant, as people say it: ``UTC+8``, ``UTC−3:30``, ``UTC``."""
    offset = _local(at, zone).utcoffset()
    minutes = round(offset.total_seconds() / 60) if offset is not None else 0
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else chr(0x2212)}{hours}" + (f":{rest:02d}" if rest else "")


def _local(at: int, zone: tzinfo) -> datetime:
    return moment(at).astimezone(zone)
