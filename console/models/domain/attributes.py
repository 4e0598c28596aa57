"""The attributes that a ticket is born with, packed into the one integer value of its *created* event.

One integer keeps the log narrow and lets the fold unpack a million of them with shifts. `FIELDS` is the whole layout;
every field is an unsigned code of `contacts`, and 0 always means *not known*.
"""

from __future__ import annotations

from typing import NamedTuple


class Field(NamedTuple):
    """Where a field sits in the packed integer."""

    name: str
    shift: int
    bits: int

    @property
    def mask(self) -> int:
        """The largest value that fits."""
        return (1 << self.bits) - 1


FIELDS: tuple[Field, ...] = (
    Field("channel", 0, 6),
    Field("type", 6, 8),
    Field("tier", 14, 4),
    Field("priority", 18, 4),
    Field("language", 22, 6),
    Field("status", 28, 4),
    Field("complaint", 32, 3),
    Field("emotion", 35, 3),
    Field("queue", 38, 20),
)
BY_NAME: dict[str, Field] = {field.name: field for field in FIELDS}


def pack(**values: int) -> int:
    """Pack attributes by name; what is not named is 0. Raises ValueError for a value that does not fit."""
    packed = 0
    for name, value in values.items():
        field = BY_NAME[name]
        if not 0 <= value <= field.mask:
            raise ValueError(f"{name} = {value} does not fit in {field.bits} bits")
        packed |= int(value) << field.shift
    return packed


def unpack(packed: int) -> dict[str, int]:
    """The attributes in a packed integer, by name."""
    return {field.name: (packed >> field.shift) & field.mask for field in FIELDS}


def with_queue(packed: int, queue: int) -> int:
    """The same attributes with another queue id (the store knows the id only when it has interned the name)."""
    field = BY_NAME["queue"]
    return (packed & ~(field.mask << field.shift)) | (queue << field.shift)
