"""The colours by what they mean. No other file names a colour by its number.

Every text token reaches 4.5:1 on every surface it is used on, every shape token 3:1 (a test computes it). Red and
teal stay apart for red-green blindness; even so a state is always a shape and a word as well (`states`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

ColorName = Literal[
    "surface",
    "raised",
    "sunken",
    "hairline",
    "control",
    "text",
    "text_muted",
    "text_disabled",
    "accent",
    "accent_soft",
    "on_accent",
    "danger",
    "danger_soft",
    "warning",
    "warning_soft",
    "ok",
    "ok_soft",
    "info",
    "info_soft",
    "stale",
    "stale_soft",
    "selection",
    "selection_inactive",
    "hover",
    "pressed",
    "focus",
    "shadow",
    "drill",
    "drill_soft",
]


@dataclass(frozen=True, slots=True)
class Tokens:
    """One value per meaning, as ``#rrggbb`` (or ``#aarrggbb`` for the shadow)."""

    surface: str
    """The window itself."""
    raised: str
    """Tables, tiles, popovers: what is read."""
    sunken: str
    """Headers, tracks, wells."""
    hairline: str
    """Lines between things; never the only sign of a control."""
    control: str
    """The edge of a control, 3:1 on its surroundings."""
    text: str
    text_muted: str
    text_disabled: str
    accent: str
    accent_soft: str
    on_accent: str
    danger: str
    danger_soft: str
    warning: str
    warning_soft: str
    ok: str
    ok_soft: str
    info: str
    info_soft: str
    stale: str
    """Words and shapes of data that is too old to trust."""
    stale_soft: str
    selection: str
    selection_inactive: str
    hover: str
    pressed: str
    focus: str
    shadow: str
    drill: str
    """An exercise, never to be taken for the real thing."""
    drill_soft: str

    def items(self) -> dict[str, str]:
        """Every token by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


LIGHT = Tokens(
    surface="#f3f4f6",
    raised="#ffffff",
    sunken="#eaecef",
    hairline="#dcdfe4",
    control="#7b838e",
    text="#171b21",
    text_muted="#565f6b",
    text_disabled="#98a0ab",
    accent="#1d5fc2",
    accent_soft="#e3edfb",
    on_accent="#ffffff",
    danger="#b4231c",
    danger_soft="#fce9e7",
    warning="#8a5200",
    warning_soft="#fdf0d5",
    ok="#0f6f68",
    ok_soft="#e0f2ef",
    info="#2f5d8c",
    info_soft="#e6eef6",
    stale="#59626e",
    stale_soft="#e9ebee",
    selection="#d5e4fa",
    selection_inactive="#e3e7ec",
    hover="#edf0f4",
    pressed="#e0e4ea",
    focus="#1d5fc2",
    shadow="#33000000",
    drill="#7a3e9d",
    drill_soft="#f3e8f8",
)

DARK = Tokens(
    surface="#14171b",
    raised="#1b1f25",
    sunken="#101317",
    hairline="#2b313a",
    control="#6d7683",
    text="#e4e7eb",
    text_muted="#9ca6b3",
    text_disabled="#5f6874",
    accent="#74a9f7",
    accent_soft="#1d2e47",
    on_accent="#0c1522",
    danger="#ff8f86",
    danger_soft="#43201f",
    warning="#f0b64f",
    warning_soft="#3b2d12",
    ok="#55c6b6",
    ok_soft="#14352f",
    info="#8db8e4",
    info_soft="#1e2c3a",
    stale="#9aa4b1",
    stale_soft="#23282f",
    selection="#1e3858",
    selection_inactive="#2a3039",
    hover="#232830",
    pressed="#2a3039",
    focus="#74a9f7",
    shadow="#99000000",
    drill="#cfa3ea",
    drill_soft="#33233f",
)
