"""What a deed asks for, in words and choices, for one entry or many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from console.clock import MINUTE
from console.i18n import N_, _, ngettext
from console.models.domain.escalation import Entry, Happening
from console.models.domain.escalation_rules import EscalationRules
from console.models.domain.roles import Actor
from console.models.queries.inbox_lines import Line, is_own, owner_word, span, who
from console.views.screens.escalations.deeds import Deed, Result, possible
from console.views.screens.escalations.work_strip import Ask

_ASIDE = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 480)
"""Minutes that are offered, as far as the policy allows."""
_MOST_INTO = 20
_REASONS = {
    Happening.RESOLVE: (
        N_("Customer was answered"),
        N_("Called the customer back"),
        N_("Compensation agreed"),
        N_("Nothing to do: raised by mistake"),
    ),
    Happening.SNOOZE: (
        N_("Waits for the customer"),
        N_("Waits for the warehouse"),
        N_("Waits for another department"),
        N_("Agent is answering now"),
    ),
    Happening.RETURN: (N_("Please answer now"), N_("Please call back"), N_("Please find out and report")),
    Happening.MERGE: (N_("Same matter"),),
    Happening.REOPEN: (N_("Customer wrote again"), N_("Not done after all")),
    Happening.PROGRESS: (N_("Talked to the customer"), N_("Talked to the agent"), N_("Asked the warehouse")),
}
_NOTE = N_("What was done")
_REASON = N_("Reason")


class Choices:
    """What the lists of a form offer, from how things stand."""

    def __init__(self, now: int, rules: EscalationRules, written: Callable[[int], str]) -> None:
        self.now, self._rules, self._written = now, rules, written
        self.reopen_window = rules.reopen_window
        """How long after its resolution an entry can be reopened (R-ESC-LIFE), in microseconds."""

    def until(self, entries: Iterable[Entry]) -> list[tuple[int, str]]:
        """Instants until which these entries can be put aside (R-ESC-LIFE), the longest last."""
        limit = min((self._rules.aside_limit.of(entry.urgency) for entry in entries), default=0)
        offered = [minutes for minutes in _ASIDE if minutes * MINUTE <= limit] or [max(1, limit // MINUTE)]
        return [
            (
                self.now + minutes * MINUTE,
                _("{n} min, until {time}").format(n=minutes, time=self._written(self.now + minutes * MINUTE)),
            )
            for minutes in offered
        ]


def asked(
    deed: Deed,
    lines: Sequence[Line],
    actor: Actor,
    choices: Choices,
    people: Sequence[str],
    into: Sequence[Line],
) -> Ask:
    """The form of a deed. ``people`` are who can get it, the likeliest first; ``into`` what it can be merged with."""
    entries = [line.entry for line in lines]
    reasons: Sequence[str] | None = None
    if "reason" in deed.asks or "note" in deed.asks:
        reasons = [_(words) for words in _REASONS.get(deed.what, ())]
    return Ask(
        head=_head(deed, lines),
        effect=_effect(deed, entries, actor, choices.reopen_window),
        do=_(deed.title),
        until=choices.until(entries) if "until" in deed.asks else None,
        people=people if "agent" in deed.asks or "person" in deed.asks else None,
        people_name=_("Agent") if "agent" in deed.asks else _("Colleague"),
        into=[(line.entry.id, f"#{line.entry.id} {who(line)}") for line in into[:_MOST_INTO]]
        if "into" in deed.asks
        else None,
        into_name=_("Into"),
        reasons=reasons,
        reason_name=_(_NOTE) if "note" in deed.asks else _(_REASON),
    )


def told(result: Result, name: str) -> str:
    """What was done, in one line."""
    count = len(result.done)
    if count == 1:
        return _("{done}: {who}").format(done=_(result.deed.past), who=name)
    text = ngettext("{done}: {n} escalation", "{done}: {n} escalations", count)
    return text.format(done=_(result.deed.past), n=count)


def refusals(result: Result, name: Callable[[Entry], str]) -> list[str]:
    """One line for each entry that was refused: which, why, what helps."""
    return [
        " ".join(part for part in (f"#{refused.entry.id} {name(refused.entry)}:", refused.why, refused.remedy) if part)
        for refused in result.refused
    ]


def _head(deed: Deed, lines: Sequence[Line]) -> str:
    if len(lines) == 1:
        return _("{deed}: {who}").format(deed=_(deed.title), who=who(lines[0]))
    if len({line.entry.ticket or -line.entry.id for line in lines}) == 1:
        # More than one always: a single one has been told above.
        text = _("{deed}: {who}, {n} escalations of one ticket")
        return text.format(deed=_(deed.title), who=who(lines[0]), n=len(lines))
    text = ngettext("{deed}: {n} escalation", "{deed}: {n} escalations", len(lines))
    return text.format(deed=_(deed.title), n=len(lines))


def _effect(deed: Deed, entries: Sequence[Entry], actor: Actor, window: int) -> str:
    """What will happen to how many, and which of them stay as they are."""
    if len(entries) < 2:
        return ""
    able = [entry for entry in entries if deed in possible(entry, actor)]
    parts = []
    if able:
        urgencies = ", ".join(
            f"{count} P{urgency}" for urgency in (1, 2, 3) if (count := sum(entry.urgency == urgency for entry in able))
        )
        parts.append(_(_EFFECTS.get(deed.what, _OTHER_EFFECT)).format(list=urgencies, span=span(window)))
    left = len(entries) - len(able)
    if left:
        kept = [entry for entry in entries if entry not in able and entry.owner]
        kept.sort(key=lambda entry: (not is_own(entry, actor.name), entry.owner))
        owners = list(dict.fromkeys(owner_word(entry.owner, actor.name) for entry in kept))
        text = ngettext("{n} stays as it is", "{n} stay as they are", left).format(n=left)
        if owners:
            text = _("{text}: with {names}").format(text=text, names=_(", ").join(owners[:3]))
        parts.append(_("{text}.").format(text=text))
    return " ".join(parts)


_OTHER_EFFECT = N_("{list}: it will be done.")
_EFFECTS = {
    Happening.ACKNOWLEDGE: N_("{list}: you become the owner, and progress is due from you."),
    Happening.RESOLVE: N_("{list}: all end with this one reason. For {span} you can still reopen them."),
    Happening.SNOOZE: N_("{list}: silent until then."),
    Happening.RETURN: N_("{list}: to the agent, who has until then."),
    Happening.HAND_OVER: N_("{list}: to your colleague, who is told."),
    Happening.MERGE: N_("{list}: part of the other escalation from then on."),
}
