"""What the window remembers between starts: sizes, orders, widths, the last screen. An INI file, never the database."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

FILE = "layout.ini"


class Layout:
    """Remembered values by key, for example ``board/columns``. A value that cannot be read counts as absent."""

    def __init__(self, folder: Path | None) -> None:
        """Keep the file in ``folder``; with None nothing is remembered (snapshots, tests)."""
        self._settings = QSettings(str(folder / FILE), QSettings.Format.IniFormat) if folder is not None else None

    def text(self, key: str, default: str = "") -> str:
        """A remembered word."""
        value = self._settings.value(key) if self._settings is not None else None
        return value if isinstance(value, str) else default

    def data(self, key: str, default: object = None) -> object:
        """A remembered structure of JSON values."""
        try:
            return json.loads(self.text(key))
        except ValueError:
            return default

    def geometry(self, key: str) -> QByteArray:
        """A remembered geometry for `QWidget.restoreGeometry`, empty when there is none."""
        return QByteArray.fromBase64(QByteArray(self.text(key).encode("ascii", "ignore")))

    def keep_text(self, key: str, value: str) -> None:
        """Remember a word."""
        if self._settings is not None:
            self._settings.setValue(key, value)

    def keep_data(self, key: str, value: object) -> None:
        """Remember a structure of JSON values."""
        self.keep_text(key, json.dumps(value, ensure_ascii=False))

    def keep_geometry(self, key: str, value: QByteArray) -> None:
        """Remember what `QWidget.saveGeometry` gave."""
        self.keep_text(key, bytes(value.toBase64().data()).decode("ascii"))

    def flush(self) -> None:
        """Write the file now."""
        if self._settings is not None:
            self._settings.sync()
