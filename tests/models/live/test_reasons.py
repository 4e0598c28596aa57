"""Why a customer waits, case by case, in the words that stand in the row."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from console.clock import MINUTE, SECOND
from console.models.domain.attributes import pack
from console.models.domain.contacts import AgentState, Channel, Role, Status
from console.models.domain.events import Event, Kind
from console.models.live import reasons
from console.models.live.reasons import Cause, phrase, reason
from tests.views.screens.centre import board_of

ZONE = ZoneInfo("Asia/Shanghai")
T0 = 1_795_399_200_000_000  # 2026-11-23 10:00 in Shanghai
WECHAT = pack(channel=Channel.WECHAT, status=Status.NEW)
EMAIL = pack(channel=Channel.EMAIL, status=Status.NEW)


class Story:
    """Writes events down one after another."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def ticket(self, kind: Kind, at: float, ref: str = "T1", **more: object) -> Story:
        key = len(self.events) + 1
        self.events.append(Event(kind, ref, T0 + round(at * MINUTE), key, native=key, **more))  # type: ignore[arg-type]
        return self

    def asks(self, at: float, ref: str = "T1", born: int = WECHAT) -> Story:
        self.ticket(Kind.CREATED, at, ref, value=born)
        return self.ticket(Kind.CUSTOMER_MESSAGE, at, ref, role=Role.CUSTOMER)

    def given_to(self, agent: str, at: float, ref: str = "T1") -> Story:
        return self.ticket(Kind.ASSIGNED, at, ref, name=agent)

    def agent(self, name: str, state: AgentState, at: float, limit: int = 3) -> Story:
        self.ticket(Kind.AGENT_LOGIN, at - 0.01, name, value=limit)
        return self.ticket(Kind.AGENT_STATE, at, name, value=int(state))

    def why(self, at: float, ref: str = "T1") -> str | None:
        board, log = board_of(self.events)
        slot = board.slot(log.ids["ticket"][ref])
        assert slot is not None
        found = reason(board, slot, T0 + round(at * MINUTE))
        return None if found is None else phrase(found, ZONE)


def test_whoever_does_not_wait_has_no_reason() -> None:
    story = Story().asks(0).given_to("Li", 0).ticket(Kind.PUBLIC_REPLY, 1, actor="Li", role=Role.AGENT)
    assert story.why(2) is None


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (AgentState.BREAK, "owner on break since 10:05"),
        (AgentState.AWAY, "owner away since 10:05"),
        (AgentState.OFFLINE, "owner has logged off"),
    ],
)
def test_an_owner_who_is_not_there(state: AgentState, words: str) -> None:
    story = Story().agent("Li", AgentState.AVAILABLE, -5).asks(0).given_to("Li", 0).agent("Li", state, 5)
    assert story.why(8) == words


def test_an_owner_whose_state_was_never_told_is_not_called_absent() -> None:
    assert Story().asks(0).given_to("Li", 0).why(8) == "assigned 8 min ago, no reply"


def test_an_owner_who_is_full() -> None:
    story = Story().agent("Li", AgentState.AVAILABLE, -5, limit=2)
    for ref in ("T1", "T2"):
        story.asks(0, ref).given_to("Li", 0, ref)
    assert story.why(1) == "owner is full: 2 of 2"


def test_mail_does_not_fill_an_agent() -> None:
    story = Story().agent("Li", AgentState.AVAILABLE, -5, limit=1)
    story.asks(0, "T1", EMAIL).given_to("Li", 0, "T1").asks(0, "T2", EMAIL).given_to("Li", 0, "T2")
    assert story.why(1) == "assigned 1 min ago, no reply"


def test_an_answer_that_was_not_given_yet() -> None:
    story = Story().asks(0).given_to("Li", 2)
    assert story.why(2.5) == "just assigned"
    assert story.why(9) == "assigned 7 min ago, no reply"
    assert story.why(2 + 130) == "assigned 2 h 10 min ago, no reply"
    mail = Story().asks(0, born=EMAIL).given_to("Li", 2)
    assert mail.why(2 + 60 * 50) == "assigned 2 d 2 h ago, no reply"


def test_a_customer_who_keeps_writing() -> None:
    story = Story().asks(0).given_to("Li", 0)
    for at in (1, 2):
        story.ticket(Kind.CUSTOMER_MESSAGE, at, role=Role.CUSTOMER)
    assert story.why(3) == "customer wrote 3 times, no reply"


def test_a_conversation_under_way() -> None:
    story = Story().asks(0).given_to("Li", 0).ticket(Kind.PUBLIC_REPLY, 1, actor="Li", role=Role.AGENT)
    story.ticket(Kind.CUSTOMER_MESSAGE, 2, role=Role.CUSTOMER)
    assert story.why(2.5) == "new message"
    assert story.why(6) == "new message unanswered for 4 min"
    story.ticket(Kind.CUSTOMER_MESSAGE, 6, role=Role.CUSTOMER)
    assert story.why(7) == "customer wrote again"


