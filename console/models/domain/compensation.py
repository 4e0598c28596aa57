"""R-CMP-OFFER: the compensation calculator. Always three offers, exact to the hundredth, never below the rule's floor.

All sums are integers in hundredths. A percentage is rounded up to the next hundredth, in the customer's favour, so that
no offer falls below its floor by rounding. A loss belongs to one *band*; its three shares give the offers by loss. A
cause with a rule of its own replaces the first offer, and what it asks for is the least that the other two give.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from console.i18n import N_, _
from console.models.domain.complaints import Cause
from console.models.domain.money import Money

RULE = "R-CMP-OFFER"
OFFERS = 3


class Kind(Enum):
    """What the customer gets."""

    CASH = "cash"
    VOUCHER = "voucher"
    MIXED = "mixed"
    APOLOGY = "apology"
    """Words only: there is no loss and no cause that asks for money."""


@dataclass(frozen=True, slots=True)
class Share:
    """One offer of a band: a percentage of the loss in one kind. *Mixed* is the loss in cash and the rest a voucher."""

    kind: Kind
    percent: int


@dataclass(frozen=True, slots=True)
class Band:
    """The losses up to and including ``upto`` that no band before takes; None: all the rest."""

    upto: Money | None
    floor_percent: int
    shares: tuple[Share, Share, Share]
    of_price: bool = False
    """Percentages are of the price where that is more than the loss."""
    case_by_case: bool = False
    """The offers are where a person begins to judge, not what is simply granted."""


@dataclass(frozen=True, slots=True)
class CompensationRules:
    """The figures of R-CMP-OFFER; raises ValueError where a larger loss could get less, or an offer less than its
    floor."""

    bands: tuple[Band, ...]
    """In order of their losses; the last takes all the rest."""
    delay_price_percent: int
    """Logistics delay: full freight and this percentage of the price, in cash."""
    defect_voucher_percent: int
    """Product defect: full refund of the price, and a voucher of this percentage of it."""
    mistake_percent: int
    """Agent's mistake: this percentage of the affected amount in cash, and a personal apology."""

    def __post_init__(self) -> None:
        limits = [band.upto for band in self.bands]
        if not limits or limits[-1] is not None or None in limits[:-1]:
            raise ValueError("the last compensation band, and only it, takes all the rest")
        sums = [limit.hundredths for limit in limits if limit is not None]
        if sums != sorted(set(sums)) or len({limit.currency for limit in limits if limit is not None}) > 1:
            raise ValueError("the compensation bands must be in rising order and in one currency")
        if any(share.percent < max(100, band.floor_percent) for band in self.bands for share in band.shares):
            raise ValueError("every share of a compensation band must be at least its floor and the loss itself")
        steps = zip(self.bands, self.bands[1:], strict=False)
        if any(
            (before.of_price and not after.of_price)
            or any(one.percent > other.percent for one, other in zip(before.shares, after.shares, strict=True))
            for before, after in steps
        ):
            raise ValueError("a compensation band must not give less than the band before it")
        if min(self.delay_price_percent, self.defect_voucher_percent, self.mistake_percent) < 0:
            raise ValueError("the percentages of the compensation rules must not be negative")

    @property
    def currency(self) -> str:
        """The currency of the bands' limits; one band alone has none and takes the centre's usual one."""
        return next((band.upto.currency for band in self.bands if band.upto is not None), "CNY")

    def band(self, loss: Money) -> Band:
        """The band that a loss belongs to."""
        return next(band for band in self.bands if band.upto is None or loss.hundredths <= band.upto.hundredths)


@dataclass(frozen=True, slots=True)
class Case:
    """What happened, in the rules' currency. Without a price the loss stands for it; without a freight it is 0."""

    loss: Money
    """What the customer lost; the affected amount of an agent's mistake."""
    cause: Cause = Cause.UNKNOWN
    price: Money | None = None
    freight: Money | None = None


class Basis(Enum):
    """Where an offer's sum comes from, as a sentence with its figures."""

    OF_LOSS = N_("{share} of the loss of {amount}")
    OF_PRICE = N_("{share} of the price of {amount}")
    DELAY = N_("Logistics delay: full freight of {amount} and {share} of the price")
    DEFECT = N_("Product defect: full refund of {amount} and a voucher of {share}")
    MISTAKE = N_("Agent's mistake: {share} of the affected {amount} and a personal apology")
    RAISED_TO_FLOOR = N_("Raised to the least for such a loss, {share} of {amount}")
    RAISED_TO_CAUSE = N_("Raised to what the cause asks for, {amount}")
    CASE_BY_CASE = N_("Decided case by case, never below {share} of {amount}")
    PRICE_NOT_KNOWN = N_("The price is not known; the loss stands for it")
    FREIGHT_NOT_KNOWN = N_("The freight is not known and counts as nothing")


@dataclass(frozen=True, slots=True)
class Reason:
    """A basis with its figures."""

    basis: Basis
    amount: Money | None = None
    percent: int = 0

    @property
    def text(self) -> str:
        """The sentence in the language in use."""
        return _(self.basis.value).format(amount=self.amount, share=f"{self.percent} %")


@dataclass(frozen=True, slots=True)
class Offer:
    """One of the three offers."""

    cash: Money
    voucher: Money
    apology: bool
    """A personal apology goes with it."""
    case_by_case: bool
    needs_approval: bool
    """Its value is above the agent's limit: a supervisor decides (R-ESC)."""
    reasons: tuple[Reason, ...]
    rule: str = RULE

    @property
    def total(self) -> Money:
        """Cash and voucher together."""
        return Money(self.cash.hundredths + self.voucher.hundredths, self.cash.currency)

    @property
    def kind(self) -> Kind:
        """What the customer gets, by the sums that are more than nothing."""
        if self.cash.hundredths and self.voucher.hundredths:
            return Kind.MIXED
        if self.cash.hundredths:
            return Kind.CASH
        return Kind.VOUCHER if self.voucher.hundredths else Kind.APOLOGY


