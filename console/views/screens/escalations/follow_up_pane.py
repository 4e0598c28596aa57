"""What is owed to the customer of a resolved complaint (R-CMP-FOLLOW): each task, until when, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.clock import SECOND
from console.errors import KnownError
from console.i18n import _
from console.models.actions.authorize import authorize
from console.models.actions.follow_ups import FollowUpActions
from console.models.domain.follow_ups import DUTY_WORDS, FollowUp
from console.models.domain.roles import Action, Target
from console.models.queries.inbox_lines import owner_word
from console.views import formats, theme
from console.views.screen import Context
from console.views.widgets.buttons import IconButton, button
from console.views.widgets.labels import StateMark, label
from console.views.widgets.scrolled import scrolled


class TaskRow(QWidget):
    """One task with a field for its outcome. ``finished`` carries its number and the words."""

    finished = Signal(int, str)

    def __init__(self, task: FollowUp, now: int, context: Context) -> None:
        super().__init__()
        self._task = task
        late = task.promised_at <= now
        mark = StateMark(theme.State.DANGER if late else theme.State.NEUTRAL)
        mark.setVisible(late)
        left = formats.span(abs(task.promised_at - now) / SECOND)
        due = _("{span} late") if late else _("in {span}")
        told = label(f"{formats.instant(task.promised_at, context.zone)} · {due.format(span=left)}", "small")
        if late:
            told.setStyleSheet(f"color: {theme.color('danger').name()}")
        owner = label(owner_word(task.owner, context.session.name), "small")
        self.outcome = QLineEdit()
        self.outcome.setMaxLength(500)
        self.outcome.setPlaceholderText(_("What came of it"))
        self.outcome.setAccessibleName(_("{task}: what came of it").format(task=_(DUTY_WORDS[task.duty])))
        self.done = button(_("Finish"))
        self.outcome.textChanged.connect(self._on_text)
        self.outcome.returnPressed.connect(self._on_done)
        self.done.clicked.connect(self._on_done)
        self._may = authorize(
            context.session.actor(), Action.FOLLOW_UP_CLOSE, Target("follow_up", str(task.id))
        ).allowed
        self.outcome.setEnabled(self._may)
        head = QHBoxLayout()
        for piece in (mark, label(_(DUTY_WORDS[task.duty]), "title"), told):
            head.addWidget(piece)
        head.addStretch(1)
        head.addWidget(owner)
        foot = QHBoxLayout()
        foot.addWidget(self.outcome, 1)
        foot.addWidget(self.done)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, theme.px(8))
        column.setSpacing(theme.px(4))
        column.addLayout(head)
        column.addLayout(foot)
        self._on_text()

    def _on_text(self) -> None:
        said = bool(self.outcome.text().strip())
        self.done.setEnabled(self._may and said)
        self.done.setToolTip("" if said or not self._may else _("Say first what came of it."))

    def _on_done(self) -> None:
        if self.done.isEnabled():
            self.done.setEnabled(False)
            self.finished.emit(self._task.id, self.outcome.text())


class FollowUpPane(QWidget):
    """The outstanding tasks of one ticket. ``done`` carries each that was ended; ``closed`` is the wish to go."""

    done = Signal(object)
    closed = Signal()
    toast_requested = Signal(str, object)

    def __init__(
        self, context: Context, desk: FollowUpActions, ticket: int, ref: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._desk = desk
        self._ticket = ticket
        self._ref = ref or f"#{ticket}"
        self._tasks: Sequence[FollowUp] | None = None
        self._shown: list[TaskRow] = []
        self._title = label(kind="title")
        self._close = IconButton("x", "")
        self._close.clicked.connect(self.closed)
        self._told = label(kind="muted", wrap=True)
        self._inner = QWidget()
        self._rows = QVBoxLayout(self._inner)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.addStretch(1)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(12))
        column.setSpacing(theme.px(8))
        column.addLayout(head)
        column.addWidget(self._told)
        column.addWidget(scrolled(self._inner), 1)
        escape = QShortcut(QKeySequence("Esc"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.closed)
        self.retranslate()
        self.read()

    @property
    def rows(self) -> list[TaskRow]:
        """The tasks as they are shown."""
        return self._shown

    def read(self) -> None:
        """Ask the database what is outstanding."""
        desk, ticket = self._desk, self._ticket
        self._context.ops.read(
            lambda _progress: desk.outstanding(ticket),
            self._on_tasks,
            failure=self._on_failure,
            key="follow-ups/read",
            owner=self,
        )

    def retranslate(self) -> None:
        """Every word anew."""
        self._title.setText(_("Follow-ups for {ticket}").format(ticket=self._ref))
        self.setAccessibleName(self._title.text())
        self._close.set_name(_("Close"), "Esc")
        self._fill()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of what is read."""
        del event
        QPainter(self).fillRect(self.rect(), theme.color("raised"))

    def _fill(self) -> None:
        for row in self._shown:
            row.hide()
            row.deleteLater()
        self._shown = []
        zone = self._context.zone
        tasks, now = self._tasks, self._context.clock.now()
        for place, task in enumerate(tasks or ()):
            row = TaskRow(task, now, self._context)
            row.finished.connect(self._on_finished)
            self._rows.insertWidget(place, row)
            self._shown.append(row)
        self.setFocusProxy(self._shown[0].outcome if self._shown else self._close)
        told = _("Reading…") if tasks is None else _("No follow-up is outstanding.")
        if tasks:
            told = _("The complaint was resolved {time}.").format(time=formats.instant(tasks[0].resolved_at, zone))
        self._told.setText(told)
        self._told.setVisible(bool(told))

    def _on_tasks(self, tasks: Sequence[FollowUp]) -> None:
        self._tasks = tasks
        self._fill()

    def _on_finished(self, task: int, outcome: str) -> None:
        desk, actor = self._desk, self._context.session.actor()
        self._context.ops.write(
            lambda _progress: desk.finish(actor, task, outcome), self._on_done, failure=self._on_failure, owner=self
        )

    def _on_done(self, task: FollowUp) -> None:
        self.toast_requested.emit(_("Done: {task}").format(task=_(DUTY_WORDS[task.duty])), theme.State.OK)
        self.done.emit(task)
        self.read()

    def _on_failure(self, error: BaseException) -> None:
        if isinstance(error, KnownError):
            self.toast_requested.emit(str(error), theme.State.WARNING)
            self._fill()
