"""From checked entries to the policy: each group of keys becomes the domain's rule type."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, tzinfo
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import numpy as np
import tzlocal

from console.models.domain.calendars import Calendar, Holidays, Periods
from console.models.domain.compensation import Band, CompensationRules, Kind, Share
from console.models.domain.complaints import ComplaintRules, Owner, TierRule
from console.models.domain.contacts import LIVE_CHANNELS, Channel, Code, ComplaintTier
from console.models.domain.escalation_rules import ByUrgency, EscalationRules
from console.models.domain.fairness import SkewRules
from console.models.domain.money import Money
from console.models.domain.routing import Mode, RoutingRules, Strategy
from console.models.policy import holidays, rules, schema
from console.models.policy.clock_rules import targets_of
from console.models.policy.figures import Policy, Times
from console.models.policy.kinds import WEEKDAYS
from console.models.policy.reading import Entries, Entry
from console.models.policy.routing_kind import MODES

C = TypeVar("C", bound=Code)


def build(entries: Entries) -> Policy:
    """The policy of complete entries that were found good; raises `CalendarError` where the public holidays are not."""
    return _Builder(entries).policy()


def local_zone() -> tzinfo:
    """The machine's own time zone, with its rules where they can be found, else its present offset."""
    return tzlocal.get_localzone()


def holidays_of(entry: Entry) -> Holidays | None:
    """The public holidays that an entry names: none, a country's, or those of a file beside the entry's own.

    Raises `CalendarError` when they cannot be read.
    """
    name: str = entry.value
    if name == "none":
        return None
    if name.endswith(".toml"):
        return holidays.read(Path(entry.document.file).parent / name)
    return holidays.of_country(name)


def compensation_of(entries: Entries) -> CompensationRules:
    """R-CMP-OFFER from complete entries; raises ValueError where a larger loss could get less than a smaller one."""
    currency: str = entries["complaints.currency"].value

    def band(size: str, *, is_last: bool = False) -> Band:
        table = f"compensation.{size}"
        kinds, percents = entries[f"{table}.kinds"].value, entries[f"{table}.percents"].value
        one, two, three = (Share(Kind(kind), percent) for kind, percent in zip(kinds, percents, strict=True))
        return Band(
            upto=None if is_last else Money(entries[f"{table}.up_to"].value, currency),
            floor_percent=entries[f"{table}.floor_percent"].value,
            shares=(one, two, three),
            of_price=is_last,
            case_by_case=is_last,
        )

    return CompensationRules(
        (band("small"), band("middle"), band("large", is_last=True)),
        **{cause: entries[f"compensation.cause.{cause}"].value for cause in schema.CAUSES},
    )


