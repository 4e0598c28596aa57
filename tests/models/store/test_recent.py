"""The bounded memory: what was used lately stays, the rest goes, and nothing goes all at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from console.models.store.recent import Recent


def test_at_least_as_many_as_it_has_room_for_are_remembered() -> None:
    recent: Recent[int, int] = Recent(100)
    for key in range(1_000):
        recent.update({key: -key})
        assert all(recent.get(old) == -old for old in range(max(0, key - 50), key + 1))
    assert sum(key in recent for key in range(1_000)) <= 200


def test_what_is_used_stays() -> None:
    recent: Recent[str, int] = Recent(10)
    recent.update({"always": 1})
    for key in range(200):
        recent.update({str(key): key})
        assert recent.get("always") == 1


@given(some.lists(some.integers(1, 60), max_size=60), some.integers(1, 50))
def test_nothing_is_held_for_longer_than_its_generation(sizes: list[int], capacity: int) -> None:
    recent: Recent[int, int] = Recent(capacity)
    first = 0
    for size in sizes:
        recent.update({key: key for key in range(first, first + size)})
        first += size
        remembered = sum(key in recent for key in range(first))
        assert min(first, capacity) <= remembered + size
        assert remembered <= 2 * (capacity + max(sizes))


def test_a_generation_goes_a_few_entries_at_a_time() -> None:
    freed: list[int] = []

    class Word:
        def __init__(self, number: int) -> None:
            self.number = number

        def __del__(self) -> None:
            freed.append(self.number)

    recent: Recent[int, Word] = Recent(1_000)
    most = 0
    for key in range(5_000):
        before = len(freed)
        recent.update({key: Word(key)})
        most = max(most, len(freed) - before)
    assert freed
    assert most < 50
