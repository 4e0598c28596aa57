"""The rejects file: what was not taken from a log, why, and how it stood there."""

from __future__ import annotations

import csv
from pathlib import Path
from types import TracebackType
from typing import TextIO

from console.connectors.files.rows import Fault
from console.errors import SetupError
from console.i18n import _

FOLDER = "rejects"
HEADER = ("line", "reason", "row")


class Rejects:
    """Writes ``NAME.rejects.csv`` (UTF-8 with a mark, so that spreadsheets read it) with the first reject.

    A clean import removes the file that an earlier one of the same log left.
    """

    def __init__(self, data_dir: Path, name: str) -> None:
        """``name`` is that of the log, or another where two logs of one import have the same."""
        self.path = data_dir / FOLDER / f"{name}.rejects.csv"
        self.count = 0
        self._file: TextIO | None = None

    def __enter__(self) -> Rejects:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
        elif error is None:
            self.path.unlink(missing_ok=True)

    def add(self, fault: Fault) -> None:
        """Note one; raises `SetupError` when the file cannot be written."""
        try:
            if self._file is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self.path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="")
                csv.writer(self._file).writerow(HEADER)
            csv.writer(self._file).writerow(fault)
        except OSError as error:
            raise SetupError(
                _("The rejected rows cannot be written to {path}: {error}.").format(path=self.path, error=error),
                _("Check the folder and its free space."),
            ) from error
        self.count += 1
