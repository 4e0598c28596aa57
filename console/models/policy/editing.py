"""Changing a site's policy: where editing begins, what the changes make of the file, and all that would be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from console.models.policy import document as documents
from console.models.policy import kinds, policy
from console.models.policy.building import build
from console.models.policy.document import Problem
from console.models.policy.policy import SITE_FILE, LoadedPolicy, Policy
from console.models.policy.reading import Entries
from console.models.policy.rewriting import rewritten, values_of
from console.models.policy.schema import BY_PATH

Changes = Mapping[str, Any]
"""By dotted key: the value as TOML would give it, or None for the shipped one."""


@dataclass(frozen=True)
class Site:
    """The policy of a data directory as editing begins. ``disk`` is the file as it lies there, None where there is
    none; ``text`` is what the changes are written into: the file in force, which of a wrong one is its good copy."""

    path: Path
    disk: bytes | None
    text: str
    loaded: LoadedPolicy
    shipped: Entries

    def written(self, path: str) -> Any:
        """The value in force, as it was written."""
        return self.loaded.entries[path].written

    def default(self, path: str) -> Any:
        """The shipped value, as it was written."""
        return self.shipped[path].written

    def differs(self, path: str) -> bool:
        """Whether the value in force is another than the shipped one."""
        return bool(self.loaded.entries[path].value != self.shipped[path].value)


@dataclass(frozen=True, slots=True)
class Change:
    """One key before and after, as written."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Edited:
    """What the changes come to: the file's text, what is wrong with it, what really changes, and the policy (None
    where anything is wrong)."""

    text: str
    problems: tuple[Problem, ...]
    changes: tuple[Change, ...]
    policy: Policy | None


def open_site(data_dir: Path) -> Site:
    """Begin to edit the policy of a data directory; a file that cannot be read is told among the problems."""
    path = data_dir / SITE_FILE
    while True:
        disk = on_disk(path)
        loaded = policy.load_site(data_dir)
        # Somebody may save the file between the two looks.
        if disk == on_disk(path):
            text = loaded.document.text if loaded.document is not None else ""
            return Site(path, disk, text, loaded, policy.default_entries())


def on_disk(path: Path) -> bytes | None:
    """The bytes of a file, None where there is none that can be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def edited(site: Site, changes: Changes) -> Edited:
    """What a file with these changes says, by the same checks as when it is loaded.

    Only what differs is written: a changed key that comes to the shipped value is taken out. Raises KeyError for a key
    that the policy does not have.
    """
    wanted = values_of(site.text)
    for path, value in changes.items():
        if value is None or same_value(path, value, site.default(path)):
            wanted.pop(path, None)
        elif not same_value(path, value, site.written(path)) or path not in wanted:
            wanted[path] = value
    text = site.text if wanted == values_of(site.text) else rewritten(site.text, wanted)
    entries, problems = policy.examined(documents.parse(text, str(site.path)), site.shipped)
    found = tuple(
        Change(path, site.written(path), value if value is not None else site.default(path))
        for path, value in changes.items()
        if not same_value(path, value if value is not None else site.default(path), site.written(path))
    )
    return Edited(text, problems, found, None if problems else build(entries))


def same_value(path: str, one: Any, other: Any) -> bool:
    """Whether two written values of a key mean the same: ``60 s`` is ``1 min``; a wrong one is like no other."""
    if one == other and type(one) is type(other):
        return True
    read = BY_PATH[path].kind.read
    try:
        return bool(read(one) == read(other))
    except kinds.Wrong:
        return False


def wrong(path: str, value: Any) -> kinds.Wrong | None:
    """What is wrong with one value for itself; None where nothing is."""
    try:
        BY_PATH[path].kind.read(value)
    except kinds.Wrong as error:
        return error
    return None


def key_of(problem: Problem) -> str:
    """The key of the schema that a problem belongs to, which may stand in the middle of its value; empty for none."""
    path = problem.key
    while path and path not in BY_PATH:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return path
