"""What is asked for from the board: on a worker, told by a toast when the source has answered, with a way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject

from console.errors import KnownError
from console.i18n import _
from console.models.domain.commands import Delivery, Ordered
from console.models.domain.roles import Actor
from console.views import theme
from console.views.screen import Context, ScreenWidget

_ANSWER_SECONDS = 3.0
"""So long a source may take; after that its answer is told by the ticket or the agent alone."""


class Answering(Protocol):
    """The actions that can say what became of something, and take it back."""

    def undo(self, actor: Actor, made: Sequence[Ordered]) -> Sequence[Ordered] | None:
        """The way back; None where there is none."""
        ...

    def answers(self, made: Sequence[Ordered], seconds: float) -> Sequence[Ordered]:
        """What became of it."""
        ...


class Asking(QObject):
    """Asks, and tells by the toasts of ``screen`` what came of it."""

    def __init__(self, context: Context, screen: ScreenWidget) -> None:
        super().__init__(screen)
        self._context = context
        self._screen = screen

    def ask(
        self,
        desk: Answering,
        work: Callable[[], Sequence[Ordered]],
        done: str,
        *,
        can_undo: bool = False,
        heard: Callable[[Sequence[Ordered]], object] = lambda _answers: None,
    ) -> None:
        """``work`` asks for it, ``done`` is said once it is true; ``heard`` gets it as it was asked for, and
        again as it stands once the source has answered."""

        def on_asked(made: Sequence[Ordered]) -> None:
            heard(made)
            self._context.ops.read(
                lambda _progress: desk.answers(made, _ANSWER_SECONDS), on_answers, failure=self._on_failure, owner=self
            )

        def on_answers(answers: Sequence[Ordered]) -> None:
            heard(answers)
            self._tell(desk, answers, done, can_undo=can_undo, heard=heard)

        self._context.ops.write(lambda _progress: work(), on_asked, failure=self._on_failure, owner=self)

    def _tell(
        self,
        desk: Answering,
        answers: Sequence[Ordered],
        done: str,
        *,
        can_undo: bool,
        heard: Callable[[Sequence[Ordered]], object],
    ) -> None:
        refused = [one for one in answers if one.state in (Delivery.REFUSED, Delivery.CONFLICT)]
        pending = [one for one in answers if one.pending]
        if refused:
            why = refused[0].reason or refused[0].words
            text = _("Not changed: {n} of {all}. {reason}").format(n=len(refused), all=len(answers), reason=why)
            made = [one for one in answers if one.state in (Delivery.APPLIED, Delivery.ALREADY)]
            if can_undo and made:
                # What was done of it can be taken back all the same.
                back = partial(self._undo, desk, made, heard)
                self._screen.undo_offered.emit(text, theme.State.WARNING, _("Undo"), back)
            else:
                self._screen.toast_requested.emit(text, theme.State.WARNING)
        elif pending:
            self._screen.toast_requested.emit(_("Asked for: {how}").format(how=pending[0].words), theme.State.INFO)
        elif can_undo:
            back = partial(self._undo, desk, answers, heard)
            self._screen.undo_offered.emit(done, theme.State.OK, _("Undo"), back)
        else:
            self._screen.toast_requested.emit(done, theme.State.OK)

    def _undo(self, desk: Answering, made: Sequence[Ordered], heard: Callable[[Sequence[Ordered]], object]) -> None:
        actor = self._context.session.actor()
        self.ask(desk, lambda: desk.undo(actor, made) or [], _("Taken back"), heard=heard)

    def _on_failure(self, error: BaseException) -> None:
        known = isinstance(error, KnownError)
        text = str(error) if known else _("Something went wrong.")
        self._screen.toast_requested.emit(text, theme.State.WARNING if known else theme.State.DANGER)
