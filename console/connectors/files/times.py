"""Times as logs write them, into microseconds since the epoch: by the mapping's formats, in the log's time zone."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo

from console.clock import micros
from console.i18n import _

CACHED = 100_000
ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?")
EARLIEST = micros(datetime(1980, 1, 1, tzinfo=UTC))
LATEST = micros(datetime(2100, 1, 1, tzinfo=UTC))
PIECES = {
    "%d": r"(?P<day>\d{1,2})",
    "%m": r"(?P<month>\d{1,2})",
    "%Y": r"(?P<year>\d{4})",
    "%H": r"(?P<hour>\d{1,2})",
    "%M": r"(?P<minute>\d{2})",
    "%S": r"(?P<second>\d{2})",
}
Parse = Callable[[str], datetime]


class NotATime(ValueError):
    """The text is no time in any of the expected forms, or an impossible one."""


class TimeReader:
    """Reads the times of one log.

    ``zone`` is meant where a text has no offset. ``twice`` and ``skipped`` count the different local times that the
    zone's clock passes twice (the first pass is taken) or skips (read as if the clock had not been put forward).
    """

    def __init__(self, formats: Sequence[str], zone: tzinfo) -> None:
        self._parsers = [parser(form) for form in formats]
        self._zone = zone
        self._known: dict[str, int] = {}
        self.zoneless = 0
        self.twice = 0
        self.skipped = 0

    def read(self, text: str) -> int:
        """Microseconds since the epoch; raises `NotATime`."""
        at = self._known.get(text)
        if at is None:
            at = self._at(text)
            if len(self._known) >= CACHED:
                self._known.clear()
            self._known[text] = at
        return at

    def _at(self, text: str) -> int:
        moment = self._moment(text.strip())
        if moment.tzinfo is None:
            self.zoneless += 1
            moment = moment.replace(tzinfo=self._zone)
            first, second = moment.utcoffset(), moment.replace(fold=1).utcoffset()
            if first != second and first is not None and second is not None:
                self.twice += first > second
                self.skipped += first < second
        at = micros(moment) if 1 < moment.year < 9999 else LATEST
        if not EARLIEST <= at < LATEST:
            raise NotATime(_("{text!r} is not a time between 1980 and 2100").format(text=text))
        return at

    def _moment(self, text: str) -> datetime:
        for parse in self._parsers:
            try:
                return parse(text)
            except (ValueError, OverflowError, OSError):
                continue
        # Workbooks and other programs hand out real times as ISO 8601 whatever the log's own format is.
        if ISO.fullmatch(text):
            try:
                return datetime.fromisoformat(text)
            except ValueError:
                pass
        raise NotATime(_("{text!r} is not a time in the expected form").format(text=text))


def parser(form: str) -> Parse:
    """The function for one format: a strptime pattern, ``iso`` or ``epoch`` (seconds, milli- or microseconds)."""
    if form == "iso":
        return datetime.fromisoformat
    if form == "epoch":
        return _epoch
    pattern = re.escape(form)
    for directive, piece in PIECES.items():
        pattern = pattern.replace(directive, piece, 1)
    if "%" in pattern:
        return lambda text: datetime.strptime(text, form)  # noqa: DTZ007 - the zone is the log's, added by the reader
    match = re.compile(pattern, re.ASCII).fullmatch

    def parse(text: str) -> datetime:
        found = match(text)
        if found is None:
            raise ValueError(text)
        return datetime(**{name: int(digits) for name, digits in found.groupdict().items()})  # type: ignore[arg-type]  # noqa: DTZ001 - see above; the names are datetime's own

    return parse


def _epoch(text: str) -> datetime:
    """Seconds, milliseconds or microseconds since the epoch, told apart by the number of digits."""
    number = float(text)
    for limit, unit in ((1e11, 1), (1e14, 1e3)):
        if abs(number) < limit:
            return datetime.fromtimestamp(number / unit, UTC)
    return datetime.fromtimestamp(number / 1e6, UTC)
