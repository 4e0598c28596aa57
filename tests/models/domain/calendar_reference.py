"""Working time the slow and plain way: one local day after the other with datetime and zoneinfo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from console.clock import micros, moment
from console.models.domain.calendars import Calendar, Periods

Span = tuple[datetime, datetime]
LONGEST = timedelta(days=50)


def periods_of(calendar: Calendar, day: date) -> Periods:
    if day in calendar.exceptions:
        return calendar.exceptions[day]
    if calendar.holidays is not None:
        if day in calendar.holidays.off:
            return ()
        if day in calendar.holidays.work:
            return calendar.makeup
    return calendar.week[day.weekday()]


def in_utc(wall: datetime, zone: tzinfo) -> list[datetime]:
    """The instants at which the wall clock shows this time: none in a gap, two in a fold."""
    found = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(at for at in found if at.astimezone(zone).replace(tzinfo=None) == wall)


def changes(zone: tzinfo, day: date) -> list[datetime]:
    """The instants of a UTC day at which the local offset changes, minute by minute where it does."""
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    end = at + timedelta(days=1)
    if at.astimezone(zone).utcoffset() == end.astimezone(zone).utcoffset():
        return []
    found = []
    while at < end:
        after = at + timedelta(minutes=1)
        if at.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            found.append(after)
        at = after
    return found


def is_open(calendar: Calendar, at: datetime) -> bool:
    wall = at.astimezone(calendar.zone).replace(tzinfo=None)
    for day in (wall.date() - timedelta(days=1), wall.date()):
        midnight = datetime.combine(day, time())
        if any(
            midnight + timedelta(minutes=a) <= wall < midnight + timedelta(minutes=b)
            for a, b in periods_of(calendar, day)
        ):
            return True
    return False


def spans(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Span]:
    """The working time between two instants: cut at everything that may open, close or change the clock."""
    day = start.date() - timedelta(days=2)
    while day <= end.date() + timedelta(days=2):
        cuts = {datetime(day.year, day.month, day.day, tzinfo=UTC)}
        cuts.update(changes(calendar.zone, day))
        for local in (day - timedelta(days=2), day - timedelta(days=1), day, day + timedelta(days=1)):
            for period in periods_of(calendar, local):
                for minutes in period:
                    wall = datetime.combine(local, time()) + timedelta(minutes=minutes)
                    cuts.update(in_utc(wall, calendar.zone))
        floor = datetime(day.year, day.month, day.day, tzinfo=UTC)
        marks = sorted(cut for cut in cuts if floor <= cut < floor + timedelta(days=1))
        for first, last in zip(marks, [*marks[1:], floor + timedelta(days=1)], strict=True):
            low, high = max(first, start), min(last, end)
            if low < high and is_open(calendar, first):
                yield low, high
        day += timedelta(days=1)


def worked(calendar: Calendar, start: int, end: int) -> int:
    if end < start:
        return -worked(calendar, end, start)
    total = sum((high - low for low, high in spans(calendar, moment(start), moment(end))), timedelta())
    return total // timedelta(microseconds=1)


def add(calendar: Calendar, start: int, duration: int) -> int | None:
    """None when there is not so much working time within `LONGEST`."""
    left = timedelta(microseconds=duration)
    if duration <= 0:
        return start
    for low, high in spans(calendar, moment(start), moment(start) + LONGEST):
        if high - low >= left:
            return micros(low + left)
        left -= high - low
    return None
