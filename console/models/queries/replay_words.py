"""R-ROUTE: the figures of a replay side by side, in words; the same for the window and for the command line."""

from __future__ import annotations

from collections.abc import Sequence

from console.i18n import _
from console.models.queries.replay import Comparison


def lines(found: Comparison) -> list[tuple[str, str, str]]:
    """Name, in truth, under the rules."""
    was, now = found.recorded, found.replayed
    return [
        (_("Transfers"), str(was.transfers), str(now.transfers)),
        (_("of them needless"), str(was.needless), str(now.needless)),
        (_("The busiest carry"), _share(was.top_share), _share(now.top_share)),
        (_("Until there is an owner, mean"), _seconds(was.wait_mean), _seconds(now.wait_mean)),
        (_("Until there is an owner, nine of ten"), _seconds(was.wait_90), _seconds(now.wait_90)),
        (_("Customers who left"), str(was.lost), str(now.lost)),
        (_("Contacts that nobody had"), str(was.without_owner), str(now.without_owner)),
    ]


def unknown_words(names: Sequence[str]) -> str:
    """That no queue or team has the names that rules ask for; empty where each is known."""
    if not names:
        return ""
    told = _(", ").join(f"“{name}”" for name in names)
    return _("No queue or team is known as {names}: check how it is written.").format(names=told)


def _share(share: float | None) -> str:
    return "\N{EN DASH}" if share is None else f"{share:.0%}"


def _seconds(seconds: float) -> str:
    return _("{n:.0f} s").format(n=seconds)
