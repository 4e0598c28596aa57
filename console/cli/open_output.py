"""The open load as it leaves ``console report balance --measure open``: as documented keys, and as text for people."""

from __future__ import annotations

from datetime import tzinfo

from console.cli.balance_output import measured_as_json, measured_as_text
from console.cli.shared import aligned
from console.i18n import _
from console.models.queries.open_load import OpenLoad
from console.zones import to_the_second, written


def as_json(found: OpenLoad | None, at: int, zone: tzinfo) -> dict[str, object]:
    """The report as the documented keys."""
    told: dict[str, object] = {"as_of": written(at, zone), "time_zone": str(zone), "measure": "open"}
    if found is None:
        return told | {"agents": 0}
    return told | {
        "agents": len(found.people),
        "contacts": round(found.contacts.total),
        "minutes": round(found.minutes.total, 1),
        "staffed_hours": None,
        "presence": "told" if found.measured_presence else "from_acts",
        **measured_as_json(found.contacts),
        "in_minutes": measured_as_json(found.minutes),
        "causes": None,
        "by_agent": [
            {
                "agent": person.name,
                "team": person.team,
                "contacts": person.contacts,
                "minutes": round(person.minutes, 1),
                "places": round(person.places, 3),
                "busy": person.busy,
                "waiting": person.waiting,
                "fair_contacts": round(person.fair, 2),
            }
            for person in found.people
        ],
        "away": [{"agent": one.name, "contacts": one.contacts, "waiting": one.waiting} for one in found.away],
        "unassigned": found.unassigned,
    }


def as_text(found: OpenLoad | None, at: int, zone: tzinfo) -> str:
    """The report for people."""
    lines = [_("Open at {time}").format(time=to_the_second(at, zone)), ""]
    if found is None:
        return "\n".join([*lines, _("Nobody is there.")]) + "\n"
    lines += measured_as_text(found.contacts, found.minutes)
    head = (_("Agent"), _("contacts"), _("fair"), _("minutes"), _("waiting"))
    rows = [(p.name, str(p.contacts), f"{p.fair:.1f}", f"{p.minutes:.0f}", str(p.waiting)) for p in found.people]
    lines += ["", *aligned([head, *rows])]
    if found.away:
        away = ", ".join(f"{one.name} {one.contacts}" for one in found.away)
        lines += ["", _("With people who are not there: {names}").format(names=away)]
    lines += ["", _("Nobody's: {count}").format(count=found.unassigned)]
    return "\n".join(lines) + "\n"
