"""The forecast of a very long line: made by a worker, put on the board in pieces, told when it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from console.clock import HOUR
from console.models.live import outlook as forecasts
from console.models.live.outlook import foresee, foretell
from console.models.live.waiting_line import Waiting
from console.views.ops import InlineExecutor, Ops
from console.views.screens.board import foresight
from console.views.screens.board.foresight import Foresight
from console.views.screens.board.screen import BoardScreen
from tests.views.screens.centre import MORNING, Stage, morning
from tests.views.stand_ins import PatientWorker


@pytest.fixture
def long_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than five in a line are very many, and three rows are put on the board in one step."""
    monkeypatch.setattr("console.models.live.waiting_line.LONGEST", 5)
    monkeypatch.setattr(foresight, "_PIECE", 3)


@pytest.fixture
def ops() -> Iterator[tuple[Ops, PatientWorker]]:
    worker = PatientWorker()
    made = Ops(worker, InlineExecutor())
    yield made, worker
    made.close()


def step_all(stage: Stage) -> int:
    steps = 0
    while stage.live.relay.step():
        steps += 1
    return steps


@pytest.mark.usefixtures("long_line")
def test_a_very_long_line_is_foretold_by_a_worker_and_put_on_the_board_in_pieces(
    stage: Callable[..., Stage], ops: tuple[Ops, PatientWorker]
) -> None:
    made = stage(*morning())
    board = made.live.present
    assert board is not None
    follower, worker = Foresight(made.live, ops[0]), ops[1]
    told: list[np.ndarray] = []
    follower.told.connect(lambda: told.append(board.columns.expected_wait.copy()))
    follower.look()
    follower.look()
    assert (len(worker.asked), follower.busy) == (1, True)
    assert not board.columns.expected_wait[: board.columns.count].any()
    worker.work()
    assert not board.columns.expected_wait[: board.columns.count].any(), "the pieces wait for their turn"
    assert step_all(made) == 3
    assert (len(told), follower.busy) == (1, False)
    expected = morning()[0]
    foresee(expected, foretell(expected, MORNING))
    assert expected.columns.expected_wait.any()
    assert np.array_equal(told[0], expected.columns.expected_wait)


@pytest.mark.usefixtures("long_line")
def test_it_is_made_anew_after_some_seconds_and_at_once_for_another_board(
    stage: Callable[..., Stage], ops: tuple[Ops, PatientWorker]
) -> None:
    made = stage(*morning())
    follower, worker = Foresight(made.live, ops[0]), ops[1]
    follower.look()
    worker.work()
    step_all(made)
    asked = []
    for _second in range(10):
        made.clock.advance(1)
        follower.look()
        asked.append(len(worker.asked))
        worker.work()
        step_all(made)
    assert asked == [0, 0, 0, 0, 1] * 2
    made.clock.jump(-3_600)
    follower.look()
    assert len(worker.asked) == 1, "the machine's time was set back"
    worker.work()
    made.live.start(morning()[0])
    follower.look()
    assert len(worker.asked) == 1


@pytest.mark.usefixtures("long_line")
def test_a_worker_that_fails_is_asked_again(
    stage: Callable[..., Stage], ops: tuple[Ops, PatientWorker], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = stage(*morning())
    follower, worker = Foresight(made.live, ops[0]), ops[1]
    reported: list[object] = []
    monkeypatch.setattr("sys.excepthook", lambda *error: reported.append(error[0]))
    with monkeypatch.context() as broken:
        broken.setattr(Waiting, "of", lambda _columns: None)
        follower.look()
    worker.work()
    assert (len(reported), follower.busy) == (1, False)
    made.clock.advance(5)
    follower.look()
    assert len(worker.asked) == 1


@pytest.mark.usefixtures("long_line")
def test_the_past_is_foretold_at_once_however_long_its_line(
    stage: Callable[..., Stage], ops: tuple[Ops, PatientWorker]
) -> None:
    made = stage(*morning())
    past = morning(MORNING - HOUR)[0]
    made.live.show_past(past, MORNING - HOUR)
    follower, worker = Foresight(made.live, ops[0]), ops[1]
    follower.look()
    assert not worker.asked
    assert past.columns.expected_wait.any()


@pytest.mark.usefixtures("long_line")
def test_the_tile_says_that_it_is_being_worked_out_until_it_is_told(
    stage: Callable[..., Stage], ops: tuple[Ops, PatientWorker], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = stage(*morning())
    seen = foretell(morning()[0], MORNING)
    assert seen.late.any()
    monkeypatch.setattr(forecasts, "foretell", None)  # nobody may make it here and now
    made.ops = ops[0]
    made.context.ops.close()
    object.__setattr__(made.context, "ops", ops[0])
    screen: BoardScreen = made.screen()
    screen.activated()
    step_all(made)
    face = screen.tiles.tile("will_breach").face
    assert (face.figure, face.sub) == ("–", "being worked out")
    assert not screen.ready()
    ops[1].work()
    step_all(made)
    face = screen.tiles.tile("will_breach").face
    assert face.figure == str(int(seen.late.sum()))
    assert face.sub.startswith("by ")
    assert screen.ready()
    made.clock.advance(60)
    screen.tiles.again("will_breach")
    assert screen.tiles.tile("will_breach").face.figure == "–", "too old to be told"
