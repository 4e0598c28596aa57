"""What a policy file says about clocks."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from console.clock import HOUR, MINUTE
from console.models.domain.clock_targets import ClockName, Reopening, Traits
from console.models.domain.contacts import Channel, ComplaintTier, Priority, Stage, Status
from console.models.policy import policy


def written(folder: Path, text: str) -> Path:
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_figures_are_those_of_the_rules() -> None:
    """R-FRT-CHANNEL, R-CMP-TIER."""
    targets = policy.default().targets
    email = targets.choose(ClockName.FIRST_RESPONSE, Traits(channel=Channel.EMAIL))
    assert email is not None
    assert (email.target, email.name) == (24 * HOUR, "R-FRT-CHANNEL email")
    chat = targets.choose(ClockName.FIRST_RESPONSE, Traits(channel=Channel.WEB_CHAT))
    assert chat is not None
    assert (chat.target, chat.name) == (5 * MINUTE, "R-FRT-CHAT web_chat")
    high = targets.choose(ClockName.FIRST_RESPONSE, Traits(ComplaintTier.HIGH, channel=Channel.EMAIL))
    assert high is not None
    assert (high.target, high.name) == (10 * MINUTE, "R-CMP-TIER high")
    assigned = targets.choose(ClockName.STAGE, Traits(stage=Stage.ASSIGNED))
    assert assigned is not None
    assert (assigned.target, assigned.name) == (2 * HOUR, "R-STAGE assigned")
    assert targets.choose(ClockName.STAGE, Traits(stage=Stage.ARCHIVED)) is None
    assert all(targets.choose(ClockName.RESOLUTION, Traits(priority=priority)) is None for priority in Priority)
    assert targets.paused_by[ClockName.RESOLUTION] == {Status.PENDING_CUSTOMER}
    assert ClockName.PROMISE not in targets.business


def test_a_file_says_only_what_differs(tmp_path: Path) -> None:
    text = '[resolution.priority]\nurgent = "4 h"\n[clocks]\nreopening = "again"\n'
    text += '[first_response.channel]\nemail = "1 h"\n'
    targets = policy.load_over_default(written(tmp_path, text)).targets
    urgent = targets.choose(ClockName.RESOLUTION, Traits(priority=Priority.URGENT))
    email = targets.choose(ClockName.FIRST_RESPONSE, Traits(channel=Channel.EMAIL))
    phone = targets.choose(ClockName.FIRST_RESPONSE, Traits(channel=Channel.PHONE))
    assert urgent is not None
    assert email is not None
    assert phone is not None
    assert [rule.target // MINUTE for rule in (urgent, email)] == [240, 60]
    assert targets.choose(ClockName.RESOLUTION, Traits(priority=Priority.LOW)) is None
    assert targets.reopening is Reopening.AGAIN


def test_a_calendar_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "days.toml").write_text("[2026]\noff = [2026-01-01]\nwork = [2026-01-04]\n", encoding="utf-8")
    text = """
    [calendar]
    time_zone = "Asia/Shanghai"
    holidays = "days.toml"
    [calendar.week]
    monday = ["09:00-12:00", "13:00-18:00"]
    tuesday = []
    wednesday = []
    thursday = []
    friday = ["22:00-06:00"]
    saturday = []
    sunday = ["00:00-24:00"]
    makeup = ["10:00-11:00"]
    [calendar.exceptions]
    "2026-03-04" = []
    "2026-03-05" = ["09:00-12:00"]
    "2026-03-07" = "monday"
    [clocks.time]
    resolution = "business"
    promise = "wall"
    [clocks.paused_by]
    resolution = ["pending_customer", "pending_internal"]
    """
    targets = policy.load_over_default(written(tmp_path, text)).targets
    calendar = targets.calendar
    office = ((540, 720), (780, 1080))
    assert calendar.zone == ZoneInfo("Asia/Shanghai")
    assert calendar.week == (office, (), (), (), ((1320, 1800),), (), ((0, 1440),))
    assert calendar.makeup == ((600, 660),)
    assert calendar.exceptions == {
        date(2026, 3, 4): (),
        date(2026, 3, 5): ((540, 720),),
        date(2026, 3, 7): office,
    }
    assert calendar.holidays is not None
    assert calendar.holidays.work == {date(2026, 1, 4)}
    assert ClockName.RESOLUTION in targets.business
    assert ClockName.PROMISE not in targets.business
    assert targets.paused_by[ClockName.RESOLUTION] == {Status.PENDING_CUSTOMER, Status.PENDING_INTERNAL}
