"""``console accounts``: who works here, and which roles they have."""

from __future__ import annotations

import argparse
import sys

from console.cli.failures import EXIT_CODES
from console.cli.shared import Command, add_common, add_place, folder, print_json
from console.clock import SystemClock
from console.errors import UsageError
from console.i18n import N_, _
from console.settings import Settings

ABOUT = N_(
    """Show the accounts, and give roles to them or take them away.

The account of the operating system that made the database is its administrator; others see everything and change
nothing until they are given a role: supervisor, planner, incident_lead, coach or admin."""
)


def _fill(parser: argparse.ArgumentParser) -> None:
    add_common(parser)
    verbs = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)
    shown = _verb(verbs, "list", _("show the accounts, their roles, and what protects the database"))
    shown.add_argument("--json", action="store_true", help=_("print JSON"))
    shown.set_defaults(run=list_accounts)
    for word, about, run in (
        ("grant", _("give a role to an account; it is made where there is none"), grant),
        ("revoke", _("take a role from an account"), revoke),
    ):
        verb = _verb(verbs, word, about)
        verb.add_argument("name", metavar=_("NAME"), help=_("name of the account in the operating system"))
        verb.add_argument("role", metavar=_("ROLE"), help=_("supervisor, planner, incident_lead, coach or admin"))
        verb.set_defaults(run=run)
    lost = _verb(
        verbs, "forget-passphrase", _("take away a passphrase that somebody forgot; the OS account is enough again")
    )
    lost.add_argument("name", metavar=_("NAME"), help=_("name of the account in the operating system"))
    lost.set_defaults(run=forget_passphrase)


def _verb(verbs: argparse._SubParsersAction[argparse.ArgumentParser], word: str, about: str) -> argparse.ArgumentParser:
    parser = verbs.add_parser(word, help=about, description=about, epilog=_(EXIT_CODES))
    add_place(parser)
    add_common(parser)
    return parser


def list_accounts(options: argparse.Namespace) -> int:
    """Print the accounts."""
    from console.models.domain.roles import ROLE_WORDS, AccountRole
    from console.models.store.access import read_access
    from console.models.store.accounts import explain_protection
    from console.models.store.database import place

    where = place(folder(options, Settings()))
    with read_access(where) as access:
        accounts = access.accounts.all()
    protection = explain_protection(where.file)
    given = {account.name: [role for role in AccountRole if role in account.actor.standing] for account in accounts}
    if options.json:
        print_json(
            {
                "accounts": [
                    {
                        "name": account.name,
                        "roles": [role.value for role in given[account.name]],
                        "passphrase": bool(account.passphrase),
                        "locked": account.locked_until > SystemClock().now(),
                    }
                    for account in accounts
                ],
                "protection": protection,
            }
        )
        return 0
    for name, roles in given.items():
        sys.stdout.write(f"{name}: {', '.join(_(ROLE_WORDS[role]) for role in roles)}\n")
    sys.stdout.write("\n" + "\n".join(protection) + "\n")
    return 0


def grant(options: argparse.Namespace) -> int:
    """Give a role."""
    return _change(options, give=True)


def revoke(options: argparse.Namespace) -> int:
    """Take a role away."""
    return _change(options, give=False)


def forget_passphrase(options: argparse.Namespace) -> int:
    """Take a passphrase away: one's own, or any by an administrator. The window sets a new one."""
    from console.models.actions.accounts import found, set_passphrase
    from console.models.domain.roles import Actor
    from console.models.store.access import write_access
    from console.models.store.accounts import Argon2id, os_account
    from console.models.store.database import place

    clock = SystemClock()
    with write_access(place(folder(options, Settings()))) as access:
        found(access.accounts, access.creator, clock)
        set_passphrase(access.accounts, Argon2id(), Actor(os_account()), options.name.strip(), "", clock)
    sys.stdout.write(_("{name} has no passphrase.").format(name=options.name.strip()) + "\n")
    return 0


def _change(options: argparse.Namespace, *, give: bool) -> int:
    from console.models.actions.accounts import found, grant_role, revoke_role
    from console.models.domain.roles import ROLE_WORDS, AccountRole, Actor
    from console.models.store.access import write_access
    from console.models.store.accounts import os_account
    from console.models.store.database import place

    choices = {role.value: role for role in AccountRole if role is not AccountRole.VIEWER}
    role = choices.get(options.role.strip().lower().replace("-", "_"))
    if role is None:
        raise UsageError(
            _("{word} is not a role.").format(word=options.role),
            _("Choose one of: {words}.").format(words=", ".join(choices)),
        )
    if not options.name.strip():
        raise UsageError(_("An account needs a name."), _("Give its name in the operating system."))
    clock = SystemClock()
    with write_access(place(folder(options, Settings()))) as access:
        found(access.accounts, access.creator, clock)
        change = grant_role if give else revoke_role
        change(access.accounts, Actor(os_account()), options.name, role, clock)
    said = _("{name} has the role: {role}") if give else _("{name} no longer has the role: {role}")
    sys.stdout.write(said.format(name=options.name.strip(), role=_(ROLE_WORDS[role])) + "\n")
    return 0


ACCOUNTS = Command("accounts", N_("who works here, and in which roles"), _fill, ABOUT)
