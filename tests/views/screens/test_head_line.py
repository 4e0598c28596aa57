"""The first line of an entry, and the choices of its parts, in little room."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from console.views import theme
from console.views.screens.escalations.head_line import HeadLine
from console.views.widgets.segmented import SegmentedControl


@pytest.mark.parametrize(("width", "narrow"), [(600, False), (240, True)])
def test_what_comes_gives_way_to_the_name(qtbot: QtBot, width: int, narrow: bool) -> None:
    head = HeadLine()
    qtbot.addWidget(head)
    head.resize(width, 40)
    head.show()
    head.show_words(theme.State.DANGER, "Julia Evans · VIP", "climbs to duty manager  2:00")
    head.resize(width, head.sizeHint().height())
    assert head.is_narrow is narrow
    assert head._who.text() == "Julia Evans · VIP"
    assert (head._time.y() > head._who.y() + head._who.height() // 2) is narrow
    head.resize(840 - width, head.height())
    assert head.is_narrow is not narrow


def test_choices_go_on_below_where_one_row_is_too_wide(qtbot: QtBot) -> None:
    choices = SegmentedControl("Part", [(key, f"Choice {key}") for key in "abcd"])
    qtbot.addWidget(choices)
    one_row, wide = choices.sizeHint().height(), choices.width_of_all()
    assert choices.sizeHint().width() == wide
    choices.set_columns(2)
    assert choices.sizeHint().width() < wide
    assert choices.sizeHint().height() > 1.5 * one_row
    choices.set_columns(4)
    assert (choices.sizeHint().width(), choices.sizeHint().height()) == (wide, one_row)
