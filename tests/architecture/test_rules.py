"""Rules of the house that no linter knows, read from the source itself."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]

# name -> why it must not be used in console/
FORBIDDEN_NAMES = {
    "processEvents": "it re-enters the program from any place; long work belongs in `views.ops`",
    "QSortFilterProxyModel": "a filter takes seconds on a large board; filter and sort in the model's own index",
    "QStandardItem": "one object per cell does not scale; write an adapter over the columns",
    "QStandardItemModel": "one object per cell does not scale; write an adapter over the columns",
    "NotImplementedError": "what is not there is not declared",
}
# Reading the machine's wall clock; only `console.clock` may.
WALL_CLOCK = {
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
    ("QDateTime", "currentDateTime"),
    ("QDateTime", "currentDateTimeUtc"),
    ("QDateTime", "currentMSecsSinceEpoch"),
    ("QDate", "currentDate"),
    ("QTime", "currentTime"),
}
HEX_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def names_used(source: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME:
            yield token.start[0], token.string


def wall_clock_reads(source: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", "")
            if (owner, node.attr) in WALL_CLOCK:
                yield node.lineno, f"{owner}.{node.attr}"


def hex_colours(source: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for found in HEX_COLOUR.findall(node.value):
                yield node.lineno, found


def places(found: Iterator[tuple[int, str]], path: Path) -> list[str]:
    return [f"{path.relative_to(PROJECT)}:{line} {what}" for line, what in found]


def sources(folder: str) -> list[Path]:
    paths = sorted((PROJECT / folder).rglob("*.py"))
    assert paths
    return paths


@pytest.mark.parametrize("name", FORBIDDEN_NAMES)
def test_names_that_the_console_does_not_use(name: str) -> None:
    found = [
        place
        for path in sources("console")
        for place in places(((line, word) for line, word in names_used(path.read_text()) if word == name), path)
    ]
    assert found == [], FORBIDDEN_NAMES[name]


def test_only_the_clock_reads_the_machine_s_time() -> None:
    found = [
        place
        for path in sources("console")
        if path != PROJECT / "console/clock.py"
        for place in places(wall_clock_reads(path.read_text()), path)
    ]
    assert found == [], "take the injected Clock instead"


def test_colours_have_names_outside_the_theme() -> None:
    theme = PROJECT / "console/views/theme"
    found = [
        place
        for path in sources("console")
        if theme not in path.parents
        for place in places(hex_colours(path.read_text()), path)
    ]
    assert found == [], "take a semantic colour of the theme"


@pytest.mark.parametrize("folder", ["console", "tests", "benchmarks"])
def test_nothing_is_left_for_later(folder: str) -> None:
    found = [
        f"{path.relative_to(PROJECT)}:{number}"
        for path in sorted((PROJECT / folder).rglob("*.py"))
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert found == []


def test_tests_wait_for_events_and_never_sleep() -> None:
    found = [
        f"{path.relative_to(PROJECT)}:{node.lineno}"
        for path in sources("tests")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "sleep" and getattr(node.value, "id", "") == "time"
    ]
    assert found == [], "wait for the event itself (qtbot.waitSignal, Event.wait, join)"


def test_the_rules_see_what_they_are_made_for() -> None:
    source = 'import time\nx = time.time()\nself.datetime.now()\ny = "#ff00aa"\nz = "R-1 #4 of"\napp.processEvents()\n'
    assert [what for _, what in wall_clock_reads(source)] == ["time.time", "datetime.now"]
    assert list(hex_colours(source)) == [(4, "#ff00aa")]
    assert (6, "processEvents") in list(names_used(source))
    assert (1, "processEvents") not in list(names_used("# processEvents\n"))
