"""The clocks' part of a policy, as the domain's `ClockTargets`: the shipped figures, and a file that overrides them.

Only the tables about clocks and the calendar are read here; all others are left to the policy's own loader.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from console import paths
from console.errors import KnownError
from console.i18n import _
from console.models.domain.calendars import Calendar, Holidays, Periods
from console.models.domain.clock_targets import (
    PAUSED_BY,
    CaseClass,
    ClockName,
    ClockTargets,
    Level,
    Reopening,
    TargetRule,
)
from console.models.domain.contacts import (
    LIVE_CHANNELS,
    Channel,
    Code,
    ComplaintTier,
    Emotion,
    Priority,
    Status,
)
from console.models.policy import durations, holidays
from console.zones import system_zone

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WHOLE_DAY: Periods = ((0, 1440),)
_EVERY_COMPLAINT = tuple(int(tier) for tier in ComplaintTier if tier)

# clock, level, table of the policy, its words, rule
_BY_CODE: tuple[tuple[ClockName, Level, str, type[Code], str], ...] = (
    (ClockName.FIRST_RESPONSE, Level.COMPLAINT, "first_response.complaint", ComplaintTier, "R-CMP-TIER"),
    (ClockName.FIRST_RESPONSE, Level.EMOTION, "first_response.emotion", Emotion, "R-FRT-EMOTION"),
    (ClockName.FIRST_RESPONSE, Level.CHANNEL, "first_response.channel", Channel, "R-FRT-CHANNEL"),
    (ClockName.NEXT_RESPONSE, Level.CHANNEL, "next_response.channel", Channel, "R-CLOCK"),
    (ClockName.RESOLUTION, Level.COMPLAINT, "resolution.complaint", ComplaintTier, "R-CMP-TIER"),
    (ClockName.RESOLUTION, Level.PRIORITY, "resolution.priority", Priority, "R-CLOCK"),
)
# clock, level, codes, key of the policy, rule
_SINGLE: tuple[tuple[ClockName, Level, tuple[int, ...], str, str], ...] = (
    (ClockName.ACKNOWLEDGEMENT, Level.CLASS, (CaseClass.ORDINARY,), "acknowledgement.ordinary", "R-FRT-CLASS"),
    (ClockName.ACKNOWLEDGEMENT, Level.CLASS, (CaseClass.COMPLAINT,), "acknowledgement.complaint", "R-FRT-CLASS"),
    (
        ClockName.COMPLAINT_ACKNOWLEDGEMENT,
        Level.COMPLAINT,
        _EVERY_COMPLAINT,
        "acknowledgement.complaint_by_person",
        "R-CMP-ACK",
    ),
    (ClockName.PLAN, Level.COMPLAINT, _EVERY_COMPLAINT, "complaints.plan_within", "R-CMP-PLAN"),
    (ClockName.UPDATE, Level.COMPLAINT, _EVERY_COMPLAINT, "complaints.update_every", "R-CMP-PLAN"),
)
_WHOLE = ("week", "exceptions")
_CHATS = frozenset(channel.key for channel in LIVE_CHANNELS - {Channel.PHONE})
_WORD_OF = {ClockName.COMPLAINT_ACKNOWLEDGEMENT: "acknowledgement"}
"""Where the policy's word for a clock differs from the clock's name."""


class ClockPolicyError(KnownError):
    """What a policy says about clocks is wrong; the message names the file and the key."""


def load(path: Path | None = None) -> ClockTargets:
    """The targets of the shipped policy, with what the file at ``path`` says instead.

    Raises `ClockPolicyError` naming the file, the key and what is wrong with it, and `HolidaysError` for a wrong table
    of holidays.
    """
    shipped = paths.resource("policy/default.toml")
    data = _read(shipped)
    if path is not None:
        data = _merged(data, _read(path))
    return _Reader(path or shipped, data).targets()


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ClockPolicyError(
            _("The policy {file} cannot be read: {error}.").format(file=path, error=error),
            _("Correct the file and load it again."),
        ) from error


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """The base with every key that ``over`` holds replaced, table by table; those of the calendar as a whole."""
    result = dict(base)
    for key, value in over.items():
        old = result.get(key)
        both = isinstance(old, dict) and isinstance(value, dict)
        result[key] = _merged(old, value) if both and key not in _WHOLE and old is not None else value
    return result


class _Reader:
    """Takes the clocks out of a parsed policy and names the key of whatever is wrong."""

    def __init__(self, path: Path, data: Mapping[str, Any]) -> None:
        self._path = path
        self._data = data

    def targets(self) -> ClockTargets:
        time = {clock: self._get(f"clocks.time.{_word(clock)}", "wall") for clock in ClockName}
        for clock, word in time.items():
            if word not in ("business", "wall"):
                raise self._fail(
                    f"clocks.time.{_word(clock)}", _("{word!r} is neither business nor wall").format(word=word)
                )
        return ClockTargets(
            rules=(*self._by_code(), *self._single()),
            calendar=self._calendar(),
            business=frozenset(clock for clock, word in time.items() if word == "business"),
            paused_by={clock: self._paused_by(clock) for clock in ClockName},
            reopening=self._reopening(),
        )

    def _by_code(self) -> Iterator[TargetRule]:
        for clock, level, table, codes, rule in _BY_CODE:
            for key in self._table(table):
                try:
                    code = codes.of(key)
                except KeyError:
                    raise self._fail(f"{table}.{key}", _("this word is not known")) from None
                target = self._duration(f"{table}.{key}")
                chat = rule == "R-FRT-CHANNEL" and key in _CHATS
                name = f"{'R-FRT-CHAT' if chat else rule} {key}"
                if target:
                    yield TargetRule(clock, level, code, target, name, live_only=level is Level.EMOTION)

    def _single(self) -> Iterator[TargetRule]:
        for clock, level, codes, key, rule in _SINGLE:
            target = self._duration(key)
            for code in codes if target else ():
                yield TargetRule(clock, level, code, target, rule)

    def _paused_by(self, clock: ClockName) -> frozenset[Status]:
        key = f"clocks.paused_by.{_word(clock)}"
        words = self._get(key, None)
        if words is None:
            return PAUSED_BY.get(clock, frozenset())
        try:
            return frozenset(Status[word.upper()] for word in words)
        except (KeyError, TypeError, AttributeError):
            raise self._fail(
                key, _("{word!r} is not a list of statuses such as pending_customer").format(word=words)
            ) from None

    def _reopening(self) -> Reopening:
        word = self._get("clocks.reopening", Reopening.CONTINUE)
        try:
            return Reopening(word)
        except ValueError:
            raise self._fail(
                "clocks.reopening", _("{word!r} is neither continue nor again").format(word=word)
            ) from None

    def _calendar(self) -> Calendar:
        table = self._table("calendar.week")
        unknown = set(table) - {*WEEKDAYS, "makeup"}
        if unknown:
            raise self._fail(f"calendar.week.{min(unknown)}", _("it is not a weekday"))
        if not table:
            week: tuple[Periods, ...] = (_WHOLE_DAY,) * 7
        else:
            week = tuple(self._periods(f"calendar.week.{day}", table.get(day, [])) for day in WEEKDAYS)
        makeup = self._periods("calendar.week.makeup", table["makeup"]) if "makeup" in table else week[0]
        return Calendar(self._zone(), week, self._exceptions(week), self._holidays(), makeup)

    def _exceptions(self, week: tuple[Periods, ...]) -> dict[date, Periods]:
        found: dict[date, Periods] = {}
        for text, value in self._table("calendar.exceptions").items():
            key = f"calendar.exceptions.{text}"
            try:
                day = date.fromisoformat(text)
            except ValueError:
                raise self._fail(key, _("it is not a day such as 2026-10-01")) from None
            found[day] = week[WEEKDAYS.index(value)] if value in WEEKDAYS else self._periods(key, value)
        return found

    def _holidays(self) -> Holidays | None:
        word: str = self._get("calendar.holidays", "none")
        if word == "none":
            return None
        if word.endswith(".toml"):
            return holidays.read(self._path.parent / word)
        return holidays.of_country(word)

    def _zone(self) -> tzinfo:
        name: str = self._get("calendar.time_zone", "")
        try:
            return ZoneInfo(name) if name else system_zone()
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise self._fail(
                "calendar.time_zone", _("{word!r} is not a time zone such as Asia/Shanghai").format(word=name)
            ) from error

    def _periods(self, key: str, texts: object) -> Periods:
        if not isinstance(texts, list):
            raise self._fail(key, _("{word!r} is not a list of periods such as 09:00-12:00").format(word=texts))
        return tuple(self._period(key, text) for text in texts)

    def _period(self, key: str, text: object) -> tuple[int, int]:
        try:
            start, end = (_minute_of_day(part) for part in str(text).split("-"))
        except ValueError:
            raise self._fail(key, _("{word!r} is not a period such as 09:00-12:00").format(word=text)) from None
        if not (0 <= start < 1440 and 0 <= end <= 1440 and start != end):
            raise self._fail(key, _("{word!r} is not a period within a day or into the next").format(word=text))
        return start, end if end > start else end + 1440

    def _table(self, key: str) -> Mapping[str, Any]:
        value = self._get(key, {})
        if not isinstance(value, Mapping):
            raise self._fail(key, _("it is not a table"))
        return value

    def _duration(self, key: str) -> int:
        """Microseconds; 0 where there is none."""
        text = self._get(key, "off")
        if text == "off":
            return 0
        try:
            found = durations.parse(text)
        except (TypeError, ValueError) as error:
            raise self._fail(key, str(error)) from error
        if not found:
            raise self._fail(key, _("it must be more than nothing, or off"))
        return found

    def _get(self, key: str, otherwise: Any) -> Any:
        value: Any = self._data
        parts = key.split(".")
        for depth, part in enumerate(parts):
            if not isinstance(value, Mapping):
                raise self._fail(".".join(parts[:depth]), _("it is not a table"))
            if part not in value:
                return otherwise
            value = value[part]
        return value

    def _fail(self, key: str, what: str) -> ClockPolicyError:
        return ClockPolicyError(
            _("The policy {file} is wrong at {place}: {what}.").format(file=self._path, place=key, what=what),
            _("Correct that line and load it again."),
        )


def _word(clock: ClockName) -> str:
    return _WORD_OF.get(clock, clock.value)


def _minute_of_day(text: str) -> int:
    hour, minute = text.strip().split(":")
    if not 0 <= int(minute) < 60:
        raise ValueError(text)
    return int(hour) * 60 + int(minute)
