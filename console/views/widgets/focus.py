"""Where the focus goes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def first_control(region: QWidget) -> QWidget | None:
    """The first control inside that Tab would reach, None when there is none."""
    target = region.nextInFocusChain()
    while target is not None and target is not region and region.isAncestorOf(target):
        if target.focusPolicy() & Qt.FocusPolicy.TabFocus and target.isVisibleTo(region) and target.isEnabled():
            return target
        target = target.nextInFocusChain()
    return None
