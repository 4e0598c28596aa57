"""Amounts of money, exact: integer hundredths of a unit with a currency, and how to find them in a customer's text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

HUNDREDTHS = 100
RATE_UNIT = 10_000
_BLANK = "\N{NO-BREAK SPACE}"
_MOST_TOLD = 10**13
"""What is more is a slip of whoever told it; hundredths of it are still exact in a float."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in hundredths of the currency's unit (fen of a yuan, also for currencies without such a coin)."""

    hundredths: int
    currency: str = "CNY"

    def __str__(self) -> str:
        """The amount for people: ``5 200 CNY``, ``80.50 CNY``. Its blanks do not break, as in all figures on screen."""
        return f"{self.figure}{_BLANK}{self.currency}"

    @property
    def figure(self) -> str:
        """The same without the currency, where that stands beside it."""
        return self._written(_BLANK)

    @property
    def exact(self) -> str:
        """The amount for records and machines, in plain characters: ``5200 CNY``, ``80.50 CNY``."""
        return f"{self._written('')} {self.currency}"

    def _written(self, group: str) -> str:
        sign = "-" if self.hundredths < 0 else ""
        units, rest = divmod(abs(self.hundredths), HUNDREDTHS)
        return f"{sign}{units:,}".replace(",", group) + (f".{rest:02d}" if rest else "")


def told_amount(amount: object, currency: str = "CNY") -> Money | None:
    """The amount that an event tells in units of its currency; None where that is no amount above 0."""
    if not isinstance(amount, int | float) or not 0 < amount < _MOST_TOLD:
        return None
    return Money(round(amount * HUNDREDTHS), currency)


