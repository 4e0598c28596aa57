"""An inbox of thousands is listed by a worker: the newest wish counts, and who was asked for is shown then."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from console.models.domain.escalation import Entry
from console.models.queries.inbox import Inbox, InboxFilter, Scope, Words
from console.models.queries.inbox_list import InboxList
from console.views.ops import InlineExecutor, Ops
from console.views.screens.escalations import listing
from console.views.screens.escalations.listing import Listing
from tests.models.queries.test_inbox import entry
from tests.views.screens.test_escalations_screen import Open, opened, some, stage
from tests.views.stand_ins import PatientWorker

__all__ = ["opened", "stage"]


class Listed:
    """A listing with a worker that waits, and what it said."""

    def __init__(self, ops: Ops, worker: PatientWorker) -> None:
        self.worker = worker
        self.ops = ops
        self.told: list[InboxList] = []
        self.listing = Listing(ops, lambda each: Words(0, f"Li Na {each.id}"))
        self.listing.listed.connect(self.told.append)


@pytest.fixture
def listed(qtbot: QtBot) -> Iterator[Listed]:
    worker = PatientWorker()
    ops = Ops(worker, InlineExecutor())
    yield Listed(ops, worker)
    ops.close()


def box(count: int) -> Inbox:
    return Inbox(tuple(entry(number) for number in range(1, count + 1)))


def test_what_most_centres_have_is_listed_at_once(listed: Listed) -> None:
    listed.listing.ask(box(listing._AT_ONCE), InboxFilter(), "ann")
    assert len(listed.told) == 1
    assert not listed.listing.busy
    assert not listed.worker.asked


def test_thousands_are_listed_by_a_worker_and_the_newest_wish_counts(listed: Listed) -> None:
    many = box(listing._AT_ONCE + 1)
    listed.listing.ask(many, InboxFilter(), "ann")
    listed.listing.ask(many, InboxFilter(text="na 7"), "ann")
    assert listed.listing.busy
    assert not listed.told
    listed.worker.work()
    assert not listed.listing.busy
    assert [len(shown.unowned) for shown in listed.told] == [len(many.entries)]
    assert all("7" in str(row.id) for row in listed.told[0].rows if isinstance(row, Entry))


def test_a_few_that_are_listed_at_once_are_not_replaced_by_the_many_before_them(listed: Listed) -> None:
    listed.listing.ask(box(listing._AT_ONCE + 1), InboxFilter(), "ann")
    few = box(3)
    listed.listing.ask(few, InboxFilter(), "ann")
    listed.worker.work()
    assert [shown.inbox for shown in listed.told] == [few]
    assert not listed.listing.busy


def test_after_a_failure_it_can_be_asked_again(listed: Listed, monkeypatch: pytest.MonkeyPatch) -> None:
    reported: list[object] = []
    monkeypatch.setattr("sys.excepthook", lambda *error: reported.append(error[0]))
    many = box(listing._AT_ONCE + 1)
    with monkeypatch.context() as broken:
        broken.setattr(listing, "list_inbox", None)
        listed.listing.ask(many, InboxFilter(), "ann")
        listed.worker.work()
    assert len(reported) == 1
    assert not listed.listing.busy
    listed.listing.ask(many, InboxFilter(), "ann")
    listed.worker.work()
    assert len(listed.told) == 1


def test_a_search_answers_at_once_out_of_the_most_urgent(listed: Listed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "_MOST_SEARCHED", 5)
    assert [each.id for each in listed.listing.search(box(9), "na 5")] == [5]
    assert listed.listing.search(box(9), "na 6") == []


def test_an_entry_that_another_screen_asks_for_is_shown_as_soon_as_it_is_listed(
    opened: Open, listed: Listed, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = opened(some(4))
    screen, wanted = case.screen, case.ids()[2]
    screen.toolbar.show_filter(InboxFilter(Scope.MINE))
    screen._on_changed()
    assert case.ids() == []
    monkeypatch.setattr(listing, "_AT_ONCE", 1)
    screen._listing._ops = listed.ops
    screen.open_entry(wanted)
    assert case.ids() == []
    assert not screen.ready()
    listed.worker.work()
    case.settle()
    current = screen.view.current()
    assert current is not None
    assert current.id == wanted
    assert len(case.ids()) == 4
    assert screen.ready()
