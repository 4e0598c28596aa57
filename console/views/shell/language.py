"""Switch the language of the program and of Qt's own dialogs together."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from console import i18n
from console.errors import SetupError

_qt: list[QTranslator] = []


def use(language: str) -> None:
    """Translate into ``language`` from now on. Raises `SetupError` when its words were never compiled."""
    try:
        i18n.use(language)
    except FileNotFoundError as error:
        raise SetupError(
            "The Chinese words are not installed.", "Run `python3 dev.py test` once; it compiles them."
        ) from error
    QLocale.setDefault(QLocale(language))
    while _qt:
        QCoreApplication.removeTranslator(_qt.pop())
    if language != "en":
        translator = QTranslator()
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if translator.load(f"qtbase_{language}", folder):
            QCoreApplication.installTranslator(translator)
            _qt.append(translator)
