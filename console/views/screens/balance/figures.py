"""What a reading shows: its figures and rows, whichever of the two measures it is of."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from console.i18n import _, ngettext
from console.models.domain.concentration import Numbers
from console.models.domain.fairness import Verdict
from console.models.queries.balance_figures import Measured
from console.models.queries.balance_words import chance_words, percent, share_words, verdict_words
from console.views import formats
from console.views.screens.balance.asked import Count, Measure
from console.views.screens.balance.headline import Face
from console.views.screens.balance.reading import Reading
from console.views.theme import State


class Rows(NamedTuple):
    """Everybody in a reading, whoever has most first: parallel arrays and lists. ``fair`` is what a fair day
    would give them, ``capacity`` what their load is held against."""

    agents: list[int]
    names: list[str]
    teams: list[str]
    load: Numbers
    fair: Numbers
    capacity: Numbers


def measured(reading: Reading) -> Measured | None:
    """The figures in the count that was asked for; None where there is nothing."""
    found = reading.open if reading.asked.measure is Measure.OPEN else reading.handled
    if found is None:
        return None
    return found.contacts if reading.asked.count is Count.CONTACTS else found.minutes


def face(reading: Reading, busiest: float) -> Face:
    """The headline of a reading."""
    found = measured(reading)
    if found is None or not found.total:
        return Face(formats.DASH, _nothing(reading))
    verdict = found.verdict
    minutes = reading.asked.count is Count.MINUTES
    return Face(
        percent(verdict.share),
        meaning(reading, busiest),
        verdict_words(verdict),
        state_of(verdict),
        " · ".join(_beside(reading, found, minutes=minutes)),
    )


def _nothing(reading: Reading) -> str:
    if reading.asked.measure is Measure.HANDLED:
        return _("Nothing was handled.")
    known = reading.open is not None and reading.open.contacts.total
    return _("No source tells how long contacts take.") if known else _("Nothing is assigned.")


def meaning(reading: Reading, busiest: float) -> str:
    """What the large figure is a share of."""
    return share_words(
        busiest, minutes=reading.asked.count is Count.MINUTES, still_open=reading.asked.measure is Measure.OPEN
    )


def state_of(verdict: Verdict) -> State:
    """How grave it is."""
    return State.DANGER if verdict.alarm else State.WARNING if verdict.uneven else State.OK


def _beside(reading: Reading, found: Measured, *, minutes: bool) -> list[str]:
    verdict = found.verdict
    people = len(rows_of(reading).agents)
    total = round(found.total)
    counted = (
        ngettext("{n} minute", "{n} minutes", total) if minutes else ngettext("{n} contact", "{n} contacts", total)
    ).format(n=formats.count(total))
    return [
        _("on a fair day {share}").format(share=percent(verdict.expected)),
        _("truly {low}–{high}").format(low=f"{100 * verdict.low:.0f}", high=percent(verdict.high)),
        _("Gini {figure}").format(figure=f"{found.gini:.2f}"),
        ngettext("{n} person", "{n} people", people).format(n=people),
        counted,
    ]


def evidence_parts(reading: Reading) -> list[tuple[str, str]]:
    """The rows of the evidence: what was counted, and what was left out."""
    found = measured(reading)
    if found is None:
        return []
    verdict, rows = found.verdict, rows_of(reading)
    parts = [
        (_("of all"), formats.count(round(found.total))),
        (_("people"), formats.count(len(rows.agents))),
        (_("on a fair day"), percent(verdict.expected)),
        (_("true share"), f"{percent(verdict.low)} – {percent(verdict.high)}"),
        (_("chance"), chance_words(verdict)),
        (_("Gini coefficient"), f"{found.gini:.2f}"),
    ]
    if reading.handled is not None and reading.asked.measure is Measure.HANDLED:
        there = _("told by the sources") if reading.handled.measured_presence else _("read from what people did")
        parts.append((_("staffed time"), there))
        if reading.handled.left_out:
            parts.append((_("no staffed time, left out"), formats.count(len(reading.handled.left_out))))
    if reading.open is not None and reading.asked.measure is Measure.OPEN:
        parts.append((_("nobody's yet, left out"), formats.count(reading.open.unassigned)))
        parts.append((_("with people who are away, left out"), formats.count(away_contacts(reading))))
    return parts


def away_contacts(reading: Reading) -> int:
    """Open contacts of people who are not there."""
    return 0 if reading.open is None else sum(person.contacts for person in reading.open.away)


def rows_of(reading: Reading) -> Rows:
    """Everybody, whoever has most first."""
    minutes = reading.asked.count is Count.MINUTES
    people = _open_people(reading, minutes) if reading.asked.measure is Measure.OPEN else _done_people(reading, minutes)
    people.sort(key=lambda one: (-one[3], one[1]))
    return Rows(
        [one[0] for one in people],
        [one[1] for one in people],
        [one[2] for one in people],
        np.array([one[3] for one in people], dtype=np.float64),
        np.array([one[4] for one in people], dtype=np.float64),
        np.array([one[5] for one in people], dtype=np.float64),
    )


_Row = tuple[int, str, str, float, float, float]


def _done_people(reading: Reading, minutes: bool) -> list[_Row]:
    if reading.handled is None:
        return []
    people = reading.handled.people
    total = sum(one.minutes for one in people)
    hours = sum(one.staffed_hours for one in people)
    if minutes:
        return [(p.agent, p.name, p.team, p.minutes, total * p.staffed_hours / hours, p.staffed_hours) for p in people]
    return [(p.agent, p.name, p.team, float(p.contacts), p.fair, p.staffed_hours * p.places) for p in people]


def _open_people(reading: Reading, minutes: bool) -> list[_Row]:
    if reading.open is None:
        return []
    people = reading.open.people
    if minutes:
        total, places = sum(one.minutes for one in people), sum(one.places for one in people)
        return [(p.agent, p.name, p.team, p.minutes, total * p.places / places, float(p.places)) for p in people]
    return [(p.agent, p.name, p.team, float(p.contacts), p.fair, float(p.places)) for p in people]