def test_read_but_not_answered() -> None:
    story = Story().asks(0).given_to("Li", 0).ticket(Kind.READ, 1, actor="Li", role=Role.AGENT)
    assert story.why(3) == "read, not answered"


def test_a_promise_breaks_although_the_customer_has_an_answer_for_now() -> None:
    """R-FRT-CLASS: a hard case gets a holding reply that names a time; nobody waits until then, and somebody after."""
    story = Story().asks(0).given_to("Li", 0).ticket(Kind.PUBLIC_REPLY, 1, actor="Li", role=Role.AGENT)
    story.ticket(Kind.PROMISE_MADE, 1, actor="Li", role=Role.AGENT, value=T0 + 6 * MINUTE)
    assert story.why(5) == "answer promised for 10:06"
    assert story.why(7) == "promise of 10:06 broken"
    story.ticket(Kind.PUBLIC_REPLY, 8, actor="Li", role=Role.AGENT)
    assert story.why(9) is None


def test_a_platform_ends_the_free_reply() -> None:
    """R-CLOCK: WeChat allows five messages in the 48 hours after the customer's last."""
    story = Story().asks(0).given_to("Li", 0)
    assert story.why(47 * 60 - 1) == "assigned 1 d 22 h ago, no reply"
    assert story.why(47 * 60 + 1) == "free reply ends 10:00"
    assert story.why(48 * 60) == "free reply has ended"
    for place in range(4):
        story.ticket(Kind.PUBLIC_REPLY, 1 + place, actor="", role=Role.BOT)
    assert story.why(9) == "one free message left"
    story.ticket(Kind.PUBLIC_REPLY, 6, actor="", role=Role.BOT)
    assert story.why(9) == "no free message left"
    story.ticket(Kind.CUSTOMER_MESSAGE, 10, role=Role.CUSTOMER)
    assert story.why(12) == "customer wrote 2 times, no reply"


def test_a_promise_stands_and_breaks() -> None:
    story = Story().asks(0).given_to("Li", 0).ticket(Kind.PUBLIC_REPLY, 1, actor="Li", role=Role.AGENT)
    story.ticket(Kind.PROMISE_MADE, 1, value=T0 + 20 * MINUTE).ticket(Kind.CUSTOMER_MESSAGE, 5, role=Role.CUSTOMER)
    assert story.why(6) == "answer promised for 10:20"
    assert story.why(20) == "promise of 10:20 broken"


def test_a_customer_who_writes_after_the_end() -> None:
    story = Story().asks(0).given_to("Li", 0).ticket(Kind.STATUS_CHANGED, 1, value=int(Status.CLOSED))
    story.ticket(Kind.CUSTOMER_MESSAGE, 5, role=Role.CUSTOMER)
    assert story.why(6) == "customer wrote after it was closed"


def test_nobody_has_taken_it() -> None:
    assert Story().asks(0).why(0.5) == "no owner yet"
    assert Story().asks(0).why(6) == "no owner for 6 min"
    one = Story().agent("Li", AgentState.AVAILABLE, -5).asks(0)
    assert one.why(6) == "no owner for 6 min, 1 free"
    two = one.agent("Wu", AgentState.AVAILABLE, -5)
    assert two.why(6) == "no owner for 6 min, 2 free"
    assert Story().agent("Li", AgentState.AVAILABLE, -5).asks(0, born=EMAIL).why(6) == "no owner for 6 min"


def test_nobody_could_take_it() -> None:
    gone = Story().agent("Li", AgentState.OFFLINE, -5).asks(0)
    assert gone.why(6) == "nobody is logged in"
    full = Story().agent("Li", AgentState.AVAILABLE, -5, limit=1).asks(0, "T0").given_to("Li", 0, "T0").asks(0)
    assert full.why(6) == "no owner: 1 of 1 agents full"


def test_only_the_bot_has_answered() -> None:
    story = Story().asks(0).ticket(Kind.PUBLIC_REPLY, 1, role=Role.BOT)
    assert story.why(6) == "only the bot has answered"


def test_every_cause_can_be_spoken() -> None:
    for cause in Cause:
        said = phrase(reasons.Reason(cause, at=T0, minutes=3, number=2, limit=5), ZONE)
        assert "{" not in said


def test_the_floor_is_counted_once_a_second() -> None:
    board, _log = board_of(Story().agent("Li", AgentState.AVAILABLE, 0).events)
    first = reasons.floor(board, T0 + SECOND)
    assert (first.known, first.logged_in, first.free, first.full) == (1, 1, 1, 0)
    assert reasons.floor(board, T0 + SECOND + 1) is first
    assert reasons.floor(board, T0 + 2 * SECOND) is not first
