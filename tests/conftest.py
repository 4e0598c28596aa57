"""What every test gets: an offscreen Qt, its own folders, a fixed language, place and time, and a watch for leaks."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest

import dev
from console import clock as clocks
from console import i18n, preflight
from console.invocation import STARTED_AS

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if "PYTEST_XDIST_WORKER" not in os.environ:
    if _missing := preflight.missing_libraries():  # before pytest-qt imports Qt and fails with an internal error
        pytest.exit(preflight.remedy(_missing), returncode=3)
    dev.build_catalogues()

from tests import leaks  # imports Qt, so only after the look at its libraries

leaks.install()

MORNING = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # a Monday

# The suite tries the same cases every time: what was green stays green until the code changes. The long run looks on.
hypothesis.settings.register_profile("suite", max_examples=60, deadline=None, print_blob=True, derandomize=True)
hypothesis.settings.register_profile("long", max_examples=2_000, deadline=None, print_blob=True)
hypothesis.settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--approve-golden",
        action="store_true",
        help="take what the screens look like now as what they should look like",
    )


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """Fail a test that leaves a thread, a timer or a pool job behind, and say where it was made."""
    watch = leaks.Watch()
    yield
    left = watch.left_running()
    if left:
        pytest.fail("left running: " + "; ".join(left), pytrace=False)


@pytest.fixture(autouse=True)
def fresh_surroundings(nothing_left_running: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the test its own home with data, state and configuration folders, UTC and English; yields the home.

    The home's path is short, because the path of a local socket may have about 100 characters only.
    """
    home = Path(tempfile.mkdtemp(prefix="home-"))
    for name in ("data", "state", "config", "cache", "runtime"):
        folder = home / name
        folder.mkdir(mode=0o700)
        monkeypatch.setenv("XDG_RUNTIME_DIR" if name == "runtime" else f"XDG_{name.upper()}_HOME", str(folder))
    for name, value in {"HOME": str(home), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC"}.items():
        monkeypatch.setenv(name, value)
    # No test touches the keyring of whoever runs it.
    monkeypatch.delenv(STARTED_AS, raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.delenv("LANGUAGE", raising=False)
    if hasattr(time, "tzset"):
        time.tzset()
    i18n.use("en")
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def clock() -> clocks.FixedClock:
    """A clock that stands at 09:30 UTC on a Monday and moves when told."""
    return clocks.FixedClock(clocks.micros(MORNING))
