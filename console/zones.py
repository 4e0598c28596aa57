"""Time zones and instants as people write them: the machine's zone by its name, a zone by name, a moment from text."""

from __future__ import annotations

import os
import warnings
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import tzlocal

from console.clock import micros
from console.errors import UsageError
from console.i18n import _


def zone(name: str) -> ZoneInfo:
    """The time zone of this IANA name; raises `UsageError` for a name that nobody knows."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UsageError(
            _("{name} is not a time zone.").format(name=name or "''"),
            _("Give an IANA name such as Asia/Shanghai, Europe/Berlin or UTC."),
        ) from error


def system_zone() -> tzinfo:
    """The machine's time zone, by its IANA name where that can be found; its present offset or UTC otherwise."""
    for name in _candidates():
        with suppress(KeyError, ValueError, OSError):
            return ZoneInfo(name)
    # Windows names its zones differently, and some machines keep only the rules and not the name.
    with suppress(KeyError, ValueError, OSError), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return tzlocal.get_localzone()
    return UTC


def _candidates() -> list[str]:
    names = [os.environ.get("TZ", "").lstrip(":")]
    with suppress(OSError, ValueError):
        names.append(Path("/etc/timezone").read_text(encoding="ascii").strip())
    with suppress(OSError, RuntimeError):
        names.append(str(Path("/etc/localtime").resolve(strict=True)).partition("zoneinfo/")[2])
    return [name for name in names if name]


def instant(text: str, local: tzinfo) -> int:
    """Microseconds since the epoch of an ISO 8601 time; one without offset is meant in ``local``.

    Raises `UsageError` when it is no ISO time, or names an hour that the local clock skips or passes twice.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        if not 1 < moment.year < 9999:  # with an offset, these leave the calendar
            raise ValueError(text)
    except ValueError as error:
        raise UsageError(
            _("{text!r} is not a time.").format(text=text),
            _("Write it as 2026-03-01T09:30 or with an offset as 2026-03-01T09:30+08:00."),
        ) from error
    if moment.tzinfo is not None:
        return micros(moment)
    earlier, later = moment.replace(tzinfo=local, fold=0), moment.replace(tzinfo=local, fold=1)
    if earlier.utcoffset() != later.utcoffset():
        skipped = (earlier.utcoffset() or timedelta()) < (later.utcoffset() or timedelta())
        what = (
            _("{text} does not exist in {zone}: the clock skips it.")
            if skipped
            else _("{text} happens twice in {zone}.")
        )
        raise UsageError(
            what.format(text=text, zone=local),
            _("Add the offset from UTC, for example {example}.").format(example=earlier.isoformat(timespec="minutes")),
        )
    return micros(earlier)


def written(at: int, local: tzinfo) -> str:
    """The instant in ISO 8601 with the offset of ``local``, to the second where it has no fraction."""
    seconds, rest = divmod(at, 1_000_000)
    moment = datetime.fromtimestamp(seconds, tz=local).replace(microsecond=rest)
    return moment.isoformat(timespec="microseconds" if rest else "seconds")


def to_the_second(at: int, local: tzinfo) -> str:
    """The same for people, who do not read fractions of a second."""
    return written(at - at % 1_000_000, local)
