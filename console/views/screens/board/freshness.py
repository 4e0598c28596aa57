"""Which sources are too old to trust, and how old, in words."""

from __future__ import annotations

from collections.abc import Sequence

from console.clock import SECOND
from console.i18n import _
from console.views import formats
from console.views.feed import SourceAge


def stale_sources(sources: Sequence[SourceAge], now: int) -> dict[str, str]:
    """The silent sources with the age of their data. An imported file is complete, so it never grows stale."""
    stale = {}
    for source in sources:
        seconds = (now - source.at) / SECOND
        if not source.file and (source.down or seconds > source.stale_after):
            stale[source.name] = formats.span(seconds) if source.at else _("never")
    return stale


def age_of_all(sources: Sequence[SourceAge], now: int) -> str:
    """The age of the board in words when every source that should speak is silent; empty while one of them speaks."""
    speaking = [source for source in sources if not source.file]
    if not speaking or len(stale_sources(speaking, now)) < len(speaking):
        return ""
    newest = max(source.at for source in speaking)
    return formats.span((now - newest) / SECOND) if newest else _("never")
