"""What people read for each code of `contacts` and each kind of event: short words of the trade, one table per code.

The words are English sources of the catalogue; `word` gives them in the language in use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from console.i18n import N_, _, language
from console.models.domain.contacts import (
    AgentState,
    Channel,
    Code,
    ComplaintTier,
    Emotion,
    Group,
    InquiryType,
    Language,
    Priority,
    Role,
    Stage,
    Status,
    Tier,
)

Table = Mapping[Code, str]

CHANNEL: Table = {
    Channel.UNKNOWN: N_("Unknown channel"),
    Channel.WEB_CHAT: N_("Web chat"),
    Channel.APP_CHAT: N_("App chat"),
    Channel.WHATSAPP: N_("WhatsApp"),
    Channel.WECHAT: N_("WeChat"),
    Channel.SOCIAL: N_("Social media"),
    Channel.MARKETPLACE: N_("Marketplace"),
    Channel.PHONE: N_("Phone"),
    Channel.SMS: N_("SMS"),
    Channel.EMAIL: N_("Email"),
    Channel.OTHER: N_("API, other"),
}
INQUIRY_TYPE: Table = {
    InquiryType.UNCLASSIFIED: N_("Not classified"),
    InquiryType.PRODUCT_INFO: N_("Product info"),
    InquiryType.ORDER_STATUS: N_("Order status"),
    InquiryType.RETURN_EXCHANGE: N_("Return, exchange"),
    InquiryType.BILLING_PAYMENT: N_("Billing, payment"),
    InquiryType.TECHNICAL_SUPPORT: N_("Technical support"),
    InquiryType.DELIVERY_UPDATE: N_("Delivery"),
    InquiryType.ACCOUNT_MANAGEMENT: N_("Account"),
    InquiryType.PROMOTION_DISCOUNT: N_("Promotion"),
    InquiryType.AFTER_SALES_FOLLOW_UP: N_("After-sales"),
    InquiryType.COMPLAINT: N_("Complaint"),
    InquiryType.PRODUCT_USAGE: N_("Product usage"),
    InquiryType.WARRANTY: N_("Warranty"),
    InquiryType.STOCK_AVAILABILITY: N_("Stock"),
    InquiryType.MEMBERSHIP_LOYALTY: N_("Membership"),
    InquiryType.PRIVACY_SECURITY: N_("Privacy, security"),
    InquiryType.PARTNERSHIP_WHOLESALE: N_("Partnership"),
    InquiryType.CAMPAIGN_PARTICIPATION: N_("Campaign"),
    InquiryType.APP_SITE_FAULT: N_("App or site fault"),
    InquiryType.SUBSCRIPTION: N_("Subscription"),
    InquiryType.ENVIRONMENT_CSR: N_("Environment, CSR"),
    InquiryType.URGENT: N_("Urgent request"),
    InquiryType.LANGUAGE_SUPPORT: N_("Language help"),
    InquiryType.CUSTOMISATION: N_("Customisation"),
    InquiryType.COMPETITOR_COMPARISON: N_("Comparison"),
    InquiryType.GENERAL_FEEDBACK: N_("Feedback"),
}
GROUP: Table = {
    Group.OTHER: N_("Everything else"),
    Group.LOGISTICS: N_("Logistics"),
    Group.RETURNS: N_("Returns"),
    Group.PAYMENT: N_("Payment"),
    Group.ACCOUNT: N_("Accounts"),
}
TIER: Table = {
    Tier.UNKNOWN: N_("Tier not known"),
    Tier.NEW: N_("New customer"),
    Tier.EXISTING: N_("Regular"),
    Tier.VIP: N_("VIP"),
}
STATUS: Table = {
    Status.UNKNOWN: N_("Status not known"),
    Status.NEW: N_("New"),
    Status.OPEN: N_("Open"),
    Status.PENDING_CUSTOMER: N_("With customer"),
    Status.PENDING_INTERNAL: N_("With colleagues"),
    Status.RESOLVED: N_("Resolved"),
    Status.CLOSED: N_("Closed"),
    Status.SPAM: N_("Spam"),
    Status.DELETED: N_("Deleted"),
}
PRIORITY: Table = {
    Priority.NONE: N_("No priority"),
    Priority.LOW: N_("Low"),
    Priority.NORMAL: N_("Normal"),
    Priority.HIGH: N_("High"),
    Priority.URGENT: N_("Urgent"),
}
COMPLAINT_TIER: Table = {
    ComplaintTier.NONE: N_("No complaint"),
    ComplaintTier.LOW: N_("Low complaint"),
    ComplaintTier.MEDIUM: N_("Medium complaint"),
    ComplaintTier.HIGH: N_("High complaint"),
}
EMOTION: Table = {
    Emotion.UNKNOWN: N_("Mood not known"),
    Emotion.LOW: N_("Calm"),
    Emotion.MEDIUM: N_("Annoyed"),
    Emotion.HIGH: N_("Upset"),
}
LANGUAGE: Table = {
    Language.UNKNOWN: N_("Language not known"),
    Language.ZH: N_("Chinese"),
    Language.EN: N_("English"),
}
STAGE: Table = {
    Stage.CREATED: N_("Created"),
    Stage.CLASSIFIED: N_("Classified"),
    Stage.ASSIGNED: N_("Assigned"),
    Stage.IN_PROCESS: N_("In process"),
    Stage.FEEDBACK: N_("Feedback"),
    Stage.ARCHIVED: N_("Archived"),
}
AGENT_STATE: Table = {
    AgentState.OFFLINE: N_("Logged off"),
    AgentState.AVAILABLE: N_("Available"),
    AgentState.BUSY: N_("Busy"),
    AgentState.WRAP_UP: N_("Wrap-up"),
    AgentState.BREAK: N_("On break"),
    AgentState.AWAY: N_("Away"),
}
ROLE: Table = {
    Role.UNKNOWN: N_("Unknown"),
    Role.CUSTOMER: N_("Customer"),
    Role.AGENT: N_("Agent"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.BOT: N_("Bot"),
    Role.SYSTEM: N_("System"),
}

_BY_TYPE: dict[type[Code], Table] = {
    Channel: CHANNEL,
    InquiryType: INQUIRY_TYPE,
    Group: GROUP,
    Tier: TIER,
    Status: STATUS,
    Priority: PRIORITY,
    ComplaintTier: COMPLAINT_TIER,
    Emotion: EMOTION,
    Language: LANGUAGE,
    Stage: STAGE,
    AgentState: AGENT_STATE,
    Role: ROLE,
}


class _Words(Mapping[Code, str]):
    """The untranslated word of every code.

    Not a dict: members of different enumerations are equal integers, so that in a dict `Tier.NEW` would find the word
    of `Status.NEW`.
    """

    def __getitem__(self, code: Code) -> str:
        return _BY_TYPE[type(code)][code]

    def __iter__(self) -> Iterator[Code]:
        return (code for words in _BY_TYPE.values() for code in words)

    def __len__(self) -> int:
        return sum(map(len, _BY_TYPE.values()))


WORDS: Mapping[Code, str] = _Words()

_translated: dict[tuple[str, type[Code], int], str] = {}


def word(code: Code) -> str:
    """The word for a code in the language in use."""
    key = (language(), type(code), int(code))
    known = _translated.get(key)
    if known is None:
        known = _translated[key] = _(WORDS[code])
    return known
