"""The set-up of a checkout: from nothing, the second time, after an interruption, when the lock changes."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from tests.bootstrap.conftest import Checkout


def test_the_first_start_sets_up_and_the_second_goes_straight_on(checkout: Checkout) -> None:
    first = checkout.start("run", "--demo", "word with blanks")
    assert first.stdout == "console got ['--demo', 'word with blanks']\n"
    assert "set-up done" in first.stderr
    second = checkout.start("run", "--fail")
    assert (second.returncode, second.stderr) == (7, "")

    (checkout.root / ".venv/.unfinished").touch()
    (checkout.root / ".venv/half-written").touch()
    third = checkout.start("run")
    assert "starting over" in third.stderr
    assert third.stdout == "console got []\n"
    assert not (checkout.root / ".venv/half-written").exists()

    (checkout.root / "requirements.txt").write_text("# another lock\n")
    fourth = checkout.start("run")
    assert "starting over" not in fourth.stderr
    assert "set-up done" in fourth.stderr


def test_a_set_up_that_fails_is_not_taken_for_done(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_environment() -> None:
        raise dev.SetupError("no pip here")

    monkeypatch.setattr(dev, "make_environment", no_environment)
    assert dev.main(["run"]) == 3
    assert capsys.readouterr().err.endswith(f"dev.py: no pip here (Details: {dev.SETUP_LOG})\n")
    assert dev.UNFINISHED.exists()
    assert not dev.is_ready("run")


def test_what_runs_still_runs_when_the_tools_for_testing_cannot_be_had(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(level: str) -> None:
        raise dev.SetupError("no network")

    dev.PYTHON.parent.mkdir(parents=True)
    dev.PYTHON.touch()
    (dev.VENV / "pyvenv.cfg").write_text("version = {}.{}.0\n".format(*dev.VERSION))
    dev.stamp("run").write_text(dev.fingerprint("run"))
    monkeypatch.setattr(dev, "install_locked_packages", no_network)
    assert dev.main(["test"]) == 3
    assert dev.is_ready("run")


def test_what_can_test_can_run_but_not_the_other_way_round(dev: ModuleType) -> None:
    dev.PYTHON.parent.mkdir(parents=True)
    dev.PYTHON.touch()
    dev.stamp("run").write_text(dev.fingerprint("run"))
    assert dev.is_ready("run")
    assert not dev.is_ready("test")
    dev.stamp("run").unlink()
    dev.stamp("test").write_text(dev.fingerprint("test"))
    assert dev.is_ready("run")
    assert dev.is_ready("test")


def test_an_environment_of_another_python_starts_over(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dev.PYTHON.parent.mkdir(parents=True)
    dev.PYTHON.touch()
    (dev.VENV / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.2.1\n")
    old = dev.VENV / "old"
    old.touch()
    monkeypatch.setattr(dev, "make_environment", lambda: None)
    monkeypatch.setattr(dev, "install_locked_packages", lambda level: None)
    monkeypatch.setattr(dev, "bring_libraries", lambda: None)
    dev.build("run")
    assert "belongs to another Python" in capsys.readouterr().err
    assert not old.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there the lock is not held for children")
def test_a_child_that_outlives_its_killed_set_up_holds_the_next_one_back(dev: ModuleType) -> None:
    dev.VENV.mkdir()
    with dev.only_one_at_a_time():
        code, _ = dev.quietly([sys.executable, "-c", f"import os; os.fstat({dev.held_for_children[0]})"])
    assert code == 0
