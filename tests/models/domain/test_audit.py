from __future__ import annotations

from dataclasses import fields, replace

from hypothesis import assume, given
from hypothesis import strategies as st

from console.models.domain.audit import Anchor, Entry, Finding, Flaw, Head, Outcome, Row, chained, check, genesis
from console.models.domain.roles import Action, Target

DATABASE = "d1"

values = st.dictionaries(st.text(max_size=4), st.text(max_size=4) | st.integers() | st.none(), max_size=3)
entries = st.builds(
    Entry,
    at=st.integers(0, 2**52),
    actor=st.text(max_size=6),
    action=st.sampled_from(Action),
    target=st.builds(Target, st.text(max_size=6), st.text(max_size=6)),
    outcome=st.sampled_from(Outcome),
    role=st.sampled_from(["", "admin"]),
    reason=st.text(max_size=10),
    before=st.none() | values,
    after=st.none() | values,
)
trails = st.lists(entries, min_size=1, max_size=6)


def chain(entries: list[Entry], database: str = DATABASE) -> list[Row]:
    rows: list[Row] = []
    head = Head(0, genesis(database))
    for entry in entries:
        rows.append(chained(entry, head))
        head = Head(rows[-1].seq, rows[-1].hash)
    return rows


def anchor(rows: list[Row]) -> Anchor:
    return Anchor(DATABASE, Head(rows[-1].seq, rows[-1].hash))


@given(trails, st.data())
def test_a_trail_that_nobody_touched_is_sound_wherever_its_anchor_stands(
    trail: list[Entry], data: st.DataObject
) -> None:
    rows = chain(trail)
    anchored = anchor(rows[: data.draw(st.integers(1, len(rows)))])
    assert check(rows, DATABASE, anchored) == (Head(len(rows), rows[-1].hash), [])


@given(trails, st.data())
def test_any_change_of_any_field_is_found_at_its_row(trail: list[Entry], data: st.DataObject) -> None:
    rows = chain(trail)
    place = data.draw(st.integers(0, len(rows) - 1))
    name = data.draw(st.sampled_from([field.name for field in fields(Row)]))
    old = getattr(rows[place], name)
    new = data.draw(st.none() | st.text(max_size=8) | st.integers() | st.binary(max_size=4) | st.floats())
    assume(type(new) is not type(old) or new != old)
    changed = [*rows]
    changed[place] = replace(rows[place], **{name: new})
    _head, findings = check(changed, DATABASE, anchor(rows))
    assert findings[0] == Finding(Flaw.MISSING if name == "seq" else Flaw.CHANGED, place + 1)


@given(trails, st.data())
def test_any_row_taken_out_is_found(trail: list[Entry], data: st.DataObject) -> None:
    rows = chain(trail)
    place = data.draw(st.integers(0, len(rows) - 1))
    _head, findings = check(rows[:place] + rows[place + 1 :], DATABASE, anchor(rows))
    assert findings == [Finding(Flaw.CUT if place == len(rows) - 1 else Flaw.MISSING, place + 1)]


@given(trails, st.data())
def test_a_cut_tail_is_found_by_the_anchor_alone(trail: list[Entry], data: st.DataObject) -> None:
    rows = chain(trail)
    left = rows[: data.draw(st.integers(0, len(rows) - 1))]
    assert check(left, DATABASE, anchor(rows))[1] == [Finding(Flaw.CUT, len(left) + 1)]


@given(trails, trails, entries)
def test_a_trail_written_anew_is_found_by_the_anchor_alone(trail: list[Entry], tail: list[Entry], other: Entry) -> None:
    rows = chain(trail)
    assume(chained(other, Head(0, genesis(DATABASE))) != rows[0])
    forged = chain([other, *trail[1:], *tail])
    assert check(forged, DATABASE, anchor(rows))[1] == [Finding(Flaw.REWRITTEN, len(rows))]


@given(st.lists(entries, min_size=2, max_size=8), st.data())
def test_two_rows_exchanged_are_found_though_their_numbers_fit(trail: list[Entry], data: st.DataObject) -> None:
    rows = chain(trail)
    other = data.draw(st.integers(1, len(rows) - 1))
    one = data.draw(st.integers(0, other - 1))
    swapped = [*rows]
    swapped[one], swapped[other] = replace(rows[other], seq=one + 1), replace(rows[one], seq=other + 1)
    assert check(swapped, DATABASE, anchor(rows))[1][0] == Finding(Flaw.CHANGED, one + 1)


@given(trails)
def test_rows_of_another_database_do_not_fit(trail: list[Entry]) -> None:
    rows = chain(trail, "d2")
    assert Finding(Flaw.OTHER_DATABASE) in check(rows, "d2", anchor(chain(trail)))[1]
    assert check(rows, DATABASE, anchor(rows))[1] == [Finding(Flaw.CHANGED, 1)]


def test_without_an_anchor_only_an_unused_trail_is_sound() -> None:
    rows = chain([Entry(1, "li", Action.POLICY_EDIT, Target("policy", "site"))])
    assert check(rows, DATABASE, None)[1] == [Finding(Flaw.NO_ANCHOR)]
    assert check([], DATABASE, None)[1] == [Finding(Flaw.NO_ANCHOR)]
    assert check([], "", None)[1] == []


def test_every_finding_has_a_sentence_with_its_row() -> None:
    assert "7" in Finding(Flaw.CUT, 7).sentence
    assert all(Finding(flaw, 1).sentence for flaw in Flaw)


def test_bytes_that_look_like_the_text_are_no_such_text() -> None:
    rows = chain([Entry(1, "li", Action.TICKET_NOTE, Target("ticket", "7"), reason="b'x'")])
    changed = [replace(rows[0], reason=b"x")]  # type: ignore[arg-type]
    assert check(changed, DATABASE, anchor(rows))[1][0] == Finding(Flaw.CHANGED, 1)
