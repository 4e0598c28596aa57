"""What the calculator says of an offer: what the customer gets, how it is reckoned, and for what cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from console.i18n import N_, _
from console.models.domain.compensation import Basis, Kind, Offer
from console.models.domain.complaints import Cause
from console.models.domain.requests import RequestState

CAUSES: Mapping[Cause, str] = {
    Cause.LOGISTICS_DELAY: N_("Logistics delay"),
    Cause.PRODUCT_DEFECT: N_("Product defect"),
    Cause.AGENT_MISTAKE: N_("Agent's mistake"),
    Cause.OTHER: N_("Other cause"),
}
"""The causes that R-CMP-OFFER tells apart, in the order of their buttons."""

SHORT_CAUSES: Mapping[Cause, str] = {
    Cause.LOGISTICS_DELAY: N_("Delay"),
    Cause.PRODUCT_DEFECT: N_("Defect"),
    Cause.AGENT_MISTAKE: N_("Our mistake"),
    Cause.OTHER: N_("Other"),
}
"""The same on buttons that stand side by side in a narrow pane."""

STATES: Mapping[RequestState, str] = {
    RequestState.PROPOSED: N_("Waits for a decision"),
    RequestState.LAPSED: N_("Undecided, over time"),
    RequestState.GRANTED: N_("Granted within the limit"),
    RequestState.APPROVED: N_("Approved"),
    RequestState.DECLINED: N_("Declined"),
    RequestState.WITHDRAWN: N_("Withdrawn"),
}


def asked_cause(cause: Cause) -> Cause:
    """The button that a cause belongs to."""
    return cause if cause in CAUSES else Cause.OTHER


def what(offer: Offer) -> str:
    """What the customer gets: ``130 cash + 86 voucher``."""
    if offer.kind is Kind.APOLOGY:
        return _("A personal apology")
    words = {
        Kind.CASH: _("{cash} cash"),
        Kind.VOUCHER: _("{voucher} voucher"),
        Kind.MIXED: _("{cash} cash + {voucher} voucher"),
    }[offer.kind].format(cash=offer.cash.figure, voucher=offer.voucher.figure)
    return _("{offer} + personal apology").format(offer=words) if offer.apology else words


_NOTES = frozenset({Basis.CASE_BY_CASE, Basis.PRICE_NOT_KNOWN, Basis.FREIGHT_NOT_KNOWN})
"""Reasons that add nothing to the sum: what was assumed, and who judges."""


def how(offer: Offer) -> str:
    """How it is reckoned: ``120 % of the loss of 180 CNY = 216 CNY``."""
    if offer.kind is Kind.APOLOGY:
        return _("There is no loss to make good.")
    first, *more = [reason.text for reason in offer.reasons if reason.basis not in _NOTES]
    told = _("{first}. {then}").format(first=first, then=more[-1]) if more else first
    return _("{reason} = {sum}").format(reason=told, sum=offer.total)


def notes(offers: Sequence[Offer]) -> str:
    """What holds for the offers together: what was assumed, and who judges. Each is said once."""
    said = dict.fromkeys(reason for offer in offers for reason in offer.reasons if reason.basis in _NOTES)
    # The blank between two sentences is part of the message: Chinese has none.
    return "".join(_("{sentence}. ").format(sentence=reason.text) for reason in said).strip()
