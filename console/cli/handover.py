"""``console report handover``: what the next shift takes over, for people, for programs, and as a PDF to print."""

from __future__ import annotations

import argparse
import sys
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.cli.failures import EXIT_CODES
from console.cli.shared import add_common, add_place, columns, folder, local_zone, print_json
from console.clock import SystemClock
from console.errors import SetupError, UsageError
from console.i18n import N_, _
from console.settings import Settings
from console.zones import instant, written

if TYPE_CHECKING:
    from console.models.domain.ports import LogReader
    from console.models.queries.handover import Known, Sheet
    from console.models.store.database import Place

ABOUT = N_(
    """The hand-over sheet: what the next shift takes over, as of a moment.

Keys of the JSON form:
  as_of, since      the moment, and when this shift began (--since; else the last signed sheet, 8 h ago at most)
  time_zone         the zone that times without offset were read in
  shift             what this shift saw: raised, resolved, reopened, closed, and exhausted (numbers of entries)
  escalations       open entries, most urgent first: entry, urgency, state, owner, rule, cause, ticket, customer, since,
                    due_at (what the console does by itself next), reason
  compensation      requests that wait for a decision: request, ticket, sum, asked_by, asked_at, due_at, note
  breaching         tickets whose clock is up in the 30 min after as_of: ticket, customer, agent, due_at
  promises          promised answers that are still open: ticket, customer, agent, due_at; those before as_of are broken
  call_backs        promised calls: ticket, owner, due_at, text
  follow_ups        after resolved complaints: ticket, duty (second_contact or satisfaction), owner, due_at
  holders           who has what: name, p1, p2, p3, requests, call_backs, follow_ups, next_due_at
  promised, breaches  how many promises and breaches there are in all; the lists hold 200 at most
  signed            the last sheet that was signed: signed_by, signed_at, notes; null when none was"""
)


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the report."""
    parser.description, parser.epilog = _(ABOUT), _(EXIT_CODES)
    parser.add_argument("--at", metavar=_("TIME"), help=_("the moment, ISO 8601 (default: now)"))
    parser.add_argument("--since", metavar=_("TIME"), help=_("when the shift began, ISO 8601"))
    parser.add_argument(
        "--time-zone", metavar=_("ZONE"), help=_("zone of times without offset (default: the console's)")
    )
    parser.add_argument("--pdf", metavar=_("FILE"), type=Path, help=_("write the sheet into a PDF file instead"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    add_place(parser)
    add_common(parser)
    parser.set_defaults(run=report_handover)


def report_handover(options: argparse.Namespace) -> int:
    """Print the sheet of a moment, or write it into a file."""
    from console.models.store.database import place

    if options.json and options.pdf is not None:
        raise UsageError(_("--pdf and --json exclude each other."))
    settings = Settings()
    zone = local_zone(options, settings)
    at = SystemClock().now() if options.at is None else instant(options.at, zone)
    since = None if options.since is None else instant(options.since, zone)
    if since is not None and since > at:
        raise UsageError(_("The shift begins after the moment of the sheet."), _("Give --since a time before --at."))
    sheet = _sheet(place(folder(options, settings)), at, since, past=options.at is not None)
    if options.json:
        print_json(as_json(sheet, zone))
    elif options.pdf is not None:
        _print(sheet, zone, options.pdf)
        sys.stdout.write(_("The sheet was written into {file}.").format(file=options.pdf) + "\n")
    else:
        sys.stdout.write(as_text(sheet, zone))
    return 0


def _sheet(where: Place, at: int, since: int | None, *, past: bool) -> Sheet:
    from console.models.domain.ports import Progress
    from console.models.live.history.manifest import FOLDER
    from console.models.live.history.past import Past
    from console.models.policy import policy
    from console.models.queries.handover import gather, listed_tickets, sheet
    from console.models.store.database import reader
    from console.models.store.hand_over import SqlHandOverReader
    from console.models.store.log import open_reader, pending_revisions

    if pending_revisions(where):
        raise SetupError(
            _("{file} is of an older version.").format(file=where.file),
            _("Start the console once to bring it up to date."),
        )
    log: LogReader
    log = opened = open_reader(where)
    rows = reader(where.file)
    try:
        rules = policy.load_site(where.directory).policy
        # Of now it is the site's file that holds, which somebody may have changed since the console last ran.
        board = Past(log, where.directory / FOLDER, rules).board_at(at, Progress(), None if past else rules)
        owed = gather(SqlHandOverReader(rows), at, since)
        words = {text.id: text for text in log.texts(listed_tickets(owed, board))}
        return sheet(owed, board, words)
    finally:
        rows.dispose()
        opened.close()


def as_json(sheet: Sheet, zone: tzinfo) -> dict[str, Any]:
    """The sheet as the documented keys."""
    from dataclasses import asdict

    owed = sheet.owed

    def time(at: int | None) -> str | None:
        return None if at is None else written(at, zone)

    def named(known: Known) -> dict[str, Any]:
        return {"ticket": known.ref or str(known.ticket), "customer": known.customer}

    signed = owed.signed
    return {
        "as_of": time(owed.as_of),
        "since": time(owed.since),
        "time_zone": str(zone),
        "shift": asdict(owed.changes),
        "escalations": [
            {
                "entry": line.entry.id,
                "urgency": line.entry.urgency.key,
                "state": line.entry.state.key,
                "owner": line.entry.owner,
                "rule": line.entry.rule,
                "cause": line.entry.key.cause.key,
                "ticket": line.ref or (str(line.entry.ticket) if line.entry.ticket else None),
                "customer": line.customer,
                "since": time(line.entry.since),
                "due_at": time(line.entry.due_at),
                "reason": line.entry.reason,
            }
            for line in owed.lines
        ],
        "compensation": [
            named(sheet.known(one.ticket))
            | {"request": one.id, "sum": one.offer.total.exact, "asked_by": one.proposed_by}
            | {"asked_at": time(one.proposed_at), "due_at": time(one.due_at), "note": one.note}
            for one in owed.requests
        ],
        "breaching": [
            named(due.ticket) | {"agent": due.ticket.agent, "due_at": time(due.due_at)} for due in sheet.breaching
        ],
        "promises": [
            named(due.ticket) | {"agent": due.ticket.agent, "due_at": time(due.due_at)} for due in sheet.promises
        ],
        "call_backs": [
            named(sheet.known(one.ticket)) | {"owner": one.owner, "due_at": time(one.due_at), "text": one.text}
            for one in owed.call_backs
        ],
        "follow_ups": [
            named(sheet.known(one.ticket)) | {"duty": one.duty.key, "owner": one.owner, "due_at": time(one.promised_at)}
            for one in owed.follow_ups
        ],
        "holders": [asdict(one) | {"next_due_at": time(one.next_due_at)} for one in sheet.holders],
        "promised": sheet.promised,
        "breaches": sheet.breaches,
        "signed": signed
        and {"signed_by": signed.signed_by, "signed_at": time(signed.signed_at), "notes": signed.notes},
    }


def as_text(sheet: Sheet, zone: tzinfo) -> str:
    """The sheet for people."""
    from console.models.queries.handover_words import sections, summary, title

    lines = [title(sheet, zone), *summary(sheet, zone)]
    for section in sections(sheet, zone):
        lines += ["", f"{section.title} ({len(section.rows)})"]
        if not section.rows:
            lines.append(f"  {section.empty}")
            continue
        rows = [[column.title for column in section.columns]]
        rows += [[cell.replace("\n", " · ") for cell in row.cells] for row in section.rows]
        widths = [max(columns(row[place]) for row in rows) for place in range(len(section.columns))]
        for row in rows:
            cells = (cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True))
            lines.append(f"  {'  '.join(cells)}".rstrip())
        lines += [f"  {section.more}"] if section.more else []
    return "\n".join(lines) + "\n"


def _print(sheet: Sheet, zone: tzinfo, file: Path) -> None:
    import os

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    from console.views.screens.escalations.handover_paper import write_pdf
    from console.views.theme.fonts import load

    app = QGuiApplication.instance() or QGuiApplication(["supervisor-console"])
    load()
    signed = sheet.owed.signed
    notes = signed.notes if signed is not None and signed.as_of == sheet.as_of else ""
    write_pdf(file, sheet, zone, notes, signed if notes else None)
    del app
