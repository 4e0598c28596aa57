"""Every key of the policy: removed or damaged it is named with its line; overridden it holds; shown it loads again."""

from __future__ import annotations

import pickle
import tomllib
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console import paths
from console.clock import HOUR, MINUTE
from console.models.domain.complaints import Owner
from console.models.domain.contacts import Channel, ComplaintTier
from console.models.policy import document, policy, reading, showing
from console.models.policy.kinds import Wrong
from console.models.policy.positions import locate
from console.models.policy.schema import BY_PATH, KEYS, ORDERS

DEFAULT = paths.resource("policy/default.toml").read_text(encoding="utf-8")
LINES = DEFAULT.split("\n")
TABLES = ("calendar.week", "calendar.exceptions", "complaints.rates")
ONE_LINERS = [key.path for key in KEYS if key.path not in TABLES]
NONSENSE = "{ nonsense = 1 }"


def line_of(path: str) -> int:
    """The line of a key in the shipped policy, found by reading it like a person: its header, then its word."""
    table, _, word = path.rpartition(".")
    start = LINES.index(f"[{table}]")
    return next(number for number in range(start + 1, len(LINES)) if LINES[number].split(" = ")[0] == word) + 1


def problems(text: str, *, complete: bool) -> tuple[document.Problem, ...]:
    return reading.check(document.parse(text, "policy.toml"), complete=complete)[1]


def written(text: str, path: Path) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def changed(line: int, new: str) -> str:
    return "\n".join([*LINES[: line - 1], new, *LINES[line:]])


@pytest.mark.parametrize("path", ONE_LINERS)
def test_a_removed_key_is_named_with_the_line_of_its_table(path: str) -> None:
    (problem,) = problems(changed(line_of(path), ""), complete=True)
    assert (problem.key, problem.what) == (path, "it is missing")
    assert LINES[problem.line - 1] == f"[{path.rpartition('.')[0]}]"


@pytest.mark.parametrize("path", ONE_LINERS)
def test_a_damaged_key_is_named_with_its_line_and_column(path: str) -> None:
    line, word = line_of(path), path.rpartition(".")[2]
    (problem,) = problems(changed(line, f"{word} = {NONSENSE}"), complete=True)
    assert (problem.key, problem.line, problem.column) == (path, line, len(f"{word} = ") + 1)
    assert problem.write


@pytest.mark.parametrize("path", ONE_LINERS)
def test_a_key_without_quotes_or_value_is_named_with_its_line(path: str) -> None:
    line, word = line_of(path), path.rpartition(".")[2]
    (problem,) = problems(changed(line, f"{word} = 20 s"), complete=True)
    assert (problem.key, problem.line) == (path, line)


@given(st.sampled_from(ONE_LINERS), st.sampled_from(ONE_LINERS), st.booleans())
def test_all_that_is_wrong_is_told_not_only_the_first(one: str, other: str, is_first_broken: bool) -> None:
    text = changed(line_of(one), f"{one.rpartition('.')[2]} = {'20 s' if is_first_broken else NONSENSE}").split("\n")
    text[line_of(other) - 1] = f"{other.rpartition('.')[2]} = {NONSENSE}"
    found = problems("\n".join(text), complete=True)
    assert {problem.key for problem in found} == {one, other}
    assert [problem.line for problem in found] == sorted({line_of(one), line_of(other)})


@given(st.sampled_from(ONE_LINERS), st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=12))
def test_an_unknown_key_is_refused_at_its_place(path: str, word: str) -> None:
    table = path.rpartition(".")[0]
    if f"{table}.{word}" in BY_PATH or any(name.startswith(f"{table}.{word}.") for name in BY_PATH):
        return
    (problem,) = problems(f"\n[{table}]\n  {word} = 1\n", complete=False)
    assert (problem.key, problem.line, problem.column) == (f"{table}.{word}", 3, 3)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("[calender]\ntime_zone = 'UTC'", "Did you mean calendar?"),
        ("[complaints]\nplan_whithin = '1 h'", "Did you mean complaints.plan_within?"),
        ("[escalation]\nthreshold = '5 min'", "Did you mean agent_slow.threshold?"),
        ("xyzzy = 1", "Take it out."),
        ("freshness = 3", "Write [freshness] and its keys under it."),
    ],
)
def test_an_unknown_key_comes_with_the_nearest_known_one(text: str, hint: str) -> None:
    (problem,) = problems(text, complete=False)
    assert problem.write == hint


