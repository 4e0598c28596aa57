"""How signing in is guarded: figures of the policy, and what an account remembers of failures."""

from __future__ import annotations

from dataclasses import dataclass

from console.clock import MINUTE


@dataclass(frozen=True, slots=True)
class SignInRules:
    """``failures`` wrong passphrases in a row lock an account for ``lock`` (microseconds)."""

    failures: int = 5
    lock: int = 15 * MINUTE

    def __post_init__(self) -> None:
        if self.failures < 1 or self.lock < 1:
            raise ValueError("a lock-out needs at least one failure and some time")


def after_failure(failures: int, now: int, rules: SignInRules) -> tuple[int, int]:
    """The count of failures and the end of the lock (0: none) after one more wrong passphrase at ``now``."""
    count = failures + 1
    return (0, now + rules.lock) if count >= rules.failures else (count, 0)
