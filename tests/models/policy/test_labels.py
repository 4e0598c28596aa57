"""Every key of the policy stands in one group, has a label in both languages, and its value can be said."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from console import i18n
from console.models.policy import policy
from console.models.policy.labels import GROUP_OF, LABELS, SECTIONS, full_label, label, note
from console.models.policy.saying import said, said_change
from console.models.policy.schema import BY_PATH, KEYS


def test_every_key_stands_in_one_group() -> None:
    places = Counter(path for section in SECTIONS for path in section.paths())
    assert set(places) == set(BY_PATH)
    assert [path for path, times in places.items() if times > 1] == []


def test_no_label_is_left_of_a_key_that_is_gone() -> None:
    assert set(LABELS) <= set(BY_PATH)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_labels_tell_the_keys_of_a_group_apart(language: str) -> None:
    i18n.use(language)
    for section in SECTIONS:
        for group in section.groups:
            paths = [path for path in group.paths() if not path.startswith("compensation.")]
            assert len({label(path) for path in paths}) == len(paths), group.title
    assert all(full_label(key.path) and note(key.path) is not None for key in KEYS)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_shipped_value_can_be_said(language: str) -> None:
    i18n.use(language)
    entries = policy.default_entries()
    assert {path for path in GROUP_OF if not said(path, entries[path].written)} == set()


@pytest.mark.parametrize(
    ("path", "written", "words"),
    [
        ("first_response.channel.email", "24 h", "24 h"),
        ("stage.archived", "off", "no limit"),
        ("service_level.peak_share", 0.9, "90\N{NO-BREAK SPACE}%"),
        ("complaints.high_above", 5000, "5\N{NO-BREAK SPACE}000"),
        ("complaints.high_above", "much", "much"),
        ("compensation.small.kinds", ["voucher", "mixed", "cash"], "Voucher, Mixed, Cash"),
        ("calendar.time_zone", "", "this machine's"),
        ("calendar.exceptions", {"2026-10-01": [], "2026-10-10": "friday"}, "2026-10-01 closed; 2026-10-10 Friday"),
        ("clocks.paused_by.plan", ["pending_customer"], "With customer"),
        ("clocks.time.plan", "business", "In working hours"),
        ("complaints.owner.high", "supervisor", "Supervisor"),
    ],
)
def test_values_are_said_in_words(path: str, written: Any, words: str) -> None:
    assert said(path, written) == words


def test_days_with_the_same_hours_are_said_together() -> None:
    week = {day: ["09:00-12:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}
    week |= {"saturday": [], "sunday": [], "makeup": ["00:00-24:00"]}
    assert said("calendar.week", week) == (
        "Monday to Friday 09:00\N{EN DASH}12:00; Saturday to Sunday closed; Make-up workday around the clock"
    )
    assert said("calendar.week", {key: ["00:00-24:00"] for key in week}) == "every day around the clock"


def test_of_a_table_only_what_changes_is_said() -> None:
    before = {"2026-10-01": [], "2026-10-10": "friday"}
    after = {"2026-10-01": ["09:00-12:00"], "2026-10-10": "friday", "2026-12-31": []}
    assert said_change("calendar.exceptions", before, after) == (
        "2026-10-01 closed; 2026-12-31 no entry",
        "2026-10-01 09:00\N{EN DASH}12:00; 2026-12-31 closed",
    )
    assert said_change("complaints.rates", {}, {"USD": 7.2}) == ("USD no entry", "USD 7.2")
    assert said_change("stage.created", "15 min", "1 h") == ("15 min", "1 h")


def test_a_key_that_is_called_as_its_group_is_named_once() -> None:
    assert full_label("calendar.exceptions") == "Single days"
    assert full_label("complaints.high_above") == "How serious a complaint is: High above"
