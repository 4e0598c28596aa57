"""The policy that the window lives by, and the one place that tells when another one comes into force."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from console.models.actions.policy_edit import PolicyEditor
from console.models.policy.policy import Policy


class PolicyInForce(QObject):
    """``changed`` carries the `Policy` that came into force by a save or its undo; on the GUI thread."""

    changed = Signal(object)

    def __init__(self, policy: Policy, editor: PolicyEditor, *, writable: bool = True) -> None:
        super().__init__()
        self._policy = policy
        self.editor = editor
        self.writable = writable
        """Whether this process may write; False beside another one that has the data."""

    @property
    def policy(self) -> Policy:
        """The one in force."""
        return self._policy

    def take(self, policy: Policy) -> None:
        """Bring another one into force for the window."""
        self._policy = policy
        self.changed.emit(policy)
