"""The policy in the words of a supervisor: sections, groups, and for every key a label and a line of explanation.

A group names whole tables (``stage.*``) or single keys; a test holds that every key of the schema stands in one group.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from console.i18n import N_, _
from console.models.domain.clock_targets import ClockName
from console.models.domain.contacts import Channel, Code, ComplaintTier, Emotion, Priority, Stage
from console.models.domain.glossary import word
from console.models.policy.schema import KEYS


@dataclass(frozen=True, slots=True)
class Group:
    """Keys that are read together. ``title`` and ``note`` are English sources of the catalogue."""

    title: str
    note: str
    tables: tuple[str, ...]

    def paths(self) -> Iterator[str]:
        """Its keys, in the order of the schema within each table; what is not known stands last."""
        for table in self.tables:
            whole, inside = table.removesuffix(".*"), table.endswith(".*")
            paths = (key.path for key in KEYS if (key.path.rpartition(".")[0] if inside else key.path) == whole)
            yield from sorted(paths, key=lambda path: path.endswith(".unknown"))


@dataclass(frozen=True, slots=True)
class Section:
    """A subject of the policy."""

    key: str
    title: str
    groups: tuple[Group, ...]

    def paths(self) -> Iterator[str]:
        """All keys of its groups."""
        for group in self.groups:
            yield from group.paths()


SECTIONS: tuple[Section, ...] = (
    Section(
        "response",
        N_("Response clocks"),
        (
            Group(
                N_("First response, by channel"),
                N_("From the customer's first message until a person answers. Past it the ticket is in breach."),
                ("first_response.channel.*",),
            ),
            Group(
                N_("First response, by mood"),
                N_("On live channels, where the customer's mood is known, this decides before the channel."),
                ("first_response.emotion.*",),
            ),
            Group(
                N_("Next response, by channel"),
                N_("The customer wrote again and waits for us."),
                ("next_response.channel.*",),
            ),
            Group(
                N_("A good chat answer"),
                N_("What is aimed at, short of the breach; shown, never a breach of its own."),
                ("first_response.chat.*",),
            ),
            Group(
                N_("Acknowledgement and promises"),
                N_("The first sign that we have seen it, and answers that were promised for a time."),
                ("acknowledgement.ordinary", "promise.*"),
            ),
        ),
    ),
    Section(
        "resolution",
        N_("Resolution and stages"),
        (
            Group(
                N_("Solved within, by priority"),
                N_("For tickets that are no complaint; no limit where none is wanted."),
                tuple(f"resolution.priority.{name}" for name in ("urgent", "high", "normal", "low")),
            ),
            Group(N_("Longest stay in each stage"), N_("A ticket over it is marked on the board."), ("stage.*",)),
            Group(
                N_("When clocks run"),
                N_("In working hours only, or always."),
                ("clocks.time.*", "clocks.reopening"),
            ),
            Group(
                N_("When clocks stand still"),
                N_("The statuses in which the customer owes us an answer."),
                ("clocks.paused_by.*",),
            ),
        ),
    ),
    Section(
        "complaints",
        N_("Complaints"),
        (
            Group(
                N_("How serious a complaint is"),
                N_("By its amount. Publicity that spreads is always high, an affected experience at least medium."),
                (
                    "complaints.currency",
                    "complaints.high_above",
                    "complaints.medium_from",
                    "complaints.when_nothing_known",
                    "complaints.rates",
                ),
            ),
            Group(N_("Who owns it"), N_("The least standing that may own a complaint."), ("complaints.owner.*",)),
            Group(
                N_("First response to a complaint"),
                N_("Decides before mood and channel."),
                (
                    "first_response.complaint.*",
                    "acknowledgement.complaint",
                    "acknowledgement.complaint_by_person",
                    "acknowledgement.complaint_by_person_better",
                ),
            ),
            Group(
                N_("Plan and news"),
                N_("After the first answer: a proposed solution, then news until it is closed."),
                (
                    "complaints.plan_within",
                    "complaints.update_every",
                    "complaints.late_after",
                    "complaints.churn_risk_after",
                ),
            ),
            Group(N_("Solved within"), N_("Decides before the priority."), ("resolution.complaint.*",)),
            Group(
                N_("After it was solved"),
                N_("Tasks with a due time and an owner."),
                ("complaints.follow_up_within", "complaints.satisfaction_within"),
            ),
        ),
    ),
    Section(
        "escalation",
        N_("Escalation"),
        (
            Group(
                N_("Into the inbox: the customer waits"),
                N_("The customer has waited on us for this long."),
                ("escalation.waiting.*",),
            ),
            Group(
                N_("Into the inbox: other reasons"),
                N_("A breached clock always puts a ticket there."),
                ("escalation.request_undecided", "escalation.complaint_tiers", "escalation.stalled_after"),
            ),
            Group(
                N_("The chain"),
                N_("Who is told, one after the other, while nobody takes an entry on."),
                ("escalation.chain", "escalation.exhausted_repeat", "escalation.settle_answered"),
            ),
            Group(
                N_("To the next level after"),
                N_("Nobody took the entry on for this time."),
                ("escalation.level_timeout.*",),
            ),
            Group(
                N_("News of an owned entry"),
                N_("The owner tells of progress at least this often; silence gives the entry back."),
                ("escalation.progress_due.*", "escalation.lapse_after"),
            ),
            Group(
                N_("Aside and open again"),
                N_("The longest time that an entry may be put aside or given back to an agent."),
                ("escalation.aside_limit.*", "escalation.reopen_window"),
            ),
        ),
    ),
    Section(
        "calendar",
        N_("Working hours and holidays"),
        (
            Group(N_("Time zone"), N_("Of all times of day in this policy."), ("calendar.time_zone",)),
            Group(
                N_("Working hours"),
                N_("Several periods a day if need be. Clocks in working hours stand still outside them."),
                ("calendar.week",),
            ),
            Group(
                N_("Public holidays and make-up workdays"),
                N_("Announced days only: a year that is not known is asked for, never guessed."),
                ("calendar.holidays",),
            ),
            Group(
                N_("Single days"),
                N_("They decide before holidays and weekdays: closed, part of a day, or worked like another weekday."),
                ("calendar.exceptions",),
            ),
            Group(
                N_("Shifts"),
                N_("The spans of the day by which work is compared. A shift may end on the next day."),
                ("calendar.shifts",),
            ),
        ),
    ),
    Section(
        "peak",
        N_("Peak windows and service level"),
        (
            Group(
                N_("Peak windows"),
                N_("Times of day with the stricter service level; they never change when a ticket is due."),
                ("calendar.peak_workdays", "calendar.peak_other_days"),
            ),
            Group(
                N_("Service level"),
                N_("The share of contacts whose first answer by a person comes in time."),
                ("service_level.*",),
            ),
        ),
    ),
    Section(
        "compensation",
        N_("Compensation"),
        (
            Group(
                N_("Small loss"),
                N_("Three offers, each a percentage of the loss, none of them under the floor."),
                ("compensation.small.*",),
            ),
            Group(N_("Middle loss"), N_("Over the small loss and up to this one."), ("compensation.middle.*",)),
            Group(N_("Large loss"), N_("Over the middle loss: case by case."), ("compensation.large.*",)),
            Group(N_("By cause"), N_("Beside the offers by loss."), ("compensation.cause.*",)),
            Group(N_("What each may grant alone"), N_("Above it a supervisor decides."), ("compensation.limit.*",)),
        ),
    ),
    Section(
        "team",
        N_("Agents and reply rates"),
        (
            Group(
                N_("Slow agents"),
                N_("Whose mean response time passes the limit is shown to the supervisor."),
                ("agent_slow.*",),
            ),
            Group(
                N_("Work on a few"),
                N_("When the busiest carry too much of the work, and chance does not explain it."),
                ("balance.*",),
            ),
            Group(
                N_("Contacts at once, by channel"),
                N_("So many one person works on at the same time. Who has a limit of their own has no more than that."),
                ("balance.places.*",),
            ),
            Group(
                N_("Sharing out open contacts"),
                N_("What a proposal aims at, and what it leaves alone: promises and calls always stay."),
                ("rebalance.*",),
            ),
            Group(
                N_("Reply rate on marketplaces"),
                N_("What a marketplace counts. Platforms change it often, so look it up."),
                ("reply_rate.marketplace.*",),
            ),
            Group(
                N_("Type and mood by the words"),
                N_("Where neither a person nor the source says them; a correction is kept."),
                ("classification.*",),
            ),
        ),
    ),
    Section(
        "routing",
        N_("Routing"),
        (
            Group(
                N_("Contacts that nobody has"),
                N_("What the console does with contacts that their source leaves without an owner."),
                ("routing.mode", "routing.after", "routing.channels"),
            ),
            Group(
                N_("Routing rules"),
                N_(
                    "Asked from the top. When nobody who is named has room for a while, the next rule that fits is"
                    " asked too, then everybody who serves the queue, then who helps out in it."
                ),
                ("routing.rules", "routing.strategy"),
            ),
            Group(
                N_("The customer's former agent"),
                N_("They know the case, but nobody should wait long for them."),
                ("routing.previous_within", "routing.previous_wait"),
            ),
            Group(
                N_("Owners who are away"),
                N_("On a break, away or logged off while their customer waits."),
                ("routing.take_back_after",),
            ),
        ),
    ),
    Section(
        "warnings",
        N_("Warnings and forecast"),
        (
            Group(
                N_("About to breach: responses"),
                N_("How long before it is due a response counts as about to breach."),
                ("warning.*",),
            ),
            Group(N_("About to breach: other clocks"), N_("The same for every other clock."), ("warning.clock.*",)),
            Group(
                N_("Forecast of breaches"),
                N_("Time left, less the wait to expect at the present pace of the queue."),
                ("breach_forecast.*",),
            ),
            Group(
                N_("Deadlines of the platforms"),
                N_("What the platform allows after the customer's last message, beside our own clocks."),
                ("platform.whatsapp.*", "platform.wechat.*"),
            ),
            Group(
                N_("Silent sources"),
                N_("After this silence a source of data is shown as stale, then as lost."),
                ("freshness.*",),
            ),
        ),
    ),
)

LABELS: Mapping[str, tuple[str, str]] = {
    "calendar.time_zone": (N_("Time zone"), N_("Empty: the zone of this machine.")),
    "calendar.shifts": (N_("Shifts"), ""),
    "calendar.peak_workdays": (N_("Peak on workdays"), ""),
    "calendar.peak_other_days": (N_("Peak on other days"), ""),
    "calendar.holidays": (N_("Public holidays"), ""),
    "calendar.week": (N_("Working hours by weekday"), N_("22:00-06:00 ends on the next day; empty is a day off.")),
    "calendar.exceptions": (N_("Single days"), ""),
    "service_level.peak_within": (N_("In the peak, within"), ""),
    "service_level.peak_share": (N_("In the peak, share"), ""),
    "service_level.off_peak_within": (N_("Outside the peak, within"), ""),
    "service_level.off_peak_share": (N_("Outside the peak, share"), ""),
    "clocks.reopening": (N_("A ticket that is opened again"), N_("What becomes of its resolution clock.")),
    "first_response.chat.target": (N_("Target"), N_("More customers stay when it is met.")),
    "first_response.chat.best_practice": (N_("Best practice"), N_("What good shops reach.")),
    "first_response.chat.expected": (N_("Expected by customers"), ""),
    "acknowledgement.ordinary": (N_("Ordinary question, acknowledgement"), N_("Automatic or by a person.")),
    "acknowledgement.complaint": (N_("Acknowledgement"), N_("Automatic or by a person.")),
    "acknowledgement.complaint_by_person": (
        N_("Acknowledgement by a person"),
        N_("Apology, summary and a named time."),
    ),
    "acknowledgement.complaint_by_person_better": (
        N_("Acknowledgement by a person, better"),
        N_("More complaints end well."),
    ),
    "promise.hard_case_check": (N_("Hard case: named time to check back"), ""),
    "promise.longest": (N_("Longest promise"), N_("A longer wait was not meant as one.")),
    "complaints.currency": (N_("Currency"), N_("Of all amounts in this policy.")),
    "complaints.high_above": (N_("High above"), ""),
    "complaints.medium_from": (N_("Medium from"), N_("Under it a complaint is low.")),
    "complaints.when_nothing_known": (
        N_("Nothing is known yet"),
        N_("Neither amount nor cause; a person looks at it either way."),
    ),
    "complaints.rates": (N_("Other currencies"), N_("What one unit costs; without a rate amounts are not compared.")),
    "complaints.plan_within": (N_("Proposed solution"), ""),
    "complaints.update_every": (N_("Update at least every"), ""),
    "complaints.late_after": (N_("Late when unsolved after"), ""),
    "complaints.churn_risk_after": (N_("Customer may be lost after"), ""),
    "complaints.follow_up_within": (N_("Second follow-up"), ""),
    "complaints.satisfaction_within": (N_("Satisfaction question"), ""),
    "compensation.small.up_to": (N_("Loss up to"), ""),
    "compensation.middle.up_to": (N_("Loss up to"), ""),
    "compensation.small.floor_percent": (N_("Floor"), N_("No offer is under it.")),
    "compensation.middle.floor_percent": (N_("Floor"), N_("No offer is under it.")),
    "compensation.large.floor_percent": (N_("Floor"), N_("No offer is under it.")),
    "compensation.small.percents": (N_("Three offers"), ""),
    "compensation.middle.percents": (N_("Three offers"), ""),
    "compensation.large.percents": (N_("Three offers"), ""),
    "compensation.small.kinds": (N_("Paid as"), ""),
    "compensation.middle.kinds": (N_("Paid as"), ""),
    "compensation.large.kinds": (N_("Paid as"), N_("Mixed: the loss in cash, the rest as a voucher.")),
    "compensation.cause.delay_price_percent": (N_("Delay in delivery"), N_("Of the price, beside the full freight.")),
    "compensation.cause.defect_voucher_percent": (N_("Faulty product"), N_("As a voucher, beside the full refund.")),
    "compensation.cause.mistake_percent": (N_("An agent's mistake"), N_("Of the amount, with a personal apology.")),
    "compensation.limit.agent": (N_("Agent"), ""),
    "compensation.limit.senior_agent": (N_("Senior agent"), ""),
    "escalation.request_undecided": (
        N_("Request undecided for"),
        N_("A refund or discount beyond the agent's authority."),
    ),
    "escalation.complaint_tiers": (N_("Complaints at once"), ""),
    "escalation.stalled_after": (N_("Silent owner"), N_("The owner is away or says nothing while the customer waits.")),
    "escalation.chain": (N_("Levels"), N_("From the first to the last.")),
    "escalation.exhausted_repeat": (N_("Chain used up: tell everyone every"), ""),
    "escalation.settle_answered": (
        N_("Answered meanwhile: resolve by itself"),
        N_("Only what nobody had taken on. It stays in sight until it can no longer be opened again."),
    ),
    "escalation.reopen_window": (N_("May be opened again within"), N_("After it was resolved.")),
    "escalation.lapse_after": (N_("Given back after the reminder"), N_("The owner was reminded and said nothing.")),
    "agent_slow.threshold": (N_("Mean response time over"), ""),
    "agent_slow.window": (N_("Measured over the last"), ""),
    "agent_slow.replies_at_least": (N_("With at least so many replies"), ""),
    "balance.busiest": (N_("The busiest"), N_("This part of all agents is looked at.")),
    "balance.alarm_share": (N_("Too much from"), N_("Their share of all handled work.")),
    "balance.chance": (
        N_("Alarm by chance at most"),
        N_("The part of fair days on which it may be raised."),
    ),
    "balance.eligible_within": (
        N_("Eligible for a queue"),
        N_("Who handled it within this time, where no source tells skills."),
    ),
    "balance.handle_time_goal": (N_("Goal for the handle time"), N_("Of a contact, on average.")),
    "rebalance.target": (N_("The busiest keep at most"), N_("Their share of all open contacts.")),
    "rebalance.talking_within": (N_("A conversation goes on"), N_("Somebody said something within this time.")),
    "rebalance.take_back_after": (N_("Take back from who is away for"), N_("Only customers who wait.")),
    "rebalance.open_per_place": (N_("Open contacts at most"), N_("For each contact that one may have at once.")),
    "rebalance.keep_vip": (N_("VIPs stay with whom they know"), ""),
    "routing.mode": (N_("Who hands them out"), ""),
    "routing.after": (N_("Without an owner for"), N_("So long the source may find an owner itself.")),
    "routing.channels": (N_("On these channels"), N_("Calls are best left to the telephone system.")),
    "routing.rules": (N_("Rules"), ""),
    "routing.strategy": (N_("Who gets it among several"), N_("Where a rule says nothing else.")),
    "routing.previous_within": (N_("Last contact within"), ""),
    "routing.previous_wait": (N_("Waits for them at most"), ""),
    "routing.take_back_after": (N_("Give to somebody else after"), ""),
    "reply_rate.marketplace.enabled": (N_("Count it"), ""),
    "reply_rate.marketplace.within": (N_("Answered within"), ""),
    "reply_rate.marketplace.target": (N_("Target"), ""),
    "reply_rate.marketplace.window": (N_("Time of day"), ""),
    "reply_rate.marketplace.bots_count": (N_("Answers of bots count"), ""),
    "platform.whatsapp.window": (N_("WhatsApp: free text for"), ""),
    "platform.wechat.window": (N_("WeChat: messages for"), ""),
    "platform.wechat.messages": (N_("WeChat: messages of ours"), ""),
    "warning.live": (N_("Live channels"), ""),
    "warning.phone": (N_("Phone"), ""),
    "warning.email": (N_("Email"), ""),
    "warning.other": (N_("Other channels"), ""),
    "breach_forecast.throughput_over": (N_("Pace measured over the last"), ""),
    "breach_forecast.answers_at_least": (N_("With at least so many answers"), ""),
    "breach_forecast.ahead": (N_("Told ahead for"), ""),
    "classification.on_arrival": (N_("Judge what comes in"), ""),
    "freshness.stale_after": (N_("Stale after"), ""),
    "freshness.lost_after": (N_("Lost after"), ""),
}
"""Label and explanation of the keys that are no row of a family."""

_FAMILIES: Mapping[str, type[Code]] = {
    "first_response.channel": Channel,
    "first_response.emotion": Emotion,
    "first_response.complaint": ComplaintTier,
    "next_response.channel": Channel,
    "stage": Stage,
    "resolution.complaint": ComplaintTier,
    "resolution.priority": Priority,
    "complaints.owner": ComplaintTier,
    "escalation.waiting": Channel,
    "balance.places": Channel,
}
CLOCK_WORDS: Mapping[str, str] = {
    "first_response": N_("First response"),
    "next_response": N_("Next response"),
    "acknowledgement": N_("Acknowledgement"),
    "complaint_acknowledgement": N_("Complaint acknowledgement"),
    "plan": N_("Complaint plan"),
    "update": N_("Complaint update"),
    "resolution": N_("Resolution"),
    "stage": N_("Stage"),
    "promise": N_("Promised answer"),
    "platform": N_("Platform deadline"),
}
_URGENCY_WORDS: Mapping[str, str] = {
    "p1": N_("P1: high complaint, VIP in breach, publicity"),
    "p2": N_("P2: medium complaint, any breach"),
    "p3": N_("P3: everything else"),
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "clocks.time": CLOCK_WORDS,
    "clocks.paused_by": CLOCK_WORDS,
    "warning.clock": CLOCK_WORDS,
    "escalation.level_timeout": _URGENCY_WORDS,
    "escalation.progress_due": _URGENCY_WORDS,
    "escalation.aside_limit": _URGENCY_WORDS,
}


def clock_word(clock: ClockName) -> str:
    """What people read for a clock."""
    return _(CLOCK_WORDS[clock.value])


def label(path: str) -> str:
    """What people read for a key, within its group."""
    if path in LABELS:
        return _(LABELS[path][0])
    table, _dot, name = path.rpartition(".")
    if table in _FAMILIES:
        return word(_FAMILIES[table].of(name))
    return _(_WORDS[table][name])


def note(path: str) -> str:
    """A line of explanation; empty where the group says it all."""
    text = LABELS[path][1] if path in LABELS else ""
    return _(text) if text else ""


GROUP_OF: Mapping[str, Group] = {
    path: group for section in SECTIONS for group in section.groups for path in group.paths()
}
SECTION_OF: Mapping[str, Section] = {path: section for section in SECTIONS for path in section.paths()}


def full_label(path: str) -> str:
    """The label with its group, for where the group is not above it."""
    group, own = _(GROUP_OF[path].title), label(path)
    return own if own == group else _("{group}: {label}").format(group=group, label=own)
