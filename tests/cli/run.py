"""The real program as a subprocess, for tests."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from console import cli

PROJECT = Path(__file__).resolve().parents[2]
SERVICENOW = PROJECT / "tests" / "data" / "servicenow_incidents.csv.gz"


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """What was printed as JSON."""
        return json.loads(self.out)


def command(*words: object) -> list[str]:
    """The command line of the program."""
    return [sys.executable, "-m", "console", *map(str, words)]


def console(*words: object, code: int | None = 0) -> Ended:
    """Run the program to its end; fails when the exit code is not the expected one (None: any)."""
    done = subprocess.run(command(*words), cwd=PROJECT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert code is None or done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return Ended(done.returncode, done.stdout, done.stderr)


def here(*words: object, code: int | None = 0) -> Ended:
    """The same inside this process, which is quicker where the process itself is not what is tested."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        ended = cli.main([str(word) for word in words])
    assert code is None or ended == code, f"exit {ended}\n{out.getvalue()}\n{err.getvalue()}"
    return Ended(ended, out.getvalue(), err.getvalue())
