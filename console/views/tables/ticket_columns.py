"""The columns of the ticket table, as data: what each is called, how wide, how it is sorted, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import NamedTuple

import numpy as np

from console.clock import SECOND
from console.i18n import N_, _
from console.models.domain.contacts import (
    Channel,
    Code,
    ComplaintTier,
    Emotion,
    InquiryType,
    Language,
    Priority,
    Stage,
    Status,
    Tier,
)
from console.models.domain.glossary import word
from console.models.live import reasons
from console.models.live.board import Board
from console.models.live.columns import Flag
from console.models.live.derive import stage
from console.models.live.fold import IS_FINAL
from console.models.live.outlook import NEVER, UNKNOWN
from console.views import formats, theme
from console.views.theme import ColorName, State


class Cell(NamedTuple):
    """What a cell shows: its words, their colour, and the shape of a state before them."""

    text: str
    ink: ColorName = "text"
    state: State = State.NEUTRAL
    strong: bool = False


class Ticket:
    """One ticket of a board at a moment, for the functions below. Made for the visible rows only."""

    __slots__ = ("board", "now", "slot", "words", "zone")

    def __init__(self, board: Board, slot: int, now: int, zone: tzinfo) -> None:
        self.board = board
        self.slot = slot
        self.now = now
        self.zone = zone
        self.words = board.texts.get(slot)

    def number(self, column: str) -> int:
        """The value of a column of the board."""
        return int(getattr(self.board.columns, column)[self.slot])


Show = Callable[[Ticket], Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``order`` is its key in `sorts.ORDERS`, empty where it cannot be sorted; ``width`` in pixels at scale
    1; ``ticking`` cells change by the second; ``first_descending``: the first click on its header sorts downwards."""

    key: str
    title: str
    width: int
    show: Show
    order: str = ""
    right: bool = False
    ticking: bool = False
    first_descending: bool = False


def urgency(ticket: Ticket) -> State:
    """R-CLOCK: what the response clock says of a ticket."""
    due = ticket.number("due_at")
    if not due:
        return State.NEUTRAL
    if due <= ticket.now:
        return State.DANGER
    warned = due <= ticket.now + int(ticket.board.policy.warning_by_channel[ticket.number("channel")])
    return State.WARNING if warned else State.NEUTRAL


def _due(ticket: Ticket) -> Cell:
    due = ticket.number("due_at")
    if not due:
        return Cell("")
    state = urgency(ticket)
    ink: ColorName = "text" if state is State.NEUTRAL else state.ink
    return Cell(formats.countdown((due - ticket.now) / SECOND), ink, state, state is State.DANGER)


def _slack(ticket: Ticket) -> Cell:
    due, wait = ticket.number("due_at"), ticket.number("expected_wait")
    if not due:
        return Cell("")
    if wait == UNKNOWN:
        return Cell(formats.DASH, "text_muted")
    if wait >= NEVER // SECOND:
        return Cell(_("nobody answers"), "warning", State.WARNING)
    slack = (due - ticket.now) / SECOND - wait
    late = slack < 0 and due > ticket.now
    # Who is over the limit already is told by the clock; here it is told who is going to be.
    ink: ColorName = "warning" if late else "text_muted" if due <= ticket.now else "text"
    return Cell(formats.countdown(slack), ink, State.WARNING if late else State.NEUTRAL)


def _waited(ticket: Ticket) -> Cell:
    since = ticket.number("waiting_since")
    if not since:
        return Cell("")
    return Cell(formats.countdown((ticket.now - since) / SECOND))


def _ref(ticket: Ticket) -> Cell:
    return Cell(ticket.words[0])


def _subject(ticket: Ticket) -> Cell:
    return Cell(ticket.words[1])


def _customer(ticket: Ticket) -> Cell:
    vip = ticket.number("tier") == Tier.VIP
    return Cell(ticket.words[2], strong=vip)


def _tier(ticket: Ticket) -> Cell:
    tier = Tier(ticket.number("tier"))
    return Cell(word(tier) if tier else "", "accent" if tier is Tier.VIP else "text_muted", strong=tier is Tier.VIP)


def _status(ticket: Ticket) -> Cell:
    status = Status(ticket.number("status"))
    return Cell(word(status), "text_muted" if IS_FINAL[status] else "text")


def _priority(ticket: Ticket) -> Cell:
    priority = Priority(ticket.number("priority"))
    if priority is Priority.NONE:
        return Cell("")
    strong = priority is Priority.URGENT
    return Cell(word(priority), "text" if priority >= Priority.HIGH else "text_muted", strong=strong)


def _complaint(ticket: Ticket) -> Cell:
    tier = ComplaintTier(ticket.number("complaint"))
    if tier is ComplaintTier.NONE:
        return Cell("")
    return Cell(word(tier), "text", State.WARNING if tier is ComplaintTier.HIGH else State.NEUTRAL)


def _type(ticket: Ticket) -> Cell:
    kind = InquiryType(ticket.number("type"))
    return Cell(word(kind), "text" if kind else "text_muted")


def _coded(column: str, codes: type[Code]) -> Show:
    def show(ticket: Ticket) -> Cell:
        code = codes(ticket.number(column))
        return Cell(word(code) if code else "")

    return show


