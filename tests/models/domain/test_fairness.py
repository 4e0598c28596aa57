"""The test of fairness alarms when it should and hardly ever when it should not (R-SKEW)."""

from __future__ import annotations

import numpy as np
import pytest

from console.clock import DAY
from console.models.domain.concentration import Numbers, top_share
from console.models.domain.fairness import FAIR_DAYS, SkewRules, Verdict, Work, fair_loads, interval, judge

SHIFTS = 300
BUSIEST, ALARM_SHARE, LEVEL = 0.3, 0.7, 0.01
RULES = SkewRules(BUSIEST, ALARM_SHARE, LEVEL, 14 * DAY)


def even(people: int) -> Numbers:
    return np.full(people, 1 / people)


def skewed(people: int, share: float) -> Numbers:
    """The busiest 30 % carry this share."""
    top = round(BUSIEST * people)
    return np.where(np.arange(people) < top, share / top, (1 - share) / (people - top))


def verdicts(odds: Numbers, contacts: int, shifts: int, seed: int = 1) -> list[Verdict]:
    chance, ones = np.random.default_rng(seed), np.ones(odds.size)
    work = [Work(ones > 0, np.ones(contacts))]
    days = chance.multinomial(contacts, odds, shifts).astype(float)
    return [judge(day, ones, work, seed + number, RULES) for number, day in enumerate(days)]


def at_most(level: float, shifts: int) -> float:
    """So many alarms of a test that keeps its level are beyond chance (one case in a thousand)."""
    return level + 3.1 * (level * (1 - level) / shifts) ** 0.5


def check_fair(people: int, contacts: int, shifts: int) -> None:
    found = verdicts(even(people), contacts, shifts)
    assert np.mean([one.uneven for one in found]) <= at_most(LEVEL, shifts)
    assert np.mean([one.alarm for one in found]) <= LEVEL


def check_skewed(people: int, contacts: int, shifts: int) -> None:
    assert np.mean([one.alarm for one in verdicts(skewed(people, 0.7), contacts, shifts)]) >= 0.9


def check_uneven(shifts: int) -> None:
    found = verdicts(skewed(30, 0.55), 400, shifts)
    assert np.mean([one.alarm for one in found]) <= 0.05
    assert np.mean([one.uneven for one in found]) > 0.9, "it is told that it is uneven"


@pytest.mark.parametrize(("people", "contacts"), [(10, 60), (30, 400), (100, 400)])
def test_fair_teams_raise_no_alarm(people: int, contacts: int) -> None:
    check_fair(people, contacts, SHIFTS)


@pytest.mark.parametrize(("people", "contacts"), [(30, 400), (10, 60)])
def test_a_true_skew_is_seen(people: int, contacts: int) -> None:
    check_skewed(people, contacts, SHIFTS)


def test_a_smaller_skew_is_told_as_uneven_only() -> None:
    check_uneven(SHIFTS)


@pytest.mark.long
@pytest.mark.timeout(1_200)
def test_two_thousand_shifts_of_each() -> None:
    for people, contacts in ((10, 60), (30, 400), (100, 1_000)):
        check_fair(people, contacts, 2_000)
    for people, contacts in ((30, 400), (10, 60)):
        check_skewed(people, contacts, 2_000)
    check_uneven(2_000)


def test_work_that_only_specialists_may_do_is_no_unfairness() -> None:
    """Three of ten may handle payments, which are most of the work: the share is high, and fair."""
    specialists = np.arange(10) < 3
    payments, others = Work(specialists, np.ones(300)), Work(np.ones(10) > 0, np.ones(100))
    load = np.where(specialists, 110.0, 10.0)
    verdict = judge(load, np.ones(10), [payments, others], seed=5, rules=RULES)
    assert verdict.share == pytest.approx(0.825)
    assert verdict.p_value > 0.2
    assert not verdict.alarm
    assert judge(load, np.ones(10), [Work(np.ones(10) > 0, np.ones(400))], seed=5, rules=RULES).alarm


def test_a_short_shift_is_no_idleness() -> None:
    hours = np.array([8.0] * 5 + [2.0] * 5)
    load = 5 * hours
    verdict = judge(load, hours, [Work(np.ones(10) > 0, np.ones(int(load.sum())))], seed=1, rules=RULES)
    assert verdict.p_value == 1.0
    assert verdict.share == pytest.approx(BUSIEST)


def test_few_large_contacts_prove_less_than_many_small_ones() -> None:
    """Ten people, one of whom has an hour's case and the others a minute each: that is chance."""
    efforts = np.array([60.0] + [1.0] * 59)
    load = np.array([60.0] + [59 / 9] * 9)
    verdict = judge(load, np.ones(10), [Work(np.ones(10) > 0, efforts)], seed=2, rules=RULES)
    assert verdict.p_value > 0.05
    assert verdict.high - verdict.low > 0.4


def test_fair_days_keep_the_sum_and_the_eligible() -> None:
    may = np.array([True, True, False, True])
    for efforts in (np.full(40, 3.0), np.arange(1.0, 41.0)):
        loads = fair_loads(np.array([1.0, 2.0, 5.0, 1.0]), [Work(may, efforts)], seed=4)
        assert loads.shape == (FAIR_DAYS, 4)
        assert loads.sum(axis=1) == pytest.approx(efforts.sum())
        assert (loads[:, 2] == 0).all()
        assert loads.mean(axis=0) / efforts.sum() == pytest.approx([0.25, 0.5, 0, 0.25], abs=0.02)


def test_the_same_seed_gives_the_same_verdict() -> None:
    day, ones = np.array([9.0, 3.0, 1.0, 5.0]), np.ones(4)
    work = [Work(ones > 0, np.ones(18))]
    assert judge(day, ones, work, 7, RULES) == judge(day, ones, work, 7, RULES)


def test_no_work_says_nothing() -> None:
    verdict = judge(np.zeros(4), np.ones(4), [Work(np.ones(4) > 0, np.zeros(0))], 1, RULES)
    assert (verdict.uneven, verdict.alarm, verdict.low, verdict.high) == (False, False, 0.0, 1.0)
    assert verdict.share == top_share(np.zeros(4), np.ones(4), BUSIEST)
    with pytest.raises(ValueError, match="eligible"):
        judge(np.ones(4), np.ones(4), [Work(np.zeros(4) > 0, np.ones(4))], 1, RULES)


def test_the_interval_is_the_published_one() -> None:
    """Newcombe (1998), table I: 81 of 263 and 15 of 148, and 0 of 20."""
    assert interval(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert interval(15 / 148, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert interval(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert interval(ALARM_SHARE, 1e9) == pytest.approx((ALARM_SHARE, ALARM_SHARE), abs=1e-4)
