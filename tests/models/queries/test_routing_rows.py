"""What the routing is told of the log: words for numbers, a time that never goes back, what came before (R-ROUTE)."""

from __future__ import annotations

import numpy as np

from console.clock import DAY, HOUR, MINUTE
from console.models.domain.attributes import pack
from console.models.domain.contacts import Channel, Language, Status
from console.models.domain.events import ROW, Kind
from console.models.domain.ports import Rows
from console.models.domain.routing import Mode
from console.models.domain.routing_people import Told
from console.models.domain.skills import Level
from console.models.queries.routing_rows import Opened, Telling, opened
from tests.models.live.stored import StoredLog

MIDNIGHT = 1_772_409_600_000_000
NINE = MIDNIGHT + 9 * HOUR


def rows(*told: tuple[Kind, int, int, int]) -> Rows:
    """Kind, subject, instant, value."""
    made = np.zeros(len(told), dtype=ROW)
    for place, (kind, subject, at, value) in enumerate(told):
        made[place]["kind"], made[place]["subject"], made[place]["at"], made[place]["value"] = kind, subject, at, value
        made[place]["key"] = made[place]["seq"] = place + 1
    return made


def log(*told: tuple[Kind, int, int, int]) -> StoredLog:
    stored = StoredLog(rows(*told))
    stored.interned = {"queue": {"Payment": 4}, "source": {"console": 9}}
    return stored


def test_queues_customers_and_log_ins_are_told_in_words() -> None:
    stored = log(
        (Kind.AGENT_LOGIN, 1, NINE, 5),
        (Kind.CREATED, 7, NINE, pack(channel=Channel.WEB_CHAT, queue=4)),
        (Kind.QUEUE_CHANGED, 7, NINE, 4),
        (Kind.READ, 7, NINE, 0),
    )
    stored.told(7, "T7", customer="Li")
    stored.detailed[1] = {"team": "A", "seniority": "senior", "skills": ["Payment"], "languages": ["zh", "klingon"]}
    login, born, moved = Telling(stored, MIDNIGHT).of(stored.kept)
    assert login.told == Told("A", Level.SENIOR, frozenset({"Payment"}), frozenset(), frozenset({Language.ZH}))
    assert (born.text, born.customer, moved.text) == ("Payment", "Li", "Payment")


def test_the_time_never_goes_back() -> None:
    stored = log((Kind.CREATED, 1, NINE, 0), (Kind.CREATED, 2, NINE - HOUR, 0), (Kind.CREATED, 3, NINE + 1, 0))
    assert [one.at for one in Telling(stored, MIDNIGHT).of(stored.kept)] == [NINE, NINE, NINE + 1]


def test_one_wrong_clock_does_not_stop_the_timers() -> None:
    far = NINE + 10 * HOUR
    stored = log((Kind.CREATED, 1, NINE, 0), (Kind.CREATED, 2, far, 0), (Kind.CREATED, 3, NINE + MINUTE, 0))
    telling = Telling(stored, MIDNIGHT)
    assert [one.at for one in telling.of(stored.kept)] == [NINE, NINE, NINE + MINUTE]
    # After a quiet night two of them in a row are believed, also where they come one by one.
    later = rows((Kind.CREATED, 4, far, 0), (Kind.CREATED, 5, far + 1, 0))
    assert telling.of(later[:1])[0].at == NINE + MINUTE
    assert telling.of(later[1:])[0].at == far + 1


def test_history_that_was_brought_in_is_passed_over() -> None:
    stored = log((Kind.CREATED, 1, MIDNIGHT - 2 * DAY, 0), (Kind.CREATED, 2, NINE, 0))
    assert [one.subject for one in Telling(stored, MIDNIGHT).of(stored.kept)] == [2]


def test_what_is_older_is_read_when_its_contact_is_heard_of() -> None:
    old = MIDNIGHT - 3 * DAY
    stored = log(
        (Kind.CREATED, 7, old, pack(channel=Channel.EMAIL, queue=4, status=Status.OPEN)),
        (Kind.ASSIGNED, 7, old + 1, 5),
        (Kind.CUSTOMER_MESSAGE, 7, NINE, 0),
        (Kind.CUSTOMER_MESSAGE, 7, NINE + 1, 0),
    )
    told = Telling(stored, MIDNIGHT).of(stored.kept)
    assert [Kind(one.kind) for one in told] == [
        Kind.CREATED,
        Kind.ASSIGNED,
        Kind.CUSTOMER_MESSAGE,
        Kind.CUSTOMER_MESSAGE,
    ]
    assert [one.at for one in told] == [NINE, NINE, NINE, NINE + 1]
    assert told[0].text == "Payment"


def test_a_fold_begins_at_midnight_and_knows_the_day_before() -> None:
    stored = log(
        (Kind.AGENT_LOGIN, 1, MIDNIGHT - HOUR, 5),
        (Kind.CREATED, 7, MIDNIGHT - MINUTE, pack(channel=Channel.WEB_CHAT, status=Status.OPEN)),
        (Kind.CREATED, 8, NINE, pack(channel=Channel.WEB_CHAT, status=Status.OPEN)),
    )
    found: Opened = opened(stored, MIDNIGHT)
    assert found.rest["subject"].tolist() == [8]
    assert found.floor.people[1].is_there
    assert 7 in found.floor.cards
    assert found.floor.rules.mode is Mode.OFF


def test_rules_that_another_version_wrote_hand_nothing_out() -> None:
    stored = log((Kind.ROUTING, 0, MIDNIGHT - HOUR, 0))
    stored.detailed[1] = {"mode": "by moonlight"}
    assert opened(stored, MIDNIGHT).floor.rules.mode is Mode.OFF