class _Builder:
    def __init__(self, entries: Entries) -> None:
        self._entries = entries

    def policy(self) -> Policy:
        return Policy(
            time_zone=self._zone(),
            peak_workdays=self["calendar.peak_workdays"],
            peak_other_days=self["calendar.peak_other_days"],
            peak_within=self["service_level.peak_within"],
            peak_share=self["service_level.peak_share"],
            off_peak_within=self["service_level.off_peak_within"],
            off_peak_share=self["service_level.off_peak_share"],
            warning_by_channel=self._warnings(),
            classify_on_arrival=self["classification.on_arrival"],
            stale_after=self["freshness.stale_after"],
            lost_after=self["freshness.lost_after"],
            targets=targets_of(self._entries, self._calendar()),
            chat_goals=rules.ChatGoals(**self._table("first_response.chat")),
            acknowledgement=rules.AcknowledgementRules(**self._table("acknowledgement")),
            promise=rules.PromiseRules(**self._table("promise")),
            complaints=self._complaints(),
            follow_up=rules.FollowUpRules(self["complaints.follow_up_within"], self["complaints.satisfaction_within"]),
            compensation=compensation_of(self._entries),
            compensation_limits={
                owner: Money(self[f"compensation.limit.{owner.key}"], self["complaints.currency"])
                for owner in (Owner.AGENT, Owner.SENIOR_AGENT)
            },
            escalation=self._escalation(),
            inbox=rules.InboxRules(
                frozenset(_codes(ComplaintTier, self["escalation.complaint_tiers"])), self["escalation.stalled_after"]
            ),
            agent_slow=rules.AgentSlowRules(**self._table("agent_slow")),
            skew=self._skew(),
            rebalance=rules.RebalanceRules(**self._table("rebalance")),
            shifts=self["calendar.shifts"],
            routing=self._routing(),
            handle_time_goal=self["balance.handle_time_goal"],
            reply_rates={Channel.MARKETPLACE: rules.ReplyRateBudget(**self._table("reply_rate.marketplace"))},
            platform_windows={
                Channel.WHATSAPP: rules.PlatformWindow(self["platform.whatsapp.window"], 0),
                Channel.WECHAT: rules.PlatformWindow(**self._table("platform.wechat")),
            },
            warning_by_clock=self._table("warning.clock"),
            forecast=rules.ForecastRules(**self._table("breach_forecast")),
        )

    def __getitem__(self, path: str) -> Any:
        return self._entries[path].value

    def _table(self, table: str) -> dict[str, Any]:
        """The values of the keys right in a table, by their last word."""
        return {
            path.rpartition(".")[2]: entry.value
            for path, entry in self._entries.items()
            if path.rpartition(".")[0] == table
        }

    def _by(self, table: str, codes: type[C]) -> dict[C, Any]:
        return {member: value for word, value in self._table(table).items() for member in _codes(codes, [word])}

    def _times(self, table: str, codes: type[Code]) -> Times:
        values = np.zeros(len(codes), dtype=np.int64)
        for code, value in self._by(table, codes).items():
            values[code] = value
        return values

    def _skew(self) -> SkewRules:
        table = self._table("balance")
        del table["handle_time_goal"]
        return SkewRules(**table, places=tuple(self._times("balance.places", Channel).tolist()))

    def _routing(self) -> RoutingRules:
        table = self._table("routing")
        return RoutingRules(
            **table
            | {
                "mode": Mode(MODES[table["mode"]]),
                "strategy": Strategy(table["strategy"]),
                "channels": frozenset(_codes(Channel, table["channels"])),
                "places": tuple(self._times("balance.places", Channel).tolist()),
            }
        )

    def _zone(self) -> tzinfo:
        name: str = self["calendar.time_zone"]
        return ZoneInfo(name) if name else local_zone()

    def _calendar(self) -> Calendar:
        *week, makeup = self["calendar.week"]
        told: Iterable[tuple[date, Periods | int]] = self["calendar.exceptions"]
        exceptions = {day: week[periods] if isinstance(periods, int) else periods for day, periods in told}
        return Calendar(
            self._zone(),
            tuple(week[: len(WEEKDAYS)]),
            exceptions,
            holidays_of(self._entries["calendar.holidays"]),
            makeup,
        )

    def _complaints(self) -> ComplaintRules:
        currency: str = self["complaints.currency"]
        tiers = {
            tier: TierRule(
                self[f"first_response.complaint.{tier.key}"],
                Owner[self[f"complaints.owner.{tier.key}"].upper()],
                self[f"resolution.complaint.{tier.key}"],
            )
            for tier in ComplaintTier
            if tier
        }
        return ComplaintRules(
            high_above=Money(self["complaints.high_above"], currency),
            medium_from=Money(self["complaints.medium_from"], currency),
            tiers=tiers,
            acknowledge_within=self["acknowledgement.complaint_by_person"],
            plan_within=self["complaints.plan_within"],
            update_every=self["complaints.update_every"],
            late_after=self["complaints.late_after"],
            churn_risk_after=self["complaints.churn_risk_after"],
            when_nothing_known=ComplaintTier[self["complaints.when_nothing_known"].upper()],
            rates=dict(self["complaints.rates"]),
        )

    def _escalation(self) -> EscalationRules:
        waiting = self._times("escalation.waiting", Channel)
        return EscalationRules(
            level_timeout=ByUrgency(**self._table("escalation.level_timeout")),
            progress_due=ByUrgency(**self._table("escalation.progress_due")),
            aside_limit=ByUrgency(**self._table("escalation.aside_limit")),
            lapse_after=self["escalation.lapse_after"],
            exhausted_repeat=self["escalation.exhausted_repeat"],
            reopen_window=self["escalation.reopen_window"],
            chain=self["escalation.chain"],
            wait_by_channel=tuple(waiting.tolist()),
            request_undecided=self["escalation.request_undecided"],
            settle_answered=self["escalation.settle_answered"],
        )

    def _warnings(self) -> Times:
        values = np.full(len(Channel), self["warning.other"], dtype=np.int64)
        values[[int(code) for code in LIVE_CHANNELS]] = self["warning.live"]
        values[Channel.PHONE] = self["warning.phone"]
        values[Channel.EMAIL] = self["warning.email"]
        return values


def _codes(codes: type[C], words: Iterable[str]) -> list[C]:
    return [codes[word.upper()] for word in words]
