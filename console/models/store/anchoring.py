"""Moves the anchor of the audit trail behind the commits, on a thread of its own.

An anchor costs a look into the keyring and a synced file; whoever acts must not wait for either, and many commits in a
moment need only one.
"""

from __future__ import annotations

import logging
import threading

from console.models.domain.access_ports import Trail

logger = logging.getLogger("console.store.audit")

PAUSE = 0.25
"""Seconds between two anchors; what is committed meanwhile is anchored by the second one."""


class Anchoring:
    """`ask` after a commit; the thread begins with `start` and ends with `stop`, which anchors once more."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self._changed = threading.Condition()
        self._wanted = False
        self._over = False
        self._thread = threading.Thread(target=self._run, name="audit-anchor", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def ask(self) -> None:
        """Something was added to the trail; returns at once."""
        with self._changed:
            self._wanted = True
            self._changed.notify_all()

    def stop(self) -> None:
        """End the thread, and anchor what is not anchored yet."""
        with self._changed:
            self._over = True
            self._changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join()
        self._anchor_wanted()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted or self._over)
                if self._over:
                    return
            self._anchor_wanted()
            with self._changed:
                self._changed.wait_for(lambda: self._over, PAUSE)

    def _anchor_wanted(self) -> None:
        with self._changed:
            wanted, self._wanted = self._wanted, False
        if not wanted:
            return
        try:
            self._trail.anchor()
        except Exception:
            # The rows are in the trail; `audit verify` tells how far the anchor reaches.
            logger.exception("the audit trail could not be anchored")
