"""A real incident log through the real program, against a count that knows only the csv module."""

from __future__ import annotations

import csv
import gzip
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run import SERVICENOW, console, here

STATES = {
    "New": "new",
    "Active": "open",
    "Awaiting User Info": "pending_customer",
    "Awaiting Problem": "pending_internal",
    "Awaiting Vendor": "pending_internal",
    "Awaiting Evidence": "pending_internal",
    "Resolved": "resolved",
    "Closed": "closed",
}
PRIORITIES = {"1 - Critical": "urgent", "2 - High": "high", "3 - Moderate": "normal", "4 - Low": "low"}
FINAL = ("resolved", "closed")
MOMENTS = (
    "2016-02-29T09:42",
    "2016-02-29T12:00",
    "2016-03-01T16:30",
    "2016-03-02T12:33",
    "2016-03-07T15:00",
    "2016-03-24T18:50",
    "2017-03-01T00:00",
)
Incident = dict[str, Any]


def rows() -> list[dict[str, str]]:
    with gzip.open(SERVICENOW, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def time_of(text: str) -> datetime:
    return datetime.strptime(text, "%d-%m-%Y %H:%M").replace(tzinfo=UTC)


def incidents_at(log: list[dict[str, str]], moment: datetime) -> list[Incident]:
    """Every incident opened by then, as the last of its updates says; file order decides within a minute."""
    found: dict[str, Incident] = {}
    in_order = sorted(enumerate(log), key=lambda pair: (time_of(pair[1]["sys_updated_at"]), pair[0]))
    for _place, row in in_order:
        opened = time_of(row["opened_at"])
        if opened > moment:
            continue
        incident = found.setdefault(
            row["number"], {"status": "new", "agent": "", "queue": "", "priority": "none", "opened": opened}
        )
        if time_of(row["sys_updated_at"]) <= moment:
            incident["status"] = STATES[row["incident_state"]]
            incident["agent"] = row["assigned_to"].replace("?", "")
            incident["queue"] = row["assignment_group"].replace("?", "")
            incident["priority"] = PRIORITIES[row["priority"]]
    return list(found.values())


def part(incidents: list[Incident], moment: datetime) -> dict[str, int | None]:
    waiting = [incident["opened"] for incident in incidents if incident["status"] in ("new", "open")]
    return {
        "waiting": len(waiting),
        "in_progress": sum(incident["status"] not in FINAL for incident in incidents),
        "oldest_wait_seconds": int((moment - min(waiting)).total_seconds()) if waiting else None,
    }


def cut(incidents: list[Incident], by: str, moment: datetime) -> dict[str, dict[str, int | None]]:
    groups: dict[str, list[Incident]] = {}
    for incident in incidents:
        if incident["status"] not in FINAL and incident[by]:
            groups.setdefault(incident[by], []).append(incident)
    return {key: part(group, moment) for key, group in groups.items()}


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("servicenow")
    done = console("import", SERVICENOW, "--data-dir", folder, "--time-zone", "UTC", "--json")
    assert (done.data["rows"], done.data["rejected"]) == (5998, 0)
    return folder


def log_of(folder: Path) -> list[tuple[Any, ...]]:
    """The whole log as it lies in the database."""
    connection = sqlite3.connect(f"{(folder / 'console.db').as_uri()}?mode=ro", uri=True)
    try:
        return connection.execute(
            "SELECT ref, kind, at, CASE WHEN name.text IS NULL THEN value END, name.text, event.key "
            "FROM event JOIN ticket ON ticket.id = event.subject LEFT JOIN name ON name.id = value "
            "AND name.dimension = CASE kind WHEN 5 THEN 'agent' WHEN 10 THEN 'queue' END "
            "ORDER BY ref, at, native, event.key"
        ).fetchall()
    finally:
        connection.close()


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_board_at_a_moment_equals_an_independent_count(imported: Path, moment: str) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    incidents = incidents_at(rows(), at)
    report = console("report", "board", "--at", f"{moment}Z", "--json", "--data-dir", imported).data
    total = part(incidents, at)
    statuses = Counter(incident["status"] for incident in incidents)
    assert report["tickets"] == len(incidents)
    assert {key: report[key] for key in total} == total
    assert report["unassigned"] == sum(not i["agent"] and i["status"] not in FINAL for i in incidents)
    for status in ("new", "open", "pending_customer", "pending_internal", "resolved", "closed"):
        assert report[status] == report["by_status"][status] == statuses[status]
    assert report["by_agent"] == cut(incidents, "agent", at)
    assert report["by_queue"] == cut(incidents, "queue", at)
    assert report["by_priority"] == cut(incidents, "priority", at)
    in_progress = [incident for incident in incidents if incident["status"] not in FINAL]
    everything = part(in_progress, at)
    assert report["by_channel"] == ({"phone": everything} if in_progress else {})
    assert report["by_type"] == ({"unclassified": everything} if in_progress else {})


def test_final_values_on_early_rows_do_not_leak(imported: Path) -> None:
    closed_early = here("report", "board", "--at", "2016-02-29T01:20Z", "--json", "--data-dir", imported).data
    assert (closed_early["tickets"], closed_early["new"], closed_early["closed"]) == (1, 1, 0)
    assert closed_early["by_queue"] == {}, "the group is known only from the first update on"


def test_importing_again_changes_nothing(imported: Path, tmp_path: Path) -> None:
    before = log_of(imported)
    again = here("import", SERVICENOW, "--data-dir", imported, "--time-zone", "UTC", "--json")
    assert again.data["new_events"] == 0
    assert log_of(imported) == before


def write(path: Path, log: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(log[0]))
        writer.writeheader()
        writer.writerows(log)
    return path


def test_a_log_that_grew_adds_only_what_is_new(imported: Path, tmp_path: Path) -> None:
    """Three exports, each with all updates until a day; the early ones do not know yet how the incidents end."""
    log = rows()
    folder = tmp_path / "data"
    for day in (datetime(2016, 3, 1, 9, tzinfo=UTC), datetime(2016, 3, 7, 15, tzinfo=UTC)):
        known = [dict(row) for row in log if time_of(row["sys_updated_at"]) <= day]
        for row in known:
            if time_of(row["closed_at"]) > day:
                row.update(closed_at="?", resolved_at="?", resolved_by="?", closed_code="?")
        here("import", write(tmp_path / "part.csv", known), "--data-dir", folder, "--time-zone", "UTC")
    here("import", SERVICENOW, "--data-dir", folder, "--time-zone", "UTC")
    assert log_of(folder) == log_of(imported)


def test_the_order_of_the_incidents_in_the_file_does_not_matter(imported: Path, tmp_path: Path) -> None:
    """By time instead of by incident, which puts the one update that stands too late in its place."""
    log = sorted(rows(), key=lambda row: time_of(row["sys_updated_at"]))
    folder = tmp_path / "data"
    here("import", write(tmp_path / "by-time.csv", log), "--data-dir", folder, "--time-zone", "UTC")
    for moment in ("2016-02-29T11:05Z", "2016-02-29T11:30Z", "2016-03-04T00:00Z"):
        words = ("report", "board", "--at", moment, "--json", "--data-dir")
        assert here(*words, folder).data == here(*words, imported).data


def test_any_order_of_rows_gives_the_state_of_the_latest(tmp_path: Path) -> None:
    """Where no two updates of an incident fall into one minute, even a shuffled file says the same."""
    log = rows()[:400]
    minutes = Counter((row["number"], row["sys_updated_at"]) for row in log)
    log = [row for row in log if minutes[row["number"], row["sys_updated_at"]] == 1]
    random.Random(7).shuffle(log)
    folder = tmp_path / "data"
    here("import", write(tmp_path / "shuffled.csv", log), "--data-dir", folder, "--time-zone", "UTC")
    for moment in ("2016-02-29T12:00", "2016-03-01T00:00", "2016-03-03T10:30"):
        at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        report = here("report", "board", "--at", f"{moment}Z", "--json", "--data-dir", folder).data
        incidents = incidents_at(log, at)
        assert report["by_agent"] == cut(incidents, "agent", at)
        assert report["by_queue"] == cut(incidents, "queue", at)
        assert {key: report[key] for key in part(incidents, at)} == part(incidents, at)


def test_times_without_zone_are_read_in_the_asked_one(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    part_of_log = write(tmp_path / "few.csv", rows()[:4])
    done = here("import", part_of_log, "--data-dir", folder, "--time-zone", "Asia/Shanghai")
    assert "Asia/Shanghai" in done.out
    opened = datetime(2016, 2, 29, 1, 16, tzinfo=UTC) - timedelta(hours=8)
    report = here("report", "board", "--at", "2016-02-29T01:17+08:00", "--json", "--data-dir", folder).data
    assert (report["waiting"], report["oldest_wait_seconds"]) == (1, 60)
    assert report["as_of"] == (opened + timedelta(minutes=1)).isoformat()
