"""What a fresh interpreter shows: the command line stays light, the look before Qt too, and the Qt binding is sound."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "PySide6",
    "shiboken6",
    "pyqtgraph",
    "numba",
    "ortools",
    "highspy",
    "pandas",
    "sqlalchemy",
    "alembic",
    "openpyxl",
)

# PySide6 6.12 drops a reference on every emit and every void call under Python 3.11 and aborts after some hundreds.
SIGNALS = """
from PySide6.QtCore import QCoreApplication, QObject, Signal
class Source(QObject):
    told = Signal(int)
app, source, heard = QCoreApplication([]), Source(), []
source.told.connect(heard.append)
for number in range(5_000):
    source.told.emit(number)
    source.setObjectName(str(number))
    source.blockSignals(False)
assert heard == list(range(5_000))
print("sound")
"""


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("module", ["console.cli", "console.__main__", "console.preflight", "console.logs"])
def test_the_command_line_loads_nothing_heavy(module: str) -> None:
    loaded = python(f"import {module}, sys; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))").split()
    assert "console" in loaded
    assert [name for name in HEAVY if name in loaded] == []


def test_five_thousand_signals_do_not_break_the_binding() -> None:
    assert python(SIGNALS) == "sound\n"
