"""Every test of the views starts in the light theme at scale 1."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from console.views import theme


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> None:
    # A new application has our style on a bare machine, but neither our sheet nor any font.
    ours = qapp.style().name() == "fusion" and bool(qapp.styleSheet())
    if theme.current().name != "light" or theme.current().scale != 1.0 or not ours:
        theme.apply(qapp, "light", 1.0)
