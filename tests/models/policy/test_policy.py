"""The policy: every figure has a rule, and a wrong file says what is wrong and where."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from console import paths
from console.clock import SECOND, micros
from console.models.domain.contacts import Channel, ComplaintTier, Emotion
from console.models.policy import durations, policy

DEFAULT = paths.resource("policy/default.toml").read_text(encoding="utf-8")


def at(text: str) -> int:
    return micros(datetime.fromisoformat(text))


def load(tmp_path: Path, *changes: tuple[str, str]) -> policy.Policy:
    text = DEFAULT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return policy.load(path)


@pytest.mark.parametrize(
    ("channel", "emotion", "complaint", "seconds"),
    [
        (Channel.WEB_CHAT, Emotion.UNKNOWN, ComplaintTier.NONE, 300),
        (Channel.WEB_CHAT, Emotion.HIGH, ComplaintTier.NONE, 30),
        (Channel.EMAIL, Emotion.HIGH, ComplaintTier.NONE, 86_400),
        (Channel.PHONE, Emotion.UNKNOWN, ComplaintTier.NONE, 20),
        (Channel.WEB_CHAT, Emotion.HIGH, ComplaintTier.HIGH, 600),
        (Channel.EMAIL, Emotion.LOW, ComplaintTier.MEDIUM, 1_800),
        (Channel.OTHER, Emotion.UNKNOWN, ComplaintTier.LOW, 7_200),
    ],
)
def test_the_most_specific_rule_decides(
    channel: Channel, emotion: Emotion, complaint: ComplaintTier, seconds: int
) -> None:
    codes = (np.array([code], dtype=np.uint8) for code in (channel, emotion, complaint))
    assert policy.default().response_target(*codes, np.array([False])).tolist() == [seconds * SECOND]


def test_a_customer_who_was_answered_before_waits_for_the_next_response(tmp_path: Path) -> None:
    text = '[next_response.channel]\nemail = "4 h"\n'
    path = tmp_path / "site.toml"
    path.write_text(text, encoding="utf-8")
    email = np.array([Channel.EMAIL], dtype=np.uint8)
    nothing = np.array([0], dtype=np.uint8)
    told = policy.load_over_default(path)
    found = [told.response_target(email, nothing, nothing, np.array([answered])) for answered in (False, True)]
    assert [int(target[0]) // SECOND for target in found] == [24 * 3_600, 4 * 3_600]


def test_peak_windows_differ_by_day_and_zone(tmp_path: Path) -> None:
    shanghai = load(tmp_path, ('time_zone = ""', 'time_zone = "Asia/Shanghai"'))
    peak = {
        "2026-11-20T09:00:00+08:00": True,
        "2026-11-20T08:59:00+08:00": False,
        "2026-11-20T12:00:00+08:00": False,
        "2026-11-22T09:30:00+08:00": False,
        "2026-11-22T10:30:00+08:00": True,
        "2026-11-20T03:59:00+00:00": True,
    }
    instants = np.array([at(text) for text in peak])
    assert {text: shanghai.is_peak(at(text)) for text in peak} == peak
    assert shanghai.service_within(instants).tolist() == [
        (60 if is_peak else 900) * SECOND for is_peak in peak.values()
    ]


def test_the_peak_of_a_workday_follows_the_announced_calendar(tmp_path: Path) -> None:
    """R-PEAK, R-CLOCK: National Day 2026 is no workday, the Saturday after it is one, a closed day is none."""
    told = load(
        tmp_path,
        ('time_zone = ""', 'time_zone = "Asia/Shanghai"'),
        ('holidays = "none"', 'holidays = "cn"'),
        ("[calendar.exceptions]", '[calendar.exceptions]\n"2026-11-20" = []'),
    )
    days = {"2026-10-01": False, "2026-10-10": True, "2026-11-19": True, "2026-11-20": False, "2030-11-19": True}
    assert {day: told.is_peak(at(f"{day}T09:30:00+08:00")) for day in days} == days


def test_midnight_is_local(tmp_path: Path) -> None:
    told = load(tmp_path, ('time_zone = ""', 'time_zone = "Asia/Shanghai"'))
    assert told.midnight_before(at("2026-11-22T23:59:00+00:00")) == at("2026-11-23T00:00:00+08:00")


def test_midnight_on_a_day_that_skips_an_hour(tmp_path: Path) -> None:
    berlin = load(tmp_path, ('time_zone = ""', 'time_zone = "Europe/Berlin"'))
    assert berlin.midnight_before(at("2026-03-29T12:00:00+02:00")) == at("2026-03-29T00:00:00+01:00")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('phone = "20 s"', 'phone = "20"', "first_response.channel.phone: '20' is not a duration"),
        ('phone = "20 s"', 'fax = "20 s"', "first_response.channel.fax: there is no such key"),
        ('email = "24 h"', "", "first_response.channel.email: it is missing"),
        ("peak_share = 0.90", "peak_share = 1.5", "service_level.peak_share: 1.5 is not a share"),
        ("peak_share = 0.90", 'peak_share = "most"', "service_level.peak_share: 'most' is not a number"),
        ('["09:00-12:00"]', '["12:00-09:00"]', "calendar.peak_workdays[1]: '12:00-09:00' must end after"),
        ('["09:00-12:00"]', '["nine"]', "calendar.peak_workdays[1]: 'nine' is not a window"),
        ('time_zone = ""', 'time_zone = "Moon/Base"', "calendar.time_zone: 'Moon/Base' is not a time zone"),
        ("[calendar]", "[calendar", "this is not TOML"),
    ],
)
def test_a_wrong_policy_says_what_and_where(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(policy.PolicyError) as raised:
        load(tmp_path, (old, new))
    assert told in str(raised.value)
    assert "policy.toml" in str(raised.value)


def test_durations() -> None:
    assert [durations.parse(text) for text in ("90 s", "1.5 min", "24h", "2 d")] == [
        90 * SECOND,
        90 * SECOND,
        86_400 * SECOND,
        172_800 * SECOND,
    ]
