"""Who comes when: the contacts of one day, drawn from the day's own chance so that nothing else can disturb them."""

from __future__ import annotations

import math
import random
from bisect import bisect
from itertools import accumulate
from typing import Generic, TypeVar

from console.connectors.demo.contact import Contact, Mode
from console.connectors.demo.figures import Figures
from console.connectors.demo.localday import LocalDay, days_after_campaign, is_campaign
from console.connectors.demo.site import Site
from console.models.domain.contacts import (
    GROUP_OF_TYPE,
    Channel,
    ComplaintTier,
    Emotion,
    Group,
    InquiryType,
    Language,
    Priority,
    Tier,
)

CAUSES = ("logistics_delay", "product_defect", "agent_mistake", "billing_error", "wrong_item")
WIDE = 2**32
T = TypeVar("T")


class Mix(Generic[T]):
    """Draws from a weighted list."""

    def __init__(self, weights: dict[T, float]) -> None:
        self.items = list(weights)
        self.marks = list(accumulate(weights.values()))

    def draw(self, chance: float) -> T:
        """The item that a number in [0, 1) falls on."""
        return self.items[bisect(self.marks, chance * self.marks[-1])]


def volume(site: Site, day: LocalDay, figures: Figures) -> int:
    """How many contacts arrive on this day."""
    rng = random.Random(f"volume {site.seed} {day.date}")
    expected = (site.contacts or figures.volume.contacts) * figures.volume.weekday[day.date.weekday()]
    since = days_after_campaign(day.date)
    if since == 0:
        expected *= figures.volume.campaign
    elif since <= 2:
        expected *= figures.volume.after_campaign
    expected *= math.exp(rng.gauss(0.0, figures.volume.noise))
    return round(rng.gauss(expected, math.sqrt(expected)))


class Arrivals:
    """The day's contacts in order of arrival; `times` is known from the start, the contacts are made one by one."""

    def __init__(self, site: Site, day: LocalDay, figures: Figures) -> None:
        self.figures = figures
        self.rng = random.Random(f"arrivals {site.seed} {day.date}")
        self.prefix = f"{day.date:%y%m%d}"
        self.times = self._times(site, day)
        campaign = is_campaign(day.date)
        types = dict(figures.types)
        if campaign:
            for kind in (InquiryType.PROMOTION_DISCOUNT, InquiryType.CAMPAIGN_PARTICIPATION):
                types[kind] *= figures.volume.promotion
        self.types = Mix(types)
        self.channels = Mix(figures.channels)
        self.channels_english = Mix(figures.channels_english)

    def _times(self, site: Site, day: LocalDay) -> list[int]:
        weekend = day.date.weekday() >= 5
        shares = self.figures.hours["campaign" if is_campaign(day.date) else "weekend" if weekend else "workday"]
        hours = Mix(dict(enumerate(shares)))
        rng = self.rng
        draws = (hours.draw(rng.random()) for _ in range(volume(site, day, self.figures)))
        times = [day.instant((hour + rng.random()) * 3600.0) for hour in draws]
        times.sort()
        return [at for at in times if day.start <= at < day.end]

    def make(self, index: int) -> Contact:
        """The contact that comes at `times[index]`; to be called once for each, in order."""
        rng, customers = self.rng, self.figures.customers
        contact = Contact(f"{self.prefix}-{index + 1:05d}", index + 1)
        pool = customers.regular_count if rng.random() < customers.regular_share else customers.count
        number = int(rng.random() * pool) + 1
        contact.customer = number
        contact.language = Language.EN if _trait(number, 1) < customers.english else Language.ZH
        lot = _trait(number, 2)
        contact.tier = Tier.VIP if lot < customers.vip else Tier.NEW if lot > 1 - customers.new else Tier.EXISTING
        mix = self.channels_english if contact.language is Language.EN else self.channels
        contact.channel = mix.draw(rng.random())
        contact.type = self.types.draw(rng.random())
        contact.group = GROUP_OF_TYPE.get(contact.type, Group.OTHER)
        contact.known = rng.random() >= self.figures.behaviour.unclassified
        contact.product = int(rng.random() * WIDE)
        contact.order = f"{self.prefix}{int(rng.random() * 1e8):08d}"
        contact.amount = max(9, min(round(math.exp(rng.gauss(5.0, 0.95))), 28_000))
        asked = rng.random() < self.figures.behaviour.owner_first and contact.tier is not Tier.NEW
        contact.favourite = _trait(number, 3) + 1e-9 if asked else 0.0
        self._complain(contact)
        self._mood(contact)
        self._place(contact, rng.random())
        return contact

    def _complain(self, contact: Contact) -> None:
        rng = self.rng
        lot, size = rng.random(), rng.random()
        if contact.type is not InquiryType.COMPLAINT and lot >= self.figures.behaviour.complaint:
            return
        contact.cause = "publicity" if size > 0.985 else CAUSES[int(lot * 1e6) % len(CAUSES)]
        if contact.cause == "publicity" or size < 0.06:
            contact.complaint = ComplaintTier.HIGH
            contact.amount = 5_000 + int(size * 1e6) % 9_000
        elif size < 0.4:
            contact.complaint = ComplaintTier.MEDIUM
            contact.amount = 500 + int(size * 1e6) % 4_500
        else:
            contact.complaint = ComplaintTier.LOW
            contact.amount = min(contact.amount, 499)

    def _mood(self, contact: Contact) -> None:
        lot = self.rng.random()
        if contact.complaint is ComplaintTier.HIGH:
            contact.emotion = Emotion.HIGH
        elif contact.complaint:
            contact.emotion = Emotion.HIGH if lot < 0.3 else Emotion.MEDIUM
        elif lot < 0.05:
            contact.emotion = Emotion.MEDIUM
        elif lot < 0.2:
            contact.emotion = Emotion.LOW
        if contact.complaint is ComplaintTier.HIGH or contact.type is InquiryType.URGENT:
            contact.priority = Priority.URGENT
        elif contact.complaint is ComplaintTier.MEDIUM or contact.tier is Tier.VIP:
            contact.priority = Priority.HIGH
        elif lot > 0.9:
            contact.priority = Priority.LOW

    def _place(self, contact: Contact, chance: float) -> None:
        """Which queue the contact needs, and which it comes into."""
        channel = contact.channel
        left = channel is Channel.MARKETPLACE and chance < self.figures.behaviour.left_message
        if channel is Channel.PHONE:
            contact.mode, contact.skill = Mode.CALL, "phone"
        elif channel in (Channel.EMAIL, Channel.OTHER) or left:
            contact.mode, contact.skill = Mode.DESK, "desk"
        elif contact.language is Language.EN:
            contact.skill = "english"
        elif contact.complaint >= ComplaintTier.MEDIUM:
            contact.skill = "complaints"
        elif contact.tier is Tier.VIP:
            contact.skill = "vip"
        else:
            contact.skill = "general" if contact.group is Group.OTHER else contact.group.key
        by_type = contact.skill in ("logistics", "returns", "payment", "account")
        contact.queue = "general" if by_type and not contact.known else contact.skill


def _trait(number: int, which: int) -> float:
    """A number in [0, 1) that belongs to a customer for good."""
    mixed = (number * 2654435761 + which * 40503 * 65537) % WIDE
    mixed ^= mixed >> 15
    mixed = mixed * 2246822519 % WIDE
    mixed ^= mixed >> 13
    return mixed / WIDE
