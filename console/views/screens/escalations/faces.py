"""What a row of the inbox shows, as data: words and their colours, made anew for visible rows only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from console.clock import MINUTE, SECOND
from console.i18n import _, ngettext
from console.models.domain.contacts import Tier
from console.models.domain.escalation import Entry, State, Urgency
from console.models.domain.glossary import word
from console.models.live.board import Board
from console.models.queries.inbox import is_aside, is_unowned
from console.models.queries.inbox_lines import (
    coming,
    line_of,
    matter,
    span,
    stakes,
    standing,
    urgency_word,
    who,
    why,
)
from console.models.queries.inbox_list import Head
from console.views import formats, theme
from console.views.theme import ColorName

Ink = ColorName


@dataclass(frozen=True, slots=True)
class Face:
    """A row of an entry. ``vip`` and ``about`` stand below the name, ``stakes`` and ``subject`` below the reason."""

    state: theme.State
    who: str
    vip: str
    about: str
    why: str
    stakes: str
    subject: str
    standing: str
    standing_short: str
    """Where there is less room."""
    time: str
    coming: str
    why_ink: Ink = "text"
    standing_ink: Ink = "text_muted"
    time_ink: Ink = "text"
    also: str = ""
    """What else is the matter with the same ticket, in short: ``+ Acknowledgement, Long wait``."""
    calm: bool = False
    """Somebody has it, or it is put aside: its words are quieter."""

    def spoken(self) -> str:
        """The row in one sentence, for screen readers."""
        parts = (
            self.who,
            self.vip,
            self.about,
            self.why,
            self.also,
            self.stakes,
            self.standing,
            self.coming,
            self.time,
        )
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: the urgency, how many, what it is for, and the longest time that one of them is here."""

    urgency: Urgency
    title: str
    words: str
    oldest: str

    def spoken(self) -> str:
        """The heading in words."""
        return f"{self.title}, {self.words}"


def state_of(entry: Entry, now: int) -> theme.State:
    """R-ESC-LIFE at a glance: nobody has it; progress is overdue; somebody has it; put aside; done."""
    if is_unowned(entry):
        return theme.State.DANGER
    if entry.state is State.ACKNOWLEDGED:
        late = entry.reminded or (entry.due_at or now) <= now
        return theme.State.WARNING if late else theme.State.INFO
    return theme.State.PAUSED if is_aside(entry) else theme.State.OK


def face(
    entry: Entry,
    board: Board | None,
    amounts: Mapping[int, str],
    repeats: Mapping[int, int],
    now: int,
    zone: tzinfo,
    others: Sequence[Entry] = (),
    person: str = "",
) -> Face:
    """The row of an entry at a moment for the person who looks, with the others of the same ticket that stand in it."""
    line = line_of(entry, board)
    state = state_of(entry, now)
    exhausted = entry.state is State.EXHAUSTED
    about = [word(line.channel)] if line.channel else []
    about.append(line.ref or f"#{entry.id}")
    reason = f" · {entry.reason}" if entry.reason and is_unowned(entry) else ""
    return Face(
        state,
        who(line),
        word(line.tier) if line.tier is Tier.VIP else "",
        " · ".join(about),
        why(line, now, zone),
        " · ".join(stakes(line, amounts.get(entry.ticket, ""))),
        f"{line.subject}{reason}".removeprefix(" · "),
        standing(line, repeats.get(entry.id, 0), zone, person=person),
        standing(line, repeats.get(entry.id, 0), zone, short=True, person=person),
        time_left(entry, now),
        coming(entry, short=True),
        "text",
        "danger" if exhausted else state.ink if state is theme.State.WARNING else "text_muted",
        _time_ink(entry, now),
        _also(others),
        not is_unowned(entry),
    )


def _also(others: Sequence[Entry]) -> str:
    """Each matter once; the same matter of several cycles is named once."""
    return "+ " + _(", ").join(dict.fromkeys(matter(other) for other in others)) if others else ""


def heading(urgency: Urgency, head: Head, now: int) -> Heading:
    """The heading above the entries of an urgency."""
    title = f"P{int(urgency)}  {formats.count(head.entries)}"
    free = ""
    if head.unowned:
        free = ngettext("{n} unowned", "{n} unowned", head.unowned).format(n=head.unowned)
        longest = now - head.since
        if longest >= MINUTE:
            free = _("{unowned}, up to {span}").format(unowned=free, span=span(longest))
    return Heading(urgency, title, urgency_word(urgency), free)


def time_left(entry: Entry, now: int) -> str:
    """The countdown to what the console does by itself; *now* while the sweep carries it out."""
    if entry.due_at is None:
        return ""
    left = entry.due_at - now
    return formats.countdown(left / SECOND) if left > 0 else _("now")


def _time_ink(entry: Entry, now: int) -> Ink:
    if entry.due_at is None or not is_unowned(entry):
        return "warning" if entry.state is State.ACKNOWLEDGED and (entry.due_at or now) <= now else "text_muted"
    if entry.state is State.EXHAUSTED:
        return "danger"
    return "warning" if entry.due_at - now <= MINUTE else "text"