@dataclass(frozen=True, slots=True)
class _Draft:
    """An offer in the making: sums in hundredths."""

    cash: int
    voucher: int
    reasons: tuple[Reason, ...]

    def at_least(self, least: int, reason: Reason, *, in_cash: bool = False) -> _Draft:
        """The draft raised to a total where it is less, by a voucher unless it should stay all cash."""
        missing = least - self.cash - self.voucher
        if missing <= 0:
            return self
        reasons = (*self.reasons, reason)
        if in_cash and not self.voucher:
            return _Draft(self.cash + missing, 0, reasons)
        return _Draft(self.cash, self.voucher + missing, reasons)


def offers(case: Case, rules: CompensationRules, agent_limit: Money) -> tuple[Offer, Offer, Offer]:
    """R-CMP-OFFER: the three offers for a case; the first is that of its cause where the cause has a rule.

    ``agent_limit``: the highest total that the agent may give alone. Raises ValueError for a negative sum or one that
    is not in the rules' currency (convert it first, see `money.in_currency`).
    """
    for amount in (case.loss, case.price, case.freight, agent_limit):
        if amount is not None and (amount.hundredths < 0 or amount.currency != rules.currency):
            raise ValueError(f"{amount} is not an amount in {rules.currency} of 0 or more")
    band = rules.band(case.loss)
    base, by_price = _base(case, band)
    by_cause = _by_cause(case, rules)
    basis = Basis.OF_PRICE if by_price else Basis.OF_LOSS
    drafts = [_by_share(share, Money(base, rules.currency), basis) for share in band.shares]
    if by_cause is not None:
        floor = _percent_of(base, band.floor_percent)
        told = Reason(Basis.RAISED_TO_FLOOR, Money(base, rules.currency), band.floor_percent)
        asked = by_cause.cash + by_cause.voucher
        raised = Reason(Basis.RAISED_TO_CAUSE, Money(asked, rules.currency))
        drafts = [
            by_cause.at_least(floor, told),
            *(
                draft.at_least(asked, raised, in_cash=share.kind is Kind.CASH)
                for draft, share in zip(drafts[1:], band.shares[1:], strict=True)
            ),
        ]
    common = []
    if band.case_by_case:
        common.append(Reason(Basis.CASE_BY_CASE, Money(base, rules.currency), band.floor_percent))
    if band.of_price and case.price is None:
        common.append(Reason(Basis.PRICE_NOT_KNOWN))
    first, second, third = (_offer(draft, common, case, band, agent_limit) for draft in drafts)
    return first, second, third


def _offer(draft: _Draft, common: list[Reason], case: Case, band: Band, agent_limit: Money) -> Offer:
    reasons = tuple(dict.fromkeys((*draft.reasons, *common)))
    total = draft.cash + draft.voucher
    return Offer(
        cash=Money(draft.cash, agent_limit.currency),
        voucher=Money(draft.voucher, agent_limit.currency),
        apology=case.cause is Cause.AGENT_MISTAKE or total == 0,
        case_by_case=band.case_by_case,
        needs_approval=total > agent_limit.hundredths,
        reasons=reasons,
    )


def _base(case: Case, band: Band) -> tuple[int, bool]:
    """What the band's percentages are of, and whether that is the price."""
    loss = case.loss.hundredths
    price = case.price.hundredths if band.of_price and case.price is not None else 0
    return max(loss, price), price > loss


def _by_share(share: Share, base: Money, basis: Basis) -> _Draft:
    total = _percent_of(base.hundredths, share.percent)
    cash = {Kind.CASH: total, Kind.MIXED: base.hundredths}.get(share.kind, 0)
    return _Draft(cash, total - cash, (Reason(basis, base, share.percent),))


def _by_cause(case: Case, rules: CompensationRules) -> _Draft | None:
    """What the cause's own rule gives; None where there is none."""
    price = case.loss if case.price is None else case.price
    no_price = () if case.price is not None else (Reason(Basis.PRICE_NOT_KNOWN),)
    if case.cause is Cause.LOGISTICS_DELAY:
        freight = case.freight or Money(0, rules.currency)
        no_freight = () if case.freight is not None else (Reason(Basis.FREIGHT_NOT_KNOWN),)
        cash = freight.hundredths + _percent_of(price.hundredths, rules.delay_price_percent)
        reason = Reason(Basis.DELAY, freight, rules.delay_price_percent)
        return _Draft(cash, 0, (reason, *no_freight, *no_price))
    if case.cause is Cause.PRODUCT_DEFECT:
        voucher = _percent_of(price.hundredths, rules.defect_voucher_percent)
        reason = Reason(Basis.DEFECT, price, rules.defect_voucher_percent)
        return _Draft(price.hundredths, voucher, (reason, *no_price))
    if case.cause is Cause.AGENT_MISTAKE:
        cash = _percent_of(case.loss.hundredths, rules.mistake_percent)
        return _Draft(cash, 0, (Reason(Basis.MISTAKE, case.loss, rules.mistake_percent),))
    return None


def _percent_of(hundredths: int, percent: int) -> int:
    """A percentage, rounded up to the next hundredth."""
    return -(-hundredths * percent // 100)
