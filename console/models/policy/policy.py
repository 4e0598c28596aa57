"""The policy: the shipped one, a complete file, or a site's file over the shipped one, with every problem told."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from console import logs, paths
from console.errors import KnownError
from console.i18n import _, ngettext
from console.models.domain.calendars import CalendarError
from console.models.policy import document as documents
from console.models.policy.building import build, compensation_of, holidays_of, local_zone
from console.models.policy.document import Document, Problem
from console.models.policy.figures import IS_LIVE, Codes, Policy, Times, same
from console.models.policy.reading import Entries, check, disorders, merge

__all__ = [
    "IS_LIVE",
    "Codes",
    "LoadedPolicy",
    "Policy",
    "PolicyError",
    "Source",
    "Times",
    "default",
    "default_entries",
    "examined",
    "load",
    "load_over_default",
    "load_site",
    "local_zone",
    "problems_of",
    "same",
]

log = logs.topic("policy")

SITE_FILE = "policy.toml"
LAST_GOOD_FILE = "policy.last-good.toml"
HOLIDAYS = "calendar.holidays"


class PolicyError(KnownError):
    """A policy file is wrong; the message names every place, the key there and what is wrong with it."""

    problems: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, file: Path, problems: Sequence[Problem]) -> PolicyError:
        """The error that tells all problems of a file."""
        count = len(problems)
        head = ngettext("The policy {file} is wrong:", "The policy {file} is wrong in {count} places:", count)
        error = cls("\n".join([head.format(file=file, count=count), *map(str, problems)]))
        error.problems = tuple(problems)
        return error


class Source(Enum):
    """Where the policy in force comes from."""

    DEFAULT = "default"
    SITE = "site"
    LAST_GOOD = "last_good"
    """The site's file is wrong; its copy from when it was last good is in force."""


@dataclass(frozen=True)
class LoadedPolicy:
    """The policy in force, its entries, what is wrong with the site's file, and which of the files is in force."""

    policy: Policy
    problems: tuple[Problem, ...]
    source: Source
    entries: Entries
    document: Document | None = None
    """The file in force, the site's or its last good copy; None for the shipped policy."""


def default() -> Policy:
    """The policy that is shipped."""
    return load(_default_file())


def load(path: Path) -> Policy:
    """Read a file that holds every key; raises `PolicyError` with all that is wrong."""
    return _good(path, *examined(documents.read(path), None))


def load_over_default(path: Path) -> Policy:
    """Read a file that overrides parts of the shipped policy; raises `PolicyError` with all that is wrong."""
    return _good(path, *examined(documents.read(path), default_entries()))


def problems_of(path: Path) -> tuple[Problem, ...]:
    """All that is wrong in a site's file, in the order of its lines."""
    return examined(documents.read(path), default_entries())[1]


def default_entries() -> Entries:
    """The entries of the shipped policy; raises `PolicyError` when the installation is broken."""
    path = _default_file()
    entries, problems = examined(documents.read(path), None)
    if problems:
        raise PolicyError.of(path, problems)
    return entries


def load_site(data_dir: Path) -> LoadedPolicy:
    """The policy of a data directory: its ``policy.toml`` over the shipped one.

    A file that is wrong in any place is not used at all: then its last good copy holds, which is kept beside it, and
    without one the shipped policy. Nothing is raised for a wrong file: its problems are told.
    """
    path = data_dir / SITE_FILE
    shipped = default_entries()
    if not path.exists():
        return LoadedPolicy(build(shipped), (), Source.DEFAULT, shipped)
    document = documents.read(path)
    entries, problems = examined(document, shipped)
    if not problems:
        loaded = LoadedPolicy(build(entries), (), Source.SITE, entries, document)
        _keep(document.text, data_dir / LAST_GOOD_FILE)
        return loaded
    kept = data_dir / LAST_GOOD_FILE
    if kept.exists():
        good = documents.read(kept)
        entries, faults = examined(good, shipped)
        if not faults:
            return LoadedPolicy(build(entries), problems, Source.LAST_GOOD, entries, good)
    return LoadedPolicy(build(shipped), problems, Source.DEFAULT, shipped)


def _default_file() -> Path:
    return paths.resource("policy/default.toml")


def _good(path: Path, entries: Entries, problems: tuple[Problem, ...]) -> Policy:
    if problems:
        raise PolicyError.of(path, problems)
    return build(entries)


def examined(document: Document, shipped: Entries | None) -> tuple[Entries, tuple[Problem, ...]]:
    """The entries in force, and everything that is wrong with the document: key by key, then taken together.

    Without ``shipped`` the document must hold every key itself.
    """
    own, found = check(document, complete=shipped is None)
    entries = own if shipped is None else merge(shipped, own)
    problems = [*found, *disorders(entries, document)]
    if HOLIDAYS in own:
        try:
            holidays_of(own[HOLIDAYS])
        except CalendarError as error:
            problems.append(document.problem(tuple(HOLIDAYS.split(".")), error.what.rstrip("."), error.remedy))
    if not problems:
        try:
            compensation_of(entries)
        except ValueError as error:
            own_keys = [path for path in own if path.startswith("compensation.")]
            key = tuple((own_keys or ["compensation"])[0].split("."))
            problems.append(document.problem(key, str(error), _("See to the three tables of the losses.")))
    return entries, tuple(sorted(problems))


def _keep(text: str, copy: Path) -> None:
    """Keep a copy of a good text, whole or not at all; a folder that takes none is no reason to stop."""
    try:
        data = text.encode()
        if copy.exists() and copy.read_bytes() == data:
            return
        handle, name = tempfile.mkstemp(prefix=copy.name, dir=copy.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(copy)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        log.warning("the last good policy could not be kept", extra=logs.fields(file=str(copy), error=str(error)))
