"""One ticket in full."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.clock import MINUTE, SECOND
from console.models.domain.contacts import Role
from console.models.domain.events import Event, Kind
from console.models.queries.timeline import Line, Side
from console.views import theme
from console.views.screens.board.conversation import Conversation
from console.views.screens.board.screen import BoardScreen
from console.views.screens.board.ticket_facts import facts
from tests.models.live.test_reasons import T0, Story
from tests.views.screens.centre import SHANGHAI, Stage, board_of


def two_tickets() -> Story:
    story = Story().asks(0).given_to("Li", 1).asks(2, "T2")
    story.events.append(
        Event(
            Kind.PUBLIC_REPLY,
            "T1",
            T0 + 3 * MINUTE,
            99,
            native=99,
            actor="Li",
            role=Role.AGENT,
            body='<b>bold</b> & <a href="x">so on</a>',
        )
    )
    return story


def opened(stage: Callable[..., Stage], qtbot: QtBot) -> tuple[Stage, BoardScreen]:
    board, log = board_of(two_tickets().events)
    made = stage(board, log, at=T0 + 5 * MINUTE)
    screen = made.screen()
    screen.resize(1200, 750)
    with qtbot.waitExposed(screen):
        screen.show()
    screen.activated()
    return made, screen


def test_return_opens_a_ticket_and_closes_it(stage: Callable[..., Stage], qtbot: QtBot) -> None:
    made, screen = opened(stage, qtbot)
    screen.table.setFocus()
    qtbot.keyClick(screen.table, Qt.Key.Key_Home)
    qtbot.keyClick(screen.table, Qt.Key.Key_Return)
    assert screen.detail.isVisible()
    assert screen.detail.ticket == screen.table.current_ticket()
    assert not screen.agents.isVisible()  # the narrow window gives the panels' place to the ticket
    qtbot.keyClick(screen.table, Qt.Key.Key_Space)
    assert not screen.detail.isVisible()
    assert screen.agents.isVisible()
    assert made.live.board is not None


def test_a_wide_window_shows_ticket_and_panels(stage: Callable[..., Stage], qtbot: QtBot) -> None:
    _made, screen = opened(stage, qtbot)
    screen.resize(1840, 1000)
    screen._on_activated_ticket(1)
    assert screen.detail.isVisible()
    assert screen.agents.isVisible()


def test_words_from_outside_are_never_markup(stage: Callable[..., Stage], qtbot: QtBot) -> None:
    _made, screen = opened(stage, qtbot)
    screen._on_activated_ticket(1)
    text = screen.detail.conversation.toPlainText()
    assert '<b>bold</b> & <a href="x">so on</a>' in text
    assert not screen.detail.conversation.openLinks()


def test_an_erased_message_says_so(stage: Callable[..., Stage], qtbot: QtBot) -> None:
    _made, screen = opened(stage, qtbot)
    screen._on_activated_ticket(2)
    assert "text no longer kept" in screen.detail.conversation.toPlainText()


def test_the_story_goes_on_while_it_is_open(stage: Callable[..., Stage], qtbot: QtBot) -> None:
    made, screen = opened(stage, qtbot)
    screen._on_activated_ticket(1)
    said = Event(Kind.CUSTOMER_MESSAGE, "T1", T0 + 5 * MINUTE, 120, native=120, role=Role.CUSTOMER, body="Thanks!")
    with qtbot.waitSignal(screen.detail._timer.timeout):
        made.live.receive(made.log.batch([said]))
    assert "Thanks!" in screen.detail.conversation.toPlainText()


def test_a_story_stays_at_its_end_when_it_is_written_anew(qtbot: QtBot) -> None:
    story = Conversation(SHANGHAI)
    qtbot.addWidget(story)
    story.resize(300, 200)
    with qtbot.waitExposed(story):
        story.show()
    lines = [Line(n, T0 + n * MINUTE, Side.CUSTOMER, "", f"message {n}") for n in range(30)]
    story.show_lines(lines, same_ticket=False)
    bar = story.verticalScrollBar()
    QApplication.processEvents()
    assert bar.value() == bar.maximum() > 0
    story.redraw()
    QApplication.processEvents()
    assert bar.value() == bar.maximum()
    story.resize(300, 80)
    QApplication.processEvents()
    assert bar.value() == bar.maximum()


def test_the_past_shows_only_what_was_known_then(stage: Callable[..., Stage], qtbot: QtBot) -> None:
    made, screen = opened(stage, qtbot)
    screen._on_activated_ticket(1)
    assert "bold" in screen.detail.conversation.toPlainText()
    then = T0 + 2 * MINUTE
    board, _log = board_of([event for event in two_tickets().events if event.at <= then])
    made.live.show_past(board, then)
    assert "bold" not in screen.detail.conversation.toPlainText()
    assert "assigned to Li" in screen.detail.conversation.toPlainText()
    made.live.show_present()
    assert "bold" in screen.detail.conversation.toPlainText()


def test_facts_count_down_to_the_second() -> None:
    board, log = board_of(Story().asks(0).given_to("Li", 1).events)
    ticket = log.ids["ticket"]["T1"]
    early = facts(board, ticket, T0 + 2 * MINUTE, SHANGHAI)
    assert early is not None
    assert (early.due, early.state) == ("due in 3:00", theme.State.NEUTRAL)
    soon = facts(board, ticket, T0 + 4 * MINUTE + 30 * SECOND, SHANGHAI)
    assert soon is not None
    assert (soon.due, soon.state) == ("due in 0:30", theme.State.WARNING)
    late = facts(board, ticket, T0 + 6 * MINUTE, SHANGHAI)
    assert late is not None
    assert (late.due, late.state) == ("1:00 over", theme.State.DANGER)
    assert late.rows["waits"] == "6:00 since 10:00:00"
    assert late.rows["owner"] == "Li"
    assert late.why == "Why it waits: assigned 5 min ago, no reply"


def test_a_ticket_that_is_not_there_yet_leaves_the_pane_empty(stage: Callable[..., Stage], qtbot: QtBot) -> None:
    _made, screen = opened(stage, qtbot)
    screen.detail.show_ticket(77)
    screen.body.show_detail(True)
    assert screen.detail._nothing.isVisible()
