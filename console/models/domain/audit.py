"""The audit trail as rules: what a row holds, how rows are chained, and what is wrong with a chain.

Each row's hash is SHA-256 over the hash before it and the row in canonical JSON, so that a change anywhere breaks the
chain there. A chain alone misses a cut tail and a full rewrite: for those its head is kept elsewhere as an `Anchor`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from console.i18n import N_, _
from console.models.domain.roles import Action, Target


class Outcome(Enum):
    """What became of it."""

    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """One action or refusal. ``actor`` is an account's name, empty where the console itself acted; ``role`` the role
    that permitted it; ``reason`` a person's words, or the refusal's value; ``before`` and ``after`` what was changed.
    """

    at: int
    actor: str
    action: Action
    target: Target
    outcome: Outcome = Outcome.DONE
    role: str = ""
    reason: str = ""
    before: Mapping[str, object] | None = None
    after: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is stored. What comes from a file may hold anything: nothing here is trusted before `check`."""

    seq: int
    at: int
    actor: str
    role: str
    action: str
    object_kind: str
    object_id: str
    outcome: str
    reason: str
    before: str | None
    after: str | None
    hash: str

    def link(self, previous: str) -> str:
        """The hash that this row must have behind ``previous``."""
        content = [
            *(previous, self.seq, self.at, self.actor, self.role, self.action, self.object_kind, self.object_id),
            *(self.outcome, self.reason, self.before, self.after),
        ]
        return hashlib.sha256(canonical(content).encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a trail: how many rows, and the last one's hash."""

    count: int
    hash: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head as it was kept outside the database. ``keyed``: a secret proves that the console wrote it."""

    database: str
    head: Head
    keyed: bool = False


class Flaw(Enum):
    """What can be wrong with a trail."""

    CHANGED = "changed"
    MISSING = "missing"
    CUT = "cut"
    REWRITTEN = "rewritten"
    OTHER_DATABASE = "other_database"
    NO_ANCHOR = "no_anchor"
    ANCHOR_CHANGED = "anchor_changed"
    ANCHOR_UNREADABLE = "anchor_unreadable"
    NO_KEY = "no_key"
    UNGUARDED = "unguarded"


_SENTENCES: Mapping[Flaw, str] = {
    Flaw.CHANGED: N_("Row {row} is not what was written, or a row before it was changed."),
    Flaw.MISSING: N_("Row {row} is missing."),
    Flaw.CUT: N_("The end is cut off: row {row} and all behind it are missing."),
    Flaw.REWRITTEN: N_("The trail was written anew: row {row} is not the one that was anchored."),
    Flaw.OTHER_DATABASE: N_("The anchor belongs to another database."),
    Flaw.NO_ANCHOR: N_("There is no anchor: a cut or rewritten trail could not be told."),
    Flaw.ANCHOR_CHANGED: N_("The anchor itself was changed: its seal is wrong or missing."),
    Flaw.ANCHOR_UNREADABLE: N_("The anchor cannot be read."),
    Flaw.NO_KEY: N_("The anchor is sealed with a secret of the keyring, which does not open here."),
    Flaw.UNGUARDED: N_("The triggers that guard the trail were removed."),
}


_TOUCHED = N_(
    "Keep a copy of the database, find out who could write it, and compare with the last backup. Then anchor anew."
)
_REMEDIES: Mapping[Flaw, str] = {
    Flaw.CHANGED: _TOUCHED,
    Flaw.MISSING: _TOUCHED,
    Flaw.CUT: N_("Was a backup put back? Then anchor anew and say so. If not, keep a copy and ask who had the file."),
    Flaw.REWRITTEN: _TOUCHED,
    Flaw.OTHER_DATABASE: N_("Was the data folder replaced? Then anchor anew and say so."),
    Flaw.NO_ANCHOR: N_("Was the state directory cleared? Then anchor anew and say so."),
    Flaw.ANCHOR_CHANGED: N_("Somebody wrote the anchor file. Find out who, then anchor anew."),
    Flaw.ANCHOR_UNREADABLE: N_("Look at the anchor file and the disk, then anchor anew."),
    Flaw.NO_KEY: N_("Unlock the keyring of this account and verify again."),
    Flaw.UNGUARDED: N_("Keep a copy of the database and find out who could write it, then put the last backup back."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One flaw, and the first bad row where there is one (0: none)."""

    flaw: Flaw
    row: int = 0

    @property
    def sentence(self) -> str:
        """For people, in the language in use."""
        return _(_SENTENCES[self.flaw]).format(row=self.row)

    @property
    def remedy(self) -> str:
        """What to do about it, for people."""
        return _(_REMEDIES[self.flaw])


@dataclass(frozen=True, slots=True)
class Verification:
    """What a look at a whole trail found. ``rows`` is how far it is sound, ``anchored`` how far the anchor reaches;
    ``keyed`` whether a secret of the keyring seals it."""

    rows: int
    anchored: int
    keyed: bool
    anchor_file: Path
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    @property
    def first_bad_row(self) -> int:
        """The first row that is known to be bad, 0 for none."""
        return min((finding.row for finding in self.findings if finding.row), default=0)


@dataclass(slots=True)
class Chain:
    """Walks rows in order and keeps what is needed to judge them: feed each to `add`, then read `finding`."""

    database: str
    watched: int = 0
    """The row whose hash is wanted for the anchor, 0 for none."""
    count: int = 0
    hash: str = field(init=False)
    watched_hash: str = ""
    finding: Finding | None = None

    def __post_init__(self) -> None:
        self.hash = genesis(self.database)

    def add(self, row: Row) -> bool:
        """Take the next row; False when it is bad, and the walk may end."""
        expected = self.count + 1
        if row.seq != expected:
            self.finding = Finding(Flaw.MISSING, expected)
            return False
        if row.link(self.hash) != row.hash:
            self.finding = Finding(Flaw.CHANGED, expected)
            return False
        self.count, self.hash = expected, row.hash
        if expected == self.watched:
            self.watched_hash = row.hash
        return True

    @property
    def head(self) -> Head:
        """Where the walk stands."""
        return Head(self.count, self.hash)


def check(rows: Iterable[Row], database: str, anchor: Anchor | None) -> tuple[Head, list[Finding]]:
    """Walk a whole trail and hold it against its anchor: where the sound part ends, and what is wrong.

    Rows behind the anchored one are no flaw: a crash between a commit and its anchor leaves them.
    """
    chain = Chain(database, anchor.head.count if anchor else 0)
    for row in rows:
        if not chain.add(row):
            break
    findings = [chain.finding] if chain.finding else []
    if anchor is None:
        # A database that was given its name had rows once.
        if chain.count or findings or database:
            findings.append(Finding(Flaw.NO_ANCHOR))
    elif anchor.database != database:
        findings.append(Finding(Flaw.OTHER_DATABASE))
    elif not findings and chain.count < anchor.head.count:
        findings.append(Finding(Flaw.CUT, chain.count + 1))
    elif not findings and (chain.watched_hash or genesis(database)) != anchor.head.hash:
        findings.append(Finding(Flaw.REWRITTEN, anchor.head.count))
    return chain.head, findings


def genesis(database: str) -> str:
    """What stands before the first row: it ties a trail to its database."""
    return hashlib.sha256(canonical(["supervisor-console audit trail", database]).encode("ascii")).hexdigest()


def canonical(data: object) -> str:
    """JSON with one form for one value: sorted keys, no blanks, ASCII only. What is no JSON is told by its type."""
    return json.dumps(
        data, sort_keys=True, separators=(",", ":"), default=lambda value: {type(value).__name__: repr(value)}
    )


def chained(entry: Entry, head: Head) -> Row:
    """The entry as the row behind ``head``."""
    row = Row(
        seq=head.count + 1,
        at=entry.at,
        actor=_storable(entry.actor),
        role=entry.role,
        action=entry.action.value,
        object_kind=_storable(entry.target.kind),
        object_id=_storable(entry.target.id),
        outcome=entry.outcome.value,
        reason=_storable(entry.reason),
        before=None if entry.before is None else canonical(entry.before),
        after=None if entry.after is None else canonical(entry.after),
        hash="",
    )
    return replace(row, hash=row.link(head.hash))


def _storable(text: str) -> str:
    # Half a character, as file names can hold, cannot be stored as UTF-8.
    return text.encode("utf-8", "replace").decode("utf-8")
