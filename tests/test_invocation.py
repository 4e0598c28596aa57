"""Commands that are told to the user can be typed as they stand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from console import invocation
from tests.cli.run import console


def test_the_installed_script_is_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/usr/local/bin/supervisor-console", "--demo"])
    assert invocation.command("--demo") == "supervisor-console --demo"


def test_a_launcher_says_what_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(invocation.STARTED_AS, "python3 dev.py run")
    assert invocation.command("import", "FILE.csv") == "python3 dev.py run import FILE.csv"


@pytest.mark.skipif(sys.platform == "win32", reason="another shell quotes otherwise")
def test_a_folder_with_a_space_is_quoted() -> None:
    assert invocation.command("--data-dir", Path("/my data")).endswith(" --data-dir '/my data'")


def test_the_usage_of_the_module_can_be_typed_again(tmp_path: Path) -> None:
    """What a wrong command line points to is run by a shell, from elsewhere, and explains the command."""
    hint = console("import", code=2).err.splitlines()[-1]
    words = hint.removeprefix("See ").removesuffix(".")
    done = subprocess.run(words, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "exit codes" in done.stdout
