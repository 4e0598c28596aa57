"""Compensation requests as rows of their table and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping

from console.models.domain.compensation import Basis, Case, Offer, Reason
from console.models.domain.complaints import Cause
from console.models.domain.escalation import Urgency
from console.models.domain.money import Money
from console.models.domain.requests import Request, RequestState

_COPIED = (
    "id",
    "ticket",
    "proposed_by",
    "proposed_at",
    "due_at",
    "chosen",
    "note",
    "lapsed_at",
    "lapses",
    "decided_by",
    "decided_at",
    "reason",
    "version",
)
"""The columns whose value is the field's own."""


def request_of(row: RowMapping) -> Request:
    """The request of a row."""
    currency: str = row["currency"]

    def money(column: str) -> Money | None:
        return None if row[column] is None else Money(row[column], currency)

    first, second, third = (_offer(kept, currency) for kept in json.loads(row["offers"]))
    return Request(
        state=RequestState(row["state"]),
        urgency=Urgency(row["urgency"]),
        case=Case(Money(row["loss"], currency), Cause(row["cause"]), money("price"), money("freight")),
        limit=Money(row["agent_limit"], currency),
        offers=(first, second, third),
        **{name: row[name] for name in _COPIED},
    )


def values_of(request: Request) -> Mapping[str, Any]:
    """The row of a request."""
    case, offer = request.case, request.offer
    return {
        "state": request.state,
        "urgency": request.urgency,
        "currency": case.loss.currency,
        "loss": case.loss.hundredths,
        "price": None if case.price is None else case.price.hundredths,
        "freight": None if case.freight is None else case.freight.hundredths,
        "cause": case.cause,
        "agent_limit": request.limit.hundredths,
        "offers": json.dumps([_kept(one) for one in request.offers]),
        "cash": offer.cash.hundredths,
        "voucher": offer.voucher.hundredths,
        **{name: getattr(request, name) for name in _COPIED},
    }


def _kept(offer: Offer) -> dict[str, object]:
    return {
        "cash": offer.cash.hundredths,
        "voucher": offer.voucher.hundredths,
        "apology": offer.apology,
        "case_by_case": offer.case_by_case,
        "needs_approval": offer.needs_approval,
        "rule": offer.rule,
        "reasons": [
            [reason.basis.name, None if reason.amount is None else reason.amount.hundredths, reason.percent]
            for reason in offer.reasons
        ],
    }


def _offer(kept: Mapping[str, Any], currency: str) -> Offer:
    return Offer(
        cash=Money(kept["cash"], currency),
        voucher=Money(kept["voucher"], currency),
        apology=kept["apology"],
        case_by_case=kept["case_by_case"],
        needs_approval=kept["needs_approval"],
        reasons=tuple(
            Reason(Basis[basis], None if amount is None else Money(amount, currency), percent)
            for basis, amount, percent in kept["reasons"]
        ),
        rule=kept["rule"],
    )
