"""The colours can be read, by everybody, in both themes."""

from __future__ import annotations

from typing import get_args

import pytest

from console import paths
from console.views.theme.states import State
from console.views.theme.tokens import DARK, LIGHT, ColorName, Tokens

TEXT = ("text", "text_muted", "accent", "danger", "warning", "ok", "info", "stale", "drill")
GROUNDS = ("surface", "raised", "sunken", "hover", "pressed", "selection", "selection_inactive")
AA_TEXT, AA_SHAPE = 4.5, 3.0


def luminance(value: str) -> float:
    """Relative luminance of ``#rrggbb`` as WCAG 2.2 defines it."""
    parts = [int(value[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def deuteranope(value: str) -> tuple[float, float, float]:
    """Roughly what a person without green cones sees (Viénot 1999, linear light left out)."""
    red, green, blue = (int(value[place : place + 2], 16) for place in (1, 3, 5))
    return (0.625 * red + 0.375 * green, 0.7 * red + 0.3 * green, 0.3 * green + 0.7 * blue)


def test_contrast_is_computed_as_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
class TestBothThemes:
    def test_words_can_be_read_on_every_ground(self, tokens: Tokens) -> None:
        values = tokens.items()
        poor = [
            f"{ink} on {ground}: {contrast(values[ink], values[ground]):.2f}"
            for ink in TEXT
            for ground in (*GROUNDS, *([f"{ink}_soft"] if f"{ink}_soft" in values else []))
            if contrast(values[ink], values[ground]) < AA_TEXT
        ]
        assert poor == []

    def test_every_word_can_be_read_on_the_tint_of_every_state(self, tokens: Tokens) -> None:
        values = tokens.items()
        grounds = {state.soft for state in State}
        assert [ground for ground in grounds if contrast(tokens.text, values[ground]) < AA_TEXT] == []
        assert [ground for ground in grounds if contrast(tokens.text_muted, values[ground]) < AA_TEXT] == []

    def test_the_primary_button_can_be_read(self, tokens: Tokens) -> None:
        assert contrast(tokens.on_accent, tokens.accent) >= AA_TEXT

    def test_edges_and_focus_can_be_seen(self, tokens: Tokens) -> None:
        values = tokens.items()
        for edge in ("control", "focus"):
            assert [
                ground
                for ground in ("surface", "raised", "sunken")
                if contrast(values[edge], values[ground]) < AA_SHAPE
            ] == []

    def test_alarm_and_calm_differ_for_a_person_who_cannot_see_green(self, tokens: Tokens) -> None:
        one, other = deuteranope(tokens.danger), deuteranope(tokens.ok)
        assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 > 60


def test_every_name_is_a_token_and_every_token_has_a_name() -> None:
    assert set(get_args(ColorName)) == set(LIGHT.items())


def test_a_state_is_never_told_by_colour_alone() -> None:
    shapes = [state.value.shape for state in State]
    words = [state.word for state in State]
    assert len(set(shapes)) == len(shapes)
    assert len(set(words)) == len(words)


@pytest.mark.parametrize(("name", "tokens"), [("check-on-accent", LIGHT), ("check-on-accent-dark", DARK)])
def test_the_tick_of_a_check_box_has_the_colour_of_the_theme(name: str, tokens: Tokens) -> None:
    assert f'stroke="{tokens.on_accent}"' in paths.resource(f"icons/{name}.svg").read_text()


@pytest.mark.parametrize(("name", "tokens"), [("chevron-muted", LIGHT), ("chevron-muted-dark", DARK)])
def test_the_arrow_of_a_list_has_the_colour_of_the_theme(name: str, tokens: Tokens) -> None:
    assert f'stroke="{tokens.text_muted}"' in paths.resource(f"icons/{name}.svg").read_text()