def test_the_exact_place_inside_a_list_and_a_table() -> None:
    found = problems(
        '[calendar]\npeak_workdays = ["09:00-12:00",\n  "noon"]\n[calendar.exceptions]\n"2026-10-01" = ["9-12"]\n'
        '"2026-13-01" = []\n',
        complete=False,
    )
    assert [(problem.key, problem.line, problem.column) for problem in found] == [
        ("calendar.peak_workdays[2]", 3, 3),
        ("calendar.exceptions.2026-10-01[1]", 5, 17),
    ]
    (date,) = problems('[calendar.exceptions]\n"2026-13-01" = []\n', complete=False)
    assert (date.key, date.line) == ("calendar.exceptions.2026-13-01", 2)


def test_every_key_is_in_the_shipped_file_with_its_rule_above_it() -> None:
    entries = policy.default_entries()
    assert list(entries) == [key.path for key in KEYS]
    missing = []
    for key in KEYS:
        table = key.path if key.path in TABLES else key.path.rpartition(".")[0]
        start = LINES.index(f"[{table}]")
        end = line_of(key.path) if key.path not in TABLES else len(LINES)
        if not any(key.rule in line for line in LINES[start:end] if line.startswith("#")):
            missing.append(f"{key.path}: {key.rule}")
    assert missing == []


@pytest.mark.parametrize(("less", "more"), ORDERS)
def test_values_that_contradict_each_other_are_refused(tmp_path: Path, less: str, more: str) -> None:
    shipped = policy.default_entries()
    table, _, word = less.rpartition(".")
    value = shipped[more].written
    larger = f'"{value.split()[0]}1 {value.split()[1]}"' if isinstance(value, str) else str(value * 10 + 1)
    found = policy.problems_of(written(f"[{table}]\n{word} = {larger}\n", tmp_path / "policy.toml"))
    assert less in {problem.key for problem in found}
    assert {problem.line for problem in found} == {2}


# A value of every kind that differs from the shipped one and contradicts nothing.
OTHERS: dict[str, Any] = {
    "calendar.time_zone": "Asia/Shanghai",
    "calendar.peak_workdays": ["08:00-09:00", "19:00-22:00"],
    "calendar.holidays": "cn",
    "service_level.peak_share": 0.75,
    "clocks.time.stage": "wall",
    "clocks.paused_by.resolution": ["pending_customer", "pending_internal"],
    "first_response.channel.email": "12 h",
    "first_response.emotion.low": "off",
    "resolution.priority.urgent": "4 h",
    "complaints.high_above": 8000.5,
    "complaints.owner.low": "senior_agent",
    "compensation.large.percents": [140, 150, 160],
    "reply_rate.marketplace.enabled": True,
    "escalation.chain": ["lead", "head", 'the "boss"'],
    "escalation.waiting.email": "8 h",
    "platform.wechat.messages": 4,
    "agent_slow.threshold": "4.5 min",
}


def override(chosen: set[str]) -> str:
    rows = []
    for path in sorted(chosen):
        table, _, word = path.rpartition(".")
        rows.append(f"{table}.{word} = {showing.toml_value(OTHERS[path])}")
    return "\n".join(rows)


@given(st.sets(st.sampled_from(sorted(OTHERS))))
def test_an_override_changes_its_own_keys_and_no_others(chosen: set[str]) -> None:
    site, found = reading.check(document.parse(override(chosen), "policy.toml"), complete=False)
    shipped = policy.default_entries()
    merged = reading.merge(shipped, site)
    assert found == ()
    assert list(merged) == list(shipped)
    for path, entry in merged.items():
        assert entry.written == (OTHERS[path] if path in chosen else shipped[path].written)


@given(st.sets(st.sampled_from(sorted(OTHERS))))
def test_shown_and_loaded_again_it_is_the_same_policy(
    tmp_path_factory: pytest.TempPathFactory, chosen: set[str]
) -> None:
    folder = tmp_path_factory.mktemp("data")
    written(override(chosen), folder / "policy.toml")
    loaded = policy.load_site(folder)
    again = written(showing.to_toml(loaded.entries), folder / "again.toml")
    assert loaded.problems == ()
    assert policy.same(policy.load(again), loaded.policy)
    assert policy.same(policy.load_over_default(again), loaded.policy)
    assert policy.same(loaded.policy, policy.default()) == (not chosen)


