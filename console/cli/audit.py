"""``console audit``: is the trail of all actions sound, and what does it say."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from console.cli.failures import EXIT_CODES
from console.cli.progress import Shown
from console.cli.shared import Command, add_common, add_place, folder, local_zone, print_json
from console.clock import SystemClock
from console.errors import SetupError, UsageError
from console.i18n import N_, _
from console.settings import Settings
from console.zones import instant, written

if TYPE_CHECKING:
    from console.models.domain.audit import Row, Verification
    from console.models.store.access import Access
    from console.models.store.database import Place

COLUMNS = (
    *("seq", "at", "actor", "role", "action", "object_kind", "object_id", "outcome", "reason"),
    *("before", "after", "hash"),
)

ABOUT = N_(
    """The audit trail: every action and every refusal, who, what, to what, before and after, why and when.

Each row is chained to the one before it by SHA-256; the end of the chain is also kept outside the database, in the
state directory, sealed by a secret of the keyring where there is one. So a changed row, a missing row, a cut end and a
trail written anew are all found."""
)


def _fill(parser: argparse.ArgumentParser) -> None:
    add_common(parser)
    verbs = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)
    verify = _verb(
        verbs, "verify", _("walk the whole trail; exit code 0 when it is sound, 1 with the first bad row when not")
    )
    verify.add_argument("--json", action="store_true", help=_("print JSON"))
    verify.set_defaults(run=verify_trail)
    anew = _verb(verbs, "anchor", _("anchor the trail anew, after a lost or wrong anchor was looked into"))
    anew.add_argument("--reason", metavar=_("TEXT"), required=True, help=_("what was found; it stands on the trail"))
    anew.set_defaults(run=anchor_trail)
    shown = _verb(verbs, "list", _("show the trail, newest first"))
    shown.add_argument("--from", dest="start", metavar=_("TIME"), help=_("from this time on, ISO 8601"))
    shown.add_argument("--to", dest="end", metavar=_("TIME"), help=_("before this time, ISO 8601"))
    shown.add_argument(
        "--time-zone", metavar=_("ZONE"), help=_("zone of times without offset (default: the console's)")
    )
    shown.add_argument("--actor", metavar=_("NAME"), default="", help=_("only what this account did"))
    shown.add_argument("--action", metavar=_("ACTION"), default="", help=_("only this, for example accounts.manage"))
    forms = shown.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help=_("print JSON"))
    forms.add_argument("--csv", type=Path, metavar=_("FILE"), help=_("write a table for spreadsheets"))
    shown.set_defaults(run=list_trail)


def _verb(verbs: argparse._SubParsersAction[argparse.ArgumentParser], word: str, about: str) -> argparse.ArgumentParser:
    parser = verbs.add_parser(word, help=about, description=about, epilog=_(EXIT_CODES))
    add_place(parser)
    add_common(parser)
    return parser


def verify_trail(options: argparse.Namespace) -> int:
    """Verify the trail; 0 when it is sound, 1 when it is not."""
    from console.models.store.access import read_access
    from console.models.store.database import place

    with read_access(place(folder(options, Settings()))) as access, Shown(_("audit trail")) as shown:
        found = access.trail.verify(shown.progress)
    if options.json:
        print_json(
            {
                "sound": found.sound,
                "rows": found.rows,
                "anchored": found.anchored,
                "keyed": found.keyed,
                "anchor_file": str(found.anchor_file),
                "first_bad_row": found.first_bad_row or None,
                "findings": [
                    {"flaw": finding.flaw.value, "row": finding.row or None, "says": finding.sentence}
                    for finding in found.findings
                ],
            }
        )
    else:
        sys.stdout.write("\n".join(_sentences(found)) + "\n")
    return 0 if found.sound else 1


def _sentences(found: Verification) -> list[str]:
    if found.sound:
        lines = [_("The audit trail is sound: {count} rows.").format(count=found.rows)]
    else:
        lines = [_("The audit trail is NOT sound.")]
        lines += [f"- {finding.sentence}" for finding in found.findings]
        lines.append(_("Sound up to row {count}.").format(count=found.rows))
    if found.anchored:
        lines.append(_("Its anchor reaches row {row}: {file}").format(row=found.anchored, file=found.anchor_file))
        lines.append(
            _("The anchor is sealed by a secret of the keyring.")
            if found.keyed
            else _("The anchor is not keyed, because there was no keyring: who can write that file can forge it.")
        )
    return lines


def anchor_trail(options: argparse.Namespace) -> int:
    """Anchor the trail anew, by an administrator."""
    from console.models.actions.accounts import anchor_anew, found
    from console.models.domain.roles import Actor
    from console.models.store.access import write_access
    from console.models.store.accounts import os_account
    from console.models.store.database import place

    if not options.reason.strip():
        raise UsageError(_("A new anchor needs a reason."), _("Say what was found out."))
    clock = SystemClock()
    with write_access(place(folder(options, Settings()))) as access:
        found(access.accounts, access.creator, clock)
        anchored = anchor_anew(access.accounts, access.trail, Actor(os_account()), options.reason.strip(), clock)
    if not anchored:
        raise SetupError(
            _("The anchor could not be written."), _("Check the permissions and the room of the state directory.")
        )
    sys.stdout.write(_("The audit trail is anchored where it stands.") + "\n")
    return 0


def list_trail(options: argparse.Namespace) -> int:
    """Print the rows that were asked for, or write them to a file."""
    from console.models.store.access import read_access
    from console.models.store.audit import Wanted
    from console.models.store.database import place

    settings = Settings()
    zone = local_zone(options, settings)
    where = place(folder(options, settings))
    start, end = (instant(text, zone) if text else None for text in (options.start, options.end))
    with read_access(where) as access:
        _may_view(access, where)
        rows = access.trail.rows(Wanted(start, end, options.actor, options.action))
    if options.csv is not None:
        _write(options.csv, rows, zone)
        sys.stdout.write(_("{count} rows in {file}").format(count=len(rows), file=options.csv) + "\n")
    elif options.json:
        print_json({"rows": [dict(zip(COLUMNS, _cells(row, zone), strict=True)) for row in rows]})
    else:
        for row in rows:
            sys.stdout.write(_line(row, zone) + "\n")
    return 0


def _may_view(access: Access, where: Place) -> None:
    """Let only those see the trail who may. A refusal stands on the trail as well: the only case that needs the lock,
    and where another process has it, that is the answer."""
    from console.models.actions.accounts import ask, found
    from console.models.actions.authorize import authorize
    from console.models.domain.roles import Action, Actor, Target, same_person
    from console.models.store.access import write_access
    from console.models.store.accounts import os_account

    name, trail = os_account(), Target("audit", "")
    actors = [account.actor for account in access.accounts.all() if same_person(account.name, name)]
    if any(authorize(actor, Action.AUDIT_VIEW, trail).allowed for actor in actors):
        return
    clock = SystemClock()
    with write_access(where) as writing:
        found(writing.accounts, writing.creator, clock)
        ask(writing.accounts, Actor(name), Action.AUDIT_VIEW, trail, clock)


def _cells(row: Row, zone: tzinfo) -> list[object]:
    values = [getattr(row, name) for name in COLUMNS]
    values[1] = written(row.at, zone)
    return values


def _line(row: Row, zone: tzinfo) -> str:
    actor = row.actor or _("(console)")
    parts = [
        f"{row.seq:>6}  {written(row.at, zone)}  {actor}  {row.action}",
        f"{row.object_kind} {row.object_id}  {row.outcome}",
        row.reason,
        f"{row.before or ''} → {row.after or ''}" if row.before or row.after else "",
    ]
    return "  ".join(part for part in parts if part)


def _write(path: Path, rows: Sequence[Row], zone: tzinfo) -> None:
    from console.models.domain.ports import Progress
    from console.models.queries.export import export

    table = ([value if value is not None else "" for value in _cells(row, zone)] for row in rows)
    export(path, COLUMNS, table, len(rows), Progress())


AUDIT = Command("audit", N_("the trail of every action: verify or list it"), _fill, ABOUT)
