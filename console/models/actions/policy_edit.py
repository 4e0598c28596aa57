"""Changing the policy in force: authorised, checked as when it is loaded, written whole or not at all, and recorded."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from console import logs
from console.errors import KnownError
from console.i18n import _
from console.models.actions.authorize import Refused, authorize, done, permit
from console.models.domain.access_ports import Accounts
from console.models.domain.audit import Entry
from console.models.domain.contacts import Role
from console.models.domain.events import Event, Kind
from console.models.domain.ports import Clock
from console.models.domain.roles import Action, Actor, Decision, Target
from console.models.policy.editing import Change, Changes, Edited, Site, edited, on_disk, open_site
from console.models.policy.policy import LAST_GOOD_FILE, PolicyError, Source
from console.models.policy.rewriting import Values, values_of

log = logs.topic("policy")
TARGET = Target("policy", "site")
WRONG_FILE = "policy.wrong.toml"
"""A wrong file that was replaced is kept under this name, beside the new one."""
UNDO = "undo"
"""The reason in the audit row of a change that was taken back."""


class PolicyNotSaved(KnownError):
    """The file could not be written; the policy that was in force still is."""


class ChangedMeanwhile(KnownError):
    """Somebody else wrote the file since editing began; nothing was written. ``before`` is the policy as editing began,
    ``now`` as it is."""

    def __init__(self, before: Site, now: Site) -> None:
        super().__init__(
            _("The policy file was changed by somebody else meanwhile."),
            _("Look at their changes, then save yours again."),
        )
        self.before = before
        self.now = now


@dataclass(frozen=True)
class Saved:
    """What was saved: the policy as it was, as it is, and the keys between."""

    before: Site
    after: Site
    changes: tuple[Change, ...]


class PolicyEditor:
    """Edits the policy of one data directory. Every call blocks, so it is for workers; ``accounts`` answers once the
    database is open, ``tell`` hands an event to the log."""

    def __init__(
        self,
        folder: Path,
        accounts: Callable[[], Accounts],
        tell: Callable[[Event], object],
        clock: Clock,
        last_told: Callable[[], Values | None] = lambda: None,
    ) -> None:
        """``last_told`` gives the site's values that the log was told last, None when it never was."""
        self._folder = folder
        self._accounts = accounts
        self._tell = tell
        self._clock = clock
        self._last_told = last_told

    @property
    def folder(self) -> Path:
        """Where the file lies."""
        return self._folder

    def open(self) -> Site:
        """The policy as it is now."""
        return open_site(self._folder)

    def may_edit(self, actor: Actor) -> Decision:
        """Whether this person may save, or why not; leaves no row."""
        return authorize(actor, Action.POLICY_EDIT, TARGET)

    def save(self, actor: Actor, site: Site, changes: Changes) -> Saved:
        """Write the changes, with a row of the audit trail that holds each key before and after, and tell the log.

        Raises `Refused`, `PolicyError` with all that is wrong, `ChangedMeanwhile`, and `PolicyNotSaved` where nothing
        differs or the disk does not take it; then the old policy stays in force.
        """
        return self._write(actor, site, lambda: edited(site, changes), lambda edit: _encoded(site, edit.text))

    def undo(self, actor: Actor, saved: Saved) -> Saved:
        """Bring back the file as it was before a save; raises as `save` does."""
        back = tuple(Change(change.path, change.after, change.before) for change in saved.changes)
        former = saved.before
        edit = Edited(former.text, (), back, former.loaded.policy)
        data = former.disk
        if former.loaded.problems:
            # A wrong file was not in force: what comes back is the good text behind it, or the shipped policy.
            data = _encoded(former, former.text) if former.text else None
        return self._write(actor, saved.after, lambda: edit, lambda _edit: data, reason=UNDO)

    def note(self) -> None:
        """Tell the log which policy is in force, at the start: a file that a person wrote by hand, or took away, is
        history too. What was told last is not told again."""
        site = self.open()
        if self._last_told() != _values(site):
            self._announce(site, "", ())

    def _write(
        self,
        actor: Actor,
        site: Site,
        make: Callable[[], Edited],
        data: Callable[[Edited], bytes | None],
        *,
        reason: str = "",
    ) -> Saved:
        now = self._clock.now()
        replaced = False
        try:
            with self._accounts().change() as change:
                account = change.find(actor.name)
                actor = Actor(actor.name) if account is None else account.actor
                decision = permit(change.record, now, actor, Action.POLICY_EDIT, TARGET)
                if decision.refusal is None:
                    edit = make()
                    change.record(self._checked(now, actor, decision, site, edit, reason))
                    self._put(site, data(edit))
                    replaced = True
        except BaseException:
            # The file was replaced and the row was not kept: the file goes back, so that nothing is half done.
            if replaced:
                _replace(site.path, site.disk)
            raise
        if decision.refusal is not None:
            raise Refused(decision.refusal)
        saved = Saved(site, self.open(), edit.changes)
        self._announce(saved.after, actor.name, edit.changes)
        return saved

    def _checked(self, now: int, actor: Actor, decision: Decision, site: Site, edit: Edited, reason: str) -> Entry:
        """The audit row of an edit that may be written."""
        if edit.problems:
            raise PolicyError.of(site.path, edit.problems)
        if not edit.changes and not site.loaded.problems:
            raise PolicyNotSaved(_("Nothing differs from the policy in force."))
        if on_disk(site.path) != site.disk:
            raise ChangedMeanwhile(site, self.open())
        before = {change.path: change.before for change in edit.changes}
        after = {change.path: change.after for change in edit.changes}
        return done(now, actor, Action.POLICY_EDIT, TARGET, decision, reason=reason, before=before, after=after)

    def _put(self, site: Site, data: bytes | None) -> None:
        """Replace the file, or take it away for None; a wrong one is kept beside it."""
        try:
            if site.loaded.problems:
                # Read again, so that a file that cannot be read is not written over.
                _replace(site.path.with_name(WRONG_FILE), site.path.read_bytes())
            _replace(site.path, data)
            if data is None:
                # Without a file the shipped policy holds, also if the next file should be wrong.
                _replace(site.path.with_name(LAST_GOOD_FILE), None)
        except OSError as error:
            raise PolicyNotSaved(
                _("The policy could not be written to {path}: {error}. The old one stays in force.").format(
                    path=site.path, error=error.strerror or error
                ),
                _("Check the folder's permissions and the free space on the disk, then save again."),
            ) from error

    def _announce(self, site: Site, actor: str, changes: tuple[Change, ...]) -> None:
        # Who it was stands in the detail: the log takes an actor for one of the agents.
        detail = {"values": _values(site), "changed": [change.path for change in changes], "by": actor}
        now = self._clock.now()
        key = f"policy {hashlib.sha256(site.disk or b'').hexdigest()[:16]} {now}"
        try:
            self._tell(Event(Kind.POLICY_CHANGED, "policy", now, key, role=Role.SYSTEM, detail=detail))
        except Exception:
            # The policy is saved and on the audit trail; the next start tells the log again.
            log.exception("the log was not told of the policy")


def _values(site: Site) -> Values:
    """What the site says over the shipped policy."""
    return values_of(site.text) if site.loaded.source is not Source.DEFAULT else {}


def _encoded(site: Site, text: str) -> bytes:
    """The text with the line ends that the file had."""
    windows = b"\r\n" in (site.disk or b"")
    return (text.replace("\n", "\r\n") if windows and "\r\n" not in text else text).encode()


def _replace(path: Path, data: bytes | None) -> None:
    """Write a file so that a crash leaves either the old one or the new one; None takes it away. Raises OSError."""
    if data is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # A draft is only for its owner; the file keeps the rights that it had, or gets the usual ones.
        Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Have the new name of a file on the disk too; where a folder cannot be asked, it comes there by itself."""
    with suppress(OSError, AttributeError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
