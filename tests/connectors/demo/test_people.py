"""Who works when: a directory that is complete, and rosters that people can live with."""

from __future__ import annotations

from datetime import date, timedelta

from console.connectors.demo.people import roster, staff, works_on
from tests.connectors.demo.conftest import SEED, WEDNESDAY

DAYS = [WEDNESDAY + timedelta(days=number) for number in range(28)]


def duties(day: date) -> list[str]:
    return [duty.person.name for duty in roster(SEED, day, 0.0, 0.0)]


def test_the_directory_has_sixty_to_eighty_people_with_different_names() -> None:
    names = [person.name for person in staff().people]
    assert 60 <= len(names) <= 80
    assert len(set(names)) == len(names)
    assert {p.seniority for p in staff().people} == {"senior", "regular", "junior", "lead"}


def test_every_queue_has_its_people() -> None:
    known = staff()
    for key in known.queues:
        assert sum(key in person.serves for person in known.people) >= 3
    assert all(set(person.serves) | set(person.helps) <= set(known.queues) for person in known.people)
    assert all(person.shift in known.shifts for person in known.people)
    assert sum("en" in person.languages for person in known.people) > 8


def test_nobody_works_every_day_and_everybody_works() -> None:
    for person in staff().people:
        worked = sum(works_on(person, day) for day in DAYS)
        assert 4 <= worked <= 25, person.name


def test_at_any_hour_somebody_is_there_and_most_are_there_in_the_morning() -> None:
    for day in DAYS:
        here = roster(SEED, day, 0.0, 0.0)
        by_hour = [sum(d.begin <= hour * 3600 + 1800 <= d.end for d in here) for hour in range(24)]
        assert min(by_hour) >= 3
        assert max(by_hour[9:12]) == max(by_hour) or max(by_hour[15:16]) == max(by_hour)
        assert len(here) > 45


def test_some_are_sick_and_the_same_ones_every_time() -> None:
    away = [set(duties(day)) - {d.person.name for d in roster(SEED, day, 0.05, 0.0)} for day in DAYS]
    assert 20 < sum(map(len, away)) < 150
    assert roster(SEED, DAYS[0], 0.05, 0.05) == roster(SEED, DAYS[0], 0.05, 0.05)


def test_breaks_lie_inside_the_shift() -> None:
    for day in DAYS:
        for duty in roster(SEED, day, 0.0, 0.1):
            assert 0 <= duty.begin < duty.end <= 24 * 3600
            assert all(duty.begin < pause.begin < duty.end for pause in duty.pauses)
            assert duty.leaves == 0 or duty.begin < duty.leaves < duty.end
