"""What a value of the policy may be: each kind reads a value as TOML gives it, or says what to write instead."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from console.i18n import N_, _
from console.models.policy import durations

Window = tuple[int, int]
"""Minutes of the local day, from the first up to but not including the second; 1440 is the end of the day."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MAKEUP = "makeup"
OFF = "off"
TARGET = "target"
_WINDOW = re.compile(r"\s*(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s*")
_DAY = 24 * 60


class Wrong(ValueError):
    """A value that cannot be: what is wrong, what to write instead, and where inside the value."""

    def __init__(self, what: str, write: str, at: tuple[str | int, ...] = ()) -> None:
        super().__init__(what)
        self.what = what
        self.write = write
        self.at = at


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: the name of its unit (in English, translated when shown), how it is read, and for words those
    that there are."""

    unit: str
    read: Callable[[Any], Any]
    words: tuple[str, ...] = ()


def _number(value: Any, write: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Wrong(_("{value} is not a number").format(value=_shown(value)), write)
    return float(value)


def _text(value: Any, write: str) -> str:
    if not isinstance(value, str):
        raise Wrong(_("{value} is not a text in quotes").format(value=_shown(value)), write)
    return value


def _items(value: Any, write: str) -> list[Any]:
    if not isinstance(value, list):
        raise Wrong(_("{value} is not a list").format(value=_shown(value)), write)
    return value


def _shown(value: Any) -> str:
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _duration(value: Any) -> int:
    write = _('Write a number and a unit in quotes: "90 s", "30 min", "24 h", "2 d".')
    try:
        told = durations.parse(_text(value, write))
    except Wrong:
        raise
    except ValueError as error:
        raise Wrong(_("{value} is not a duration").format(value=_shown(value)), write) from error
    if not 0 < told <= 36_500 * durations.UNITS["d"]:
        raise Wrong(_("{value} is not a time that anybody can wait").format(value=_shown(value)), write)
    return told


def _duration_or_off(value: Any) -> int:
    """Microseconds; 0 where the limit is off."""
    return _duration_or(OFF, value, _('Write "off" for no limit.'))


def _duration_or_target(value: Any) -> int:
    """Microseconds; 0 where the channel's own response target decides."""
    return _duration_or(TARGET, value, _('Write "target" for the response target of the channel.'))


def _duration_or(word: str, value: Any, hint: str) -> int:
    if value == word:
        return 0
    try:
        return _duration(value)
    except Wrong as error:
        raise Wrong(error.what, f"{error.write} {hint}") from error


def _share(value: Any) -> float:
    write = _("Write a share above 0 and up to 1: 0.90 is 90 %.")
    told = _number(value, write)
    if not 0 < told <= 1:
        raise Wrong(_("{value} is not a share").format(value=_shown(value)), write)
    return told


def _percent(value: Any) -> int:
    write = _("Write a whole number of percent, 0 or more.")
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100_000:
        raise Wrong(_("{value} is not a percentage").format(value=_shown(value)), write)
    return value


def _three(read: Callable[[Any], Any], write: str) -> Callable[[Any], tuple[Any, ...]]:
    """A reader of one value for each of the three offers."""

    def read_all(value: Any) -> tuple[Any, ...]:
        told = _items(value, _(write))
        if len(told) != 3:
            raise Wrong(_("{value} does not hold three").format(value=_shown(value)), _(write))
        return tuple(_inside(index, read, each) for index, each in enumerate(told))

    return read_all


def _amount(value: Any) -> int:
    """Hundredths of the currency's unit, so that amounts stay exact."""
    write = _("Write an amount above 0, with two decimals at most.")
    hundredths = Decimal(repr(_number(value, write))) * 100
    if hundredths <= 0 or hundredths != int(hundredths) or hundredths >= 10**15:
        raise Wrong(_("{value} is not an amount of money").format(value=_shown(value)), write)
    return int(hundredths)


def _rates(value: Any) -> tuple[tuple[str, int], ...]:
    """What one unit of each currency costs, in ten-thousandths of a unit of ours."""
    write = _("Write a currency and what one unit of it costs: USD = 7.20.")
    if not isinstance(value, Mapping):
        raise Wrong(_("{value} is not a table of currencies").format(value=_shown(value)), write)
    found: list[tuple[str, int]] = []
    for name, told in value.items():
        _inside(name, _currency, name)
        rate = round(_inside(name, lambda rate: _number(rate, write), told) * 10_000)
        if rate <= 0:
            raise Wrong(_("{value} is not a rate").format(value=_shown(told)), write, (name,))
        found.append((name, rate))
    return tuple(found)


