"""A checkout of its own for the bootstrap: dev.py with an empty lock and a console that only says what it was asked."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).resolve().parents[2]

MAIN = """
import sys
print("console got", sys.argv[1:])
sys.exit(7 if "--fail" in sys.argv else 0)
"""
# dev.py as it is, but with the pip that the real set-up has unpacked, so that the test needs no network.
DRIVER = "import dev, pathlib, sys; dev.SYSLIBS = pathlib.Path({syslibs!r}); sys.exit(dev.main(sys.argv[1:]))"


@dataclass(frozen=True)
class Checkout:
    """A small checkout in ``root``; `start` runs its dev.py as a user would."""

    root: Path

    def start(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        driver = DRIVER.format(syslibs=str(PROJECT / ".venv/syslibs"))
        return subprocess.run(
            [sys._base_executable, "-c", driver, *arguments],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
        )


def make_checkout(root: Path) -> Checkout:
    shutil.copy(PROJECT / "dev.py", root)
    (root / "requirements.txt").write_text("")
    (root / "requirements-dev.txt").write_text("")
    package = root / "console"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text(MAIN)
    (package / "preflight.py").write_text("")
    return Checkout(root)


def load_dev(root: Path) -> ModuleType:
    """The module dev.py of the checkout in ``root``, with all its paths there."""
    spec = importlib.util.spec_from_file_location("dev_of_a_checkout", root / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return make_checkout(tmp_path)


@pytest.fixture
def dev(checkout: Checkout) -> ModuleType:
    return load_dev(checkout.root)
