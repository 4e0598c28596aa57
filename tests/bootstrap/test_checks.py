"""`dev.py test`: every check runs, a failure of any fails the whole, and pytest has the last word."""

from __future__ import annotations

from types import ModuleType

import pytest

TOOLS = ("ruff", "mypy", "lint-imports", "pytest")


@pytest.fixture
def tools(dev: ModuleType) -> ModuleType:
    """Stand-ins for the tools, which print their arguments and succeed."""
    dev.BIN.mkdir(parents=True)
    for name in TOOLS:
        replace(dev, name, 'echo "$(basename $0) got $*"')
    return dev


def replace(dev: ModuleType, name: str, script: str) -> None:
    (dev.BIN / name).write_text(f"#!/bin/sh\n{script}\n")
    (dev.BIN / name).chmod(0o755)


def test_all_checks_run_and_the_closing_line_comes_last(tools: ModuleType, capfd: pytest.CaptureFixture[str]) -> None:
    replace(tools, "pytest", 'echo "...."; echo "4 passed in 1.00s"')
    assert tools.test([]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert [line.split()[1].rstrip(":") for line in lines if line.startswith("== ")] == [
        "style", "format", "types", "contracts", "tests", "total"
    ]  # fmt: skip
    assert [line.split()[1] for line in lines[-6:-1]] == ["ok"] * 5
    assert lines[-1] == "4 passed in 1.00s"


@pytest.mark.parametrize("failing", TOOLS)
def test_a_failure_of_any_check_fails_the_whole_but_hides_no_other(
    tools: ModuleType, capfd: pytest.CaptureFixture[str], failing: str
) -> None:
    replace(tools, failing, "echo bad; exit 2")
    assert tools.test([]) == 1
    out = capfd.readouterr().out
    assert "FAILED" in out
    assert all(f"{name} got" in out for name in TOOLS if name != failing)


def test_pytest_gets_the_arguments_and_the_long_rounds_on_request(
    tools: ModuleType, capfd: pytest.CaptureFixture[str]
) -> None:
    assert tools.test(["-k", "board", "--long"]) == 0
    line = capfd.readouterr().out.splitlines()[-1]
    assert line.endswith("-m long or not long --hypothesis-profile=long -k board")
    assert tools.test(["tests/models"]) == 0
    assert "long" not in capfd.readouterr().out.splitlines()[-1]
