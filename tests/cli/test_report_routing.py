"""``console report routing``: the documented keys, a file of rules, the check of one's own decisions (R-ROUTE)."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.clock import MINUTE
from console.engine import Engine
from console.models.domain.attributes import pack
from console.models.domain.contacts import Channel, InquiryType, Role, Status
from console.models.domain.events import Event, Kind, Origin
from tests.cli.run import console, here

NINE = 1_772_442_000_000_000  # 2026-03-02T09:00Z
SPAN = ("--from", "2026-03-02T09:00Z", "--to", "2026-03-02T17:00Z", "--time-zone", "UTC")
RULES = (
    '[routing]\nrules = [{name = "Pay", types = ["billing_payment"], to_queues = ["Payment"], widen_after = "off"}]\n'
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten payment questions that the source gives to somebody who has to pass them on."""
    path = tmp_path_factory.mktemp("routing")
    events: list[Event] = []

    def tell(kind: Kind, subject: str, at: int, actor: str = "", name: str = "", value: int = 0, **more) -> None:  # type: ignore[no-untyped-def]
        role = Role.AGENT if actor else Role.SYSTEM
        events.append(Event(kind, subject, at, len(events), len(events), actor, role, value, name, **more))

    for agent, queues in (("Li", ["General"]), ("Mei", ["General", "Payment"])):
        tell(Kind.AGENT_LOGIN, agent, NINE, agent, value=4, detail={"skills": queues, "team": "A"})
    for number in range(10):
        ticket, at = f"T{number}", NINE + (number + 1) * 10 * MINUTE
        born = pack(channel=Channel.WEB_CHAT, type=InquiryType.BILLING_PAYMENT, status=Status.OPEN)
        tell(Kind.CREATED, ticket, at, name="General", value=born)
        tell(Kind.ASSIGNED, ticket, at + MINUTE, name="Li")
        tell(Kind.TRANSFERRED, ticket, at + 2 * MINUTE, "Li", "Mei")
        tell(Kind.QUEUE_CHANGED, ticket, at + 2 * MINUTE, "Li", "Payment")
        tell(Kind.ASSIGNED, ticket, at + 2 * MINUTE, "Li", "Mei")
        tell(Kind.STATUS_CHANGED, ticket, at + 5 * MINUTE, "Mei", value=Status.RESOLVED)
    with Engine(path) as engine:
        assert engine.intake.submit("desk", events, origin=Origin.IMPORT).wait(30)
    return path


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rules") / "rules.toml"
    path.write_text(RULES, "utf-8")
    return path


def test_specialists_get_what_only_they_can_solve(folder: Path, rules: Path) -> None:
    told = here("report", "routing", *SPAN, "--rules", rules, "--json", "--data-dir", folder).data
    words = {word.strip(",:;()") for word in console("report", "routing", "--help").out.split()}
    assert set(told) | set(told["recorded"]) <= words
    assert (told["contacts"], told["decisions"], told["seed"]) == (10, 10, 1)
    was, now = told["recorded"], told["replayed"]
    assert (was["transfers"], now["transfers"]) == (10, 0)
    assert (was["by_agent"], now["by_agent"]) == ({"Li": 10, "Mei": 10}, {"Mei": 10, "Li": 0})
    assert (was["wait_mean_seconds"], now["wait_mean_seconds"]) == (60.0, 0.0)
    assert "100%" in told["summary"]


def test_the_report_for_people_and_the_seed(folder: Path, rules: Path) -> None:
    text = here("report", "routing", *SPAN, "--rules", rules, "--data-dir", folder).out
    assert "fewer transfers" in text
    assert "Mei" in text
    one = here("report", "routing", *SPAN, "--seed", "7", "--json", "--data-dir", folder).data
    assert one == here("report", "routing", *SPAN, "--seed", "7", "--json", "--data-dir", folder).data
    assert one["seed"] == 7


def test_a_log_without_decisions_of_ours_comes_out_as_it_was(folder: Path) -> None:
    told = here("report", "routing", *SPAN, "--as-it-was", "--json", "--data-dir", folder).data
    assert (told["exact"], told["recorded"], told["replayed"], told["told"]) == (True, 0, 0, 0)


def test_what_cannot_be_asked(folder: Path, rules: Path, tmp_path: Path) -> None:
    backwards = ("--from", "2026-03-03T00:00Z", "--to", "2026-03-02T00:00Z")
    assert "starts" in console("report", "routing", *backwards, "--data-dir", folder, code=2).err
    both = ("--as-it-was", "--rules", str(rules))
    assert "--rules" in console("report", "routing", *SPAN, *both, "--data-dir", folder, code=2).err
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('[routing]\nrules = [{name = "Pay", types = ["money"], to_teams = ["A"]}]\n', "utf-8")
    ended = console("report", "routing", *SPAN, "--rules", wrong, "--data-dir", folder, code=None)
    assert ended.code != 0
    assert "routing.rules[1].types[1]" in ended.err
