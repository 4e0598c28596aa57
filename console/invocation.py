"""How this program was started, so that a command which is told to the user can be typed as it stands."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

STARTED_AS = "SUPERVISOR_CONSOLE_STARTED_AS"
"""What a launcher in front of us (``dev.py run``) says that the user typed."""


def started_as() -> str:
    """The words that started this program: the launcher's, ``python -m console``, or the installed script."""
    if told := os.environ.get(STARTED_AS):
        return told
    if getattr(sys, "frozen", False):
        return _joined([sys.executable])
    if Path(sys.argv[0]) == Path(__file__).with_name("__main__.py"):
        name = Path(sys.executable).name
        return _joined([name if shutil.which(name) == sys.executable else sys.executable, "-m", "console"])
    return "supervisor-console"


def command(*words: object) -> str:
    """The command that starts this program with ``words``, quoted for the shell of the system."""
    return f"{started_as()} {_joined(list(map(str, words)))}"


def _joined(words: list[str]) -> str:
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
