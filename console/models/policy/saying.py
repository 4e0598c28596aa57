"""Values of the policy in the words that people read, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from console.i18n import N_, _, ngettext
from console.models.domain.contacts import Channel, ComplaintTier, Status
from console.models.domain.glossary import word
from console.models.domain.money import HUNDREDTHS, Money
from console.models.policy import kinds
from console.models.policy.routing_kind import RULES
from console.models.policy.schema import BY_PATH

UNITS: Mapping[str, str] = {"s": N_("s"), "min": N_("min"), "h": N_("h"), "d": N_("d")}
WORDS: Mapping[str, str] = {
    "off": N_("no limit"),
    "target": N_("the channel's target"),
    "business": N_("In working hours"),
    "wall": N_("Always"),
    "continue": N_("Goes on where it stood"),
    "again": N_("Starts with the whole target"),
    "agent": N_("Agent"),
    "senior_agent": N_("Senior agent"),
    "supervisor": N_("Supervisor"),
    "cash": N_("Cash"),
    "voucher": N_("Voucher"),
    "mixed": N_("Mixed"),
    "none": N_("None"),
    "cn": N_("China"),
    "shift_supervisor": N_("Shift supervisor"),
    "duty_manager": N_("Duty manager"),
    "head_of_service": N_("Head of service"),
    "second_line": N_("Second line"),
    "monday": N_("Monday"),
    "tuesday": N_("Tuesday"),
    "wednesday": N_("Wednesday"),
    "thursday": N_("Thursday"),
    "friday": N_("Friday"),
    "saturday": N_("Saturday"),
    "sunday": N_("Sunday"),
    "makeup": N_("Make-up workday"),
    "people": N_("People"),
    "suggest": N_("People, the console suggests"),
    "assign": N_("The console"),
    "least_loaded": N_("Who has the most room"),
    "least_today": N_("Who had the fewest contacts today"),
    "longest_free": N_("Whose last contact came longest ago"),
    "senior_first": N_("The most experienced first"),
    "junior": N_("Junior"),
    "regular": N_("Regular"),
    "senior": N_("Senior"),
}
LEVELS = ("shift_supervisor", "duty_manager", "head_of_service", "second_line")
"""The levels of a chain that have words in both languages; a site may name others."""
"""Words of the policy file, as English sources of the catalogue."""


def said_word(told: str) -> str:
    """A word of the file for people; one that nobody knows as it is."""
    if told in WORDS:
        return _(WORDS[told])
    for codes in (ComplaintTier, Status, Channel):
        if told.upper() in codes.__members__:
            return word(codes.of(told))
    return told


def said(path: str, written: Any) -> str:
    """A written value of a key; one that cannot be read is shown as it is."""
    try:
        BY_PATH[path].kind.read(written)
    except kinds.Wrong:
        return str(written)
    return _SAID.get(BY_PATH[path].kind, _plain)(written)


def said_change(path: str, before: Any, after: Any) -> tuple[str, str]:
    """Two values of a key; of the tables of the calendar and of rates only what differs."""
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return said(path, before), said(path, after)
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return _some(before, names), _some(after, names)


def _some(table: Mapping[str, Any], names: Sequence[str]) -> str:
    """These entries of a table of days or currencies."""
    return _("; ").join(f"{said_word(name)} {_entry(table.get(name))}" for name in names)


def _entry(told: Any) -> str:
    if isinstance(told, list):
        return said_periods(told)
    return _("no entry") if told is None else said_word(str(told))


def said_duration(written: str) -> str:
    """``1.5 h`` with the unit in the language in use."""
    if written in WORDS:
        return _(WORDS[written])
    number, unit = split_duration(written)
    return f"{number} {_(UNITS[unit])}"


def split_duration(written: str) -> tuple[str, str]:
    """Number and unit of a duration as it is written; an empty unit where there is none."""
    text = written.strip()
    unit = next((unit for unit in ("min", "s", "h", "d") if text.endswith(unit)), "")
    return text.removesuffix(unit).strip(), unit


def said_periods(written: Sequence[str]) -> str:
    """``09:00–12:00, 13:00–18:00``, or that the day is off."""
    if list(written) == ["00:00-24:00"]:
        return _("around the clock")
    return _(", ").join(period.replace("-", "\N{EN DASH}") for period in written) or _("closed")


def _week(written: Mapping[str, Sequence[str]]) -> str:
    """Days with the same hours together: ``Monday to Friday 09:00–18:00; Saturday, Sunday closed``."""
    runs: list[tuple[list[str], str]] = []
    for day in (*kinds.WEEKDAYS, kinds.MAKEUP):
        hours = said_periods(written[day])
        if runs and runs[-1][1] == hours:
            runs[-1][0].append(day)
        else:
            runs.append(([day], hours))
    if len(runs) == 1:
        return _("every day {hours}").format(hours=runs[0][1])
    return _("; ").join(_("{days} {hours}").format(days=_days(days), hours=hours) for days, hours in runs)


def _days(days: Sequence[str]) -> str:
    first, last = said_word(days[0]), said_word(days[-1])
    return first if len(days) == 1 else _("{first} to {last}").format(first=first, last=last)


def _exceptions(written: Mapping[str, Any]) -> str:
    if len(written) > 3:
        return ngettext("{n} day", "{n} days", len(written)).format(n=len(written))
    days = (
        f"{day} {said_word(told) if isinstance(told, str) else said_periods(told)}" for day, told in written.items()
    )
    return _("; ").join(days) or _(WORDS["none"])


def _rates(written: Mapping[str, float]) -> str:
    return _(", ").join(f"1 {name} = {rate:g}" for name, rate in written.items()) or _(WORDS["none"])


def _percent(written: float) -> str:
    return f"{written:g}\N{NO-BREAK SPACE}%"


def _share(written: float) -> str:
    return _percent(round(100 * written, 4))


def _words(written: Sequence[str]) -> str:
    return _(", ").join(map(said_word, written)) or _(WORDS["none"])


def _plain(written: Any) -> str:
    return str(written)


def _amount(written: float) -> str:
    return Money(round(written * HUNDREDTHS)).figure


def _flag(written: bool) -> str:
    return _("Yes") if written else _("No")


def _zone(written: str) -> str:
    return written or _("this machine's")


def _percents(written: Sequence[float]) -> str:
    return _(", ").join(map(_percent, written))


def _window(written: str) -> str:
    return said_periods([written])


def _rules(written: Sequence[Mapping[str, Any]]) -> str:
    """The rules by name in their order."""
    return _(", ").join(str(rule["name"]) for rule in written) or _(WORDS["none"])


_SAID: dict[kinds.Kind, Callable[[Any], str]] = {
    kinds.DURATION: said_duration,
    kinds.DURATION_OR_OFF: said_duration,
    kinds.DURATION_OR_TARGET: said_duration,
    kinds.SHARE: _share,
    kinds.PERCENT: _percent,
    kinds.PERCENTS: _percents,
    kinds.OFFER_KINDS: _words,
    kinds.RATES: _rates,
    kinds.AMOUNT: _amount,
    kinds.FLAG: _flag,
    kinds.ZONE: _zone,
    kinds.HOLIDAYS: said_word,
    kinds.NAMES: _words,
    kinds.WINDOW: _window,
    kinds.WINDOWS: said_periods,
    kinds.PERIODS: said_periods,
    kinds.WEEK: _week,
    kinds.EXCEPTIONS: _exceptions,
    RULES: _rules,
}
for _key in BY_PATH.values():
    if _key.kind.words:
        _SAID.setdefault(_key.kind, _words if _key.kind.unit == "list of words" else said_word)
