"""Brings the board under a policy that was saved: another one is loaded beside the one shown, and takes over."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from console.errors import KnownError
from console.i18n import _
from console.models.domain.ports import Progress
from console.models.policy.policy import Policy
from console.views.bridge import LiveBoard
from console.views.feed import Feed, Opened
from console.views.ops import Ops
from console.views.policy_in_force import PolicyInForce


class PolicySwap(QObject):
    """Follows the policy in force from `begin` on. Events go on meanwhile: `LiveBoard.hold` keeps them for the other
    board. ``told`` takes a sentence for the person where it could not be loaded."""

    def __init__(
        self,
        in_force: PolicyInForce,
        live: LiveBoard,
        feed: Feed,
        ops: Ops,
        told: Callable[[str], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._in_force, self._live, self._feed, self._ops, self._told = in_force, live, feed, ops, told
        in_force.changed.connect(self._on_changed)

    def begin(self) -> None:
        """The data is open: the log learns which policy it begins with."""
        if self._in_force.writable:
            self._ops.write(self._note, key="policy note", owner=self)

    def _note(self, _progress: Progress) -> None:
        self._in_force.editor.note()

    def _on_changed(self, policy: Policy) -> None:
        self._live.hold()

        def load(progress: Progress) -> Opened:
            return self._feed.opened_under(policy, progress)

        self._ops.read(load, self._on_loaded, failure=self._on_failed, key="policy board", owner=self)

    def _on_loaded(self, opened: Opened) -> None:
        self._live.start(opened.board, opened.refold)

    def _on_failed(self, error: BaseException) -> None:
        self._live.let_go()
        why = str(error) if isinstance(error, KnownError) else type(error).__name__
        self._told(_("The policy is saved, but the board goes on under the former one: {why}").format(why=why))
