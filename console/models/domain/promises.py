"""R-PROMISE: the moment that an agent's words promise, such as "please wait 5 minutes" or "20:30 前给您回复".

Only what promises *us* counts: that we answer, call, check or come back. "Delivery takes 3 days" and "the refund
arrives within 24 hours" promise something of others. Half an answer is none: "please wait a moment" names no time.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, tzinfo

from console.clock import DAY, HOUR, MINUTE, SECOND, micros, moment

_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_WORDS = {
    "a couple of": 2,
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty-five": 45,
    "sixty": 60,
}
_UNITS = (
    (("秒", "second", "sec"), SECOND),
    (("分", "minute", "min"), MINUTE),
    (("小时", "钟头", "hour", "hr"), HOUR),
    (("天", "日", "day"), DAY),
)
_NUMBER = r"\d{1,3}(?:\.\d)?|[一二两三四五六七八九十]{1,3}|" + "|".join(_WORDS)
_UNIT = r"秒钟?|分钟?|个?半?小时|个?半?钟头|天|日|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?"
_SPAN = (
    rf"(?:\d{{1,3}}\s*(?:-|~|–|至|到|to|or)\s*)?(?P<number>{_NUMBER})(?P<half>\s*个半)?\s*(?P<unit>{_UNIT})"
    r"|(?P<halved>半个?小时|半个?钟头|半天|half an hour|half a day)"
)
_US = (
    "回复|答复|回电|回拨|回访|联系|告知|通知|反馈|给您消息|给您结果|给您答案|跟进|查|核实|确认|处理"
    "|reply|answer|get back|be back|come back|call you|call back|contact|update you|let you know|check|look into"
    "|follow up"
)
_HOLD = "稍等|等待|等我|等一下|等|给我|wait|hold on|bear with me|give me|allow me|allow us"
_THEIRS = r"到账|送达|发货|到货|退款会|delivered|delivery|ship|arrive|refund will|take effect"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:{_HOLD})[^。.!?;,,]{{0,16}}?(?:{_SPAN})",
        rf"(?:{_SPAN})\s*(?:之?内|以内|后|之后|left)[^。.!?;]{{0,14}}?(?:{_US})",
        rf"(?:{_US})[^。.!?;]{{0,30}}?(?:within|in|in about|在)\s+(?:the next |about |around )?(?:{_SPAN})",
        rf"within\s+(?:the next )?(?:{_SPAN})[^。.!?;]{{0,20}}?(?:{_US})",
    )
)
_CLOCK = r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)"
_AT = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\d){_CLOCK}\s*(?:之?前|以前)[^。.!?;]{{0,14}}?(?:{_US})",
        rf"(?:{_US})[^。.!?;]{{0,30}}?(?:by|before|at|until|no later than)\s+{_CLOCK}(?!\d)",
        rf"by\s+{_CLOCK}[^。.!?;]{{0,20}}?(?:{_US})",
    )
)


def promised_at(text: str, said_at: int, zone: tzinfo, longest: int) -> int | None:
    """The instant that these words of an agent promise, None where they promise none (microseconds since the epoch).

    A time of the day is taken in ``zone``, and is tomorrow's when it has passed. What lies further ahead than
    ``longest`` (microseconds) is no promise to wait for. Of several promises the earliest counts.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    found = [said_at + wait for wait in _waits(plain)] + list(_times(plain, said_at, zone))
    return min((at for at in found if said_at < at <= said_at + longest), default=None)


def _waits(text: str) -> list[int]:
    return [
        _length(match)
        for pattern in _PATTERNS
        for match in pattern.finditer(text)
        if not re.search(_THEIRS, match.group())
    ]


def _length(match: re.Match[str]) -> int:
    halved = match["halved"]
    if halved:
        return DAY // 2 if "天" in halved or "day" in halved else HOUR // 2
    unit = match["unit"]
    size = next(size for words, size in _UNITS if any(word in unit for word in words))
    count = _number(match["number"]) + (0.5 if match["half"] else 0)
    if "半" in unit:
        count += 0.5
    return int(count * size)


def _number(text: str) -> float:
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "一二两三四五六七八九十":
        tens, ten, ones = text.partition("十")
        if not ten:
            return _DIGITS[text[-1]]
        return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)
    return float(text)


def _times(text: str, said_at: int, zone: tzinfo) -> list[int]:
    local = moment(said_at).astimezone(zone)
    found = []
    for pattern in _AT:
        for match in pattern.finditer(text):
            if re.search(_THEIRS, match.group()):
                continue
            at = local.replace(hour=int(match["hour"]), minute=int(match["minute"]), second=0, microsecond=0)
            if at <= local:
                at = _tomorrow(at)
            found.append(micros(at.astimezone(UTC)))
    return found


def _tomorrow(at: datetime) -> datetime:
    """The same time on the wall, a day later."""
    return (at.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=at.tzinfo)
