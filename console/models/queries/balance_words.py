"""What a measure of balance comes to, in words: the same on the screen, in the report and for a screen reader."""

from __future__ import annotations

from console.i18n import _, ngettext
from console.models.domain.fairness import SkewRules, Verdict


def percent(share: float) -> str:
    """A share as ``72 %``."""
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def verdict_words(verdict: Verdict) -> str:
    """One short sentence."""
    if verdict.alarm:
        return _("Too much on few shoulders, and not by chance")
    if verdict.uneven:
        return _("Uneven, and not by chance")
    return _("Within what chance does")


def share_words(busiest: float, *, minutes: bool, still_open: bool) -> str:
    """What the large figure means; the figure itself stands before it."""
    words = {
        (False, False): _("of the contacts lie with the busiest {part}"),
        (True, False): _("of the handling time lies with the busiest {part}"),
        (False, True): _("of the open contacts lie with the busiest {part}"),
        (True, True): _("of the work left to do lies with the busiest {part}"),
    }
    return words[minutes, still_open].format(part=percent(busiest))


def chance_words(verdict: Verdict) -> str:
    """How often a fair day is as uneven."""
    days = round(verdict.p_value * 1000)
    if days <= 1:
        return _("no fair day in 1,000 is as uneven")
    return ngettext("{n} fair day in 1,000 is as uneven", "{n} fair days in 1,000 are as uneven", days).format(n=days)


def evidence_words(rules: SkewRules) -> str:
    """The definition in full, for the evidence of the figure."""
    return _(
        "Agents stand in the order of work per capacity; the busiest are those who make up {part} of the capacity. On "
        "a fair day each contact goes to anybody who may take it. The alarm needs both: at most {chance} fair days in "
        "1,000 are as uneven, and the true share may be {alarm} or more."
    ).format(part=percent(rules.busiest), chance=round(1000 * rules.chance), alarm=percent(rules.alarm_share))
