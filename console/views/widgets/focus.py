"""Where the focus goes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def first_control(region: QWidget) -> QWidget | None:
    """The first control inside that Tab would reach, None when there is none."""
    target = region.nextInFocusChain()
    while target is not None and target is not region:
        # What came into the region later may stand behind others in the chain.
        inside = region.isAncestorOf(target) and target.isVisibleTo(region)
        if inside and target.focusPolicy() & Qt.FocusPolicy.TabFocus and target.isEnabled():
            return target
        target = target.nextInFocusChain()
    return None
