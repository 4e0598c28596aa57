"""``report sla`` on a real incident log, clock by clock against a computation that knows only csv and datetime.

Three tickets by hand, all of priority 3 (24 h). The log's times are UTC; Shanghai is 8 hours ahead, so the office is
open 01:00-04:00 and 05:00-10:00 UTC from Monday to Friday, 8 hours a day.

INC0000045: opened Mon 29-02 01:16, resolved 08:53 (and told again as resolved at 11:29, which changes nothing).
  24x7:   due Tue 01:16. Margin from 08:53: 16 h 23 min = 58,980 s. Met.
  office: Mon 01:16-04:00 and 05:00-10:00 make 7 h 44 min, with Tue and Wed 23 h 44 min; the rest is Thu 01:00-01:16.
          Due Thu 03-03 01:16. Margin 2 d 16 h 23 min = 231,780 s. Met.

INC0000047: opened Mon 29-02 04:40 in the lunch break, awaiting the user from Tue 01-03 09:14, resolved Tue 09:52.
  24x7:   due Tue 04:40, before the pause. Margin from 09:52: -5 h 12 min = -18,720 s. Breached.
  office: Mon 5 h, Tue 01:00-04:00 and 05:00-09:14 7 h 14 min: 12 h 14 min used, 11 h 46 min left. The pause ends with
          the resolution at 09:52: Tue 8 min, Wed 8 h, Thu 01:00-04:00 3 h and 05:00-05:38 38 min.
          Due Thu 03-03 05:38. Margin 1 d 19 h 46 min = 157,560 s. Met.

INC0000074: opened Mon 29-02 08:23, awaiting the user from 08:38 until it was resolved on Mon 11-04 14:39.
  24x7:   15 min used, 23 h 45 min left from 14:39: due Tue 12-04 14:24. Margin 85,500 s. Met.
  office: 15 min used; the office is closed at 14:39; Tue 8 h, Wed 8 h, Thu 3 h and 05:00-09:45 4 h 45 min.
          Due Thu 14-04 09:45. Margin 2 d 19 h 6 min = 241,560 s. Met.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run import SERVICENOW, console, here

HOURS = {"1": 4, "2": 8, "3": 24, "4": 48}
RESOLUTION = """
[resolution.priority]
urgent = "4 h"
high = "8 h"
normal = "24 h"
low = "48 h"

[clocks.paused_by]
resolution = ["pending_customer"]
"""
ALWAYS = '[clocks.time]\nresolution = "wall"\n' + RESOLUTION
WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
OFFICE = (
    '[calendar]\ntime_zone = "Asia/Shanghai"\nholidays = "none"\n[calendar.week]\n'
    + "".join(f'{day} = ["09:00-12:00", "13:00-18:00"]\n' for day in WORKDAYS)
    + "saturday = []\nsunday = []\nmakeup = []\n"
    + '[clocks.time]\nresolution = "business"\n'
    + RESOLUTION
)
POLICIES = {"always": ALWAYS, "office": OFFICE}
SHANGHAI_AHEAD = timedelta(hours=8)
Span = tuple[datetime, datetime]
Opens = Callable[[datetime, datetime], Iterator[Span]]


def round_the_clock(start: datetime, end: datetime) -> Iterator[Span]:
    yield start, end


def office_hours(start: datetime, end: datetime) -> Iterator[Span]:
    """The office's open time between two instants, day by day."""
    day = (start + SHANGHAI_AHEAD).replace(hour=0, minute=0)
    while day - SHANGHAI_AHEAD < end:
        for first, last in ((9, 12), (13, 18)) if day.weekday() < 5 else ():
            low = max(start, day + timedelta(hours=first) - SHANGHAI_AHEAD)
            high = min(end, day + timedelta(hours=last) - SHANGHAI_AHEAD)
            if low < high:
                yield low, high
        day += timedelta(days=1)


OPENS: dict[str, Opens] = {"always": round_the_clock, "office": office_hours}


def time_of(text: str) -> datetime:
    return datetime.strptime(text, "%d-%m-%Y %H:%M").replace(tzinfo=UTC)


def incidents() -> dict[str, list[dict[str, str]]]:
    """The updates of each incident in the order of time; the file decides within a minute."""
    found: dict[str, list[dict[str, str]]] = {}
    with gzip.open(SERVICENOW, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["number"], []).append(row)
    return {number: sorted(rows, key=lambda row: time_of(row["sys_updated_at"])) for number, rows in found.items()}


