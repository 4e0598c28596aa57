"""What a policy will soon lack: the public holidays of a year that has not been announced to it."""

from __future__ import annotations

from console.clock import DAY, moment
from console.i18n import _
from console.models.policy.figures import Policy

AHEAD = 60 * DAY
"""Clocks reach days and weeks ahead, so the days of the next year are asked for in time."""


def lacking(policy: Policy, now: int) -> str:
    """A sentence about the year whose public holidays are missing or will be soon, and where to add them; empty when
    none is. R-CLOCK: an unknown year asks for data, nothing is guessed."""
    calendar = policy.targets.calendar
    until = calendar.known_until(now)
    if calendar.holidays is None or until > now + AHEAD:
        return ""
    year = moment(max(until, now)).astimezone(calendar.zone).year
    return _(
        "The public holidays of {year} are not known: clocks in business time that reach into it have no due time."
        " Add a table [{year}] with the announced days to {file}."
    ).format(year=year, file=calendar.holidays.file)
