"""Which policy was in force when, out of what the console told the log."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.clock import MINUTE
from console.models.domain.ports import PolicyTold
from console.models.policy import policy as policies
from console.models.policy.editing import edited, open_site
from console.models.policy.history import InForce, PolicyHistory
from console.models.policy.policy import same
from console.models.policy.rewriting import values_of
from tests.models.live.stored import StoredLog

PRESENT = policies.default()


def history(folder: Path, *told: tuple[int, dict[str, object]]) -> PolicyHistory:
    log = StoredLog()
    log.told_of_policy = [PolicyTold(at, values) for at, values in told]
    return PolicyHistory(log, folder)


def test_a_log_that_tells_of_no_policy_knows_only_the_present(tmp_path: Path) -> None:
    empty = history(tmp_path)
    assert empty.at(5, PRESENT) == InForce(PRESENT, None)
    assert empty.last_values() is None


def test_each_holds_from_its_instant_on_and_the_first_before(tmp_path: Path) -> None:
    minutes = [{"freshness.lost_after": f"{n} min"} for n in (7, 8)]
    known = history(tmp_path, (10, minutes[0]), (20, minutes[1]), (30, {}))
    found = [(known.at(at, PRESENT).policy.lost_after // MINUTE, known.at(at, PRESENT).since) for at in (5, 10, 19, 20)]
    assert found == [(7, 10), (7, 10), (7, 10), (8, 20)]
    assert known.at(30, PRESENT).since == 30
    assert same(known.at(30, PRESENT).policy, policies.default())
    assert known.last_values() == {}


def test_it_is_the_policy_that_the_site_had(tmp_path: Path) -> None:
    """Every form of value on its way through the log, and the site's own file of public holidays."""
    (tmp_path / "days.toml").write_text('years = [2026]\noff = ["2026-10-01"]\nwork = ["2026-10-10"]\n')
    changes = {
        "calendar.holidays": "days.toml",
        "calendar.exceptions": {"2026-10-05": ["09:00-12:00"]},
        "calendar.peak_workdays": ["10:00-11:00"],
        "service_level.peak_share": 0.8,
        "clocks.paused_by.resolution": [],
        "first_response.channel.email": "12 h",
    }
    text = edited(open_site(tmp_path), changes)
    assert text.problems == ()
    (tmp_path / "policy.toml").write_text(text.text)
    site = policies.load_site(tmp_path)
    assert (site.problems, site.document is not None) == ((), True)
    then = history(tmp_path, (1, values_of(text.text))).at(1, PRESENT).policy
    assert same(then, site.policy)
    assert not same(then, PRESENT)


def test_what_is_not_understood_any_more_is_passed_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    known = history(tmp_path, (1, {"moon.phase": 3, "freshness.lost_after": "7 min"}), (2, {"freshness.lost_after": 3}))
    assert known.at(1, PRESENT).policy.lost_after == 7 * MINUTE
    assert known.at(2, PRESENT) == InForce(PRESENT, None)
    assert "moon.phase" in caplog.text
    assert "freshness.lost_after" in caplog.text
