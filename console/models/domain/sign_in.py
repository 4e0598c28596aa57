"""How signing in is guarded: figures of the policy, and what an account remembers of failures."""

from __future__ import annotations

from dataclasses import dataclass

from console.clock import MINUTE
from console.i18n import _, ngettext


@dataclass(frozen=True, slots=True)
class SignInRules:
    """``failures`` wrong passphrases in a row lock an account for ``lock`` (microseconds). A passphrase has at least
    ``shortest`` characters, as NIST SP 800-63B asks (section 5.1.1.1)."""

    failures: int = 5
    lock: int = 15 * MINUTE
    shortest: int = 8

    def __post_init__(self) -> None:
        if self.failures < 1 or self.lock < 1:
            raise ValueError("a lock-out needs at least one failure and some time")


def after_failure(failures: int, now: int, rules: SignInRules) -> tuple[int, int]:
    """The count of failures and the end of the lock (0: none) after one more wrong passphrase at ``now``."""
    count = failures + 1
    return (0, now + rules.lock) if count >= rules.failures else (count, 0)


def weakness(passphrase: str, name: str, rules: SignInRules) -> str:
    """Why this must not be the passphrase of the account ``name``, in the language in use; empty when it may."""
    if len(passphrase) < rules.shortest:
        return ngettext(
            "A passphrase has at least {n} character.", "A passphrase has at least {n} characters.", rules.shortest
        ).format(n=rules.shortest)
    if passphrase.strip().casefold() == name.strip().casefold() or len(set(passphrase)) == 1:
        return _("That is too easy to guess.")
    return ""
