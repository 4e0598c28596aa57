"""R-CMP-FOLLOW without a database: which tickets are resolved complaints, and what becomes of their tasks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import DAY, HOUR
from console.models.domain.attributes import pack
from console.models.domain.contacts import ComplaintTier, InquiryType, Status
from console.models.domain.events import ROW, Kind
from console.models.domain.follow_ups import (
    Duty,
    FollowUpState,
    Resolved,
    Standing,
    may_be_resolved,
    resolution,
    settled,
)

_BORN = st.builds(
    pack, status=st.sampled_from(Status), complaint=st.sampled_from(ComplaintTier), type=st.sampled_from(InquiryType)
)
_EVENTS = st.one_of(
    st.tuples(st.just(Kind.CREATED), _BORN),
    st.tuples(st.just(Kind.STATUS_CHANGED), st.sampled_from(Status)),
    st.tuples(st.just(Kind.COMPLAINT), st.sampled_from(ComplaintTier)),
    st.tuples(st.just(Kind.TYPE_CHANGED), st.sampled_from(InquiryType)),
    st.tuples(st.sampled_from([Kind.REOPENED, Kind.DELETED, Kind.ASSIGNED, Kind.CSAT]), st.integers(0, 5)),
)


@given(st.lists(st.tuples(st.integers(1, 3), _EVENTS), max_size=40))
def test_no_resolved_complaint_is_left_out_before_its_story_is_read(told: list[tuple[int, tuple[Kind, int]]]) -> None:
    rows = np.zeros(len(told), ROW)
    for place, (ticket, (kind, value)) in enumerate(told):
        rows[place]["subject"], rows[place]["kind"], rows[place]["value"] = ticket, kind, value
        rows[place]["at"] = rows[place]["key"] = place + 1
    resolved = {ticket for ticket in (1, 2, 3) if resolution(rows[rows["subject"] == ticket])}
    assert resolved <= set(may_be_resolved(rows).tolist())


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((Kind.CREATED, pack(complaint=ComplaintTier.MEDIUM)), (Kind.STATUS_CHANGED, Status.RESOLVED)),
        ((Kind.CREATED, pack(type=InquiryType.COMPLAINT)), (Kind.STATUS_CHANGED, Status.CLOSED)),
        ((Kind.CREATED, pack(status=Status.CLOSED)), (Kind.COMPLAINT, ComplaintTier.MEDIUM)),
        ((Kind.CREATED, pack(status=Status.RESOLVED)), (Kind.TYPE_CHANGED, InquiryType.COMPLAINT)),
    ],
)
def test_a_complaint_is_one_however_it_was_told(first: tuple[Kind, int], second: tuple[Kind, int]) -> None:
    rows = np.zeros(2, ROW)
    rows["subject"], rows["at"], rows["key"] = 7, (1, 2), (1, 2)
    rows["kind"], rows["value"] = zip(first, second, strict=True)
    assert resolution(rows) is not None
    assert may_be_resolved(rows).tolist() == [7]


def test_a_plain_question_that_ended_is_no_story_to_read() -> None:
    rows = np.zeros(2, ROW)
    rows["subject"], rows["kind"] = 1, (Kind.CREATED, Kind.STATUS_CHANGED)
    rows["value"] = pack(status=Status.OPEN, type=InquiryType.ORDER_STATUS), Status.RESOLVED
    assert not len(may_be_resolved(rows))


def test_what_is_kept_already_is_neither_new_nor_changed() -> None:
    standing = Standing(1, Resolved(1, 100, "Li"), 100)
    new, changed = settled(standing, [], 3 * DAY, DAY)
    assert [(task.duty, task.due_at) for task in new] == [
        (Duty.SECOND_CONTACT, 100 + 3 * DAY),
        (Duty.SATISFACTION, 100 + DAY),
    ]
    assert not changed
    assert settled(standing, new, 3 * DAY, DAY) == ([], [])


def test_a_second_resolution_drops_the_tasks_of_the_first_and_begins_anew() -> None:
    first, _changed = settled(Standing(1, Resolved(1, 100, "Li"), 100), [], 3 * DAY, DAY)
    new, changed = settled(Standing(1, Resolved(1, 500, "Li"), 500), first, 3 * DAY, DAY)
    assert {task.resolved_at for task in new} == {500}
    assert [(task.state, task.done_at) for task in changed] == [(FollowUpState.DROPPED, 500)] * 2
    # What has ended stays as it ended.
    assert settled(Standing(1, None, 900), changed, 3 * DAY, DAY) == ([], [])


def test_a_score_ends_the_question_alone() -> None:
    resolved = Resolved(1, 100, "Li")
    tasks, _changed = settled(Standing(1, resolved, 100), [], 3 * DAY, DAY)
    scored = Standing(1, resolved, HOUR, (4, HOUR))
    new, changed = settled(scored, tasks, 3 * DAY, DAY)
    assert not new
    assert [(task.duty, task.state, task.done_at) for task in changed] == [
        (Duty.SATISFACTION, FollowUpState.DONE, HOUR)
    ]
    asked = [replace(task, state=FollowUpState.DONE, due_at=None) for task in tasks]
    assert settled(scored, asked, 3 * DAY, DAY) == ([], [])
