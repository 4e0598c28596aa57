"""The policy under the pen: what was changed, what is wrong with it, and what it would do to the open tickets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from console.clock import MINUTE
from console.i18n import _
from console.models.actions.policy_edit import ChangedMeanwhile, Saved
from console.models.domain.ports import Progress
from console.models.policy.editing import Change, Edited, Site, edited, key_of, same_value, wrong
from console.models.policy.labels import full_label
from console.models.policy.policy import Policy
from console.models.policy.saying import said
from console.models.policy.schema import BY_PATH, ORDERS
from console.models.queries.policy_clocks import ClockLine, Histories
from console.models.queries.policy_effect import Effect, Waiting, effect
from console.views.bridge import LiveBoard
from console.views.policy_in_force import PolicyInForce
from console.views.screen import Context

_PAUSE_MS = 150
_FRESH = MINUTE // 2
"""How long a copy of the waiting tickets is good enough to count in (microseconds)."""


class Draft(QObject):
    """``opened``: the policy was read, or read again; ``changed`` carries the key whose value was changed; ``checked``:
    problems, changes and effect are up to date; ``saved`` carries what was `Saved`; ``failed`` an exception."""

    opened = Signal()
    changed = Signal(str)
    checked = Signal()
    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, context: Context, in_force: PolicyInForce, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._in_force = in_force
        self.site: Site | None = None
        self.values: dict[str, Any] = {}
        """Changed keys by path, as they would be written."""
        self.changes: tuple[Change, ...] = ()
        self.effect: Effect | None = None
        self.clocks: tuple[ClockLine, ...] = ()
        """Every clock of the tickets in progress, before and after; a little later than ``effect``."""
        self._histories: tuple[int, Histories] | None = None
        self._problems: dict[str, str] = {}
        self.other_problems: tuple[str, ...] = ()
        """What is wrong and belongs to no key that was changed."""
        self._waiting: Waiting | None = None
        self._taken_at = 0
        self._pause = QTimer(self)
        self._pause.setObjectName("policy check")
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._on_pause)

    @property
    def editable(self) -> str:
        """Why the policy cannot be changed by this person here; empty when it can."""
        if not self._in_force.writable:
            return _("Another process has the data open: the policy can only be looked at here.")
        decision = self._in_force.editor.may_edit(self._context.session.actor())
        return "" if decision.allowed else _("Only an administrator changes the policy.") + " " + decision.reason

    def open(self) -> None:
        """Read the policy from its file."""
        self._context.ops.read(
            lambda _progress: self._in_force.editor.open(), self._on_opened, key="policy open", owner=self
        )

    def recall(self, values: Mapping[str, Any]) -> None:
        """Take up changes that were left unsaved; of keys that there are."""
        self.values = {path: value for path, value in values.items() if path in BY_PATH}

    def value(self, path: str) -> Any:
        """The value as it would be written: changed, or in force."""
        assert self.site is not None
        return self.values.get(path, self.site.written(path))

    def is_changed(self, path: str) -> bool:
        """Whether saving would change this key, or it is wrong."""
        return path in self.values

    def differs(self, path: str) -> bool:
        """Whether the value is another than the shipped one."""
        assert self.site is not None
        return not same_value(path, self.value(path), self.site.default(path))

    def problem(self, path: str) -> str:
        """What is wrong with a key in one sentence; empty where nothing is."""
        return self._problems.get(path, "")

    @property
    def wrong_paths(self) -> tuple[str, ...]:
        """The keys that are wrong."""
        return tuple(self._problems)

    def set(self, path: str, value: Any) -> None:
        """Change a key; the value that is in force already is no change."""
        assert self.site is not None
        if same_value(path, value, self.site.written(path)):
            self.values.pop(path, None)
        else:
            self.values[path] = value
        told = wrong(path, value)
        if told is None:
            self._problems.pop(path, None)
        else:
            self._problems[path] = _sentence(told.what)
        self.changed.emit(path)
        self._check_soon()

    def reset(self, path: str) -> None:
        """Back to the shipped value."""
        assert self.site is not None
        self.set(path, self.site.default(path))

    def discard(self) -> None:
        """Forget all changes."""
        self.values.clear()
        self._problems.clear()
        self.other_problems = ()
        self.changes = ()
        self.effect, self.clocks = None, ()
        self._pause.stop()
        self.opened.emit()
        self.checked.emit()

    def save(self) -> None:
        """Save in a worker; `saved` or `failed` tell the end."""
        site, values, actor = self.site, dict(self.values), self._context.session.actor()
        assert site is not None
        editor = self._in_force.editor
        self._context.ops.write(
            lambda _progress: editor.save(actor, site, values), self._on_saved, failure=self._on_failed, owner=self
        )

    def undo(self, saved: Saved) -> None:
        """Take a save back in a worker."""
        actor, editor = self._context.session.actor(), self._in_force.editor
        self._context.ops.write(
            lambda _progress: editor.undo(actor, saved), self._on_saved, failure=self._on_failed, owner=self
        )

    def stop(self) -> None:
        """Nobody looks any more."""
        self._pause.stop()

    def _on_opened(self, site: Site) -> None:
        self.site = site
        for path, value in tuple(self.values.items()):
            if same_value(path, value, site.written(path)):
                del self.values[path]
        told = {path: wrong(path, value) for path, value in self.values.items()}
        self._problems = {path: _sentence(error.what) for path, error in told.items() if error is not None}
        self.opened.emit()
        self._check_soon()

    def _on_saved(self, saved: Saved) -> None:
        self.values.clear()
        self._problems.clear()
        self.changes = ()
        self.effect, self.clocks = None, ()
        self._on_opened(saved.after)
        self._in_force.take(saved.after.loaded.policy)
        self.saved.emit(saved)

    def _on_failed(self, error: object) -> None:
        if isinstance(error, ChangedMeanwhile):
            self._on_opened(error.now)
        self.failed.emit(error)

    def _check_soon(self) -> None:
        self._pause.start(_PAUSE_MS)

    def _on_pause(self) -> None:
        site, values = self.site, dict(self.values)
        if site is None:
            return
        if values and not self._take_waiting():
            # The rest of the copy in the next turns of the loop.
            self._pause.start(0)
            return
        waiting, old, now = self._waiting, self._in_force.policy, self._now()

        def work(progress: Progress) -> tuple[Edited, Effect | None]:
            edit = edited(site, values)
            if edit.policy is None or waiting is None or not edit.changes:
                return edit, None
            return edit, effect(waiting, old, edit.policy, now, progress)

        self._context.ops.read(work, self._on_checked, key="policy check", owner=self)

    def _take_waiting(self) -> bool:
        """Copy the next piece of the waiting tickets; True when the copy is complete and fresh."""
        live = self._context.live
        board = live.present if isinstance(live, LiveBoard) else None
        if board is None:
            self._waiting = None
            return True
        if self._waiting is None or self._now() - self._taken_at > _FRESH:
            self._waiting, self._taken_at = Waiting(), self._now()
        return self._waiting.take(board)

    def _now(self) -> int:
        return self._context.clock.now()

    def _on_checked(self, result: tuple[Edited, Effect | None]) -> None:
        edit, self.effect = result
        self.clocks = ()
        self.changes = edit.changes
        self._problems = {path: self._problems[path] for path in self._problems if wrong(path, self.value(path))}
        others: list[str] = []
        orders = self._disorders()
        self._problems |= orders
        for problem in edit.problems:
            path = key_of(problem)
            if path in self._problems or any(path in pair and set(pair) & set(orders) for pair in ORDERS):
                continue
            if path in self.values:
                self._problems[path] = f"{_sentence(problem.what)} {problem.write}".strip()
            else:
                others.append(f"{full_label(path)}: {problem.what}" if path else str(problem))
        self.other_problems = tuple(others)
        self.checked.emit()
        if edit.policy is not None and self.effect is not None:
            self._count_clocks(edit.policy)

    def _count_clocks(self, new: Policy) -> None:
        """The clocks of every ticket in progress, which takes the log and so a little longer."""
        old, now, log, known = self._in_force.policy, self._now(), self._context.store.log, self._histories
        values = dict(self.values)

        def work(progress: Progress) -> tuple[int, Histories, tuple[ClockLine, ...]]:
            at, found = known if known is not None and now - known[0] <= _FRESH else (now, None)
            found = found or Histories.read(log, now, progress)
            return at, found, found.effect(old, new, at, progress)

        def counted(result: tuple[int, Histories, tuple[ClockLine, ...]]) -> None:
            at, found, lines = result
            self._histories = at, found
            if values == self.values:
                self.clocks = lines
                self.checked.emit()

        self._context.ops.read(work, counted, key="policy clocks", owner=self)

    def _disorders(self) -> Mapping[str, str]:
        """Values that contradict each other, told at the one that was changed."""
        found: dict[str, str] = {}
        for less, more in ORDERS:
            changed = [path for path in (less, more) if path in self.values]
            if not changed or wrong(less, self.value(less)) or wrong(more, self.value(more)):
                continue
            if _read(less, self.value(less)) > _read(more, self.value(more)):
                other = more if changed[0] == less else less
                words = _("It may not be more than {other}, which is {value}.")
                if other == less:
                    words = _("It may not be less than {other}, which is {value}.")
                text = words.format(other=full_label(other), value=said(other, self.value(other)))
                found[changed[0]] = text
        return found


def _read(path: str, value: Any) -> Any:
    return BY_PATH[path].kind.read(value)


def _sentence(what: str) -> str:
    """What is wrong as a sentence of its own."""
    text = what.rstrip(".。")
    return f"{text[:1].upper()}{text[1:]}" + ("。" if any("\u4e00" <= letter <= "\u9fff" for letter in text) else ".")
