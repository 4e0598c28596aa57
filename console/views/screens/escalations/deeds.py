"""What a person can do with entries, as a table; and how it is carried out for one or many, with what was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from console.errors import KnownError
from console.i18n import N_, _
from console.models.actions.authorize import authorize
from console.models.domain.escalation import AlreadyOwned, Entry, EscalationRefused, Happening, State, Transition
from console.models.domain.escalation_moves import allowed
from console.models.domain.ports import Progress
from console.models.domain.roles import Action, Actor, Target
from console.views.desk import Desk


class Form(NamedTuple):
    """What a person filled in: an instant (microseconds since the epoch), whom, another entry, and words."""

    until: int = 0
    to: str = ""
    into: int = 0
    reason: str = ""


Do = Callable[[Desk, Actor, Entry, Form], Transition]


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing to do. ``title`` and ``past`` are marked with `N_`; ``asks`` names the fields that it needs: ``until``,
    ``person``, ``agent``, ``into``, ``reason``, ``note``. Without any it is done at once."""

    key: str
    what: Happening
    action: Action
    title: str
    past: str
    do: Do
    asks: tuple[str, ...] = ()


class Refusal(NamedTuple):
    """An entry with which it could not be done: why, and what helps."""

    entry: Entry
    why: str
    remedy: str
    taken: bool = False
    """Somebody else has it."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a deed: the moves that were made, and what was refused."""

    deed: Deed
    done: Sequence[Transition] = ()
    refused: Sequence[Refusal] = ()
    form: Form = field(default_factory=Form)


DEEDS: tuple[Deed, ...] = (
    Deed(
        "acknowledge",
        Happening.ACKNOWLEDGE,
        Action.ESCALATION_ACKNOWLEDGE,
        N_("Acknowledge"),
        N_("Acknowledged"),
        lambda desk, actor, entry, _form: desk.escalations.acknowledge(actor, entry.id, entry.version),
    ),
    Deed(
        "progress",
        Happening.PROGRESS,
        Action.ESCALATION_NOTE,
        N_("Progress"),
        N_("Progress noted"),
        lambda desk, actor, entry, form: desk.escalations.progress(actor, entry.id, entry.version, form.reason),
        ("note",),
    ),
    Deed(
        "resolve",
        Happening.RESOLVE,
        Action.ESCALATION_RESOLVE,
        N_("Resolve"),
        N_("Resolved"),
        lambda desk, actor, entry, form: desk.escalations.resolve(actor, entry.id, entry.version, form.reason),
        ("reason",),
    ),
    Deed(
        "give_back",
        Happening.RETURN,
        Action.ESCALATION_RETURN,
        N_("Give back"),
        N_("Given back"),
        lambda desk, actor, entry, form: desk.escalations.give_back(
            actor, entry.id, entry.version, form.to, form.until, form.reason
        ),
        ("agent", "until", "reason"),
    ),
    Deed(
        "snooze",
        Happening.SNOOZE,
        Action.ESCALATION_SNOOZE,
        N_("Snooze"),
        N_("Put aside"),
        lambda desk, actor, entry, form: desk.escalations.snooze(
            actor, entry.id, entry.version, form.until, form.reason
        ),
        ("until", "reason"),
    ),
    Deed(
        "hand_over",
        Happening.HAND_OVER,
        Action.ESCALATION_HAND_OVER,
        N_("Hand over"),
        N_("Handed over"),
        lambda desk, actor, entry, form: desk.escalations.hand_over(actor, entry.id, entry.version, form.to),
        ("person",),
    ),
    Deed(
        "merge",
        Happening.MERGE,
        Action.ESCALATION_MERGE,
        N_("Merge"),
        N_("Merged"),
        lambda desk, actor, entry, form: desk.escalations.merge(actor, entry.id, entry.version, form.into, form.reason),
        ("into", "reason"),
    ),
    Deed(
        "reopen",
        Happening.REOPEN,
        Action.ESCALATION_REOPEN,
        N_("Reopen"),
        N_("Reopened"),
        lambda desk, actor, entry, form: desk.escalations.reopen(actor, entry.id, entry.version, form.reason),
        ("reason",),
    ),
)
BY_KEY: Mapping[str, Deed] = {deed.key: deed for deed in DEEDS}


def possible(entry: Entry, actor: Actor) -> tuple[Deed, ...]:
    """What the machine and the roles let this person do with the entry now."""
    happenings = allowed(entry, actor.name)
    return tuple(deed for deed in DEEDS if deed.what in happenings and permitted(deed, entry, actor))


def permitted(deed: Deed, entry: Entry, actor: Actor) -> bool:
    """Whether the roles of this person allow it; the action itself asks again."""
    return authorize(actor, deed.action, Target("escalation", str(entry.id))).allowed


def barred(entry: Entry, actor: Actor) -> str:
    """Why a person can do nothing at all here, as a sentence; empty when they can do something."""
    if possible(entry, actor):
        return ""
    if not authorize(actor, Action.ESCALATION_ACKNOWLEDGE, Target("escalation", str(entry.id))).allowed:
        return authorize(actor, Action.ESCALATION_ACKNOWLEDGE, Target("escalation", str(entry.id))).reason
    return _("{owner} has it.").format(owner=entry.owner) if entry.owner else ""


def carry_out(deed: Deed, desk: Desk, actor: Actor, entries: Iterable[Entry], form: Form, progress: Progress) -> Result:
    """Do it to each entry; for a worker. What is refused is told, and the others go on."""
    entries = tuple(entries)
    done: list[Transition] = []
    refused: list[Refusal] = []
    for place, entry in enumerate(entries):
        progress.report(place, len(entries))
        try:
            done.append(deed.do(desk, actor, entry, form))
        except EscalationRefused as error:
            taken = isinstance(error, AlreadyOwned) or (
                error.entry.state is State.ACKNOWLEDGED and error.entry.owner != actor.name
            )
            refused.append(Refusal(error.entry, error.what, error.remedy, taken))
        except KnownError as error:
            refused.append(Refusal(entry, error.what, error.remedy))
        except KeyError:
            refused.append(Refusal(entry, _("It is not there any more."), ""))
    return Result(deed, done, refused, form)


def take_back(desk: Desk, actor: Actor, made: Sequence[Transition]) -> tuple[int, list[str]]:
    """Undo moves, the last first; for a worker. Returns how many were taken back, and why others were not."""
    back, kept = 0, []
    for move in reversed(made):
        try:
            undone = desk.escalations.undo(actor, move)
        except KnownError as error:
            kept.append(error.what)
            continue
        if undone is None:
            kept.append(_("This cannot be undone."))
        else:
            back += 1
    return back, kept