def told(rows: list[dict[str, str]]) -> tuple[list[tuple[datetime, bool]], datetime | None, str]:
    """From when on the clock went or rested, when it was stopped for good, and the priority that it then had."""
    opened = time_of(rows[0]["opened_at"])
    still: list[tuple[datetime, bool]] = [(opened, False)]
    stopped: datetime | None = None
    priority = ""
    for row in rows:
        # Some rows were written before the incident is said to have been opened.
        at, state = max(opened, time_of(row["sys_updated_at"])), row["incident_state"]
        final = state in ("Resolved", "Closed")
        if final and stopped:
            continue
        stopped, priority = at if final else None, row["priority"][0]
        still.append((at, final or state == "Awaiting User Info"))
    return still, stopped, priority


def spent(left: timedelta, spans: Iterator[Span]) -> tuple[datetime | None, timedelta]:
    """The first instant at which nothing is left, or what is left after all spans."""
    for low, high in spans:
        if high - low >= left:
            return low + left, timedelta()
        left -= high - low
    return None, left


def resolution_of(rows: list[dict[str, str]], as_of: datetime, opens: Opens) -> dict[str, Any] | None:
    """What the resolution clock of one incident must look like at a moment."""
    opened = time_of(rows[0]["opened_at"])
    rows = [row for row in rows if time_of(row["sys_updated_at"]) <= as_of]
    if not rows or opened > as_of:
        return None  # without an update nothing is known of the priority
    still, stopped, priority = told(rows)
    pieces = zip(still, [at for at, _rests in still[1:]] + [as_of], strict=True)
    went = (span for (start, rests), end in pieces if not rests for span in opens(start, end))
    due, left = spent(timedelta(hours=HOURS[priority]), went)
    end, rests = stopped or as_of, still[-1][1]
    if due is None and (stopped or not rests):
        due, _none = spent(left, opens(end, end + timedelta(days=60)))
    margin = due - end if due else left
    waits = "paused" if rests else "running"
    return {
        "started_at": opened,
        "due_at": due,
        "stopped_at": stopped,
        "state": "breached" if margin < timedelta() else "met" if stopped else waits,
        "margin_seconds": int(margin.total_seconds()),
    }


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("servicenow")
    here("import", SERVICENOW, "--data-dir", folder, "--time-zone", "UTC", "--json")
    for name, text in POLICIES.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def report(folder: Path, policy: str, *words: str) -> Any:
    place = ("--data-dir", folder, "--policy", folder / f"{policy}.toml", "--time-zone", "UTC")
    return here("report", "sla", *words, "--json", *place).data


def resolutions(data: Any) -> dict[str, dict[str, Any]]:
    """The resolution clocks by ticket, their times as times."""
    found: dict[str, dict[str, Any]] = {}
    for clock in data["clocks"]:
        if clock["clock"] == "resolution":
            assert clock["ticket"] not in found, "re-opening goes on with the same clock"
            found[clock["ticket"]] = {
                key: datetime.fromisoformat(clock[key]) if key.endswith("_at") and clock[key] else clock[key]
                for key in ("started_at", "due_at", "stopped_at", "state", "margin_seconds")
            }
    return found


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("moment", ["2016-03-02T12:33", "2016-03-07T15:00", "2016-04-06T15:30", "2017-03-01T00:00"])
def test_every_resolution_clock_equals_an_independent_computation(imported: Path, policy: str, moment: str) -> None:
    as_of = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    data = report(imported, policy, "--from", "2016-01-01T00:00", "--to", moment)
    expected = {number: resolution_of(rows, as_of, OPENS[policy]) for number, rows in incidents().items()}
    wanted = {number: clock for number, clock in expected.items() if clock and clock["started_at"] < as_of}
    assert resolutions(data) == wanted
    states = Counter(clock["state"] for clock in wanted.values())
    totals = data["totals"]["resolution"]
    assert {state: totals[state] for state in ("met", "breached", "running", "paused")} == {
        state: states[state] for state in ("met", "breached", "running", "paused")
    }
    assert totals["started"] == len(wanted)
    assert totals["compliance"]["numerator"] == states["met"]
    assert totals["compliance"]["denominator"] == states["met"] + states["breached"]
    assert len(wanted) > 100, "the log has many tickets at each of these moments"


HAND = {
    "always": {
        "INC0000045": ("2016-03-01T01:16", "2016-02-29T08:53", "met", 58_980),
        "INC0000047": ("2016-03-01T04:40", "2016-03-01T09:52", "breached", -18_720),
        "INC0000074": ("2016-04-12T14:24", "2016-04-11T14:39", "met", 85_500),
    },
    "office": {
        "INC0000045": ("2016-03-03T01:16", "2016-02-29T08:53", "met", 231_780),
        "INC0000047": ("2016-03-03T05:38", "2016-03-01T09:52", "met", 157_560),
        "INC0000074": ("2016-04-14T09:45", "2016-04-11T14:39", "met", 241_560),
    },
}


