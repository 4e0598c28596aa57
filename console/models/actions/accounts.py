"""Accounts: the first one, their roles, their passphrases, and signing in. Each call is one audited transaction."""

from __future__ import annotations

from console.i18n import _
from console.models.actions.authorize import Refused, done, permit, refusal
from console.models.domain.access_ports import Account, AccountChange, Accounts, Hasher, Trail
from console.models.domain.audit import Entry
from console.models.domain.ports import Clock
from console.models.domain.roles import AccountRole, Action, Actor, Refusal, Target, same_person
from console.models.domain.sign_in import SignInRules, after_failure


def found(accounts: Accounts, name: str, clock: Clock) -> bool:
    """Make the OS account that creates the database its admin; False when there are accounts already."""
    if accounts.all():
        return False
    with accounts.change() as change:
        if change.all():
            return False
        now = clock.now()
        account = change.add(name, now)
        change.give(account, AccountRole.ADMIN, now)
        change.record(
            Entry(now, "", Action.ACCOUNTS_MANAGE, account_target(name), after={"roles": [AccountRole.ADMIN.value]})
        )
    return True


def grant_role(accounts: Accounts, actor: Actor, name: str, role: AccountRole, clock: Clock) -> None:
    """Give a role to an account, which is made where there is none; raises `Refused`."""
    _change_roles(accounts, actor, name, role, clock, give=True)


def revoke_role(accounts: Accounts, actor: Actor, name: str, role: AccountRole, clock: Clock) -> None:
    """Take a role from an account; raises `Refused`, also where it would leave no admin."""
    _change_roles(accounts, actor, name, role, clock, give=False)


def set_passphrase(accounts: Accounts, hasher: Hasher, actor: Actor, name: str, passphrase: str, clock: Clock) -> None:
    """Set an account's passphrase (empty: the OS account is enough again), which also ends a lock; raises `Refused`.

    Everybody may set their own; an admin may set all.
    """
    hashed = hasher.hashed(passphrase) if passphrase else ""
    now, target = clock.now(), account_target(name)
    with accounts.change() as change:
        actor = _as_stored(change, actor)
        decision = permit(change.record, now, actor, Action.PASSPHRASE_SET, target)
        why = decision.refusal
        account = change.find(name)
        if why is None and account is None:
            why = Refusal.NO_SUCH_ACCOUNT
            change.record(refusal(now, actor, Action.PASSPHRASE_SET, target, why))
        if why is None and account is not None:
            change.set_passphrase(account, hashed)
            facts = {"passphrase": bool(account.passphrase)}, {"passphrase": bool(hashed)}
            entry = done(now, actor, Action.PASSPHRASE_SET, target, decision, before=facts[0], after=facts[1])
            change.record(entry)
    if why is not None:
        raise Refused(why)


def sign_in(
    accounts: Accounts,
    hasher: Hasher,
    clock: Clock,
    rules: SignInRules,
    os_name: str,
    name: str = "",
    passphrase: str = "",
) -> Actor:
    """Sign in as the OS account, or as ``name``; an OS account seen for the first time starts as a viewer.

    An account with a passphrase asks for it; one of another name than the OS account must have one. Every sign-in and
    failure is on the trail. Raises `Refused`.
    """
    wanted = name or os_name
    now, target = clock.now(), account_target(wanted)
    with accounts.change() as change:
        account = change.find(wanted)
        own = same_person(wanted, os_name)
        if account is None and own and wanted.strip():
            account = change.add(wanted, now)
        actor = Actor(wanted) if account is None else account.actor
        why = _sign_in_refusal(change, account, hasher, now, rules, passphrase, own=own)
        if why is not None:
            change.record(refusal(now, actor, Action.SIGN_IN, target, why))
        else:
            decision = permit(change.record, now, actor, Action.SIGN_IN, target)
            why = decision.refusal
            if why is None:
                change.record(done(now, actor, Action.SIGN_IN, target, decision, after={"os_account": os_name}))
    if why is not None:
        raise Refused(why, _("An administrator can set a new passphrase.") if why is Refusal.LOCKED_OUT else "")
    return actor


