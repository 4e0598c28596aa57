"""The person at this console: who they are, what they can do about it, and the lock of the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.errors import KnownError
from console.i18n import N_, _
from console.models.actions.authorize import Refused
from console.models.actions.session import SessionState
from console.models.domain.roles import Refusal, Target
from console.views import formats, theme
from console.views.people import SessionSignal, roles_in_short, roles_in_words
from console.views.screen import ActionSpec, Context, add_actions
from console.views.shell.idle import IdleWatch
from console.views.shell.lock_layer import LockLayer
from console.views.shell.passphrase import PassphraseCard, SwitchCard
from console.views.shell.person_button import PersonButton
from console.views.widgets.buttons import button
from console.views.widgets.card import Card
from console.views.widgets.labels import label
from console.views.widgets.popover import Popover

PERSON_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("lock", N_("Lock the console"), "Ctrl+Alt+K", "lock"),
    ActionSpec("switch_person", N_("Switch person…"), "", "users"),
    ActionSpec("passphrase", N_("Set or change the passphrase…"), "", "key"),
    ActionSpec("accounts", N_("Accounts and roles"), "", "user"),
    ActionSpec("protection", N_("What protects this data"), "", "shield-check"),
)
_REFRESH_MS = 3_000


class PersonControl(QObject):
    """``lock_changed`` tells whether the window must be covered; ``told`` carries words and a state for a toast,
    ``jump_requested`` the key of a screen and what it is to show."""

    lock_changed = Signal(bool)
    jump_requested = Signal(str, object)
    told = Signal(str, object)

    def __init__(self, context: Context, window: QWidget, *, accounts: bool) -> None:
        """``accounts``: the window has a screen that shows them."""
        super().__init__(window)
        self._context, self._window = context, window
        self._session = context.session
        self.button = PersonButton()
        self.layer = LockLayer(context.clock, context.zone)
        self.layer.hide()
        self.idle = IdleWatch(self)
        self._idle_minutes = 0.0
        self._locked = False
        self._settled = False
        self._card: Popover | None = None
        self.actions = add_actions(
            window,
            [spec for spec in PERSON_ACTIONS if accounts or spec.key != "accounts"],
            {
                "lock": self._session.lock,
                "switch_person": self.open_switch,
                "passphrase": self.open_passphrase,
                "accounts": lambda: self.jump_requested.emit("audit", Target("account", self._session.name)),
                "protection": self.open_protection,
            },
        )
        self._signal = SessionSignal(self._session, self)
        self._signal.changed.connect(self._on_changed)
        self._refresh = QTimer(self)
        self._refresh.setObjectName("roles")
        self._refresh.setInterval(_REFRESH_MS)
        self._refresh.timeout.connect(self._read_again)
        self.button.clicked.connect(self.open_menu)
        self.layer.unlock_requested.connect(self._on_unlock)
        self.layer.switch_requested.connect(self.open_switch)
        self.idle.idle.connect(self._session.lock)
        self._on_changed()

    @property
    def settled(self) -> bool:
        """Whether it is known who works here, or that it cannot be known."""
        return self._settled

    @property
    def card(self) -> Popover | None:
        """The form that is open, None for none."""
        return self._card

    def begin(self, then: Callable[[], None]) -> None:
        """The data is open: sign in, or ask for the passphrase; call ``then`` when it is known which, so that nothing
        is shown before. The sign-in itself may take its time, as a keyring may ask a person first."""
        ops, session = self._context.ops, self._session

        def go_on(_nothing: None) -> None:
            then()
            ops.write(lambda _p: session.begin(), self._on_begun, failure=self._on_not_begun, owner=self)

        def fail(error: BaseException) -> None:
            self._on_not_begun(error)
            then()

        ops.read(lambda _p: session.meet(), go_on, failure=fail, owner=self)
        self._refresh.start()

    def close(self) -> None:
        """Ask no more."""
        self._signal.close()
        self._refresh.stop()
        self.idle.stop()

    def set_idle_minutes(self, minutes: float) -> None:
        """After so long without a touch the console locks, where the account has a passphrase; 0: never."""
        self._idle_minutes = minutes
        self._watch_idle()

    def retranslate(self) -> None:
        """Every word anew."""
        self.layer.set_roles(roles_in_words(self._session.person.roles))
        self.layer.retranslate()
        self._show()

    def open_menu(self) -> None:
        """What the person can do, beside the button."""
        self._open(_Menu(self._window, self.button.accessibleName(), tuple(self.actions.values()))).open_beside(
            self.button
        )

    def open_switch(self) -> None:
        """Let another person take over."""
        card = SwitchCard(self._window)
        card.sent.connect(lambda name, passphrase: self._switch(card, name, passphrase))
        self._open(card)
        card.open()

    def open_passphrase(self) -> None:
        """Set, change or remove one's own passphrase."""
        session = self._session
        has = session.has_passphrase
        card = PassphraseCard(self._window, session.name, session.rules, has=has, ask_present=has)

        def send(present: str, wanted: str) -> None:
            self._context.ops.write(
                lambda _p: session.set_passphrase(present, wanted),
                lambda _n: self._done(card, _("The passphrase is set.") if wanted else _("The passphrase is gone.")),
                failure=lambda error: self._refused(
                    error, card, lambda text: card.refuse(text, card.present or card.wanted)
                ),
                owner=card,
            )

        card.sent.connect(send)
        self._open(card)
        card.open()

    def open_protection(self) -> None:
        """Say plainly what protects the data."""
        access = self._context.access
        if access is None:
            return
        self._context.ops.read(lambda _p: access.protection(), self._show_protection, owner=self)

    def _show_protection(self, sentences: Sequence[str]) -> None:
        card = Card(self._window, _("What protects this data"))
        for sentence in sentences:
            card.add_text(sentence)
        close = button(_("Close"))
        close.clicked.connect(card.close_now)
        card.add_foot(close)
        self._open(card)
        card.open()

    def _open(self, card: Popover) -> Popover:
        if self._card is not None:
            self._card.close_now()
        self._card = card
        card.closed.connect(lambda: self._forget(card))
        return card

    def _forget(self, card: Popover) -> None:
        card.deleteLater()
        if self._card is card:
            self._card = None

    def _on_unlock(self, passphrase: str) -> None:
        self._context.ops.write(
            lambda _p: self._session.unlock(passphrase),
            failure=lambda error: self._refused(error, self, self.layer.refuse),
            owner=self,
        )

    def _switch(self, card: SwitchCard, name: str, passphrase: str) -> None:
        self._context.ops.write(
            lambda _p: self._session.switch(name, passphrase),
            lambda _n: self._done(card, _("{name} is signed in.").format(name=self._session.name)),
            failure=lambda error: self._refused(error, card, lambda text: card.refuse(text, card.passphrase), name),
            owner=card,
        )

    def _done(self, card: Popover, text: str) -> None:
        card.close_now()
        self.told.emit(text, theme.State.OK)

    def _refused(self, error: BaseException, owner: QObject, tell: Callable[[str], None], name: str = "") -> None:
        """Say why not; for an account that is locked also until when."""
        if not (isinstance(error, Refused) and error.refusal is Refusal.LOCKED_OUT):
            tell(error.what if isinstance(error, Refused) else str(error))
            return
        zone = self._context.zone

        def say(until: int) -> None:
            when = formats.time_of_day(until, zone, seconds=False)
            tell(_("Locked until {time} after repeated wrong passphrases.").format(time=when) if until else error.what)

        self._context.ops.read(lambda _p: self._session.locked_until(name), say, owner=owner)

    def _on_begun(self, _nothing: None) -> None:
        self._settled = True

    def _on_not_begun(self, error: BaseException) -> None:
        self._settled = True
        if isinstance(error, KnownError):
            self.told.emit(str(error), theme.State.WARNING)

    def _read_again(self) -> None:
        if self._session.state is not SessionState.OPENING:
            # A database that cannot be read for a moment is told by the banner of the store.
            self._context.ops.read(
                lambda _p: self._session.refresh(),
                lambda _n: None,
                failure=lambda _e: None,
                key="roles",
                owner=self,
            )

    def _on_changed(self) -> None:
        self._show()
        if self._session.locked == self._locked:
            return
        self._locked = self._session.locked
        if self._locked:
            if self._card is not None:
                self._card.close_now()
            self.layer.show_person(
                self._session.name, roles_in_words(self._session.person.roles), asks=self._session.has_passphrase
            )
        self.lock_changed.emit(self._locked)

    def _show(self) -> None:
        session = self._session
        roles = roles_in_words(session.person.roles)
        if session.state is SessionState.OPENING:
            self.button.show_person(_("Signing in"), "", _("Nobody is signed in."))
        else:
            spoken = _("{name}, {roles}").format(name=session.name, roles=roles)
            self.button.show_person(session.name, roles_in_short(session.person.roles), spoken)
        signed_in = session.state is SessionState.SIGNED_IN
        for key, action in self.actions.items():
            action.setEnabled(signed_in and (key == "lock" or self._context.access is not None))
        self._watch_idle()

    def _watch_idle(self) -> None:
        session = self._session
        wanted = session.state is SessionState.SIGNED_IN and session.has_passphrase and self._idle_minutes > 0
        if wanted != self.idle.running:
            self.idle.set_minutes(self._idle_minutes if wanted else 0)


class _Menu(Popover):
    """The person's name with roles, and the actions."""

    def __init__(self, window: QWidget, name: str, actions: Sequence[QAction]) -> None:
        super().__init__(window, name)
        self.body.addWidget(label(name, "title"))
        for action in actions:
            spec = action.data()
            line = QHBoxLayout()
            # The style leaves no room between icon and word.
            made = button(f"\N{NO-BREAK SPACE}{action.text()}", "link")
            made.setIcon(theme.icon(spec.icon if isinstance(spec, ActionSpec) else "", "text_muted"))
            made.setEnabled(action.isEnabled())
            made.clicked.connect(lambda _checked=False, action=action: self._run(action))
            line.addWidget(made)
            line.addStretch(1)
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            if keys:
                cap = label(keys, "small")
                cap.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                line.addWidget(cap)
            self.body.addLayout(line)

    def _run(self, action: QAction) -> None:
        self.close_now()
        action.trigger()
