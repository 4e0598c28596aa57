"""Who works in the demonstration centre, and who of them works on a given day."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache

from console import paths
from console.connectors.demo.localday import is_campaign

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Person:
    """An agent as the helpdesk's directory knows them. ``pace`` is a factor on reply times, above 1 is slower."""

    name: str
    team: str
    seniority: str
    shift: str
    serves: tuple[str, ...]
    helps: tuple[str, ...]
    languages: tuple[str, ...]
    concurrency: int
    pace: float
    index: int

    @property
    def supervisor(self) -> bool:
        """Leads a shift and takes no contacts from the routing."""
        return self.seniority == "lead"


@dataclass(frozen=True, slots=True)
class Pause:
    """A planned absence from the seat, in seconds from midnight; ``away`` for a meeting or training."""

    begin: float
    length: float
    away: bool = False


@dataclass(frozen=True, slots=True)
class Duty:
    """One person's working day, in seconds from local midnight; ``leaves`` is when sickness ends it early, else 0."""

    person: Person
    begin: float
    end: float
    pauses: tuple[Pause, ...]
    leaves: float = 0.0


@dataclass(frozen=True, slots=True)
class Staff:
    """The whole directory: people in routing order, queue names by key, and shifts as read."""

    people: tuple[Person, ...]
    queues: dict[str, str]
    shifts: dict[str, dict[str, object]]

    @property
    def by_name(self) -> dict[str, Person]:
        """People by their name."""
        return {person.name: person for person in self.people}


@cache
def staff() -> Staff:
    """The shipped directory; read once."""
    data = tomllib.loads((paths.resource("demo") / "agents.toml").read_text("utf-8"))
    people: list[Person] = []
    for team in data["team"]:
        for name, seniority, shift, languages, pace in team["members"]:
            single = "phone" in team["serves"] and len(team["serves"]) == 1
            people.append(
                Person(
                    name=name,
                    team=team["name"],
                    seniority=seniority,
                    shift=shift,
                    serves=tuple(team["serves"]),
                    helps=tuple(team.get("helps", ())),
                    languages=tuple(languages.split(",")),
                    concurrency=1 if single else data["concurrency"][seniority],
                    pace=pace,
                    index=len(people),
                )
            )
    return Staff(tuple(people), data["queues"], data["shifts"])


def works_on(person: Person, day: date) -> bool:
    """Whether the roster has this person on this day: one or two days off a week that move from week to week."""
    if is_campaign(day):
        return True
    _, week, weekday = day.isocalendar()
    weekend = weekday >= 6
    if person.shift == "weekend":
        return weekend
    if person.supervisor:
        return (weekday + person.index) % 7 != 0
    rest = (person.index * 3 + week) % 7
    days_off = 1 + (person.index + week) % 2
    return (weekday - rest) % 7 >= days_off


def roster(seed: int, day: date, sick: float, sick_later: float) -> list[Duty]:
    """Everyone who works on this day, in routing order; a share ``sick`` of them does not come."""
    rng = random.Random(f"roster {seed} {day}")
    shifts = staff().shifts
    duties: list[Duty] = []
    for person in staff().people:
        lot, late, rest = rng.random(), rng.gauss(-150.0, 200.0), rng.random()
        middle, meeting = rng.random(), rng.random()
        if not works_on(person, day) or lot < sick:
            continue
        shift = shifts[person.shift]
        planned, end = _hours(shift, "start") * HOUR, _hours(shift, "end") * HOUR
        begin = max(planned + min(late, 900.0), 0.0)
        pauses = _pauses(shift, planned, end, rest, middle, meeting)
        leaves = begin + (end - begin) * (0.25 + 0.5 * middle) if rng.random() < sick_later else 0.0
        duties.append(Duty(person, begin, end, pauses, leaves))
    return duties


def _hours(shift: dict[str, object], key: str) -> float:
    value = shift[key]
    if not isinstance(value, int | float):
        raise ValueError(f"agents.toml: {key} of a shift is not a number of hours")
    return float(value)


def _pauses(
    shift: dict[str, object], begin: float, end: float, rest: float, middle: float, meeting: float
) -> tuple[Pause, ...]:
    """A meal and two short breaks in a full shift, one short break in a part one, sometimes a meeting."""
    meal = shift.get("meal")
    if not isinstance(meal, list):
        return (Pause(begin + (end - begin) * (0.4 + 0.2 * rest), 600.0),)
    first, last = float(meal[0]) * HOUR, float(meal[1]) * HOUR
    meal_begin = first + (last - first) * rest
    pauses = [
        Pause(begin + (meal_begin - begin) * (0.35 + 0.3 * middle), 600.0 + 300.0 * rest),
        Pause(meal_begin, 2100.0 + 600.0 * middle),
        Pause(meal_begin + 2700.0 + (end - meal_begin - 2700.0) * (0.3 + 0.35 * meeting), 600.0 + 240.0 * middle),
    ]
    if meeting < 0.12:
        pauses.append(Pause(end - 4200.0 - 1200.0 * rest, 1200.0 + 900.0 * middle, away=True))
    return tuple(sorted(pauses, key=lambda pause: pause.begin))
