"""The strips below the top strip: storage trouble, an outage or drill, the past; each slot holds one message."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.views import theme
from console.views.widgets.banner import Banner

SLOTS = ("storage", "incident", "past", "notice")
"""From the gravest down."""


class Banners(QWidget):
    """Empty slots take no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: dict[str, Callable[[], None]] = {}
        self._banners: dict[str, Banner] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for slot in SLOTS:
            banner = Banner()
            banner.action_requested.connect(lambda slot=slot: self._run(slot))
            self._banners[slot] = banner
            column.addWidget(banner)

    def show_message(
        self,
        slot: str,
        text: str,
        state: theme.State,
        action: str = "",
        run: Callable[[], None] | None = None,
        *,
        dismissible: bool = False,
    ) -> None:
        """Fill a slot; ``run`` is what its button does. Raises KeyError for a slot that is not in `SLOTS`."""
        self._runs.pop(slot, None)
        if run is not None:
            self._runs[slot] = run
        self._banners[slot].show_message(text, state, action, dismissible=dismissible)

    def clear(self, slot: str) -> None:
        """Empty a slot."""
        self._banners[slot].clear()

    def _run(self, slot: str) -> None:
        run = self._runs.get(slot)
        if run is not None:
            run()
