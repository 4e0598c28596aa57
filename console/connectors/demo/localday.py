"""A day of the centre's local calendar on the microsecond line, whatever the zone's summer time does to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from console.clock import SECOND, micros, moment


@dataclass(frozen=True, slots=True)
class LocalDay:
    """From one local midnight to the next; ``hours`` holds the instant at which each wall-clock hour begins."""

    date: date
    start: int
    end: int
    hours: tuple[int, ...]

    def instant(self, seconds: float) -> int:
        """The instant at which the wall clock shows this many seconds after midnight."""
        hour = min(int(seconds // 3600), 23)
        return self.hours[hour] + int((seconds - hour * 3600) * SECOND)


def local_day(day: date, zone: tzinfo) -> LocalDay:
    """The local day of this date in this zone."""

    def at(when: date, hour: int) -> int:
        return micros(datetime.combine(when, time(hour), tzinfo=zone))

    return LocalDay(day, at(day, 0), at(day + timedelta(days=1), 0), tuple(at(day, hour) for hour in range(24)))


def date_at(at: int, zone: tzinfo) -> date:
    """The local date of an instant."""
    return moment(at).astimezone(zone).date()


def is_campaign(day: date) -> bool:
    """Whether the shop has a sale on this day: the day whose number is its month's (2.2 to 12.12)."""
    return day.day == day.month != 1


def days_after_campaign(day: date) -> int:
    """How many days ago the last sale was (0 on the day itself); 99 when it was not in the last two days."""
    return next((back for back in range(3) if is_campaign(day - timedelta(days=back))), 99)
