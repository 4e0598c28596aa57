"""Fields of the policy found by words: for the search of the screen and for the command palette."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice

from console.i18n import _
from console.models.policy.labels import GROUP_OF, SECTION_OF, full_label, note
from console.models.policy.schema import BY_PATH
from console.views.screen import Offer


def matches(path: str, parts: Sequence[str]) -> bool:
    """Whether all words (casefolded) occur in what a person reads of a key, its name in the file, or its rule."""
    around = f"{_(SECTION_OF[path].title)} {_(GROUP_OF[path].note)}"
    text = f"{full_label(path)} {note(path)} {around} {path} {BY_PATH[path].rule}".casefold()
    return all(part in text for part in parts)


class FieldOffers:
    """Lines of the command palette; ``show`` brings a key's field to the front."""

    def __init__(self, show: Callable[[str], object]) -> None:
        self._show = show

    def offers(self, words: str, limit: int) -> Iterable[Offer]:
        """At most ``limit`` fields for these words, in the order of the schema."""
        parts = words.casefold().split()
        found = (path for path in BY_PATH if parts and matches(path, parts))
        return [
            Offer(full_label(path), _(SECTION_OF[path].title), "settings", partial(self._go, path))
            for path in islice(found, max(0, limit))
        ]

    def _go(self, path: str) -> None:
        self._show(path)
