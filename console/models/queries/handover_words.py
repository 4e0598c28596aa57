"""The hand-over sheet in words: sections of tables, the same for the screen, the paper and the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from console.clock import moment
from console.i18n import _, ngettext
from console.models.domain.contacts import Channel, Tier
from console.models.domain.escalation import Entry, State, Urgency
from console.models.domain.follow_ups import DUTY_WORDS
from console.models.domain.glossary import word
from console.models.queries.handover import FIRST_STRETCH, Due, Known, Sheet
from console.models.queries.inbox_lines import Line, coming, matter, span, stakes, standing, who, why

_UNOWNED = frozenset({State.RAISED, State.EXHAUSTED})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a section: its share of the width, and whether it holds figures."""

    title: str
    share: float
    right: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Cells, one for each column. ``grave``: it is over its time or nobody has it."""

    cells: tuple[str, ...]
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A title with a table, or with ``empty`` where there is nothing; ``more`` stands below a table that was cut."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    empty: str
    more: str = ""


def title(sheet: Sheet, zone: tzinfo) -> str:
    """What the sheet is: ``Hand-over, 2026-11-20 18:40``."""
    return _("Hand-over, {time}").format(time=_day(sheet.as_of, zone))


def summary(sheet: Sheet, zone: tzinfo) -> list[str]:
    """The shift in two or three sentences."""
    changes, lines = sheet.owed.changes, sheet.owed.lines
    counts = [sum(line.entry.urgency is urgency for line in lines) for urgency in Urgency]
    unowned = sum(line.entry.state in _UNOWNED for line in lines)
    tickets = len({line.entry.ticket for line in lines} - {0})
    now = _(
        "Open now: {n} escalations on {tickets} tickets (P1 {p1}, P2 {p2}, P3 {p3}), "
        "{unowned} of them without an owner."
    )
    shift = _(
        "Since {time}: {raised} raised, {resolved} resolved, {reopened} reopened, {exhausted} with nobody left to tell."
    )
    said = [
        now.format(n=len(lines), tickets=tickets, p1=counts[0], p2=counts[1], p3=counts[2], unowned=unowned),
        shift.format(
            time=_short(sheet.owed.since, sheet.as_of, zone),
            raised=changes.raised,
            resolved=changes.resolved,
            reopened=changes.reopened,
            exhausted=len(changes.exhausted),
        ),
    ]
    late = sum(due.due_at <= sheet.as_of for due in sheet.promises)
    if late:
        said.append(ngettext("{n} promise is broken.", "{n} promises are broken.", late).format(n=late))
    return said


def sections(sheet: Sheet, zone: tzinfo) -> list[Section]:
    """All sections, in the order in which the next shift needs them."""
    return [make(sheet, zone) for make in _SECTIONS]


def _entries(sheet: Sheet, zone: tzinfo) -> Section:
    exhausted = set(sheet.owed.changes.exhausted)

    def row(group: Sequence[Line]) -> Row:
        line, *others = group
        entry, as_of = line.entry, sheet.as_of
        grave = any(each.entry.state in _UNOWNED for each in group)
        urgency = min(each.entry.urgency for each in group)
        about = " · ".join(filter(None, (line.ref, word(line.channel) if line.channel else "", _vip(line.tier))))
        has = standing(line, 0, zone)
        if entry.id in exhausted and entry.state is not State.EXHAUSTED:
            has = _("{standing}; nobody was left to tell in this shift").format(standing=has)
        due = "" if entry.due_at is None else _short(entry.due_at, as_of, zone)
        also = _(", ").join(filter(None, dict.fromkeys(_beside(other, entry, zone) for other in others)))
        because = f"{why(line, as_of, zone)} + {also}" if also else why(line, as_of, zone)
        asked = dict.fromkeys(f"“{each.entry.reason}”" for each in group if each.entry.reason)
        reason = [because, *stakes(line), *asked]
        next_ = " ".join(filter(None, (due, coming(entry))))
        cells = (urgency.name, _lines(who(line), about), " · ".join(filter(None, reason)), has)
        return Row((*cells, span(as_of - entry.since), next_), grave=grave)

    columns = (
        Column("", 4),
        Column(_("Whom"), 21),
        Column(_("Why it is here"), 32),
        Column(_("Has it"), 20),
        Column(_("For"), 9, right=True),
        Column(_("Next"), 14),
    )
    rows = tuple(row(group) for group in _by_ticket(sheet.owed.lines))
    return Section("escalations", _("Open escalations"), columns, rows, _("No escalation is open."))


def _by_ticket(lines: Sequence[Line]) -> list[list[Line]]:
    """The entries of each ticket, what is due first before the others; the tickets in the order they come in."""
    groups: dict[int, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.entry.ticket or -line.entry.id, []).append(line)
    for group in groups.values():
        group.sort(key=lambda line: (line.entry.due_at is None, line.entry.due_at or 0))
    return list(groups.values())


def _beside(other: Line, first: Entry, zone: tzinfo) -> str:
    """Another matter of the same ticket; with who has it where that is somebody else."""
    entry, name = other.entry, matter(other.entry)
    if (entry.owner, entry.state in _UNOWNED) == (first.owner, first.state in _UNOWNED):
        return "" if name == matter(first) else name
    return _("{matter} ({standing})").format(matter=name, standing=standing(other, 0, zone, short=True))


def _breaching(sheet: Sheet, zone: tzinfo) -> Section:
    def row(due: Due) -> Row:
        waits = span(sheet.as_of - due.since) if due.since else ""
        at = _short(due.due_at, sheet.as_of, zone)
        return Row((at, *_ticket(due.ticket), due.ticket.agent or _("nobody"), waits))

    heading = _("Breach in the first {span}").format(span=span(FIRST_STRETCH))
    columns = (Column(_("Due"), 10), *_ticket_columns(), Column(_("Agent"), 16), Column(_("Waits"), 10, right=True))
    rows = tuple(row(due) for due in sheet.breaching)
    more = _more(sheet.breaches - len(rows))
    return Section("breaching", heading, columns, rows, _("No clock is up in this time."), more)


def _promises(sheet: Sheet, zone: tzinfo) -> Section:
    def row(due: Due) -> Row:
        late = due.due_at <= sheet.as_of
        left = due.due_at - sheet.as_of
        state = _("{span} late").format(span=span(-left)) if late else _("in {span}").format(span=span(left))
        at = _short(due.due_at, sheet.as_of, zone)
        return Row((at, *_ticket(due.ticket), due.ticket.agent or _("nobody"), state), grave=late)

    columns = (Column(_("Promised for"), 10), *_ticket_columns(), Column(_("Agent"), 16), Column("", 10, right=True))
    rows = tuple(row(due) for due in sheet.promises)
    more = _more(sheet.promised - len(rows))
    return Section("promises", _("Promises to customers"), columns, rows, _("No promise is open."), more)


def _requests(sheet: Sheet, zone: tzinfo) -> Section:
    rows = []
    for request in sheet.owed.requests:
        late = request.lapsed_at is not None or (request.due_at is not None and request.due_at <= sheet.as_of)
        asked = _("{person} at {time}").format(
            person=request.proposed_by, time=_short(request.proposed_at, sheet.as_of, zone)
        )
        known = sheet.known(request.ticket)
        due = _short(request.due_at, sheet.as_of, zone) if request.due_at is not None else ""
        cells = (str(request.offer.total), *_ticket(known), asked, request.note, due)
        rows.append(Row(cells, grave=late))
    columns = (
        Column(_("Sum"), 12, right=True),
        *_ticket_columns(44),
        Column(_("Asked by"), 16),
        Column(_("Why"), 30),
        Column(_("Decide by"), 10),
    )
    empty = _("No compensation waits for a decision.")
    return Section("compensation", _("Compensation to decide"), columns, tuple(rows), empty)


def _call_backs(sheet: Sheet, zone: tzinfo) -> Section:
    rows = tuple(
        Row(
            (_short(call.due_at, sheet.as_of, zone), *_ticket(sheet.known(call.ticket)), call.owner, call.text),
            grave=call.due_at <= sheet.as_of,
        )
        for call in sheet.owed.call_backs
    )
    columns = (Column(_("Call by"), 10), *_ticket_columns(48), Column(_("Who calls"), 16), Column(_("About"), 36))
    return Section("call_backs", _("Call backs"), columns, rows, _("Nobody is to be called back."))


def _follow_ups(sheet: Sheet, zone: tzinfo) -> Section:
    rows = tuple(
        Row(
            (
                _short(task.promised_at, sheet.as_of, zone),
                _(DUTY_WORDS[task.duty]),
                *_ticket(sheet.known(task.ticket)),
                task.owner or _("nobody"),
            ),
            grave=task.promised_at <= sheet.as_of,
        )
        for task in sheet.owed.follow_ups
    )
    columns = (Column(_("Due"), 12), Column(_("Task"), 22), *_ticket_columns(50), Column(_("Owner"), 16))
    empty = _("No follow-up is outstanding.")
    return Section("follow_ups", _("Follow-ups after complaints"), columns, rows, empty)


def _holders(sheet: Sheet, zone: tzinfo) -> Section:
    def figure(count: int) -> str:
        return str(count) if count else "–"

    rows = tuple(
        Row(
            (
                one.name,
                *map(figure, (one.p1, one.p2, one.p3, one.requests, one.call_backs, one.follow_ups)),
                "" if one.next_due_at is None else _short(one.next_due_at, sheet.as_of, zone),
            ),
            grave=one.next_due_at is not None and one.next_due_at <= sheet.as_of,
        )
        for one in sheet.holders
    )
    titles = ("P1", "P2", "P3", _("Requests"), _("Call backs"), _("Follow-ups"))
    columns = (
        Column(_("Person"), 26),
        *(Column(words, 10, right=True) for words in titles),
        Column(_("Next due"), 14, right=True),
    )
    return Section("holders", _("Who has what"), columns, rows, _("Nobody has anything."))


_SECTIONS: Sequence[Callable[[Sheet, tzinfo], Section]] = (
    *(_entries, _requests, _breaching, _promises, _call_backs, _follow_ups, _holders),
)


def _ticket_columns(share: float = 54) -> tuple[Column, Column]:
    return Column(_("Ticket"), share * 0.45), Column(_("Customer"), share * 0.55)


def _ticket(known: Known) -> tuple[str, str]:
    channel = word(known.channel) if known.channel is not Channel.UNKNOWN else ""
    about = (known.ref or f"#{known.ticket}", channel)
    whom = (known.customer, _vip(known.tier), known.subject)
    return " · ".join(filter(None, about)), " · ".join(filter(None, whom))


def _vip(tier: Tier) -> str:
    return word(tier) if tier is Tier.VIP else ""


def _lines(*parts: str) -> str:
    return "\n".join(filter(None, parts))


def _more(count: int) -> str:
    return ngettext("and {n} more", "and {n} more", count).format(n=count) if count > 0 else ""


def _day(at: int, zone: tzinfo) -> str:
    return moment(at).astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _short(at: int, as_of: int, zone: tzinfo) -> str:
    """The time alone on the sheet's own day, else with the day."""
    local, day = moment(at).astimezone(zone), moment(as_of).astimezone(zone)
    return local.strftime("%H:%M" if local.date() == day.date() else "%m-%d %H:%M")
