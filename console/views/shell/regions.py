"""Walk with the focus from one part of the window to the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from console.views.widgets.focus import first_control


def focus_next(regions: Sequence[QWidget]) -> None:
    """Move the focus to the first control of the region after the one that has it; skips regions without controls."""
    focus = QApplication.focusWidget()
    here = next((place for place, region in enumerate(regions) if focus and region.isAncestorOf(focus)), -1)
    for step in range(1, len(regions) + 1):
        target = first_control(regions[(here + step) % len(regions)])
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)
            return
