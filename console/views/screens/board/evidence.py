"""From a figure to its evidence: what it is, what was counted, as of when, and which tickets are behind it."""

from __future__ import annotations

from datetime import tzinfo

from console.i18n import _
from console.models.queries.figures import Figure, Reading
from console.models.queries.today import Look
from console.views import formats
from console.views.screens.board.faces import as_text, written
from console.views.widgets.evidence import Evidence


def evidence(figure: Figure, look: Look, zone: tzinfo) -> Evidence:
    """The evidence of a figure at this moment, in the language in use."""
    reading = figure.read(look)
    return Evidence(
        title=_title(figure, reading),
        definition=_(figure.definition),
        parts=_parts(figure, reading),
        as_of=as_of(look.now, zone),
        rows=reading.rows if figure.tickets is not None else 0,
        action=_(figure.show).format(n=formats.count(reading.rows)) if figure.show else "",
    )


def as_of(at: int, zone: tzinfo) -> str:
    """A moment to the second with its zone."""
    return f"{formats.date(at, zone)} {formats.time_of_day(at, zone)} {formats.zone_name(at, zone)}"


def _title(figure: Figure, reading: Reading) -> str:
    number, unit = written(reading.value, figure.unit)
    return f"{number} {unit} {_(figure.label)}" if unit else f"{number} {_(figure.label)}"


def _parts(figure: Figure, reading: Reading) -> list[tuple[str, str]]:
    rows = []
    if figure.basis and reading.value is not None:
        counted = f"{formats.count(reading.numerator)} / {formats.count(reading.denominator)}"
        rows.append((_(figure.basis), counted))
    rows += [(_(part.label), as_text(part.value, part.unit)) for part in reading.parts]
    return rows
