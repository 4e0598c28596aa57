"""Load the bundled fonts, so that both languages look the same on every machine."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase

from console import paths
from console.views.theme.look import FAMILY

FILES = ("fonts/NotoSansSC-Regular.ttf", "fonts/NotoSansSC-SemiBold.ttf")


def load() -> None:
    """Register the bundled fonts once per process; raises RuntimeError when a file cannot be used as a font."""
    if FAMILY in QFontDatabase.families() and "SemiBold" in QFontDatabase.styles(FAMILY):
        return
    for name in FILES:
        if QFontDatabase.addApplicationFont(str(paths.resource(name))) < 0:
            raise RuntimeError(f"{name} is not a usable font file")
