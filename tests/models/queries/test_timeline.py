"""The story of a ticket in lines."""

from __future__ import annotations

from console.clock import MINUTE, SECOND
from console.models.domain.attributes import pack
from console.models.domain.contacts import Channel, InquiryType, Role, Status
from console.models.domain.events import Kind
from console.models.domain.ports import Batch, Progress
from console.models.queries.late import Late, came_late
from console.models.queries.timeline import Side, timeline
from tests.models.live.test_reasons import T0, ZONE, Story
from tests.views.screens.centre import board_of, morning


def lines_of(story: Story, until: int | None = None) -> list[tuple[Side, str, str]]:
    _board, log = board_of(story.events)
    lines = timeline(log, log.ids["ticket"]["T1"], until)
    return [(line.side, line.who, line.text or line.words(ZONE)) for line in lines]


def test_a_conversation_reads_as_it_was() -> None:
    born = pack(channel=Channel.WECHAT, type=InquiryType.WARRANTY, status=Status.NEW)
    story = Story().ticket(Kind.CREATED, 0, value=born, name="Returns")
    story.ticket(Kind.CUSTOMER_MESSAGE, 0, role=Role.CUSTOMER, body="It broke.")
    story.given_to("Li", 1).ticket(Kind.READ, 1, actor="Li")
    story.ticket(Kind.PUBLIC_REPLY, 2, actor="Li", role=Role.AGENT, body="Sorry!")
    story.ticket(Kind.PRIVATE_NOTE, 3, actor="Li", role=Role.AGENT, body="second time")
    story.ticket(Kind.PUBLIC_REPLY, 4, role=Role.BOT, body="We are on it.")
    story.ticket(Kind.PROMISE_MADE, 4, actor="Li", value=T0 + 20 * MINUTE)
    story.ticket(Kind.COMPLAINT, 5, value=3, detail={"amount": 6200})
    story.ticket(Kind.STATUS_CHANGED, 6, actor="Li", value=int(Status.RESOLVED))
    story.ticket(Kind.ENDED, 6, value=200 * SECOND).ticket(Kind.CSAT, 9, value=4)
    assert lines_of(story) == [
        (Side.SYSTEM, "", "came by WeChat: Warranty"),
        (Side.CUSTOMER, "", "It broke."),
        (Side.SYSTEM, "", "assigned to Li"),
        (Side.SYSTEM, "Li", "read"),
        (Side.OURS, "Li", "Sorry!"),
        (Side.NOTE, "Li", "second time"),
        (Side.BOT, "", "We are on it."),
        (Side.SYSTEM, "Li", "answer promised for 10:20"),
        (Side.SYSTEM, "", "High complaint, about 6\xa0200\xa0CNY"),
        (Side.SYSTEM, "Li", "status: Resolved"),
        (Side.SYSTEM, "", "conversation ended, 3:20 of handling"),
        (Side.SYSTEM, "", "customer gave 4 of 5"),
    ]


def test_the_past_knows_nothing_of_what_came_after() -> None:
    story = Story().asks(0).given_to("Li", 1).ticket(Kind.PUBLIC_REPLY, 2, actor="Li", role=Role.AGENT, body="Yes")
    assert [side for side, _who, _text in lines_of(story, T0 + MINUTE)] == [Side.SYSTEM, Side.CUSTOMER, Side.SYSTEM]


def test_a_code_that_nobody_knows_is_shown_as_it_is() -> None:
    story = Story().asks(0).ticket(Kind.STATUS_CHANGED, 1, value=77)
    assert lines_of(story)[-1][2] == "status: 77"


def test_every_kind_of_the_demonstration_can_be_told() -> None:
    _board, log = morning()
    for ticket in list(log.of_ticket)[::17]:
        for line in timeline(log, ticket):
            assert line.text or "{" not in line.words(ZONE)


def test_events_of_before_a_moment_that_come_after_it_are_counted_on() -> None:
    story = Story().asks(0).asks(5, "T2").asks(-3, "T3")
    board, log = board_of(story.events)
    rows = log.batch(story.events).rows

    class Log:
        def read(self, after: int, limit: int) -> Batch:
            return Batch(rows[rows["seq"] > after][:limit])

    first = int(rows["seq"][0]) - 1
    known = came_late(Log(), T0, Late(first), Progress())
    assert known == Late(int(rows["seq"][-1]), 4)
    assert came_late(Log(), T0, known, Progress()) == known
    assert board.columns.count == 3