def _named(column: str, dimension: str, nobody: str) -> Show:
    def show(ticket: Ticket) -> Cell:
        name = ticket.board.names.text(dimension, ticket.number(column))
        return Cell(name) if name else Cell(_(nobody), "text_muted")

    return show


def _stage(ticket: Ticket) -> Cell:
    return Cell(word(Stage(int(stage(ticket.board.columns, np.array([ticket.slot]))[0]))), "text_muted")


def _why(ticket: Ticket) -> Cell:
    reason = reasons.reason(ticket.board, ticket.slot, ticket.now)
    if reason is None:
        return Cell("")
    read = ticket.number("flags") & Flag.READ
    # R-READ: read and left lying is worse than unread, so it is marked.
    return Cell(
        reasons.phrase(reason, ticket.zone), "warning" if read else "text_muted", State.INFO if read else State.NEUTRAL
    )


def _time(column: str) -> Show:
    def show(ticket: Ticket) -> Cell:
        at = ticket.number(column)
        if not at:
            return Cell("")
        today = formats.instant(at, ticket.zone)[:10] == formats.instant(ticket.now, ticket.zone)[:10]
        return Cell(formats.time_of_day(at, ticket.zone) if today else formats.instant(at, ticket.zone), "text_muted")

    return show


def _count(column: str) -> Show:
    def show(ticket: Ticket) -> Cell:
        value = ticket.number(column)
        return Cell(str(value) if value else "", "text_muted")

    return show


def _promise(ticket: Ticket) -> Cell:
    at = ticket.number("promise_at")
    if not at:
        return Cell("")
    broken = at <= ticket.now
    state = State.DANGER if broken else State.NEUTRAL
    return Cell(formats.countdown((at - ticket.now) / SECOND), state.ink if broken else "text", state)


COLUMNS: tuple[Column, ...] = (
    Column("due", N_("Due in"), 96, _due, "due", right=True, ticking=True),
    Column("slack", N_("Slack"), 96, _slack, "slack", right=True, ticking=True),
    Column("waited", N_("Waiting"), 84, _waited, "waiting_since", right=True, ticking=True),
    Column("ref", N_("Ticket"), 104, _ref, "id", first_descending=True),
    Column("customer", N_("Customer"), 100, _customer),
    Column("tier", N_("Tier"), 96, _tier, "tier", first_descending=True),
    Column("channel", N_("Channel"), 96, _coded("channel", Channel), "channel"),
    Column("type", N_("Type"), 124, _type, "type"),
    Column("subject", N_("Subject"), 220, _subject),
    Column("priority", N_("Priority"), 72, _priority, "priority", first_descending=True),
    Column("status", N_("Status"), 112, _status, "status"),
    Column("agent", N_("Agent"), 150, _named("assignee", "agent", N_("nobody")), "assignee"),
    Column("queue", N_("Queue"), 104, _named("queue", "queue", ""), "queue"),
    Column("why", N_("Why it waits"), 220, _why, ticking=True),
    Column("complaint", N_("Complaint"), 84, _complaint, "complaint", first_descending=True),
    Column("promise", N_("Promise"), 84, _promise, "promise_at", right=True, ticking=True),
    Column("stage", N_("Stage"), 96, _stage, "stage"),
    Column("language", N_("Language"), 80, _coded("language", Language), "language"),
    Column("emotion", N_("Mood"), 72, _coded("emotion", Emotion), "emotion", first_descending=True),
    Column("messages", N_("Messages"), 76, _count("messages"), "messages", right=True, first_descending=True),
    Column("replies", N_("Replies"), 72, _count("replies"), "replies", right=True, first_descending=True),
    Column("transfers", N_("Transfers"), 76, _count("transfers"), "transfers", right=True, first_descending=True),
    Column("reopens", N_("Reopened"), 76, _count("reopens"), "reopens", right=True, first_descending=True),
    Column("created", N_("Created"), 112, _time("created_at"), "created_at", first_descending=True),
    Column("assigned", N_("Assigned"), 112, _time("assigned_at"), "assigned_at", first_descending=True),
    Column("first_reply", N_("First reply"), 112, _time("first_reply_at"), "first_reply_at", first_descending=True),
    Column(
        "customer_wrote",
        N_("Customer wrote"),
        112,
        _time("last_customer_at"),
        "last_customer_at",
        first_descending=True,
    ),
    Column("changed", N_("Last change"), 112, _time("last_at"), "last_at", first_descending=True),
    Column("resolved", N_("Resolved at"), 112, _time("resolved_at"), "resolved_at", first_descending=True),
)
BY_KEY: dict[str, Column] = {column.key: column for column in COLUMNS}
DEFAULT: tuple[str, ...] = (
    "due",
    "waited",
    "ref",
    "customer",
    "tier",
    "channel",
    "type",
    "agent",
    "why",
    "priority",
    "status",
    "queue",
    "subject",
)
"""What a new user sees, in this order."""


def accessible(cell: Cell) -> str:
    """What a screen reader says of a cell."""
    if cell.state is theme.State.NEUTRAL:
        return cell.text
    return f"{cell.text}, {_(cell.state.word)}"


def title(column: Column) -> str:
    """The title of a column in the language in use."""
    return _(column.title)
