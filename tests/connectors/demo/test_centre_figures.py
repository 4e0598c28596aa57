"""What the simulated centre looks like from above: volumes, mixes, peaks, skew, and a board that looks alive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import pytest

from console.clock import HOUR, MINUTE
from console.connectors.demo.arrivals import Arrivals, Mix, volume
from console.connectors.demo.contact import Contact
from console.connectors.demo.figures import figures
from console.connectors.demo.localday import days_after_campaign, is_campaign, local_day
from console.models.domain import attributes
from console.models.domain.contacts import GROUP_OF_TYPE, LIVE_CHANNELS, Channel, Group, InquiryType, Language, Tier
from console.models.domain.events import Event, Kind
from tests.connectors.demo.conftest import SHANGHAI, SITE, WEDNESDAY, Lived

EIGHT_WEEKS = [WEDNESDAY - timedelta(days=back) for back in range(56)]


def arrivals_of(day: date) -> list[Contact]:
    arrivals = Arrivals(SITE, local_day(day, SHANGHAI), figures())
    return [arrivals.make(index) for index in range(len(arrivals.times))]


@pytest.fixture(scope="module")
def contacts() -> list[Contact]:
    return [contact for number in (3, 4, 5) for contact in arrivals_of(date(2026, 3, number + 6))]


def share(contacts: Sequence[Contact], chosen: Iterable[Contact]) -> float:
    return sum(1 for _ in chosen) / len(contacts)


def test_about_ten_thousand_contacts_come_on_a_day() -> None:
    volumes = [volume(SITE, local_day(day, SHANGHAI), figures()) for day in EIGHT_WEEKS if days_after_campaign(day) > 2]
    assert 9_700 < sum(volumes) / len(volumes) < 10_300
    assert min(volumes) > 8_300
    assert max(volumes) < 12_500


def test_mondays_are_busier_than_sundays() -> None:
    by_weekday = [
        sum(
            volume(SITE, local_day(date(2026, 1, 5) + timedelta(days=day + 7 * week), SHANGHAI), figures())
            for week in range(4)
        )
        for day in range(7)
    ]
    assert by_weekday[0] == max(by_weekday)
    assert by_weekday[6] < by_weekday[0] * 0.93


def test_eight_weeks_have_one_or_two_campaign_days_with_more_questions_on_promotions() -> None:
    for first in range(0, 365, 5):
        days = [date(2026, 1, 1) + timedelta(days=first + day) for day in range(56)]
        assert 1 <= sum(map(is_campaign, days)) <= 2
    sale, usual = arrivals_of(date(2026, 3, 3)), arrivals_of(date(2026, 3, 10))
    assert len(sale) > 1.3 * len(usual)
    promotions = [sum(c.type is InquiryType.PROMOTION_DISCOUNT for c in day) for day in (sale, usual)]
    assert promotions[0] > 4 * promotions[1]


@pytest.mark.parametrize(
    ("group", "expected"),
    [(Group.LOGISTICS, 0.42), (Group.RETURNS, 0.30), (Group.PAYMENT, 0.15), (Group.ACCOUNT, 0.08), (Group.OTHER, 0.05)],
)
def test_the_mix_of_groups_is_that_of_r_type(contacts: list[Contact], group: Group, expected: float) -> None:
    found = share(contacts, (c for c in contacts if GROUP_OF_TYPE.get(c.type, Group.OTHER) is group))
    # Four standard errors of a share among so many contacts.
    assert abs(found - expected) < 4 * (expected * (1 - expected) / len(contacts)) ** 0.5


def test_all_types_channels_tiers_and_both_languages_occur(contacts: list[Contact]) -> None:
    assert {c.type for c in contacts} == set(InquiryType) - {InquiryType.UNCLASSIFIED}
    assert {c.channel for c in contacts} == set(Channel) - {Channel.UNKNOWN}
    assert {c.tier for c in contacts} == {Tier.NEW, Tier.EXISTING, Tier.VIP}
    assert 0.05 < share(contacts, (c for c in contacts if c.language is Language.EN)) < 0.09
    assert 0.04 < share(contacts, (c for c in contacts if c.tier is Tier.VIP)) < 0.08


def test_some_customers_come_again_and_stay_who_they_are(contacts: list[Contact]) -> None:
    seen: dict[int, tuple[Tier, Language]] = {}
    for contact in contacts:
        who = (contact.tier, contact.language)
        assert seen.setdefault(contact.customer, who) == who
    assert len(seen) < 0.9 * len(contacts)


@pytest.mark.parametrize(("share_of", "item"), [(0.0, "a"), (0.249, "a"), (0.25, "b"), (0.999, "b")])
def test_a_mix_gives_each_item_its_share(share_of: float, item: str) -> None:
    assert Mix({"a": 1.0, "b": 3.0}).draw(share_of) == item


def by_hour(lived: Lived) -> list[int]:
    counts = Counter((e.at - lived.day.local.start) // HOUR for e in lived.events if e.kind is Kind.CREATED)
    return [counts[hour] for hour in range(24)]


def test_the_day_has_its_peak_from_nine_to_twelve_and_a_smaller_one_in_the_evening(lived: Lived) -> None:
    hours = by_hour(lived)
    assert sorted(range(24), key=hours.__getitem__)[-3:] in ([11, 9, 10], [9, 11, 10])
    morning, afternoon, evening, night = sum(hours[9:12]), sum(hours[15:18]), sum(hours[19:22]), sum(hours[2:5])
    assert morning > 1.3 * evening
    assert evening > 1.2 * afternoon
    assert 0 < night < 0.1 * afternoon


def top_share(counts: Counter[str]) -> float:
    ranked = sorted(counts.values(), reverse=True)
    return sum(ranked[: round(0.3 * len(ranked))]) / sum(ranked)


def test_the_busiest_third_of_the_agents_handles_about_seventy_percent(lived: Lived, week: Sequence[Lived]) -> None:
    shares = []
    for day in (lived, *week):
        handled = Counter(e.actor for e in day.events if e.kind is Kind.ENDED and e.actor)
        assert len(handled) > 45
        shares.append(top_share(handled))
    assert 0.66 < sum(shares) / len(shares) < 0.76
    assert all(0.62 < share < 0.80 for share in shares)


def test_the_skew_is_seen_in_the_work_at_hand_too(lived: Lived) -> None:
    agents = [agent for agent in lived.day.floor.agents if not agent.person.supervisor]
    busiest = Counter({agent.name: 0 for agent in agents})
    owner: dict[str, str] = {}
    for event in lived.events:
        if event.at > lived.day.local.instant(10.5 * 3600):
            break
        if event.kind is Kind.ASSIGNED:
            owner[event.subject] = event.name
        elif event.kind is Kind.STATUS_CHANGED and event.value >= 5:
            owner.pop(event.subject, None)
    busiest.update(owner.values())
    here = Counter({name: count for name, count in busiest.items() if count})
    assert top_share(here) > 0.5


class Moment:
    """The open contacts at one instant, counted plainly from the events."""

    def __init__(self, events: Iterable[Event], at: int) -> None:
        self.channel: dict[str, int] = {}
        self.open: set[str] = set()
        self.waiting: dict[str, int] = {}
        for event in events:
            if event.at > at:
                break
            if event.kind is Kind.CREATED:
                self.channel[event.subject] = attributes.unpack(event.value)["channel"]
                self.open.add(event.subject)
                self.waiting[event.subject] = event.at
            elif event.kind is Kind.CUSTOMER_MESSAGE:
                self.waiting.setdefault(event.subject, event.at)
            elif event.kind is Kind.PUBLIC_REPLY:
                self.waiting.pop(event.subject, None)
            elif event.kind is Kind.STATUS_CHANGED and event.value >= 5:
                self.open.discard(event.subject)
                self.waiting.pop(event.subject, None)
            elif event.kind is Kind.STATUS_CHANGED:
                self.open.add(event.subject)
        live = [at - since for ticket, since in self.waiting.items() if self.channel[ticket] in LIVE_CHANNELS]
        self.waiting_live = len(live)
        self.over_five_minutes = sum(wait > 5 * MINUTE for wait in live)


@pytest.mark.parametrize("hour", [9.5, 10.5, 11.5, 14, 16, 17.5, 20])
def test_on_a_workday_the_board_looks_alive(lived: Lived, hour: float) -> None:
    moment = Moment(lived.events, lived.day.local.instant(hour * 3600))
    assert 100 <= len(moment.open) <= 450
    assert 30 <= len(moment.waiting) <= 200
    assert 10 <= moment.waiting_live <= 110
    assert 1 <= moment.over_five_minutes <= 40


def test_most_are_answered_quickly_and_a_few_wait_far_too_long(lived: Lived) -> None:
    waits = []
    for events in lived.by_ticket().values():
        channel = attributes.unpack(events[0].value)["channel"]
        first = next((e.at for e in events if e.kind is Kind.PUBLIC_REPLY), None)
        if first is not None and channel not in (Channel.EMAIL, Channel.OTHER, Channel.MARKETPLACE):
            waits.append((first - events[0].at) / MINUTE)
    waits.sort()
    assert 0.3 < waits[len(waits) // 2] < 1.2
    assert waits[int(len(waits) * 0.9)] < 3
    assert 0.005 < sum(wait > 5 for wait in waits) / len(waits) < 0.05
    assert sum(wait > 30 for wait in waits) > 10
