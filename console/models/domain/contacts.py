"""The vocabulary of a contact: channel, inquiry type, tier, status, priority and the rest, as small integer codes.

The codes are stored in the log and held in the board's columns, so a code never changes its meaning; a new word gets
a new number. The English key of a code (used by the command line, mapping files and policy files) is its name in lower
case; what people read on screens comes from `glossary`.
"""

from __future__ import annotations

from enum import IntEnum


class Code(IntEnum):
    """An enumeration whose members are known outside by their lower-case name."""

    @property
    def key(self) -> str:
        """The word for this code in files and on the command line, for example ``web_chat``."""
        return self.name.lower()

    @classmethod
    def of(cls, key: str) -> Code:
        """Find the member with this key; raises KeyError when there is none."""
        return cls[key.strip().upper().replace("-", "_").replace(" ", "_")]


class Channel(Code):
    """R-CH: the canonical list. 0 means that no event has told the channel yet."""

    UNKNOWN = 0
    WEB_CHAT = 1
    APP_CHAT = 2
    WHATSAPP = 3
    WECHAT = 4
    SOCIAL = 5
    MARKETPLACE = 6
    PHONE = 7
    SMS = 8
    EMAIL = 9
    OTHER = 10
    """API and everything else."""


LIVE_CHANNELS = frozenset(Channel(code) for code in range(Channel.WEB_CHAT, Channel.SMS + 1))


class InquiryType(Code):
    """R-TYPE: the 25 types. 0 means not classified yet (stage *created*)."""

    UNCLASSIFIED = 0
    PRODUCT_INFO = 1
    ORDER_STATUS = 2
    RETURN_EXCHANGE = 3
    BILLING_PAYMENT = 4
    TECHNICAL_SUPPORT = 5
    DELIVERY_UPDATE = 6
    ACCOUNT_MANAGEMENT = 7
    PROMOTION_DISCOUNT = 8
    AFTER_SALES_FOLLOW_UP = 9
    COMPLAINT = 10
    PRODUCT_USAGE = 11
    WARRANTY = 12
    STOCK_AVAILABILITY = 13
    MEMBERSHIP_LOYALTY = 14
    PRIVACY_SECURITY = 15
    PARTNERSHIP_WHOLESALE = 16
    CAMPAIGN_PARTICIPATION = 17
    APP_SITE_FAULT = 18
    SUBSCRIPTION = 19
    ENVIRONMENT_CSR = 20
    URGENT = 21
    LANGUAGE_SUPPORT = 22
    CUSTOMISATION = 23
    COMPETITOR_COMPARISON = 24
    GENERAL_FEEDBACK = 25


class Group(Code):
    """R-TYPE: the five groups that the types roll up into."""

    OTHER = 0
    LOGISTICS = 1
    RETURNS = 2
    PAYMENT = 3
    ACCOUNT = 4


GROUP_OF_TYPE: dict[InquiryType, Group] = {
    InquiryType.ORDER_STATUS: Group.LOGISTICS,
    InquiryType.DELIVERY_UPDATE: Group.LOGISTICS,
    InquiryType.RETURN_EXCHANGE: Group.RETURNS,
    InquiryType.AFTER_SALES_FOLLOW_UP: Group.RETURNS,
    InquiryType.WARRANTY: Group.RETURNS,
    InquiryType.BILLING_PAYMENT: Group.PAYMENT,
    InquiryType.SUBSCRIPTION: Group.PAYMENT,
    InquiryType.ACCOUNT_MANAGEMENT: Group.ACCOUNT,
    InquiryType.MEMBERSHIP_LOYALTY: Group.ACCOUNT,
    InquiryType.PRIVACY_SECURITY: Group.ACCOUNT,
}
"""Types that are not listed belong to `Group.OTHER`."""


class Tier(Code):
    """R-TIER: the customer's tier."""

    UNKNOWN = 0
    NEW = 1
    EXISTING = 2
    VIP = 3


class Status(Code):
    """What the helpdesk says of a ticket. 0: a word that nobody has mapped yet."""

    UNKNOWN = 0
    NEW = 1
    OPEN = 2
    PENDING_CUSTOMER = 3
    PENDING_INTERNAL = 4
    RESOLVED = 5
    CLOSED = 6
    SPAM = 7
    DELETED = 8


IN_PROGRESS = frozenset({Status.UNKNOWN, Status.NEW, Status.OPEN, Status.PENDING_CUSTOMER, Status.PENDING_INTERNAL})
"""Somebody still has to do something. A status that nobody has mapped counts, so that nothing is missed."""


class Priority(Code):
    """Canonical priority; 0 where the source has none."""

    NONE = 0
    LOW = 1
    NORMAL = 2
    HIGH = 3
    URGENT = 4


class ComplaintTier(Code):
    """R-CMP-TIER; 0: not a complaint."""

    NONE = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3


class Emotion(Code):
    """R-FRT-EMOTION: how upset the customer is; 0 where nobody has judged it."""

    UNKNOWN = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3


class Language(Code):
    """The customer's language."""

    UNKNOWN = 0
    ZH = 1
    EN = 2


class Stage(Code):
    """R-STAGE: derived from events and status, never stored."""

    CREATED = 0
    CLASSIFIED = 1
    ASSIGNED = 2
    IN_PROCESS = 3
    FEEDBACK = 4
    ARCHIVED = 5


class AgentState(Code):
    """What an agent is doing now."""

    OFFLINE = 0
    AVAILABLE = 1
    BUSY = 2
    WRAP_UP = 3
    BREAK = 4
    AWAY = 5


class Role(Code):
    """Who acted."""

    UNKNOWN = 0
    CUSTOMER = 1
    AGENT = 2
    SUPERVISOR = 3
    BOT = 4
    SYSTEM = 5
