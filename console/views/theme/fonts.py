"""Load the bundled fonts, so that both languages look the same on every machine."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFontDatabase

from console import paths

FILES = ("fonts/NotoSansSC-Regular.ttf", "fonts/NotoSansSC-SemiBold.ttf")
_LOADED = "bundled fonts"


def load() -> None:
    """Register the bundled fonts, once per application; raises RuntimeError when a file cannot be used as a font.

    Ours are registered even where the system has the family: its version may have other characters or widths.
    """
    app = QCoreApplication.instance()
    if app is None or app.property(_LOADED):
        return
    app.setProperty(_LOADED, True)
    for name in FILES:
        if QFontDatabase.addApplicationFont(str(paths.resource(name))) < 0:
            raise RuntimeError(f"{name} is not a usable font file")
