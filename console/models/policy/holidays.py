"""The public holidays of a country, read from an editable table (``resources/calendars``)."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

from console import paths
from console.i18n import _
from console.models.domain.calendars import CalendarError, Holidays


class HolidaysError(CalendarError):
    """A file of public holidays is wrong; the message names the file and the place."""


def of_country(country: str) -> Holidays:
    """The shipped holidays of a country by its two letters, ``CN``; raises `HolidaysError` when there are none."""
    try:
        path = paths.resource(f"calendars/{country.lower()}.toml")
    except FileNotFoundError:
        raise HolidaysError(
            _("There are no public holidays for {country}.").format(country=country),
            _("Write a file like calendars/cn.toml and name it in the policy."),
        ) from None
    return read(path)


def read(path: Path) -> Holidays:
    """Read one table for each year with the days ``off`` and the make-up days to ``work``.

    Raises `HolidaysError` when the file cannot be read, when a day is no date or stands under another year, and when a
    day is both off and worked.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise HolidaysError(
            _("The public holidays {file} cannot be read: {error}.").format(file=path, error=error),
            _("Correct the file and load it again."),
        ) from error
    off: set[date] = set()
    work: set[date] = set()
    years = {int(name): table for name, table in data.items() if name.isdecimal()}
    for year, table in years.items():
        off |= _days(path, year, "off", table)
        work |= _days(path, year, "work", table)
    for day in sorted(off & work):
        raise _wrong(path, f"{day.year}", _("{day} is both off and worked").format(day=day))
    return Holidays(str(path), frozenset(years), frozenset(off), frozenset(work))


def _days(path: Path, year: int, key: str, table: object) -> set[date]:
    place = f"{year}.{key}"
    days = table.get(key, []) if isinstance(table, dict) else None
    if not isinstance(days, list):
        raise _wrong(path, place, _("it is not a list of days"))
    for day in days:
        if type(day) is not date or day.year != year:
            raise _wrong(path, place, _("{day} is not a day of {year}").format(day=day, year=year))
    return set(days)


def _wrong(path: Path, place: str, what: str) -> HolidaysError:
    return HolidaysError(
        _("The public holidays {file} are wrong at {place}: {what}.").format(file=path, place=place, what=what),
        _("Correct that line and load it again."),
    )
