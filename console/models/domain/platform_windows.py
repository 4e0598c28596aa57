"""A platform's own deadlines (R-CLOCK): until when, and how often, we may still write freely to a customer.

WhatsApp allows free text for 24 hours after the customer's last message, WeChat five messages in 48 hours. The figures
are the policy's. A customer who writes again opens the window anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from console.models.domain.contacts import Channel

Instants = NDArray[np.int64]
ANY_NUMBER = -1


class Rule(Protocol):
    """The window of one platform: how long in microseconds, and how many messages of ours, 0 for any number."""

    @property
    def window(self) -> int:
        """Microseconds after the customer's last message."""
        ...

    @property
    def messages(self) -> int:
        """Messages of ours in that time, 0 for any number."""
        ...


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a window: when it ends (microseconds since the epoch), and how many messages, `ANY_NUMBER`
    where the platform does not count them."""

    ends_at: int
    messages: int

    def is_open(self, now: int) -> bool:
        """Whether we may still write freely."""
        return now < self.ends_at and self.messages != 0


def left(rule: Rule | None, last_customer_at: int, sent: int) -> Left | None:
    """What is left on one ticket; None where the channel has no window or the customer never wrote.

    ``sent`` counts our messages since the customer's last.
    """
    if rule is None or not rule.window or not last_customer_at:
        return None
    return Left(last_customer_at + rule.window, max(0, rule.messages - sent) if rule.messages else ANY_NUMBER)


def ends(rules: Mapping[Channel, Rule], channel: NDArray[np.uint8], last_customer_at: Instants) -> Instants:
    """When the window of each ticket ends, 0 where there is none."""
    length = np.zeros(len(Channel), dtype=np.int64)
    for code, rule in rules.items():
        length[code] = rule.window
    window = length[channel]
    return np.where((window > 0) & (last_customer_at > 0), last_customer_at + window, 0)


def messages(rules: Mapping[Channel, Rule], channel: NDArray[np.uint8], sent: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How many messages each ticket has left, `ANY_NUMBER` where they are not counted."""
    most = np.zeros(len(Channel), dtype=np.int64)
    for code, rule in rules.items():
        most[code] = rule.messages
    allowed = most[channel]
    return np.where(allowed > 0, np.maximum(allowed - sent.astype(np.int64), 0), ANY_NUMBER)
