"""Steps are taken one by one, when there is room for them."""

from __future__ import annotations

from console.views.relay import Relay


def taken(relay: Relay, steps: int) -> bool:
    return all(relay.step() for _step in range(steps))


def test_steps_are_taken_one_by_one_and_the_runs_by_turns() -> None:
    relay, seen = Relay(), list[str]()
    relay.run("rows", (lambda name=name: seen.append(name) for name in ("a", "b", "c")))
    relay.run("tiles", [lambda: seen.append("1"), lambda: seen.append("2")])
    assert seen == []
    assert taken(relay, 5)
    assert seen == ["a", "1", "b", "2", "c"]
    assert not relay.step()


def test_newer_steps_replace_those_of_their_name_that_wait() -> None:
    relay, seen = Relay(), list[str]()
    relay.run("rows", [lambda: seen.append("old"), lambda: seen.append("never")])
    relay.run("tiles", [lambda: seen.append("tile")])
    assert taken(relay, 1)
    relay.run("rows", [lambda: seen.append("new")])
    assert taken(relay, 2)
    assert seen == ["old", "tile", "new"]


def test_a_step_may_queue_others_of_its_own_name() -> None:
    relay, seen = Relay(), list[str]()
    relay.run("rows", [lambda: relay.run("rows", [lambda: seen.append("again")]), lambda: seen.append("never")])
    assert taken(relay, 2)
    assert seen == ["again"]


def test_dropped_steps_are_forgotten() -> None:
    relay, seen = Relay(), list[str]()
    relay.run("rows", [lambda: seen.append("a")])
    relay.run("nothing", [])
    assert relay.waits("rows")
    assert not relay.waits("nothing")
    relay.drop("rows")
    assert not relay.waits("rows")
    relay.drop("unknown")
    assert not relay.step()
    assert seen == []
