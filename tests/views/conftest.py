"""Every test of the views starts in the light theme at scale 1."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from console.views import theme
from console.views.theme import fonts


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> None:
    # A bare machine has no font of its own, and its style may be ours already.
    fonts.load()
    if theme.current().name != "light" or theme.current().scale != 1.0 or qapp.style().name() != "fusion":
        theme.apply(qapp, "light", 1.0)
