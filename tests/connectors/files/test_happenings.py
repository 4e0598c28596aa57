"""Logs of events: each row of the canonical schema becomes the event that it says."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.clock import SECOND, micros
from console.models.domain.attributes import unpack
from console.models.domain.contacts import AgentState, Channel, InquiryType, Priority, Role, Status, Tier
from console.models.domain.events import Event, Kind, Precision
from console.zones import instant
from tests.connectors.files.door import Door, plan, read

NOW = "2026-03-02T09:30:00+08:00"
AT = instant(NOW, UTC)
COLUMNS = (
    "event_key,ticket_ref,kind,at,native_id,actor_ref,actor_role,at_precision,value,text,"
    "channel,type,tier,queue,subject"
)


def landed(tmp_path: Path, *rows: str, columns: str = COLUMNS) -> tuple[list[Event], list[str]]:
    path = tmp_path / "events.csv"
    path.write_text("\n".join([columns, *rows]) + "\n", encoding="utf-8")
    door = Door()
    summary = read(path, plan(), door)
    assert summary.mapping == "events"
    return list(door.events.values()), [fault.reason for fault in summary.faults]


def only(tmp_path: Path, row: str, columns: str = COLUMNS) -> Event:
    events, faults = landed(tmp_path, row, columns=columns)
    assert faults == []
    (event,) = events
    return event


def test_a_creation_carries_what_the_ticket_is_born_with(tmp_path: Path) -> None:
    event = only(tmp_path, f"k1,T-1,created,{NOW},,,customer,,,,web_chat,order_status,vip,Logistics,Where is it?")
    assert (event.subject, event.at, event.key, event.name) == ("T-1", AT, "k1", "Logistics")
    born = {name: value for name, value in unpack(event.value).items() if value}
    assert born == {"channel": Channel.WEB_CHAT, "type": InquiryType.ORDER_STATUS, "tier": Tier.VIP}
    assert event.detail == {"subject": "Where is it?"}
    assert event.role is Role.CUSTOMER


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("status_changed", "pending_customer", (Status.PENDING_CUSTOMER, "")),
        ("priority_changed", "urgent", (Priority.URGENT, "")),
        ("assigned", "Wang Fang", (0, "Wang Fang")),
        ("queue_changed", "Returns", (0, "Returns")),
        ("queue_changed", "", (0, "")),
        ("tag_added", "gift", (0, "gift")),
        ("csat", "4", (4, "")),
        ("promise_made", "2026-03-02T01:35:00Z", (AT + 300 * SECOND, "")),
        ("customer_message", "", (0, "")),
        ("message", "", (0, "")),
    ],
)
def test_the_value_means_what_its_kind_asks_for(
    tmp_path: Path, kind: str, value: str, expected: tuple[int, str]
) -> None:
    event = only(tmp_path, f"k1,T-1,{kind},{NOW},,,,,{value},,,,,,")
    assert (event.value, event.name) == expected


def test_agents_and_channels_have_events_too(tmp_path: Path) -> None:
    events, faults = landed(
        tmp_path,
        f"k1,,agent_state,{NOW},,Wang Fang,,,break,,,,,,",
        f"k2,,channel_health,{NOW},,,,,0,,whatsapp,,,,",
    )
    assert faults == []
    assert [(event.kind, event.subject, event.value) for event in events] == [
        (Kind.AGENT_STATE, "Wang Fang", AgentState.BREAK),
        (Kind.CHANNEL_HEALTH, "whatsapp", 0),
    ]


def test_body_precision_role_and_native_order_are_kept(tmp_path: Path) -> None:
    event = only(tmp_path, f"k1,T-1,public_reply,{NOW},77,Li Lei,agent,minute,,您好,,,,,")
    assert (event.body, event.precision, event.role, event.actor, event.native) == (
        "您好",
        Precision.MINUTE,
        Role.AGENT,
        "Li Lei",
        77,
    )


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"k,,created,{NOW},,,,,,,,,,,", "the ticket is missing"),
        (f"k,T,dance,{NOW},,,,,,,,,,,", "'dance' is not a kind of event"),
        (f"k,T,,{NOW},,,,,,,,,,,", "the kind is missing"),
        ("k,T,created,,,,,,,,,,,,", "the time is missing"),
        ("k,T,created,02/03/2026,,,,,,,,,,,", "'02/03/2026' is not a time in the expected form"),
        ("k,T,created,0001-01-01T00:00:00Z,,,,,,,,,,,", "'0001-01-01T00:00:00Z' is not a time between 1980 and 2100"),
        (f"k,T,csat,{NOW},,,,,7,,,,,,", "7 is not between 1 and 5"),
        (f"k,T,csat,{NOW},,,,,good,,,,,,", "'good' is not a whole number"),
        (f"k,T,assigned,{NOW},,,,,,,,,,,", "the value is missing"),
        (f"k,,agent_login,{NOW},,,,,,,,,,,", "the agent is missing"),
    ],
)
def test_a_row_that_says_nothing_sensible_is_rejected_with_the_reason(tmp_path: Path, row: str, reason: str) -> None:
    events, faults = landed(tmp_path, row)
    assert (events, faults) == ([], [reason])


def test_an_unknown_status_is_kept_as_unknown_with_its_word(tmp_path: Path) -> None:
    event = only(tmp_path, f"k1,T-1,status_changed,{NOW},,,,,parked,,,,,,")
    assert (event.value, event.detail) == (Status.UNKNOWN, {"word": "parked"})


def test_without_a_key_the_content_and_its_repetition_tell_rows_apart(tmp_path: Path) -> None:
    row = f"T-1,customer_message,{NOW}"
    events, _ = landed(tmp_path, row, row, f"T-1,read,{NOW}", columns="ticket_ref,kind,at")
    assert len(events) == 3
    again, _ = landed(tmp_path, row, row, f"T-1,read,{NOW}", row, columns="ticket_ref,kind,at")
    assert {event.key for event in events} < {event.key for event in again}
    assert len(again) == 4


def test_events_of_one_instant_keep_the_order_of_the_file_behind_the_creation(tmp_path: Path) -> None:
    rows = [f"T-1,{kind},{NOW}" for kind in ("customer_message", "read", "public_reply", "created")]
    events, _ = landed(tmp_path, *rows, columns="ticket_ref,kind,at")
    kinds = [event.kind for event in sorted(events, key=lambda event: event.native)]
    assert kinds == [Kind.CREATED, Kind.CUSTOMER_MESSAGE, Kind.READ, Kind.PUBLIC_REPLY]


def test_a_native_id_that_is_no_number_leaves_the_order_of_the_file(tmp_path: Path) -> None:
    events, faults = landed(
        tmp_path, *(f"T-1,read,{NOW},{id_}" for id_ in "ba"), columns="ticket_ref,kind,at,native_id"
    )
    assert faults == []
    assert [event.native for event in events] == [1, 2]


def test_a_file_may_hold_several_sources(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    rows = [{"source_id": source, "ticket_ref": "1", "kind": "created", "at": NOW} for source in ("east", "west")]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    door = Door()
    read(path, plan(), door)
    assert {source for source, _subject, _key in door.events} == {"east", "west"}


def test_json_lines_may_carry_the_birth_inside_the_value(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    record = {"ticket_ref": "1", "kind": "created", "at": 1_772_443_800, "value": {"channel": "wechat", "queue": "VIP"}}
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    door = Door()
    read(path, plan(), door)
    (event,) = door.events.values()
    assert (unpack(event.value)["channel"], event.name, event.at) == (Channel.WECHAT, "VIP", 1_772_443_800 * SECOND)


def test_times_in_the_life_of_a_ticket_become_events(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(
        "ticket_ref,status,updated_at,created_at,first_response_at,last_agent_at,resolved_at,due_resolve_at\n"
        "1,closed,2026-03-02T12:00Z,2026-03-02T09:00Z,2026-03-02T09:05Z,2026-03-02T09:05Z,2026-03-02T11:00Z,"
        "2026-03-03T09:00Z\n",
        encoding="utf-8",
    )
    door = Door()
    read(path, plan(), door)
    hour = micros(datetime.fromisoformat("2026-03-02T00:00Z"))
    told = [(event.kind, (event.at - hour) // SECOND // 60, event.value) for event in door.told("1")]
    assert told == [
        (Kind.CREATED, 540, told[0][2]),
        (Kind.SLA_DUE_CHANGED, 540, hour + 33 * 3600 * SECOND),
        (Kind.PUBLIC_REPLY, 545, 0),
        (Kind.STATUS_CHANGED, 660, Status.RESOLVED),
        (Kind.STATUS_CHANGED, 720, Status.CLOSED),
    ]