def test_the_tables_of_the_calendar_are_replaced_whole(tmp_path: Path) -> None:
    days = "\n".join(
        f'{day} = ["09:00-12:00", "13:00-18:00"]' for day in ("monday", "tuesday", "wednesday", "thursday")
    )
    week = f'[calendar.week]\n{days}\nfriday = ["22:00-06:00"]\nsaturday = []\nsunday = []\nmakeup = ["09:00-12:00"]\n'
    exceptions = '[calendar.exceptions]\n"2026-10-10" = "monday"\n"2026-10-01" = []\n'
    told = policy.load_over_default(written(week + exceptions, tmp_path / "policy.toml")).targets.calendar
    assert told.week[0] == ((540, 720), (780, 1080))
    assert told.week[4:] == (((1320, 1800),), (), ())
    assert {str(day): periods for day, periods in told.exceptions.items()} == {
        "2026-10-01": (),
        "2026-10-10": told.week[0],
    }
    (problem,) = policy.problems_of(written(week.replace("saturday = []\n", ""), tmp_path / "short.toml"))
    assert (problem.key, problem.line, problem.what) == ("calendar.week.saturday", 1, "it is missing")


def test_a_larger_loss_that_would_get_less_is_refused(tmp_path: Path) -> None:
    (problem,) = policy.problems_of(written("[compensation.middle]\npercents = [120, 130, 190]\n", tmp_path / "p.toml"))
    assert (problem.key, problem.line, problem.column) == ("compensation.middle.percents", 2, 12)
    assert "must not give less" in problem.what


def test_the_shipped_figures_are_those_of_the_rules() -> None:
    told = policy.default()
    high = told.complaints.tiers[ComplaintTier.HIGH]
    assert (high.first_response, high.owner, high.resolution) == (10 * MINUTE, Owner.SUPERVISOR, 4 * HOUR)
    assert str(told.complaints.high_above) == "5\xa0000\xa0CNY"
    assert [band.floor_percent for band in told.compensation.bands] == [110, 120, 130]
    assert str(told.compensation.bands[1].upto) == "200\xa0CNY"
    assert told.escalation.wait_by_channel[Channel.WECHAT] == 30 * MINUTE
    assert told.escalation.wait_by_channel[Channel.EMAIL] == 0
    assert told.escalation.level_timeout == (2 * MINUTE, 5 * MINUTE, 15 * MINUTE)
    assert told.agent_slow.threshold == 5 * MINUTE
    assert told.platform_windows[Channel.WECHAT].messages == 5
    assert told.targets.calendar.always


def test_a_policy_goes_to_other_processes_and_knows_its_equal() -> None:
    told = policy.default()
    assert policy.same(pickle.loads(pickle.dumps(told)), told)
    assert not policy.same(replace(told, peak_share=0.5), told)


@given(
    st.sampled_from(KEYS), st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists)
)
def test_no_value_breaks_the_reading(key: Any, value: Any) -> None:
    with suppress(Wrong):
        key.kind.read(value)


@given(st.recursive(st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_the_place_of_every_key_is_found(value: Any) -> None:
    text = "\n# a = 1\n[ table . 'x.y' ]  # [no]\nnext = 1\n  key = " + toml(value) + "  # end\nlast.one = '''a\nb'''\n"
    assert tomllib.loads(text)["table"]["x.y"]["last"]["one"] == "a\nb"
    places = locate(text)
    line, column = places.values["table", "x.y", "key"].line, places.values["table", "x.y", "key"].column
    assert text.split("\n")[line - 1][column - 1 :].startswith(toml(value).split("\n")[0])
    assert places.keys["table", "x.y", "last", "one"].line == text[: text.index("last.one")].count("\n") + 1


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{showing.toml_value(name)} = {toml(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[\n" + "".join(f"  {toml(inner)}, # ]\n" for inner in value) + "]"
    return showing.toml_value(value)


SPLINTERS = (
    '"',
    '"""',
    "'''",
    "[",
    "]",
    "{",
    "=",
    "#",
    "\n",
    "\\",
    "[[x]]\n",
    "a.b = 1\n",
    "nan",
    "\x00",
    '"p.q"=[{r=1}]\n',
)


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), st.sampled_from(SPLINTERS)), min_size=1, max_size=3))
def test_no_text_breaks_the_reading(splinters: list[tuple[float, int, str]]) -> None:
    text = DEFAULT
    for where, length, splinter in splinters:
        at = int(where * len(text))
        text = text[:at] + splinter + text[at + length :]
    for problem in problems(text, complete=True):
        assert 1 <= problem.line <= text.count("\n") + 1
        assert 1 <= problem.column <= max(map(len, text.split("\n"))) + 1
        assert problem.what
