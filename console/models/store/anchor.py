"""Where the head of an audit trail is kept outside its database: a small file in the user's state directory.

Where the machine has a keyring, the file is sealed by an HMAC with a secret from it, so that whoever can write the
file still cannot forge it. Without a keyring it is only out of the way of who changes the database, and `verify` says
so.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from console import paths
from console.models.domain.audit import Anchor, Flaw, Head, canonical

logger = logging.getLogger("console.store.anchor")

SERVICE = "supervisor-console"
FOLDER = "audit"

Secret = Callable[[str, bool], bytes | None]
"""Gives the secret that seals the anchor of the database with this id, None where there is none; True makes one where
that is possible."""


def keyring_secret(database_id: str, make: bool) -> bytes | None:
    """The secret in the user's keyring; None where there is no keyring, or none was made and none shall be."""
    import keyring
    from keyring.errors import KeyringError

    name = f"audit-anchor-{database_id}"
    try:
        text = keyring.get_password(SERVICE, name)
        if not text and make:
            keyring.set_password(SERVICE, name, secrets.token_hex(32))
            # Read back: a keyring that forgets would make every later anchor look forged.
            text = keyring.get_password(SERVICE, name)
    except (KeyringError, OSError, RuntimeError) as error:
        # Asked for every anchor: what it does not have is told by `audit verify`.
        logger.debug("no keyring: %s", error)
        return None
    return text.encode("utf-8") if text else None


@dataclass(frozen=True, slots=True)
class Look:
    """An anchor as it was found: the file, its content where it could be used, and what is wrong with it."""

    file: Path
    anchor: Anchor | None = None
    flaw: Flaw | None = None


class AnchorFile:
    """The anchor of one database."""

    def __init__(self, database: Path, folder: Path | None = None, secret: Secret = keyring_secret) -> None:
        """The anchor of the database file ``database``, in ``folder`` (default: in the state directory)."""
        self._folder = folder or paths.state_dir() / FOLDER
        name = hashlib.sha256(os.fsencode(database.absolute())).hexdigest()[:24]
        self.file = self._folder / f"{name}.json"
        self._secret = secret

    def look(self, database_id: str) -> Look:
        """Read the anchor. That of a database which was moved is found by its id."""
        look = self._read(self.file)
        if look.flaw is not Flaw.NO_ANCHOR:
            return look
        for other in sorted(self._folder.glob("*.json")):
            found = self._read(other)
            if found.anchor is not None and found.anchor.database == database_id:
                return found
        return look

    def may_begin(self, database_id: str) -> bool:
        """Whether a first anchor may be made: a secret for this database says that there was one, which was removed."""
        return self._secret(database_id, False) is None

    def write(self, database_id: str, head: Head, *, anew: bool = False) -> bool:
        """Replace the anchor atomically; False where the present one is sealed and the keyring does not open now.

        Raises OSError when the folder cannot be written.
        """
        secret = self._secret(database_id, True)
        if secret is None and not anew and self._is_sealed():
            return False
        content: dict[str, object] = {"database": database_id, "count": head.count, "hash": head.hash}
        content["seal"] = "" if secret is None else _seal(content, secret)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=self._folder, prefix=".anchor-")
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(canonical(content) + "\n")
                file.flush()
                os.fsync(file.fileno())
            Path(draft).replace(self.file)
        finally:
            Path(draft).unlink(missing_ok=True)
        return True

    def _is_sealed(self) -> bool:
        try:
            return bool(json.loads(self.file.read_text(encoding="ascii"))["seal"])
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def _read(self, file: Path) -> Look:
        try:
            text = file.read_text(encoding="ascii")
        except FileNotFoundError:
            return Look(file, flaw=Flaw.NO_ANCHOR)
        except (OSError, ValueError):
            return Look(file, flaw=Flaw.ANCHOR_UNREADABLE)
        try:
            content = json.loads(text)
            seal = content.pop("seal")
            head = Head(content["count"], content["hash"])
            anchor = Anchor(content["database"], head, keyed=bool(seal))
            well_formed = set(content) == {"database", "count", "hash"} and type(head.count) is int and head.count > 0
        except (ValueError, KeyError, TypeError, AttributeError):
            return Look(file, flaw=Flaw.ANCHOR_UNREADABLE)
        if not (well_formed and all(isinstance(part, str) for part in (anchor.database, head.hash, seal))):
            return Look(file, flaw=Flaw.ANCHOR_UNREADABLE)
        return Look(file, anchor, self._flaw(anchor, content, seal))

    def _flaw(self, anchor: Anchor, content: dict[str, object], seal: str) -> Flaw | None:
        secret = self._secret(anchor.database, False)
        if secret is None:
            return Flaw.NO_KEY if seal else None
        # Where there is a secret, the anchor was sealed: one without a seal was put there by someone else.
        genuine = hmac.compare_digest(seal.encode("utf-8"), _seal(content, secret).encode("ascii"))
        return None if genuine else Flaw.ANCHOR_CHANGED


def _seal(content: dict[str, object], secret: bytes) -> str:
    return hmac.new(secret, canonical(content).encode("ascii"), hashlib.sha256).hexdigest()
