"""Two families of failure: the world failed (`KnownError`, told to the user with a remedy) and our bug (all others)."""

from __future__ import annotations


class KnownError(Exception):
    """Something outside went wrong. ``what`` says what and where, ``remedy`` what to do, ``exit_code`` for the shell.

    Exit codes: 1 the data says no, 2 wrong usage, 3 the environment.
    """

    exit_code = 1

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(f"{what} {remedy}".strip())
        self.what = what
        self.remedy = remedy


class UsageError(KnownError):
    """The request itself is wrong."""

    exit_code = 2


class SetupError(KnownError):
    """The machine, the installation, the database or the network does not allow it."""

    exit_code = 3
