"""The balance as it leaves ``console report balance``: as documented keys, and as text for people."""

from __future__ import annotations

from datetime import tzinfo

from console.cli.shared import aligned
from console.i18n import _
from console.models.domain.contacts import InquiryType
from console.models.domain.glossary import word
from console.models.domain.skew_causes import WORDS
from console.models.queries.balance_figures import Balance, Behind, Measured, Part
from console.models.queries.balance_history import Index, Point
from console.models.queries.balance_windows import Window
from console.zones import to_the_second, written

Points = tuple[Point, ...] | None
_NAMED = 3
"""So many agents and types are named behind a cause."""


def as_json(found: Balance | None, span: Window, zone: tzinfo, points: Points = None) -> dict[str, object]:
    """The report as the documented keys."""
    told: dict[str, object] = {
        "from": written(span.begin, zone),
        "to": written(span.end, zone),
        "time_zone": str(zone),
        "measure": "handled",
    }
    told |= {"agents": 0} if found is None else _found_as_json(found)
    if points is not None:
        told["history"] = [_point_as_json(point, zone) for point in points]
    return told


def _found_as_json(found: Balance) -> dict[str, object]:
    return {
        "agents": len(found.people),
        "contacts": round(found.contacts.total),
        "minutes": round(found.minutes.total, 1),
        "staffed_hours": round(sum(person.staffed_hours for person in found.people), 2),
        "presence": "told" if found.measured_presence else "from_acts",
        **measured_as_json(found.contacts),
        "in_minutes": measured_as_json(found.minutes),
        "causes": {
            "share": found.causes.share,
            "excess": found.causes.excess,
            "parts": found.causes.parts,
            "behind": {name: _behind_as_json(behind) for name, behind in found.behind.items()},
        },
        "by_agent": [
            {
                "agent": person.name,
                "team": person.team,
                "contacts": person.contacts,
                "minutes": round(person.minutes, 1),
                "staffed_hours": round(person.staffed_hours, 3),
                "places": round(person.places, 3),
                "fair_contacts": round(person.fair, 2),
            }
            for person in found.people
        ],
        "left_out": list(found.left_out),
    }


def measured_as_json(measured: Measured) -> dict[str, object]:
    """The eight keys of a measure."""
    verdict = measured.verdict
    return {
        "top30_share": verdict.share,
        "gini": measured.gini,
        "lorenz": [list(point) for point in zip(*(side.tolist() for side in measured.curve), strict=True)],
        "expected_share": verdict.expected,
        "p_value": verdict.p_value,
        "share_interval": [verdict.low, verdict.high],
        "uneven": verdict.uneven,
        "alarm": verdict.alarm,
    }


def _behind_as_json(behind: Behind) -> dict[str, object]:
    named = {"agents": ("agent", behind.agents), "types": ("type", behind.types), "queues": ("queue", behind.queues)}
    return {key: [{one: part.name, "share": part.share} for part in parts] for key, (one, parts) in named.items()}


def _point_as_json(point: Point, zone: tzinfo) -> dict[str, object]:
    told: dict[str, object] = {
        "from": written(point.span.begin, zone),
        "to": written(point.span.end, zone),
        "agents": point.agents,
        "contacts": point.contacts,
        "minutes": round(point.minutes, 1),
    }
    if point.by_contacts is not None and point.by_minutes is not None:
        told |= _index_as_json(point.by_contacts) | {"in_minutes": _index_as_json(point.by_minutes)}
    return told


def _index_as_json(index: Index) -> dict[str, object]:
    return {"top30_share": index.share, "share_interval": [index.low, index.high], "gini": index.gini}


def as_text(found: Balance | None, span: Window, zone: tzinfo, points: Points = None) -> str:
    """The report for people: what it comes to, why, everybody's part, and how it went."""
    lines = [
        _("Work from {start} to {end}").format(
            start=to_the_second(span.begin, zone), end=to_the_second(span.end, zone)
        ),
        "",
    ]
    lines += [_("Nothing was handled, or nobody was there.")] if found is None else _found_as_text(found)
    if points is not None:
        head = (_("from"), _("agents"), _("contacts"), _("busiest carry"), "Gini")
        lines += ["", *aligned([head, *(_point_as_row(point, zone) for point in points)])]
    return "\n".join(lines) + "\n"


def _found_as_text(found: Balance) -> list[str]:
    lines = measured_as_text(found.contacts, found.minutes)
    lines += ["", _("By head they carry {share:.0%}, in points above their part:").format(share=found.causes.share)]
    for name, part in sorted(found.causes.parts.items(), key=lambda part: -part[1]):
        if abs(part) >= 0.0005:
            lines.append(f"  {100 * part:+6.1f}  {_(WORDS[name])}{_named(found.behind[name])}")
    head = (_("Agent"), _("contacts"), _("fair"), _("minutes"), _("hours there"))
    rows = [
        (p.name, str(p.contacts), f"{p.fair:.1f}", f"{p.minutes:.0f}", f"{p.staffed_hours:.1f}") for p in found.people
    ]
    lines += ["", *aligned([head, *rows])]
    if found.left_out:
        lines += ["", _("Without staffed time, and left out: {names}").format(names=", ".join(found.left_out))]
    return lines


def measured_as_text(contacts: Measured, minutes: Measured) -> list[str]:
    """The verdict, and a line for each measure."""
    lines = [_alarm(contacts)]
    for name, measured in ((_("contacts"), contacts), (_("minutes"), minutes)):
        seen = measured.verdict
        lines.append(
            _("{measure}: the busiest carry {share:.0%} (on a fair day {fair:.0%}), Gini {gini:.2f}").format(
                measure=name, share=seen.share, fair=seen.expected, gini=measured.gini
            )
        )
    return lines


def _alarm(contacts: Measured) -> str:
    if contacts.verdict.alarm:
        return _("ALARM: the work is piled on a few, and chance does not explain it.")
    if contacts.verdict.uneven:
        return _("Uneven: chance does not explain it.")
    return _("Chance may explain how it was shared.")


def _named(behind: Behind) -> str:
    """The agents and types that are most behind a cause."""
    types = [part._replace(name=word(InquiryType(part.id))) for part in behind.types]
    told = [", ".join(_signed(part) for part in parts[:_NAMED]) for parts in (behind.agents, types)]
    return "".join(f"\n          {names}" for names in told if names)


def _signed(part: Part) -> str:
    return f"{part.name} {100 * part.share:+.1f}"


def _point_as_row(point: Point, zone: tzinfo) -> tuple[str, ...]:
    index = point.by_contacts
    figures = ("-", "-") if index is None else (f"{index.share:.0%}", f"{index.gini:.2f}")
    return (to_the_second(point.span.begin, zone), str(point.agents), str(point.contacts), *figures)