def _count(value: Any) -> int:
    write = _("Write a whole number from 1.")
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise Wrong(_("{value} is not a count").format(value=_shown(value)), write)
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong(_("{value} is neither true nor false").format(value=_shown(value)), _("Write true or false."))
    return value


def _zone(value: Any) -> str:
    """The IANA name; empty for the machine's own zone."""
    write = _("Write an IANA name such as Asia/Shanghai, or nothing for the machine's own zone.")
    name = _text(value, write)
    try:
        if name:
            ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Wrong(_("{value} is not a time zone").format(value=_shown(value)), write) from error
    return name


def window(value: Any) -> Window:
    """Minutes of the day of a text such as ``09:00-12:00``; raises `Wrong`."""
    write = _('Write a time of day up to a later one: "09:00-12:00".')
    start, end = _minutes(value, write)
    if start >= end:
        raise Wrong(_("{value} must end after it starts, within one day").format(value=_shown(value)), write)
    return start, end


def period(value: Any) -> Window:
    """The same as `window`, but an end that is not after the start is on the next day (past 1440)."""
    write = _('Write a time of day up to another: "09:00-12:00", or "22:00-06:00" into the next day.')
    start, end = _minutes(value, write)
    if start in (end, _DAY):
        raise Wrong(_("{value} has no length").format(value=_shown(value)), write)
    return start, end if end > start else end + _DAY


def _minutes(value: Any, write: str) -> Window:
    match = _WINDOW.fullmatch(_text(value, write))
    if match is None:
        raise Wrong(_("{value} is not a window").format(value=_shown(value)), write)
    hour, minute, to_hour, to_minute = map(int, match.groups())
    start, end = hour * 60 + minute, to_hour * 60 + to_minute
    if minute > 59 or to_minute > 59 or max(start, end) > _DAY:
        raise Wrong(_("{value} is not a time of day").format(value=_shown(value)), write)
    return start, end


def _list_of(read: Callable[[Any], Window]) -> Callable[[Any], tuple[Window, ...]]:
    """A reader of windows in order that do not overlap."""

    def read_all(value: Any) -> tuple[Window, ...]:
        write = _('Write a list of windows: ["09:00-12:00", "13:00-18:00"]; [] for none.')
        found: list[Window] = []
        for index, text in enumerate(_items(value, write)):
            try:
                found.append(read(text))
            except Wrong as error:
                raise Wrong(error.what, error.write, (index,)) from error
            if index and found[index][0] < found[index - 1][1]:
                what = _("{value} begins before the window before it ends").format(value=_shown(text))
                raise Wrong(what, write, (index,))
        return tuple(found)

    return read_all


_windows = _list_of(window)
_periods = _list_of(period)


def _week(value: Any) -> tuple[tuple[Window, ...], ...]:
    """The periods of Monday to Sunday, and of a make-up workday."""
    write = _("Write all seven days, monday to sunday, and makeup, each with its list of windows.")
    days = (*WEEKDAYS, MAKEUP)
    if not isinstance(value, Mapping):
        raise Wrong(_("{value} is not a table of days").format(value=_shown(value)), write)
    for name in value:
        if name not in days:
            raise Wrong(_("{value} is not a day of the week").format(value=_shown(name)), write, (name,))
    for name in days:
        if name not in value:
            raise Wrong(_("it is missing"), write, (name,))
    return tuple(_inside(name, _periods, value[name]) for name in days)


def _exceptions(value: Any) -> tuple[tuple[date, tuple[Window, ...] | int], ...]:
    """Days in order, each with its periods or with the weekday (0 is Monday) whose periods it takes."""
    write = _('Write a day and its windows, "2026-10-01" = [], or the weekday that it is worked like: = "monday".')
    if not isinstance(value, Mapping):
        raise Wrong(_("{value} is not a table of days").format(value=_shown(value)), write)
    found: list[tuple[date, tuple[Window, ...] | int]] = []
    for name, told in value.items():
        try:
            day = date.fromisoformat(name)
        except ValueError as error:
            raise Wrong(_("{value} is not a date").format(value=_shown(name)), write, (name,)) from error
        if isinstance(told, str) and told in WEEKDAYS:
            found.append((day, WEEKDAYS.index(told)))
        elif isinstance(told, str):
            raise Wrong(_("{value} is not a day of the week").format(value=_shown(told)), write, (name,))
        else:
            found.append((day, _inside(name, _periods, told)))
    return tuple(sorted(found, key=lambda entry: entry[0]))


