"""What the head of the ticket detail says, taken from the board at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from console.clock import SECOND
from console.i18n import _
from console.models.domain import platform_windows
from console.models.domain.contacts import Channel, ComplaintTier, InquiryType, Priority, Status, Tier
from console.models.domain.glossary import word
from console.models.live import reasons
from console.models.live.board import Board
from console.views import formats
from console.views.tables.ticket_columns import Ticket, urgency
from console.views.theme import ColorName, State


@dataclass(frozen=True, slots=True)
class Facts:
    """``rows`` are the values of the rows below the subject, by key; ``due`` and ``state`` what the clock says."""

    ref: str
    subject: str
    why: str
    due: str
    state: State
    ink: ColorName
    rows: Mapping[str, str]


def facts(board: Board, ticket: int, now: int, zone: tzinfo) -> Facts | None:
    """The facts of a ticket, None when the board does not have it (yet, at this moment of the past)."""
    slot = board.slot(ticket)
    if slot is None:
        return None
    seen = Ticket(board, slot, now, zone)
    ref, subject, customer = seen.words
    reason = reasons.reason(board, slot, now)
    state = urgency(seen)
    why = reasons.phrase(reason, zone) if reason is not None else ""
    return Facts(
        ref or f"#{ticket}",
        subject,
        _("Why it waits: {reason}").format(reason=why) if why else "",
        _due(seen, now),
        state,
        "text" if state is State.NEUTRAL else state.ink,
        {
            "customer": _together(customer, Tier(seen.number("tier"))),
            "about": f"{word(Channel(seen.number('channel')))} · {_type(seen)}",
            "owner": board.names.text("agent", seen.number("assignee")) or _("nobody"),
            "status": _together(word(Status(seen.number("status"))), Priority(seen.number("priority"))),
            "waits": _waits(seen, now, zone),
            "platform": _platform(board, seen, now, zone),
        },
    )


def _due(seen: Ticket, now: int) -> str:
    due = seen.number("due_at")
    if not due:
        return ""
    left = formats.countdown(abs(due - now) / SECOND)
    return _("{time} over").format(time=left) if due <= now else _("due in {time}").format(time=left)


def _waits(seen: Ticket, now: int, zone: tzinfo) -> str:
    since = seen.number("waiting_since")
    if not since:
        return _("not waiting for us")
    return _("{span} since {time}").format(span=formats.countdown((now - since) / SECOND), time=_when(since, now, zone))


def _platform(board: Board, seen: Ticket, now: int, zone: tzinfo) -> str:
    """Until when, and how often, the platform lets us write freely; empty where it does not care."""
    rule = board.policy.platform_windows.get(Channel(seen.number("channel")))
    left = platform_windows.left(rule, seen.number("last_customer_at"), seen.number("sent"))
    if left is None or rule is None:
        return ""
    when = _when(left.ends_at, now, zone)
    if left.ends_at <= now:
        return _("free reply ended {time}").format(time=when)
    until = _("free reply until {time}").format(time=when)
    if left.messages == platform_windows.ANY_NUMBER:
        return until
    return _("{until} · {n} of {all} messages left").format(until=until, n=left.messages, all=rule.messages)


def _when(at: int, now: int, zone: tzinfo) -> str:
    same_day = formats.instant(at, zone)[:10] == formats.instant(now, zone)[:10]
    return formats.time_of_day(at, zone) if same_day else formats.instant(at, zone)


def _type(seen: Ticket) -> str:
    kind = word(InquiryType(seen.number("type")))
    tier = ComplaintTier(seen.number("complaint"))
    return f"{kind} · {word(tier)}" if tier else kind


def _together(first: str, second: Tier | Priority) -> str:
    return " · ".join(part for part in (first, word(second) if second else "") if part)
