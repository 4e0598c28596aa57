"""The figures of the demonstration centre (`resources/demo/centre.toml`), as values that the simulation reads."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from console import paths
from console.models.domain.contacts import Channel, Group, InquiryType


@dataclass(frozen=True, slots=True)
class Volume:
    """How many contacts a day brings; ``contacts`` is the average day, the rest are factors."""

    contacts: int
    noise: float
    weekday: tuple[float, ...]
    campaign: float
    after_campaign: float
    promotion: float


@dataclass(frozen=True, slots=True)
class Customers:
    """How many customers there are and who they are; shares between 0 and 1."""

    count: int
    regular_count: int
    regular_share: float
    vip: float
    new: float
    english: float


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How customers, agents and the routing behave: shares, and times in seconds (means unless said otherwise)."""

    habit: float
    owner_first: float
    owner_wait: float
    overflow_after: float
    unclassified: float
    declined: float
    turns: float
    think: float
    typing: float
    attention: float
    chat_patience: float
    phone_patience: float
    nudge_after: float
    anger: float
    read_unanswered: float
    forgotten: float
    promise: float
    promise_broken: float
    ask_details: float
    never_back: float
    transfer: float
    transfer_back: float
    wrap_up: float
    csat: float
    reopen: float
    complaint: float
    left_message: float
    sudden_break: float
    sick: float
    sick_later: float
    talk: float
    held: float
    desk: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything in the file, with the mixes as weights by code."""

    volume: Volume
    hours: dict[str, tuple[float, ...]]
    channels: dict[Channel, float]
    channels_english: dict[Channel, float]
    types: dict[InquiryType, float]
    customers: Customers
    effort: dict[Group, float]
    behaviour: Behaviour


@cache
def figures() -> Figures:
    """The shipped figures; read once."""
    data = tomllib.loads((paths.resource("demo") / "centre.toml").read_text("utf-8"))
    volume = data["volume"] | {"weekday": tuple(data["volume"]["weekday"])}
    return Figures(
        volume=Volume(**volume),
        hours={name: tuple(shares) for name, shares in data["hours"].items()},
        channels=_channels(data["channels"]),
        channels_english=_channels(data["channels_english"]),
        types={InquiryType[key.upper()]: share for key, share in data["types"].items()},
        customers=Customers(**data["customers"]),
        effort={Group[key.upper()]: factor for key, factor in data["effort"].items()},
        behaviour=Behaviour(**data["behaviour"]),
    )


def _channels(shares: dict[str, float]) -> dict[Channel, float]:
    return {Channel[key.upper()]: share for key, share in shares.items()}
