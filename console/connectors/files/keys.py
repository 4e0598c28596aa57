"""The key of a row: by a column of the file, or by its content and how often that was seen."""

from __future__ import annotations

from collections.abc import Sequence

from console.connectors.files.cells import Columns, digest, mixed
from console.connectors.files.mapping import Mapping
from console.connectors.files.rows import Row
from console.connectors.files.seen import Seen

_REPEATED = 1_000


class RowKeys:
    """Gives every row a 64-bit key that is the same whenever the same row is read again, in any longer file too."""

    def __init__(self, mapping: Mapping, columns: Columns) -> None:
        named = [mapping.key.column] if mapping.key.column else []
        self._named = columns.taker(named, mapping.nulls)
        self._content = columns.content(mapping.key)
        self._seen = Seen()

    def of(self, rows: Sequence[Row]) -> list[int | str]:
        """The key of each row; text where a column holds it."""
        keys: list[int | str] = [self._named(row.cells) if self._named else "" for row in rows]
        without = [place for place, key in enumerate(keys) if not key]
        digests = [digest(self._content(rows[place].cells)) for place in without]
        for place, base, count in zip(without, digests, self._seen.occurrences(digests), strict=True):
            keys[place] = mixed(base, _REPEATED + count) if count else base
        return keys