def _inside(name: str | int, read: Callable[[Any], Any], value: Any) -> Any:
    try:
        return read(value)
    except Wrong as error:
        raise Wrong(error.what, error.write, (name, *error.at)) from error


def one_of(*words: str) -> Kind:
    """A word out of these."""

    def read(value: Any) -> str:
        write = _("Write one of: {words}.").format(words=", ".join(words))
        if _text(value, write) not in words:
            raise Wrong(_("{value} is not one of the words known here").format(value=_shown(value)), write)
        return str(value)

    return Kind(N_("word"), read, words)


def several_of(*words: str) -> Kind:
    """A list of different words out of these."""
    one = one_of(*words).read

    def read(value: Any) -> tuple[str, ...]:
        write = _("Write a list of some of: {words}.").format(words=", ".join(words))
        told = _items(value, write)
        for index, word in enumerate(told):
            try:
                one(word)
            except Wrong as error:
                raise Wrong(error.what, error.write, (index,)) from error
            if word in told[:index]:
                raise Wrong(_("{value} stands there twice").format(value=_shown(word)), write, (index,))
        return tuple(told)

    return Kind(N_("list of words"), read, words)


def _names(value: Any) -> tuple[str, ...]:
    write = _('Write a list of at least one name in quotes: ["shift_supervisor", "duty_manager"].')
    told = _items(value, write)
    for index, name in enumerate(told):
        if not isinstance(name, str) or not name.strip():
            raise Wrong(_("{value} is not a name").format(value=_shown(name)), write, (index,))
        if name in told[:index]:
            raise Wrong(_("{value} stands there twice").format(value=_shown(name)), write, (index,))
    if not told:
        raise Wrong(_("the list is empty"), write)
    return tuple(told)


def _holidays(value: Any) -> str:
    """``none``, the two letters of a country, or the name of a file."""
    write = _('Write "none", a country such as "cn", or the name of a file beside the policy, "holidays.toml".')
    name = _text(value, write)
    if name != "none" and not re.fullmatch(r"[a-z]{2}", name) and not name.endswith(".toml"):
        raise Wrong(_("{value} does not say whose public holidays").format(value=_shown(value)), write)
    return name


def _currency(value: Any) -> str:
    write = _('Write the three letters of a currency: "CNY".')
    if not re.fullmatch(r"[A-Z]{3}", _text(value, write)):
        raise Wrong(_("{value} is not a currency").format(value=_shown(value)), write)
    return str(value)


DURATION = Kind(N_("duration"), _duration)
DURATION_OR_OFF = Kind(N_("duration"), _duration_or_off)
DURATION_OR_TARGET = Kind(N_("duration"), _duration_or_target)
SHARE = Kind(N_("share of 1"), _share)
PERCENT = Kind(N_("percent"), _percent)
PERCENTS = Kind(N_("percent"), _three(_percent, N_("Write three whole percentages: [110, 120, 130].")))
_OFFERS = ("cash", "voucher", "mixed")
OFFER_KINDS = Kind(
    N_("list of words"),
    _three(one_of(*_OFFERS).read, N_('Write three of cash, voucher and mixed: ["cash", "cash", "mixed"].')),
    _OFFERS,
)
RATES = Kind(N_("rates by currency"), _rates)
AMOUNT = Kind(N_("amount of money"), _amount)
COUNT = Kind(N_("count"), _count)
FLAG = Kind(N_("yes or no"), _flag)
ZONE = Kind(N_("time zone"), _zone)
HOLIDAYS = Kind(N_("public holidays"), _holidays)
CURRENCY = Kind(N_("currency"), _currency)
NAMES = Kind(N_("list of names"), _names)
WINDOW = Kind(N_("local time of day"), window)
WINDOWS = Kind(N_("local times of day"), _windows)
PERIODS = Kind(N_("local times of day"), _periods)
WEEK = Kind(N_("local times by weekday"), _week)
EXCEPTIONS = Kind(N_("local times by date"), _exceptions)
