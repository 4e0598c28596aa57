"""Stand-ins for what the window reaches: live data that stands still, and screens of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.clock import SECOND, FixedClock
from console.i18n import N_
from console.models.actions.session import Session
from console.models.domain.roles import AccountRole, Actor
from console.views.feed import SourceAge
from console.views.layout import Layout
from console.views.ops import InlineExecutor, Ops
from console.views.screen import ActionSpec, Context, Offer, ScreenLog, ScreenWidget, add_actions
from console.views.shell.registry import Screen
from console.views.widgets.search import SearchField

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = 1_795_312_800_000_000
"""2026-11-22 10:00 in Shanghai."""


class StillLive:
    """Three sources: one fresh, one silent, one never heard of."""

    def __init__(self, sources: Sequence[SourceAge] | None = None) -> None:
        self.rows = (
            sources
            if sources is not None
            else (
                SourceAge("Zendesk", NOW - 2 * SECOND),
                SourceAge("WhatsApp", NOW - 380 * SECOND),
                SourceAge("Asterisk", 0),
            )
        )

    def sources(self) -> Sequence[SourceAge]:
        return self.rows


class PatientWorker(Executor):
    """A worker that begins when it is told to."""

    def __init__(self) -> None:
        self.asked: list[Callable[[], object]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.asked.append(lambda: fn(*args, **kwargs))
        return Future()

    def work(self) -> None:
        """Do what was asked."""
        asked, self.asked = self.asked, []
        for each in asked:
            each()


class NoStore:
    """A log that nobody opened."""

    @property
    def log(self) -> ScreenLog:
        raise RuntimeError("no log here")


class Tickets:
    """Offers two tickets for anything."""

    def offers(self, words: str, limit: int) -> Iterable[Offer]:
        return [Offer(f"T-2041{n} {words}", "WeChat", "ticket", lambda: None) for n in (7, 8)][:limit]


class SampleScreen(ScreenWidget):
    """A screen that notes what the shell tells it."""

    key = "sample"
    page: Callable[[], QWidget] | None = None

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.told: list[object] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.field = SearchField("find")
        column.addWidget(type(self).page() if type(self).page else self.field)
        add_actions(
            self, (ActionSpec("copy", N_("Copy rows"), "Ctrl+C", "copy"),), {"copy": lambda: self.told.append("copy")}
        )

    def set_past(self, at: int | None) -> None:
        self.told.append(("past", at))

    def retheme(self) -> None:
        self.told.append("retheme")

    def activated(self) -> None:
        self.told.append("activated")

    def deactivated(self) -> None:
        self.told.append("deactivated")

    def providers(self) -> Sequence[Tickets]:
        return (Tickets(),)


class OtherScreen(SampleScreen):
    key = "other"


SCREENS = (
    Screen("sample", N_("Live board"), "layout-dashboard", SampleScreen, "Ctrl+1"),
    Screen("other", N_("Escalations"), "bell-ringing", OtherScreen, "Ctrl+2"),
)


def context(folder: Path | None = None, live: StillLive | None = None) -> Context:
    """Everything stands still and runs inline; nothing is remembered without a folder."""
    return Context(
        clock=FixedClock(NOW),
        zone=SHANGHAI,
        ops=Ops(InlineExecutor(), InlineExecutor()),
        live=live or StillLive(),
        layout=Layout(folder),
        session=Session.of(Actor("test", frozenset({AccountRole.ADMIN})), FixedClock(NOW)),
        store=NoStore(),
    )
