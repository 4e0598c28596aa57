"""Every test of the views starts in the light theme at scale 1."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from console.views import theme


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> None:
    if theme.current().name != "light" or theme.current().scale != 1.0 or qapp.style().name() != "fusion":
        theme.apply(qapp, "light", 1.0)
