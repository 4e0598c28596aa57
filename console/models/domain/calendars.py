"""Working calendars: when a clock in business time runs, and the arithmetic with working time (R-CLOCK).

A period belongs to the day on which it begins, so a night shift of Friday runs into a closed Saturday. A day is decided
by the first of these that knows it: a dated exception of the calendar, a public holiday or make-up workday, the week.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo

import numpy as np
from numpy.typing import ArrayLike, NDArray

from console.clock import DAY, MINUTE, micros, moment
from console.errors import KnownError
from console.i18n import _
from console.models.domain.business_time import Instants, OpenTime, open_time

Period = tuple[int, int]
"""From and until, in minutes after the midnight with which the day begins; past 1440 it ends on the next day."""
Periods = tuple[Period, ...]

_EPOCH = date(1970, 1, 1)
_MINUTES = 24 * 60
_STEP = 32 * DAY
_FARTHEST = 60 * 366 * DAY
_WHOLE_DAY: Periods = ((0, _MINUTES),)
_MARGIN = 3
"""Days read beyond a span: offsets from UTC reach a day, periods another one."""


class CalendarError(KnownError):
    """The calendar cannot answer."""


class NeverOpensError(CalendarError):
    """After this instant the calendar has not enough working time left, not in sixty years."""

    def __init__(self, at: int) -> None:
        super().__init__(
            _("The working calendar does not open (long enough) after {time}.").format(time=moment(at).isoformat()),
            _("Give it working periods in the policy."),
        )
        self.at = at


class UnknownYearError(CalendarError):
    """The public holidays of a year are needed and not known; names the year and the file that wants them."""

    def __init__(self, year: int, file: str) -> None:
        super().__init__(
            _("The public holidays of {year} are not known.").format(year=year),
            _("Add a table [{year}] with the announced days to {file}.").format(year=year, file=file),
        )
        self.year = year
        self.file = file


@dataclass(frozen=True)
class Holidays:
    """Public holidays and make-up workdays of the years that are known; ``file`` is where they were read."""

    file: str
    years: frozenset[int]
    off: frozenset[date]
    work: frozenset[date]


@dataclass(frozen=True)
class Calendar:
    """Weekly working periods in a time zone, with dated exceptions and public holidays.

    ``week`` holds the periods of Monday to Sunday; ``exceptions`` those of single days (none: closed); on a make-up
    workday the periods of ``makeup`` apply. All results are exact to the microsecond, over gaps and folds of the local
    time too. Raises ValueError for a period that does not end after it begins or reaches past the next day.
    """

    zone: tzinfo
    week: tuple[Periods, ...]
    exceptions: Mapping[date, Periods] = field(default_factory=dict)
    holidays: Holidays | None = None
    makeup: Periods = ()
    _built: list[OpenTime] = field(default_factory=list, repr=False, compare=False)
    """The open time of the span asked for so far, once there is one; replaced by a longer one when need be."""

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError(f"a week has 7 days, not {len(self.week)}")
        for periods in (*self.week, *self.exceptions.values(), self.makeup):
            for start, end in periods:
                if not 0 <= start < _MINUTES or not start < end <= 2 * _MINUTES:
                    raise ValueError(f"{start}-{end} is not a period of one day or into the next")

    @property
    def always(self) -> bool:
        """Whether it is open round the clock, every day."""
        return self.week == (_WHOLE_DAY,) * 7 and not self.exceptions and self.holidays is None

    def worked(self, start: ArrayLike, end: ArrayLike) -> Instants:
        """The working time between instants, in microseconds; negative where ``end`` is before ``start``.

        Raises `UnknownYearError` when a span touches a year without holiday data.
        """
        first, last = np.broadcast_arrays(np.asarray(start, dtype=np.int64), np.asarray(end, dtype=np.int64))
        if self.always or not first.size:
            return np.asarray(last - first)
        low, high = int(min(first.min(), last.min())), int(max(first.max(), last.max()))
        self._ask_for_years(np.minimum(first, last), np.maximum(first, last))
        opened = self._open(low, high + 1)
        return opened.worked_until(last) - opened.worked_until(first)

    def add(self, start: ArrayLike, duration: ArrayLike, otherwise: int | None = None) -> Instants:
        """The first instant at which ``duration`` microseconds have been worked since ``start``.

        With a duration of 0 or less it is ``start`` itself. Raises `NeverOpensError` when there is not so much working
        time to come, and `UnknownYearError` when a year without holiday data would decide; with ``otherwise`` these
        rows get that value instead.
        """
        begin, length = np.broadcast_arrays(np.asarray(start, dtype=np.int64), np.asarray(duration, dtype=np.int64))
        if self.always:
            return np.asarray(begin + np.maximum(length, 0))
        shape, begin, length = begin.shape, begin.ravel(), length.ravel()
        result = begin.copy()
        pending = np.flatnonzero(length > 0)
        if not pending.size:
            return result.reshape(shape)
        low, high = int(begin[pending].min()), int(begin[pending].max())
        step = _STEP
        while pending.size:
            opened = self._open(low, high + step)
            wanted = opened.worked_until(begin[pending]) + length[pending]
            here = wanted <= opened.total()
            result[pending[here]] = opened.reached(wanted[here])
            pending = pending[~here]
            if self._ends_before(high + step) or step > _FARTHEST:
                break
            step *= 2
        return self._checked(begin, length, result, pending, otherwise).reshape(shape)

    def is_open(self, at: ArrayLike) -> NDArray[np.bool_]:
        """Whether these instants are working time; raises `UnknownYearError` as `worked` does."""
        instants = np.asarray(at, dtype=np.int64)
        if self.always or not instants.size:
            return np.ones(instants.shape, dtype=bool)
        self._ask_for_years(instants, instants + 1)
        return self._open(int(instants.min()), int(instants.max()) + 1).is_open(instants)

    def is_known(self, start: ArrayLike, end: ArrayLike) -> NDArray[np.bool_]:
        """Whether the holidays of all years between these instants are known: `worked` raises where they are not."""
        first, last = np.broadcast_arrays(np.asarray(start, dtype=np.int64), np.asarray(end, dtype=np.int64))
        return np.asarray(self._first_unknown(np.minimum(first, last), np.maximum(first, last)) == 0)

    def known_until(self, at: int) -> int:
        """Until when the holiday data reach without a gap, from an instant on; ``at`` itself where they do not begin.

        0 when no holiday data are needed. For a warning in time: a year is announced only shortly before it begins.
        """
        if self.holidays is None:
            return 0
        year = moment(at).astimezone(self.zone).year
        if year not in self.holidays.years:
            return at
        while year in self.holidays.years:
            year += 1
        return self._midnight(year)

    def _checked(
        self, begin: Instants, length: Instants, result: Instants, never: Instants, otherwise: int | None
    ) -> Instants:
        """The sums, with what cannot be known raised or replaced."""
        asked = length > 0
        asked[never] = False
        year = self._first_unknown(begin, np.where(asked, result, begin))
        if otherwise is not None:
            result[never] = otherwise
            result[asked & (year > 0)] = otherwise
            return result
        if (year[asked] > 0).any():
            raise self._unknown(int(year[asked & (year > 0)].min()))
        if never.size:
            gone = self._first_unknown(begin[never], begin[never] + _FARTHEST)
            if (gone > 0).any() and any(self.week):
                raise self._unknown(int(gone[gone > 0].min()))
            raise NeverOpensError(int(begin[never].min()))
        return result

    def _unknown(self, year: int) -> UnknownYearError:
        return UnknownYearError(year, self.holidays.file if self.holidays else "")

    def _first_unknown(self, first: Instants, last: Instants) -> Instants:
        """The first year without holiday data that ``first <= t < last`` touches, 0 where there is none."""
        found = np.zeros(first.shape, dtype=np.int64)
        if self.holidays is None or not first.size:
            return found
        low = moment(int(first.min())).astimezone(self.zone).year
        high = moment(int(last.max())).astimezone(self.zone).year
        for year in range(high, low - 1, -1):
            if year not in self.holidays.years:
                touches = (first < self._midnight(year + 1)) & (last > self._midnight(year))
                found[touches] = year
        return found

    def _ask_for_years(self, first: Instants, last: Instants) -> None:
        year = self._first_unknown(first, last)
        if (year > 0).any():
            raise self._unknown(int(year[year > 0].min()))

    def _midnight(self, year: int) -> int:
        """The instant at which a year begins on the wall."""
        return micros(datetime(year, 1, 1, tzinfo=self.zone))

    def _ends_before(self, at: int) -> bool:
        """Whether nothing opens any more from an instant on."""
        if any(self.week):
            return False
        days = [day for day, periods in self.exceptions.items() if periods]
        if self.makeup and self.holidays is not None:
            days.extend(self.holidays.work)
        return not days or (max(days) - _EPOCH).days + _MARGIN < at // DAY

    def _open(self, low: int, high: int) -> OpenTime:
        """The open time of a span that holds the one asked for, built once and kept."""
        since, until = low // _STEP * _STEP, -(-high // _STEP) * _STEP
        for opened in tuple(self._built):
            if opened.since <= since and until <= opened.until:
                return opened
            since, until = min(since, opened.since), max(until, opened.until)
        opened = open_time(self._walls(since // DAY - _MARGIN, until // DAY + _MARGIN), self.zone, since, until)
        self._built[:] = [opened]
        return opened

    def _walls(self, first: int, last: int) -> tuple[Instants, Instants]:
        """The working periods of these days since the epoch, as wall times."""
        days = np.arange(first, last, dtype=np.int64)
        # 1970-01-01 was a Thursday.
        weekday = (days + 3) % 7
        special = self._special(first, last)
        ordinary = ~np.isin(days, np.fromiter(special, np.int64, len(special)))
        starts: list[Instants] = []
        ends: list[Instants] = []
        for number, periods in enumerate(self.week):
            midnights = days[ordinary & (weekday == number)] * DAY
            for start, end in periods:
                starts.append(midnights + start * MINUTE)
                ends.append(midnights + end * MINUTE)
        single = [(day, period) for day, periods in special.items() for period in periods]
        starts.append(np.array([day * DAY + period[0] * MINUTE for day, period in single], dtype=np.int64))
        ends.append(np.array([day * DAY + period[1] * MINUTE for day, period in single], dtype=np.int64))
        return np.concatenate(starts), np.concatenate(ends)

    def _special(self, first: int, last: int) -> dict[int, Periods]:
        """The days, counted from the epoch, that do not follow the week."""
        special: dict[date, Periods] = {}
        if self.holidays is not None:
            special.update(dict.fromkeys(self.holidays.work, self.makeup))
            special.update(dict.fromkeys(self.holidays.off, ()))
        special.update(self.exceptions)
        numbered = {(day - _EPOCH).days: periods for day, periods in special.items()}
        return {day: periods for day, periods in numbered.items() if first <= day < last}


def always_open(zone: tzinfo = UTC) -> Calendar:
    """Round the clock, every day: wall time."""
    return Calendar(zone, (_WHOLE_DAY,) * 7)
