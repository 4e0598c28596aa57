"""The agents panel as approved: a break that is asked for, what is on its way, the menu of an agent, their queues."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from console.models.domain.commands import Delivery
from console.models.domain.contacts import AgentState
from console.views import theme
from console.views.screens.board import panel_view
from tests.golden.conftest import Golden
from tests.views.screens.conftest import stage
from tests.views.screens.test_agents_desk import Floor, floor, names

__all__ = ["floor", "names", "stage"]

BOTH = pytest.mark.parametrize(("words", "mode"), [("en", "light"), ("zh_CN", "dark")])


@pytest.fixture(autouse=True)
def whole_panels(monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy the machine, a picture is taken of all rows."""
    monkeypatch.setattr(panel_view, "_PAINT_SECONDS", 60.0)


@BOTH
def test_agents(
    look: Callable[..., None],
    golden: Golden,
    floor: Callable[..., Floor],
    names: list[str],
    words: str,
    mode: theme.Mode,
) -> None:
    look(words, mode)
    here = floor((3, 4, 10), (1, 12, 15))
    here.agents.state = Delivery.UNKNOWN
    here.screen.floor.deeds.set_state(names[5], AgentState.AWAY)
    QApplication.processEvents()
    golden(here.screen.agents, f"agents-{words}-{mode}")
    menu = here.menu(names[3])
    menu.ensurePolished()
    menu.adjustSize()
    golden(menu, f"agents-menu-{words}-{mode}")


@BOTH
def test_queues(
    look: Callable[..., None],
    golden: Golden,
    floor: Callable[..., Floor],
    names: list[str],
    words: str,
    mode: theme.Mode,
) -> None:
    look(words, mode)
    here = floor()
    card = here.screen.floor.change_queues(here.row(names[3]))
    assert card is not None
    QApplication.processEvents()
    assert card.isVisible()
    card.tick(card.ticked()[0], False)
    golden(card, f"agents-queues-{words}-{mode}")