def in_currency(money: Money, currency: str, rates: Mapping[str, int]) -> Money | None:
    """The amount in another currency, rounded half up to a hundredth; None where there is no rate.

    ``rates``: how many ten-thousandths of a unit of ``currency`` one unit of the other costs (USD at 7.2 is 72000).
    """
    if money.currency == currency:
        return money
    rate = rates.get(money.currency)
    if rate is None:
        return None
    return Money((2 * money.hundredths * rate + RATE_UNIT) // (2 * RATE_UNIT), currency)


@dataclass(frozen=True, slots=True)
class FoundAmount:
    """An amount in a text, the words that state it and how sure it is that the case is about it (0 to 1)."""

    money: Money
    confidence: float
    words: str


SURE = 0.95
"""A currency is named, and a word beside it says that this money was charged, asked back or lost."""
NAMED = 0.8
"""A currency is named, but nothing says what the money is for."""
IMPLIED = 0.6
"""No currency: ``refund 300``; taken as the centre's own."""
ROUGH = 0.5
"""*About 500*, *some 500*: the order of size only."""

_CURRENCY_OF = {
    **dict.fromkeys(("¥", "rmb", "cny", "人民币", "元", "圆", "块钱", "块", "yuan"), "CNY"),
    **dict.fromkeys(("$", "us$", "usd", "美元", "美金", "dollar", "dollars"), "USD"),
    **dict.fromkeys(("hk$", "hkd", "港币", "港元"), "HKD"),
    **dict.fromkeys(("€", "eur", "euro", "euros", "欧元"), "EUR"),
    **dict.fromkeys(("£", "gbp", "pound", "pounds", "英镑"), "GBP"),
    **dict.fromkeys(("jpy", "日元", "円", "yen"), "JPY"),
}
_TIMES = {"": 1, "k": 1_000, "千": 1_000, "万": 10_000, "w": 10_000}
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_STEPS = {"十": 10, "百": 100, "千": 1_000}

_LATIN = r"(?:\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.\d{1,2})?(?![\d.,]*\d)"
_CHINESE = r"[一二两三四五六七八九十][零〇一二两三四五六七八九十百千万]{0,15}"
_BEFORE = r"(?<![a-z])(?P<before>us\$|hk\$|[¥$€£]|rmb|cny|usd|hkd|eur|gbp|jpy|人民币)\s*"
_AFTER = (
    r"\s*(?P<after>元(?![旦月宵])|圆|块钱|块|人民币|美元|美金|港币|港元|欧元|英镑|日元|円"
    r"|(?:rmb|cny|yuan|usd|dollars?|hkd|eur|euros?|gbp|pounds?|jpy|yen)(?![a-z]))"
)
_SCALE = r"(?:\s*(?P<scale>[kw](?![a-z])|千|万))?"
_FORMS = (
    re.compile(rf"{_BEFORE}(?P<number>{_LATIN}){_SCALE}"),
    re.compile(rf"(?<![a-z\d])(?<!\d[.,])(?P<number>{_LATIN}){_SCALE}\s*多?{_AFTER}(?P<tenths>[1-9](?![\d个件次天]))?"),
    re.compile(rf"(?<![\d.零〇一二两三四五六七八九十百千万])(?P<number>{_CHINESE})多?{_AFTER}"),
)
_GROUPS = re.compile(r"(?<=\d)[\u00a0\u202f](?=\d{3})")
"""Blanks that do not break stand between thousands only; any other blank may part two figures."""
_ABOUT = (
    r"(?:退款|退了|退还|退我|扣了|扣我|多扣|扣款|收了|付了|赔偿|赔|补偿|损失|金额"
    r"|refund(?:ed|s)?|charged?|paid|pay|compensation|lost)"
)
_WHAT_FOR = re.compile(_ABOUT)
_WITHOUT_UNIT = re.compile(
    rf"{_ABOUT}(?:\s*(?:me|of|for|了|我|是|[:：]))*\s*(?P<number>{_LATIN}){_SCALE}"
    r"(?!\s*[a-z\d%\-/天次件个号月日年小])"
)
_ROUGHLY = re.compile(r"(?:大约|大概|将近|差不多|约|about|around|some|nearly|roughly)\s*$")
_ROUGHLY_AFTER = re.compile(r"\s*(?:左右|上下|or so)")
_STOP = re.compile(r"[,;:!?。、\n]")
_NEAR = 12
"""How many characters away, in the same clause, a word can say what an amount is for."""


def find_amounts(text: str, home: str = "CNY") -> tuple[FoundAmount, ...]:
    """The amounts in a text, surest first, then largest; ``home`` is the currency where none is named."""
    plain = unicodedata.normalize("NFKC", _GROUPS.sub(",", text)).casefold()
    found: list[FoundAmount] = []
    read: set[int] = set()
    for form in (*_FORMS, _WITHOUT_UNIT):
        for match in form.finditer(plain):
            figures = range(*match.span("number"))
            if read.isdisjoint(figures):  # else a form that was tried earlier has read them
                read.update(figures)
                found.append(_amount(plain, match, home))
    return tuple(sorted(found, key=lambda amount: (-amount.confidence, -amount.money.hundredths)))


def _amount(plain: str, match: re.Match[str], home: str) -> FoundAmount:
    groups = match.groupdict()
    named = groups.get("before") or groups.get("after")
    if named is None:
        return FoundAmount(Money(_hundredths(match), home), IMPLIED, match.group().strip())
    currency = _CURRENCY_OF[named]
    start, end = match.span()
    before = _STOP.split(plain[max(0, start - _NEAR) : start])[-1]
    after = _STOP.split(plain[end : end + _NEAR])[0]
    if (
        _ROUGHLY.search(plain, max(0, start - _NEAR), start)
        or _ROUGHLY_AFTER.match(plain, end)
        or "多" in match.group()
    ):
        confidence = ROUGH
    else:
        confidence = SURE if _WHAT_FOR.search(before) or _WHAT_FOR.search(after) else NAMED
    return FoundAmount(Money(_hundredths(match), currency), confidence, match.group().strip())


def _hundredths(match: re.Match[str]) -> int:
    number = match["number"]
    groups = match.groupdict()
    tenths = 10 * int(groups.get("tenths") or 0)
    if not number[0].isascii():
        return HUNDREDTHS * _chinese(number) + tenths
    whole, _, part = number.replace(",", "").partition(".")
    return (HUNDREDTHS * int(whole) + int(part.ljust(2, "0") or "0")) * _TIMES[groups.get("scale") or ""] + tenths


def _chinese(number: str) -> int:
    """The value of a number in Chinese numerals, with its short form: 五千二 is 5200."""
    total = section = digit = 0
    last_step = 1
    for character in number:
        if character in _DIGITS:
            digit = _DIGITS[character]
            last_step = 1 if digit == 0 else last_step
        elif character == "万":
            total, section, digit, last_step = (total + section + digit) * 10_000, 0, 0, 10_000
        else:
            last_step = _STEPS[character]
            section, digit = section + (digit or 1) * last_step, 0
    return total + section + digit * max(1, last_step // 10)