@pytest.mark.parametrize("policy", POLICIES)
def test_three_tickets_worked_by_hand(imported: Path, policy: str) -> None:
    found = resolutions(report(imported, policy, "--to", "2017-01-01T00:00"))
    for ticket, (due, stopped, state, margin) in HAND[policy].items():
        clock = found[ticket]
        assert clock["due_at"] == datetime.fromisoformat(due).replace(tzinfo=UTC)
        assert clock["stopped_at"] == datetime.fromisoformat(stopped).replace(tzinfo=UTC)
        assert (clock["state"], clock["margin_seconds"]) == (state, margin)


def test_the_rule_and_the_pauses_are_named(imported: Path) -> None:
    data = report(imported, "office", "--to", "2017-01-01T00:00")
    clock = next(c for c in data["clocks"] if c["ticket"] == "INC0000047" and c["clock"] == "resolution")
    assert clock["rule"] == "R-CLOCK normal"
    assert clock["pauses"] == [{"from": "2016-03-01T09:14:00+00:00", "to": "2016-03-01T09:52:00+00:00"}]
    assert (clock["target_seconds"], clock["elapsed_seconds"]) == (24 * 3600, 12 * 3600 + 14 * 60)


def test_neighbouring_spans_count_each_clock_once(imported: Path) -> None:
    middle = "2016-03-02T00:00"
    whole = report(imported, "always", "--from", "2016-01-01T00:00", "--to", "2017-01-01T00:00")
    first = report(imported, "always", "--from", "2016-01-01T00:00", "--to", middle)
    second = report(imported, "always", "--from", middle, "--to", "2017-01-01T00:00")
    parts = [
        {(clock["ticket"], clock["clock"], clock["started_at"]) for clock in part["clocks"]}
        for part in (first, second, whole)
    ]
    assert not parts[0] & parts[1]
    assert parts[0] | parts[1] == parts[2]


def test_without_a_file_the_site_s_own_policy_decides(imported: Path) -> None:
    site = imported / "policy.toml"
    site.write_text(ALWAYS, encoding="utf-8")
    words = ("--to", "2017-01-01T00:00", "--data-dir", imported, "--time-zone", "UTC")
    try:
        own = here("report", "sla", "--json", *words).data
    finally:
        site.unlink()
    given = here("report", "sla", "--json", *words, "--policy", imported / "always.toml").data
    assert own == given
    assert own["totals"]["resolution"]["started"] > 0


def test_re_opening_can_start_another_clock(imported: Path, tmp_path: Path) -> None:
    policy = tmp_path / "again.toml"
    policy.write_text(ALWAYS + '[clocks]\nreopening = "again"\n', encoding="utf-8")
    words = ("--to", "2017-01-01T00:00", "--policy", policy, "--data-dir", imported, "--time-zone", "UTC")
    data = here("report", "sla", "--json", *words).data
    mine = [c for c in data["clocks"] if c["ticket"] == "INC0001155" and c["clock"] == "resolution"]
    assert [clock["stopped_at"] for clock in mine] == ["2016-04-06T14:13:00+00:00", "2016-04-25T09:43:00+00:00"]
    assert mine[1]["started_at"] == "2016-04-07T06:58:00+00:00"


def test_the_text_says_how_many_of_how_many(imported: Path) -> None:
    words = ("--from", "2016-01-01T00:00", "--to", "2017-01-01T00:00", "--data-dir", imported, "--lang", "en")
    text = console("report", "sla", *words, "--policy", imported / "always.toml", "--time-zone", "UTC").out
    line = next(line for line in text.splitlines() if line.startswith("resolution"))
    assert line.split()[2] == "890"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--from", "2017-01-01T00:00", "--to", "2016-01-01T00:00"), "before it starts"),
        (("--from", "soon"), "not a time"),
    ],
)
def test_a_span_that_cannot_be_is_refused(imported: Path, words: tuple[str, ...], told: str) -> None:
    refused = here("report", "sla", *words, "--data-dir", imported, "--lang", "en", code=2)
    assert told in refused.err


def test_a_year_without_holidays_is_asked_for(imported: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("[2015]\noff = [2015-01-01]\n", encoding="utf-8")
    policy = tmp_path / "policy.toml"
    policy.write_text(OFFICE.replace('"none"', '"mine.toml"'), encoding="utf-8")
    words = ("--policy", policy, "--data-dir", imported, "--time-zone", "UTC", "--lang", "en")
    refused = here("report", "sla", "--to", "2017-01-01T00:00", *words, code=1)
    assert "2016" in refused.err
    assert "mine.toml" in refused.err
