"""What people type into a field, as the policy file would hold it; no Qt."""

from __future__ import annotations

import re
from typing import Any


def parsed(text: str, factor: int = 1) -> Any:
    """The number as the file would hold it; what is no number stays a text."""
    told = text.strip().replace(",", ".")
    if factor == 1 and re.fullmatch(r"\d+", told):
        return int(told)
    try:
        number = float(told)
    except ValueError:
        return text.strip()
    return round(number / factor, 6)


def shown_number(written: Any, factor: int = 1) -> str:
    """A number without needless digits; what is none as it is."""
    if isinstance(written, bool) or not isinstance(written, int | float):
        return str(written)
    return f"{round(written * factor, 4):.10g}"


def periods(text: str) -> list[str]:
    """The periods that somebody typed: hours alone, other dashes and separators are understood."""
    found = []
    for part in re.split(r"[,;、，；]", text):
        told = re.sub(r"\s*[-\u2013\u2014~至到]\s*", "-", part.strip().replace("：", ":"))
        if told:
            found.append("-".join(_time(end) for end in told.split("-")))
    return found


def _time(told: str) -> str:
    match = re.fullmatch(r"(\d{1,2})(?::(\d{2}))?", told)
    return f"{int(match[1]):02d}:{match[2] or '00'}" if match else told