def ask(accounts: Accounts, actor: Actor, action: Action, target: Target, clock: Clock) -> None:
    """Ask for something that changes nothing, such as a look at the trail: only a refusal leaves a row, and is raised
    as `Refused`."""
    with accounts.change() as change:
        why = permit(change.record, clock.now(), _as_stored(change, actor), action, target).refusal
    if why is not None:
        raise Refused(why)


def anchor_anew(accounts: Accounts, trail: Trail, actor: Actor, reason: str, clock: Clock) -> bool:
    """Anchor the trail where it stands, though it does not go on from its anchor: after a look at why. The row of this
    action keeps the reason; False when the anchor could not be written. Raises `Refused`.
    """
    now, target = clock.now(), Target("audit", "")
    with accounts.change() as change:
        actor = _as_stored(change, actor)
        decision = permit(change.record, now, actor, Action.AUDIT_ANCHOR, target)
        if decision.refusal is None:
            change.record(done(now, actor, Action.AUDIT_ANCHOR, target, decision, reason=reason))
    if decision.refusal is not None:
        raise Refused(decision.refusal)
    return trail.anchor(anew=True)


def account_target(name: str) -> Target:
    """The account as what an action is done to; it is its own author, so that `roles.OWN` holds."""
    return Target("account", name, author=name)


def _sign_in_refusal(
    change: AccountChange,
    account: Account | None,
    hasher: Hasher,
    now: int,
    rules: SignInRules,
    passphrase: str,
    *,
    own: bool,
) -> Refusal | None:
    # One answer for an account that is not there, has no passphrase or has another: guessing must not tell which.
    if account is None or (not account.passphrase and not own):
        return Refusal.WRONG_PASSPHRASE
    if not account.passphrase:
        return None
    if now < account.locked_until:
        return Refusal.LOCKED_OUT
    if hasher.matches(account.passphrase, passphrase):
        if account.failures or account.locked_until:
            change.set_failures(account, 0, 0)
        return None
    change.set_failures(account, *after_failure(account.failures, now, rules))
    return Refusal.WRONG_PASSPHRASE


def _change_roles(accounts: Accounts, actor: Actor, name: str, role: AccountRole, clock: Clock, *, give: bool) -> None:
    now, target = clock.now(), account_target(name.strip())
    with accounts.change() as change:
        actor = _as_stored(change, actor)
        decision = permit(change.record, now, actor, Action.ACCOUNTS_MANAGE, target)
        why = decision.refusal
        account = change.find(name)
        if why is None:
            why = None if give else _revoke_refusal(change, account, role)
            if why is not None:
                change.record(refusal(now, actor, Action.ACCOUNTS_MANAGE, target, why))
        if why is None:
            account = account or change.add(name.strip(), now)
            after = account.roles | {role} if give else account.roles - {role}
            if give:
                change.give(account, role, now)
            else:
                change.take(account, role)
            facts = {"roles": _words(account.roles)}, {"roles": _words(after)}
            entry = done(now, actor, Action.ACCOUNTS_MANAGE, target, decision, before=facts[0], after=facts[1])
            change.record(entry)
    if why is not None:
        raise Refused(why)


def _revoke_refusal(change: AccountChange, account: Account | None, role: AccountRole) -> Refusal | None:
    if account is None:
        return Refusal.NO_SUCH_ACCOUNT
    admins = [other.id for other in change.all() if AccountRole.ADMIN in other.roles]
    return Refusal.LAST_ADMIN if role is AccountRole.ADMIN and admins == [account.id] else None


def _as_stored(change: AccountChange, actor: Actor) -> Actor:
    """The actor with the roles that hold now: what was granted or taken since signing in counts at once."""
    account = change.find(actor.name)
    return Actor(actor.name) if account is None else account.actor


def _words(roles: frozenset[AccountRole]) -> list[str]:
    return [role.value for role in AccountRole if role in roles]
