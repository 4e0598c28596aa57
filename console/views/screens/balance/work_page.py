"""A page below the balance that takes a worker a while: filled when somebody looks, with progress and a way to stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.clock import MINUTE
from console.i18n import _
from console.models.domain.ports import Progress
from console.views import theme
from console.views.bridge import LiveBoard
from console.views.ops import Job
from console.views.screen import Context
from console.views.screens.balance.reading import Reading
from console.views.widgets.progress import ProgressStrip

Found = TypeVar("Found")
_LASTS = MINUTE
"""What was found is found anew after so long, if somebody still looks."""


class WorkPage(QWidget, Generic[Found]):
    """``look`` runs on a worker, and ``show`` gets what it returns."""

    failed = Signal(object)

    def __init__(
        self,
        context: Context,
        live: LiveBoard,
        name: str,
        look: Callable[[Reading, Progress], Found],
        show: Callable[[Found], None],
    ) -> None:
        super().__init__()
        self._look, self._show = look, show
        self.context, self.live = context, live
        self._name = name
        self._reading: Reading | None = None
        self._done: tuple[object, int] | None = None
        self._job: Job[Found] | None = None
        self._busy = False
        self._stopped: object = None
        self._strip = ProgressStrip()
        self._strip.cancel_requested.connect(self._stop)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, theme.px(8), 0, 0)
        self.column.setSpacing(theme.px(8))
        self.column.addWidget(self._strip)

    @property
    def busy(self) -> bool:
        """Whether it is being filled."""
        return self._busy

    @property
    def reading(self) -> Reading | None:
        """What it is filled for."""
        return self._reading

    def follow(self, reading: Reading, *, seen: bool) -> None:
        """The balance shows this; where the page is ``seen`` it follows."""
        self._reading = reading
        if seen and not self.busy and self._is_due(reading):
            self._begin(reading)

    def sleep(self) -> None:
        """Nobody looks."""
        self._stop()

    def key_of(self, reading: Reading) -> object:
        """What, if it is another, needs another answer."""
        return reading.asked

    def retranslate(self) -> None:
        """Every word anew."""

    def _is_due(self, reading: Reading) -> bool:
        key = self.key_of(reading)
        if key == self._stopped:
            return False
        return self._done is None or self._done[0] != key or self.live.now() - self._done[1] > _LASTS

    def _begin(self, reading: Reading) -> None:
        key, now = self.key_of(reading), self.live.now()
        first = self._done is None or self._done[0] != key
        self._stopped = None
        self._busy = True
        if first:
            self._strip.start(_("Reading the log"))

        def end(found: Found) -> None:
            self._finish()
            self._done = (key, now)
            self._show(found)

        def stop() -> None:
            self._finish()
            self._stopped = key

        def fail(error: BaseException) -> None:
            stop()
            self.failed.emit(error)

        self._job = self.context.ops.read(
            lambda progress: self._look(reading, progress),
            end,
            failure=fail,
            progress=self._strip.set_progress,
            cancelled=stop,
            key=f"balance/{self._name}",
            owner=self,
        )

    def _finish(self) -> None:
        self._busy = False
        self._strip.finish()

    def _stop(self) -> None:
        if self._busy and self._job is not None:
            self._job.cancel()
