"""What a screen is to the shell: a widget with a key, actions of its own, and a sleep while nobody sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from console.i18n import _
from console.models.actions.session import Session
from console.models.domain.escalation_ports import EscalationReader
from console.models.domain.ports import Clock, LogReader
from console.models.domain.session_ports import AccessDoor
from console.models.queries.timeline import Entry
from console.settings import Settings
from console.views.desk import Desk
from console.views.feed import SourceAge
from console.views.layout import Layout
from console.views.ops import Ops
from console.views.policy_in_force import PolicyInForce

if TYPE_CHECKING:
    from console.views.balance_watch import BalanceWatch
    from console.views.inbox_watch import InboxWatch


class Live(Protocol):
    """What the shell needs of the live data; `console.views.bridge` has it, and more for the screens."""

    def sources(self) -> Sequence[SourceAge]:
        """Every source with the time it was last heard of."""
        ...


class ScreenLog(LogReader, Protocol):
    """The log as screens read it, in workers."""

    def timeline(self, ticket: int) -> Sequence[Entry]:
        """All events of a ticket in full and in its order."""
        ...


class Store(Protocol):
    """The way to the log; open as soon as there is a board."""

    @property
    def log(self) -> ScreenLog:
        """Readers of the log, safe on any thread; raises RuntimeError before the board was opened."""
        ...


@dataclass(frozen=True)
class Context:
    """What a screen may reach. Built once by `console.app` and handed to every factory."""

    clock: Clock
    zone: tzinfo
    """The zone that times are shown in."""
    ops: Ops
    """Queries and actions, away from the GUI thread."""
    live: Live
    """The live board and what feeds it."""
    layout: Layout
    """What the window remembers."""
    session: Session
    """Who acts, for every action and its row on the audit trail."""
    store: Store
    """The log behind the board."""
    folder: Path | None = None
    """Where the database lies, when it is not the usual place."""
    access: AccessDoor | None = None
    """Accounts and audit trail; None where there are none, as in a test of something else."""
    desk: Desk | None = None
    """What a person can do; None where nothing can be changed (a picture, a look at a copy)."""
    inbox: EscalationReader | None = None
    """The escalations as they are stored. Raises RuntimeError until the database is open."""
    watch: InboxWatch | None = None
    """Follows ``inbox`` for everybody who shows something of it."""
    balance: BalanceWatch | None = None
    """Follows how unevenly work is shared."""
    settings: Settings | None = None
    """What this user has set for good; changed by `ScreenWidget.preference_requested`."""
    policy: PolicyInForce | None = None
    """The policy that the window lives by, and its editor; tells when another one comes into force."""


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One row of a table of actions. ``text`` is marked with `N_`; ``shortcut`` is Qt's portable text, for example
    ``Ctrl+Shift+C``; ``also`` holds further keys; ``icon`` names a shipped icon."""

    key: str
    text: str
    shortcut: str = ""
    icon: str = ""
    checkable: bool = False
    also: tuple[str, ...] = ()


class Offer(NamedTuple):
    """A line of the command palette."""

    title: str
    hint: str
    icon: str
    run: Callable[[], None]


class OfferProvider(Protocol):
    """Finds things by words for the command palette: tickets, agents, articles."""

    def offers(self, words: str, limit: int) -> Iterable[Offer]:
        """At most ``limit`` lines for these words, best first; must answer within a frame."""
        ...


class ScreenWidget(QWidget):
    """Base of every screen. The shell calls `activated` when it comes into sight and `deactivated` when it goes;
    in between it must not repaint or refresh."""

    key: ClassVar[str]
    past_requested = Signal(object)
    """A wish to look at another moment: microseconds since the epoch, or None for the present."""
    preference_requested = Signal(str, object)
    """A wish to set a key of the settings to a value."""
    toast_requested = Signal(str, object)
    """A wish to tell what was done: the text and a `theme.State`."""
    undo_offered = Signal(str, object, str, object)
    """The same with something to press: text, state, the button's word, and what to call."""
    foot_changed = Signal()
    """What stands at the lower edge came or went, see `foot`."""
    jump_requested = Signal(str, object)
    """A wish to see something on another screen: the screen's key and what it is to show, see `go_to`."""

    def set_past(self, at: int | None) -> None:
        """Show the moment ``at`` (microseconds since the epoch), or the present with None."""

    def go_to(self, what: object) -> None:
        """Show one thing, because another screen asked for it; what it can be is the screen's own."""

    def retranslate(self) -> None:
        """Set every word again; the language changed. Overrides call the base, which renames the actions."""
        for action in self.actions():
            rename(action)

    def retheme(self) -> None:
        """Fetch icons and pixmaps again; the theme or scale changed. Painting with `theme.current` needs nothing."""

    def activated(self) -> None:
        """The screen is in sight from now on."""

    def deactivated(self) -> None:
        """Nobody sees the screen from now on."""

    def providers(self) -> Sequence[OfferProvider]:
        """What this screen adds to the command palette."""
        return ()

    def ready(self) -> bool:
        """Whether the screen shows what it is for, rather than its loading state."""
        return True

    def foot(self) -> int:
        """The height, in pixels at its lower edge, of what nothing may lie over."""
        return 0

    def remember(self) -> None:
        """Put sizes, orders and widths into the layout; called before the window closes."""


def add_actions(
    widget: QWidget, table: Iterable[ActionSpec], handlers: Mapping[str, Callable[[], object]]
) -> dict[str, QAction]:
    """Make the table's actions on ``widget``; their shortcuts work while the focus is inside it.

    Raises KeyError when a row has no handler.
    """
    made: dict[str, QAction] = {}
    for spec in table:
        action = QAction(widget)
        action.setData(spec)
        action.setObjectName(spec.key)
        action.setCheckable(spec.checkable)
        action.setShortcuts([QKeySequence(text) for text in (spec.shortcut, *spec.also) if text])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        rename(action)
        # A QAction passes `checked`, which handlers do not want.
        handler = handlers[spec.key]
        action.triggered.connect(lambda _checked=False, call=handler: call())
        widget.addAction(action)
        made[spec.key] = action
    return made


def rename(action: QAction) -> None:
    """Set the action's words in the language in use."""
    spec = action.data()
    if isinstance(spec, ActionSpec):
        action.setText(_(spec.text))
