"""The policy as the rest of the console uses it: typed values and look-up arrays, checked when they are loaded."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import tzlocal
from numpy.typing import NDArray

from console import paths
from console.clock import MINUTE, micros, moment
from console.errors import KnownError
from console.models.domain.contacts import LIVE_CHANNELS, Channel, Code, ComplaintTier, Emotion
from console.models.policy import durations

_QUARTER = 15 * MINUTE

Times = NDArray[np.int64]
Codes = NDArray[np.uint8]


class PolicyError(KnownError):
    """A policy file is wrong; the message names the file and the key."""


@dataclass(frozen=True)
class Policy:
    """The figures that the board lives by. Arrays are indexed by the codes of `contacts`; times are microseconds."""

    time_zone: tzinfo
    peak_workdays: tuple[tuple[int, int], ...]
    peak_other_days: tuple[tuple[int, int], ...]
    peak_within: int
    peak_share: float
    off_peak_within: int
    off_peak_share: float
    response_by_channel: Times
    response_by_emotion: Times
    response_by_complaint: Times
    warning_by_channel: Times
    stale_after: int
    lost_after: int
    _within: dict[int, int] = field(default_factory=dict, repr=False, compare=False)
    """The service-level time of each quarter of an hour that was asked for: the calendar is slow, boards are not."""

    def is_peak(self, at: int) -> bool:
        """Whether an instant lies in a peak window (R-PEAK)."""
        local = moment(at).astimezone(self.time_zone)
        minute = local.hour * 60 + local.minute
        windows = self.peak_workdays if local.weekday() < 5 else self.peak_other_days
        return any(start <= minute < end for start, end in windows)

    def service_within(self, at: Times) -> Times:
        """The service-level time for contacts that came at these instants (R-PEAK), in microseconds."""
        quarters, inverse = np.unique(at // _QUARTER, return_inverse=True)
        limits = [self._within_in_quarter(quarter) for quarter in quarters.tolist()]
        return np.array(limits, dtype=np.int64)[inverse]

    def _within_in_quarter(self, quarter: int) -> int:
        limit = self._within.get(quarter)
        if limit is None:
            limit = self.peak_within if self.is_peak(quarter * _QUARTER) else self.off_peak_within
            self._within[quarter] = limit
        return limit

    def response_target(self, channel: Codes, emotion: Codes, complaint: Codes) -> Times:
        """R-PRECEDENCE for the response clocks: complaint tier, then emotion (live channels), then channel."""
        target = self.response_by_channel[channel]
        felt = self.response_by_emotion[emotion]
        target = np.where((felt > 0) & IS_LIVE[channel], felt, target)
        tiered = self.response_by_complaint[complaint]
        return np.where(tiered > 0, tiered, target)

    def midnight_before(self, at: int) -> int:
        """The last local midnight at or before an instant."""
        local = moment(at).astimezone(self.time_zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return micros(midnight)


IS_LIVE = np.array([Channel(code) in LIVE_CHANNELS for code in range(len(Channel))])


def default() -> Policy:
    """The policy that is shipped."""
    return load(paths.resource("policy/default.toml"))


def load(path: Path) -> Policy:
    """Read a policy file; raises PolicyError naming file, key and what is wrong with it."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        what = f"The policy {path} cannot be read: {error}."
        raise PolicyError(what, "Correct the file and load it again.") from error
    return _Reader(path, data).policy()


class _Reader:
    """Takes values out of the parsed file and names the key of whatever is wrong."""

    def __init__(self, path: Path, data: Mapping[str, Any]) -> None:
        self._path = path
        self._data = data

    def policy(self) -> Policy:
        return Policy(
            time_zone=self._zone("calendar.time_zone"),
            peak_workdays=self._windows("calendar.peak_workdays"),
            peak_other_days=self._windows("calendar.peak_other_days"),
            peak_within=self._duration("service_level.peak_within"),
            peak_share=self._share("service_level.peak_share"),
            off_peak_within=self._duration("service_level.off_peak_within"),
            off_peak_share=self._share("service_level.off_peak_share"),
            response_by_channel=self._by_code("first_response.channel", Channel),
            response_by_emotion=self._by_code("first_response.emotion", Emotion, optional=True),
            response_by_complaint=self._by_code("first_response.complaint", ComplaintTier, optional=True),
            warning_by_channel=self._warnings(),
            stale_after=self._duration("freshness.stale_after"),
            lost_after=self._duration("freshness.lost_after"),
        )

    def _fail(self, key: str, what: str) -> PolicyError:
        told = f"The policy {self._path} is wrong at {key}: {what}."
        return PolicyError(told, "Correct that line and load it again.")

    def _get(self, key: str, kind: type) -> Any:
        value: Any = self._data
        for part in key.split("."):
            if not isinstance(value, Mapping) or part not in value:
                raise self._fail(key, "it is missing")
            value = value[part]
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self._fail(key, f"{value!r} is not a {kind.__name__}")
        return value

    def _duration(self, key: str) -> int:
        try:
            return durations.parse(self._get(key, str))
        except ValueError as error:
            raise self._fail(key, str(error)) from error

    def _share(self, key: str) -> float:
        value: float = self._get(key, float)
        if not 0 < value <= 1:
            raise self._fail(key, f"{value} is not a share between 0 and 1")
        return value

    def _zone(self, key: str) -> tzinfo:
        name: str = self._get(key, str)
        if not name:
            return local_zone()
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise self._fail(key, f"{name!r} is not a time zone such as Asia/Shanghai") from error

    def _windows(self, key: str) -> tuple[tuple[int, int], ...]:
        return tuple(self._window(key, text) for text in self._get(key, list))

    def _window(self, key: str, text: object) -> tuple[int, int]:
        try:
            start, end = (_minute_of_day(part) for part in str(text).split("-"))
        except ValueError:
            raise self._fail(key, f"{text!r} is not a window such as 09:00-12:00") from None
        if not 0 <= start < end <= 24 * 60:
            raise self._fail(key, f"{text!r} must end after it starts, within one day")
        return start, end

    def _by_code(self, key: str, codes: type[Code], *, optional: bool = False) -> Times:
        table: Mapping[str, Any] = self._get(key, dict)
        unknown = set(table) - {code.key for code in codes}
        if unknown:
            raise self._fail(f"{key}.{min(unknown)}", f"it is not one of {', '.join(code.key for code in codes)}")
        values = np.zeros(len(codes), dtype=np.int64)
        for code in codes:
            if code.key in table:
                values[code] = self._duration(f"{key}.{code.key}")
            elif not optional:
                raise self._fail(f"{key}.{code.key}", "it is missing")
        return values

    def _warnings(self) -> Times:
        values = np.full(len(Channel), self._duration("warning.other"), dtype=np.int64)
        values[[int(code) for code in LIVE_CHANNELS]] = self._duration("warning.live")
        values[Channel.PHONE] = self._duration("warning.phone")
        values[Channel.EMAIL] = self._duration("warning.email")
        return values


def _minute_of_day(text: str) -> int:
    hour, minute = text.strip().split(":")
    return int(hour) * 60 + int(minute)


def local_zone() -> tzinfo:
    """The machine's own time zone, with its rules where they can be found, else its present offset."""
    return tzlocal.get_localzone()
