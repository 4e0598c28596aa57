"""The slow way for a submission that cannot be encoded: mend what can be mended, say what is wrong with the rest."""

from __future__ import annotations

from collections.abc import Sequence

from console.errors import KnownError
from console.i18n import _
from console.models.domain.events import Event, Kind

_INT64 = range(-(1 << 63), 1 << 63)
_BYTE = range(256)


class EventsRejected(KnownError):
    """Some events of a submission cannot be kept; the others were. ``reasons`` has one line for each."""

    def __init__(self, source: str, reasons: Sequence[str]) -> None:
        self.reasons = list(reasons)
        super().__init__(
            _("{count} events of {source} cannot be kept: {first}").format(
                count=len(self.reasons), source=source, first=self.reasons[0]
            )
        )


def sift(events: Sequence[Event]) -> tuple[list[Event], list[str]]:
    """The events that can be kept, with unpaired surrogates replaced, and the reasons why others cannot."""
    good: list[Event] = []
    reasons: list[str] = []
    for event in events:
        try:
            good.append(_mended(event))
        except (ValueError, TypeError, AttributeError) as error:
            reasons.append(f"{event!r:.200}: {error}")
    return good, reasons


def _mended(event: Event) -> Event:
    for field in ("at", "native", "value"):
        if int(getattr(event, field)) not in _INT64:
            raise ValueError(f"{field} does not fit in 64 bits")
    if int(event.role) not in _BYTE or int(event.precision) not in _BYTE:
        raise ValueError("role or precision is not a code")
    if not event.subject:
        raise ValueError("no subject")
    if not isinstance(event.key, str):
        int(event.key)
    detail = None if event.detail is None else {_text(str(key)): _value(value) for key, value in event.detail.items()}
    return event._replace(
        kind=Kind(event.kind),
        subject=_text(event.subject),
        key=_text(event.key) if isinstance(event.key, str) else event.key,
        actor=_text(event.actor),
        name=_text(event.name),
        body=_text(event.body),
        detail=detail,
    )


def _text(text: str | None) -> str:
    if text is None:
        return ""
    return text.encode("utf-8", "replace").decode()


def _value(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_value(item) for item in value]
    if isinstance(value, dict):
        return {_text(str(key)): _value(item) for key, item in value.items()}
    return _text(str(value))
