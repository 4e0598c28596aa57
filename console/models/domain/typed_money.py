"""An amount as a person types it into a field: what it is, or what is wrong with it in words."""

from __future__ import annotations

import re
import unicodedata

from console.errors import KnownError
from console.i18n import _
from console.models.domain.money import HUNDREDTHS, Money

LARGEST = 100_000_000 * HUNDREDTHS
"""Whoever types more has slipped; it also keeps every sum in the range of the database's integers."""

_SIGNS = re.compile(r"^(?:¥|\$|€|£|cny|rmb|usd|eur)\s*|\s*(?:元|cny|rmb|usd|eur|yuan)$")
_NUMBER = re.compile(r"([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+)(?:\.([0-9]{1,2}))?")
"""Thousands may be set apart by blanks, as the console itself writes them, or by commas."""


class AmountError(KnownError):
    """The text is no amount; the message says what is wrong with it."""


def typed_amount(text: str, currency: str) -> Money | None:
    """The amount in a field, in ``currency``; None where the field is empty. Full-width digits count as digits.

    Raises `AmountError` for a negative one, for text, for more than two decimals, and for more than `LARGEST`.
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold().replace("\N{MINUS SIGN}", "-").replace("。", ".")
    if not plain:
        return None
    bare = _SIGNS.sub("", _SIGNS.sub("", plain)).strip()
    if bare.startswith("-"):
        raise AmountError(_("An amount cannot be negative."))
    match = _NUMBER.fullmatch(bare)
    if match is None:
        if re.fullmatch(r"[0-9, ]+\.[0-9]{3,}", bare):
            raise AmountError(_("At most two decimals."))
        raise AmountError(_("This is not an amount. Example: 180 or 1234.50."))
    digits = match[1].replace(",", "").replace(" ", "").lstrip("0") or "0"
    # Looked at before it is read: a number of a million digits would take seconds.
    if len(digits) > len(str(LARGEST)):
        raise AmountError(_too_large(currency))
    money = Money(int(digits) * HUNDREDTHS + int((match[2] or "").ljust(2, "0")), currency)
    if money.hundredths > LARGEST:
        raise AmountError(_too_large(currency))
    return money


def _too_large(currency: str) -> str:
    return _("That is too much: at most {amount}.").format(amount=Money(LARGEST, currency))
