"""What stands in place of the list: nothing to do, nothing found, not read yet, cannot be read, not kept here."""

from __future__ import annotations

from datetime import tzinfo

from console.clock import MINUTE
from console.errors import KnownError
from console.i18n import _, ngettext
from console.models.live.board import Board
from console.models.queries.inbox import InboxFilter, Scope
from console.models.queries.inbox_advice import soonest
from console.views import formats
from console.views.widgets.empty import EmptyState

_AHEAD = 30 * MINUTE


class Calm(EmptyState):
    """Nobody needs a supervisor: what may come next."""

    def __init__(self) -> None:
        super().__init__("circle-check", "")

    def show_outlook(self, board: Board | None, now: int, zone: tzinfo) -> None:
        """Say how many waiting customers will be over their limit within the next half hour, if nobody answers."""
        self.set_words(_("Nobody waits beyond the limits"), "" if board is None else self._outlook(board, now, zone))

    def _outlook(self, board: Board, now: int, zone: tzinfo) -> str:
        until = now + _AHEAD
        time = formats.time_of_day(until, zone, seconds=False)
        soon = soonest(board, now, until)
        if not soon:
            return _("Next: nothing is due before {time}.").format(time=time)
        text = ngettext(
            "Next: {n} may breach by {time} if nobody answers.",
            "Next: {n} may breach by {time} if nobody answers.",
            soon,
        )
        return text.format(n=formats.count(soon), time=time)


class NoEntry(EmptyState):
    """The filter lets nothing through."""

    def __init__(self) -> None:
        super().__init__("list-search", "")

    def show_filter(self, chosen: InboxFilter, total: int) -> None:
        """Why nothing is shown."""
        if chosen.narrowed:
            text = ngettext("{n} escalation is open in all.", "{n} escalations are open in all.", total)
            self.set_words(_("No escalation passes these filters"), text.format(n=total), _("Clear all filters"))
            return
        words = {
            Scope.UNOWNED: (_("Somebody has every escalation"), ""),
            Scope.MINE: (_("You have none"), _("Acknowledge one with A, and it is yours.")),
            Scope.RESOLVED: (_("None was resolved just now"), _("Resolved ones stay here while they may come back.")),
        }
        self.set_words(*words.get(chosen.scope, (_("Nothing here"), "")))


class Reading(EmptyState):
    """The first look is on its way."""

    def __init__(self) -> None:
        super().__init__("hourglass", "")

    def retranslate(self) -> None:
        """Every word anew."""
        self.set_words(_("Reading the inbox"), _("It appears as soon as the database is open."))


class Unreadable(EmptyState):
    """The inbox cannot be read: why. It is asked again every second."""

    def __init__(self) -> None:
        super().__init__("alert-triangle", "")

    def show_error(self, error: BaseException) -> None:
        """Say why."""
        remedy = error.remedy if isinstance(error, KnownError) else ""
        what = error.what if isinstance(error, KnownError) else str(error).splitlines()[0] if str(error) else ""
        title = _("The inbox cannot be read")
        self.set_words(title, " ".join(part for part in (what, remedy, _("It is tried again every second.")) if part))


class NotKept(EmptyState):
    """This window has no inbox: it looks at a copy, or at the data of a running console."""

    def __init__(self) -> None:
        super().__init__("bell-ringing", "")

    def retranslate(self) -> None:
        """Every word anew."""
        self.set_words(
            _("No inbox here"),
            _("Escalations are kept by the console that runs on these data; this window only looks at them."),
        )
