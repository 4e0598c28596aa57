"""Balance and transfers of a real incident log through the real program, against a recount that knows only the csv
module (R-SKEW, R-TRANSFER)."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from tests.cli.run import SERVICENOW, console, here
from tests.cli.test_servicenow import PRIORITIES, STATES, rows, time_of

AT_ONCE = {"Phone": 1, "Email": 10, "Self service": 10, "Direct opening": 10, "?": 5}
"""The shipped `balance.places` of the channels that the contact types are mapped to."""
QUIET, LONGEST = 30.0, 5.0
"""Minutes of the documented reading of presence and of effort."""
SPANS = (
    ("2016-02-29T00:00", "2016-03-01T00:00"),
    ("2016-03-01T08:00", "2016-03-01T16:00"),
    ("2016-03-02T00:00", "2016-03-03T00:00"),
    ("2016-02-29T00:00", "2016-03-07T00:00"),
)


def minutes_of(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() / 60


@dataclass
class Act:
    """Somebody changed something of an incident."""

    who: str
    incident: str
    at: float
    woken: float
    resolves: bool
    phone: str


@dataclass
class Recount:
    """What the rows say, one after the other. Times are minutes since the epoch."""

    acts: list[Act] = field(default_factory=list)
    moves: list[tuple[str, float, str, str, int, bool]] = field(default_factory=list)
    """Of each change of assignee: incident, time, from, to, which one it is, and whether it is a way back."""

    def read(self) -> None:
        log = sorted(enumerate(rows()), key=lambda pair: (time_of(pair[1]["sys_updated_at"]), pair[0]))
        state: dict[str, tuple[str, ...]] = {}
        woken: dict[str, float] = {}
        had: dict[str, list[str]] = defaultdict(list)
        passed: Counter[str] = Counter()
        channel: dict[str, str] = {}
        for _place, row in log:
            number, opened = row["number"], time_of(row["opened_at"]).timestamp() / 60
            # Some incidents say that they were updated before they were opened: nothing happens before that.
            at = max(time_of(row["sys_updated_at"]).timestamp() / 60, opened)
            now = (
                STATES[row["incident_state"]],
                PRIORITIES[row["priority"]],
                row["assignment_group"],
                row["assigned_to"],
            )
            before = state.get(number)
            if before is None:
                woken[number] = opened
                channel[number] = row["contact_type"]
            if now != before:
                resolves = now[0] == "resolved" and (before is None or before[0] != "resolved")
                who = row["sys_updated_by"]
                self.acts.append(Act(who, number, at, woken[number], resolves, channel[number]))
            owner, former = now[3], before[3] if before else "?"
            if owner not in ("?", former):
                if former != "?":
                    passed[number] += 1
                    self.moves.append((number, at, former, owner, passed[number], owner in had[number]))
                had[number].append(owner)
                woken[number] = at
            state[number] = now
        self.acts.sort(key=lambda act: act.at)

    def staffed(self, begin: float, end: float) -> dict[str, float]:
        """Hours that each was there, read from their acts up to the end."""
        by_person: dict[str, list[float]] = defaultdict(list)
        for act in self.acts:
            if begin - 24 * 60 <= act.at < end:
                by_person[act.who].append(act.at)
        found: dict[str, float] = {}
        for who, times in by_person.items():
            spans, last = [(times[0], times[0])], times[0]
            for at in times[1:]:
                spans.append((spans.pop()[0], at) if at - last <= QUIET else (at, at))
                last = at
            spans = [(first - QUIET / 4, last + QUIET / 4) for first, last in spans]
            there = sum(max(0, min(last, end) - max(first, begin)) for first, last in spans)
            if there:
                found[who] = there / 60
        return found

    def minutes(self, begin: float, end: float) -> dict[str, float | None]:
        """Minutes on the incidents that each resolved; None where the order of two acts in one minute is not known."""
        resolved = {(act.who, act.incident) for act in self.acts if act.resolves and begin <= act.at < end}
        last: dict[str, float] = defaultdict(float)
        spent: dict[str, float | None] = dict.fromkeys({who for who, _incident in resolved}, 0.0)
        for act in self.acts:
            if begin <= act.at < end and act.who in spent:
                if act.at == last[act.who]:
                    spent[act.who] = None
                length = min(act.at - max(act.woken, last[act.who], act.at - LONGEST), LONGEST)
                sofar = spent[act.who]
                if (act.who, act.incident) in resolved and sofar is not None:
                    spent[act.who] = sofar + max(length, 0)
            last[act.who] = act.at
        return spent


@pytest.fixture(scope="module")
def recount() -> Recount:
    made = Recount()
    made.read()
    return made


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("balance")
    here("import", SERVICENOW, "--data-dir", folder, "--time-zone", "UTC", "--json")
    return folder


def curve(load: dict[str, int], capacity: dict[str, float]) -> list[tuple[float, float]]:
    people = sorted(load, key=lambda who: load[who] / capacity[who])
    points, room, work = [(0.0, 0.0)], 0.0, 0.0
    for who in people:
        room, work = room + capacity[who], work + load[who]
        points.append((room / sum(capacity.values()), work / sum(load.values())))
    return points


def top(points: list[tuple[float, float]], part: float) -> float:
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 <= 1 - part <= x1:
            return 1 - (y0 + (y1 - y0) * (1 - part - x0) / (x1 - x0))
    raise AssertionError


@pytest.mark.parametrize(("start", "stop"), SPANS)
def test_the_balance_of_a_span(imported: Path, recount: Recount, start: str, stop: str) -> None:
    begin, end = minutes_of(start), minutes_of(stop)
    told = here("report", "balance", "--from", f"{start}Z", "--to", f"{stop}Z", "--json", "--data-dir", imported).data
    hours = recount.staffed(begin, end)
    handled: dict[str, set[str]] = defaultdict(set)
    channel = {act.incident: act.phone for act in recount.acts}
    for act in recount.acts:
        if act.resolves and begin <= act.at < end:
            handled[act.who].add(act.incident)
    assert set(handled) <= set(hours), "who acts is there"
    assert (told["presence"], told["agents"], told["left_out"]) == ("from_acts", len(hours), [])
    assert told["contacts"] == sum(map(len, handled.values())) > 40
    assert told["staffed_hours"] == pytest.approx(sum(hours.values()), abs=0.01)
    by_agent = {one["agent"]: one for one in told["by_agent"]}
    assert {who: one["contacts"] for who, one in by_agent.items()} == {who: len(handled[who]) for who in hours}
    assert {who: one["staffed_hours"] for who, one in by_agent.items()} == pytest.approx(hours, abs=1e-3)
    usual = Counter(channel[incident] for incidents in handled.values() for incident in incidents)
    places = {}
    for who in hours:
        mix = Counter(channel[incident] for incident in handled[who]) or usual
        places[who] = sum(mix.values()) / sum(count / AT_ONCE[name] for name, count in mix.items())
    assert {who: one["places"] for who, one in by_agent.items()} == pytest.approx(places, abs=1e-3)
    load = {who: len(handled[who]) for who in hours}
    points = curve(load, {who: hours[who] * places[who] for who in hours})
    area = sum((x1 - x0) * (y0 + y1) for (x0, y0), (x1, y1) in pairwise(points))
    assert told["gini"] == pytest.approx(1 - area)
    assert told["top30_share"] == pytest.approx(top(points, 0.3))
    low, high = told["share_interval"]
    assert low < told["top30_share"] < high
    assert 0 < told["p_value"] <= 1
    assert sum(told["causes"]["parts"].values()) == pytest.approx(told["causes"]["excess"])
    spent = {who: time for who, time in recount.minutes(begin, end).items() if time is not None}
    assert len(spent) > 5
    assert {who: by_agent[who]["minutes"] for who in spent} == pytest.approx(spent, abs=0.06)


@pytest.mark.parametrize(("start", "stop"), SPANS)
def test_the_transfers_of_a_span(imported: Path, recount: Recount, start: str, stop: str) -> None:
    begin, end = minutes_of(start), minutes_of(stop)
    told = console(
        "report", "transfers", "--from", f"{start}Z", "--to", f"{stop}Z", "--json", "--data-dir", imported
    ).data
    moves = [move for move in recount.moves if begin <= move[1] < end]
    needless = [move for move in moves if move[4] > 1 or move[5]]
    assert (told["transfers"], told["needless"]) == (len(moves), len(needless))
    assert len(moves) > 0
    assert told["repeated"] == sum(move[4] > 1 for move in moves)
    assert told["transferred_contacts"] == len({move[0] for move in moves})
    listed = [(one["ticket"], one["from"], one["to"]) for one in told["needless_transfers"]]
    assert sorted(listed) == sorted((move[0], move[2], move[3]) for move in needless)
    resolved = {act.incident for act in recount.acts if act.resolves and begin <= act.at < end}
    assert told["contacts"] == len(resolved | {move[0] for move in moves})
    passed_on = {one["agent"]: one["passed_on"] for one in told["by_agent"] if one["passed_on"]}
    assert passed_on == Counter(move[2] for move in moves)
