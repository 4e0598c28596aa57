"""Rules of the policy in words, for those who do not know them by their ids.

A clock's rule is named by its id and, where the policy has a table for it, by the code of the row that decided:
``R-FRT-CHANNEL phone``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from console.i18n import N_, _
from console.models.domain.contacts import Channel, Code, ComplaintTier, Emotion, Priority, Stage
from console.models.domain.glossary import word

_TABLES: Mapping[str, Sequence[tuple[type[Code], str]]] = {
    "R-FRT-CHAT": ((Channel, N_("by channel, {what}")),),
    "R-FRT-CHANNEL": ((Channel, N_("by channel, {what}")),),
    "R-CLOCK": ((Channel, N_("by channel, {what}")), (Priority, N_("by priority, {what}"))),
    "R-FRT-EMOTION": ((Emotion, N_("by mood, {what}")),),
    "R-CMP-TIER": ((ComplaintTier, N_("by complaint, {what}")),),
    "R-STAGE": ((Stage, N_("in the stage, {what}")),),
}
"""By id: the words of the table's rows, and what is said of one."""
_PLAIN: Mapping[str, str] = {
    "R-FRT-CHAT": N_("answers on live channels"),
    "R-FRT-CHANNEL": N_("answers by channel"),
    "R-FRT-CLASS": N_("for every contact"),
    "R-FRT-EMOTION": N_("answers by mood"),
    "R-CLOCK": N_("answer and resolution times"),
    "R-STAGE": N_("time in a stage"),
    "R-PROMISE": N_("what we promised"),
    "R-CMP-TIER": N_("complaints by gravity"),
    "R-CMP-ACK": N_("for every complaint"),
    "R-CMP-PLAN": N_("for every complaint"),
    "R-CMP-FOLLOW": N_("after every complaint"),
    "R-CMP-OFFER": N_("beyond the agent's limit"),
    "R-ESC": N_("what a supervisor must see"),
    "R-AGENT-SLOW": N_("agents who answer slowly"),
}


def rule_id(rule: str) -> str:
    """The id alone: ``R-FRT-CHANNEL``."""
    return rule.partition(" ")[0]


def rule_words(rule: str) -> str:
    """What the rule goes by: ``by channel, Phone``; a rule that is not known is given as it is written."""
    name, _space, key = rule.partition(" ")
    for codes, words in _TABLES.get(name, ()):
        for code in codes:
            if code.key == key:
                return _(words).format(what=word(code))
    known = _PLAIN.get(name)
    return _(known) if known else rule


def rule_row(rule: str) -> str:
    """The same beside the name of its clock: ``Phone``; of a stage nothing is left to say."""
    if stage_of(rule):
        return ""
    name, _space, key = rule.partition(" ")
    rows = (code for codes, _words in _TABLES.get(name, ()) for code in codes)
    return next((word(code) for code in rows if code.key == key), rule_words(rule))


def stage_of(rule: str) -> str:
    """The stage that a clock of R-STAGE is about, for people; empty for any other rule."""
    name, _space, key = rule.partition(" ")
    return next((word(stage) for stage in Stage if name == "R-STAGE" and stage.key == key), "")
