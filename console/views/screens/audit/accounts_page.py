"""Who works here: accounts with their roles, given and taken by a tick, and what protects all of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.i18n import _
from console.models.actions.accounts import account_target, grant_role, revoke_role, set_passphrase
from console.models.actions.authorize import authorize
from console.models.domain.ports import Progress
from console.models.domain.roles import ROLE_WORDS, AccountRole, Action, same_person
from console.models.domain.session_ports import AccessDoor
from console.views import theme
from console.views.screen import Context
from console.views.screens.audit.accounts_model import ROLES, WIDTHS, AccountLine, AccountsModel
from console.views.shell.passphrase import PassphraseCard
from console.views.tables.plain_table import PlainTable
from console.views.widgets.buttons import button
from console.views.widgets.labels import label

_Read = tuple[Sequence[AccountLine], Sequence[str]]


class AccountsPage(QWidget):
    """``told`` carries words and a state; ``history_requested`` the name of an account."""

    told = Signal(str, object)
    history_requested = Signal(str)

    def __init__(self, context: Context, access: AccessDoor) -> None:
        super().__init__()
        self._context, self._access = context, access
        self._loaded = False
        self._wanted = ""
        self._about = label(kind="muted", wrap=True)
        self.name = QLineEdit()
        self.name.returnPressed.connect(self._add)
        self.role = QComboBox()
        self.add = button("")
        self.add.clicked.connect(self._add)
        self._adding = QWidget()
        self.model = AccountsModel(context.zone, self)
        self.model.role_wished.connect(self._on_role_wished)
        self.table = PlainTable("")
        self.table.setModel(self.model)
        self.table.selectionModel().currentRowChanged.connect(lambda *_where: self._show_tools())
        self.passphrase = button("")
        self.passphrase.clicked.connect(self._open_passphrase)
        self.history = button("")
        self.history.clicked.connect(self._ask_history)
        self._protection_title = label(kind="title")
        self._protection = label(wrap=True)
        self._lay_out()
        self.retranslate()
        theme.notifier().changed.connect(self._fit)

    def ready(self) -> bool:
        """Whether the accounts are there."""
        return self._loaded

    def load(self) -> None:
        """Read the accounts."""
        if not self._context.session.actor().name:
            return
        access = self._access

        def work(_progress: Progress) -> _Read:
            last = access.trail.last_sign_ins()
            lines = [AccountLine(account, last.get(account.name, 0)) for account in access.accounts.all()]
            return lines, access.protection()

        self._context.ops.read(work, self._on_read, failure=self._on_failed, key="accounts", owner=self)

    def show_account(self, name: str) -> None:
        """Put the focus on an account."""
        self._wanted = name
        self._choose_wanted()

    def retranslate(self) -> None:
        """Every word anew."""
        self._about.setText(
            _(
                "Accounts are those of the operating system. Everybody sees; who acts needs a role. A change holds at "
                "once, also where somebody is signed in, and stands on the audit trail."
            )
        )
        self.name.setPlaceholderText(_("Account in the operating system"))
        self.name.setAccessibleName(_("Account in the operating system"))
        chosen = self.role.currentIndex()
        self.role.clear()
        self.role.addItems([_(ROLE_WORDS[role]) for role in ROLES])
        self.role.setCurrentIndex(max(chosen, 0))
        self.role.setAccessibleName(_("Role"))
        self.add.setText(_("Add"))
        self.table.setAccessibleName(_("Accounts"))
        self.history.setText(_("What was done to it"))
        self._protection_title.setText(_("What protects this data"))
        self.model.retranslate()
        self._show_tools()
        self._fit()
        if self._loaded:
            self.load()

    def _on_read(self, found: _Read) -> None:
        lines, protection = found
        chosen = self._chosen()
        self._loaded = True
        actor = self._context.session.actor()
        manages = authorize(actor, Action.ACCOUNTS_MANAGE, account_target("")).allowed and self._access.writable
        self._adding.setVisible(manages)
        self.model.show_lines(lines, self._context.clock.now(), editable=manages)
        self._protection.setText("\n".join(protection))
        self._wanted = self._wanted or (chosen.account.name if chosen is not None else actor.name)
        self._choose_wanted()
        self._show_tools()

    def _choose_wanted(self) -> None:
        place = self.model.place_of(self._wanted)
        if place is not None:
            self.table.selectRow(place)
            self._wanted = ""

    def _on_role_wished(self, name: str, role: AccountRole, give: bool) -> None:
        change = grant_role if give else revoke_role
        said = _("{name} has the role: {role}") if give else _("{name} no longer has the role: {role}")
        context, access = self._context, self._access
        actor = context.session.actor()
        self._write(
            lambda: change(access.accounts, actor, name, role, context.clock),
            said.format(name=name, role=_(ROLE_WORDS[role])),
        )

    def _add(self) -> None:
        name = self.name.text().strip()
        if not name:
            self.name.setFocus()
            return
        self._wanted = name
        self._on_role_wished(name, ROLES[self.role.currentIndex()], True)
        self.name.clear()

    def _open_passphrase(self) -> None:
        line = self._chosen()
        if line is None:
            return
        name, has, session = line.account.name, bool(line.account.passphrase), self._context.session
        own = same_person(name, session.name)
        card = PassphraseCard(self.window(), name, session.rules, has=has, ask_present=own and has)
        context, access = self._context, self._access

        def work(present: str, wanted: str) -> None:
            if own:
                session.set_passphrase(present, wanted)
            else:
                set_passphrase(access.accounts, access.hasher, session.actor(), name, wanted, context.clock)

        def send(present: str, wanted: str) -> None:
            context.ops.write(
                lambda _p: work(present, wanted),
                lambda _n: after(_("The passphrase is set.") if wanted else _("The passphrase is gone.")),
                failure=lambda error: card.refuse(str(error), card.present or card.wanted),
                owner=card,
            )

        def after(text: str) -> None:
            card.close_now()
            self.told.emit(text, theme.State.OK)
            self.load()

        card.sent.connect(send)
        card.closed.connect(card.deleteLater)
        card.open()

    def _ask_history(self) -> None:
        line = self._chosen()
        if line is not None:
            self.history_requested.emit(line.account.name)

    def _write(self, work: Callable[[], None], said: str) -> None:
        """Do it in the writer's turn; whatever came of it, show how things stand."""

        def succeed(_nothing: None) -> None:
            self.told.emit(said, theme.State.OK)
            self.load()

        self._context.ops.write(lambda _p: work(), succeed, failure=self._on_refused, owner=self)

    def _on_refused(self, error: BaseException) -> None:
        self._on_failed(error)
        self.load()

    def _on_failed(self, error: BaseException) -> None:
        self.told.emit(str(error), theme.State.WARNING)

    def _chosen(self) -> AccountLine | None:
        index = self.table.currentIndex()
        return self.model.line(index.row()) if index.isValid() else None

    def _show_tools(self) -> None:
        line, actor = self._chosen(), self._context.session.actor()
        name = line.account.name if line is not None else ""
        self.passphrase.setText(_("Passphrase of {name}…").format(name=name) if name else _("Passphrase…"))
        allowed = bool(name) and authorize(actor, Action.PASSPHRASE_SET, account_target(name)).allowed
        self.passphrase.setEnabled(allowed and self._access.writable)
        self.history.setEnabled(bool(name))

    def _fit(self) -> None:
        self.table.fit(WIDTHS)
        self.name.setFixedWidth(theme.px(240))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(12))
        column.setSpacing(theme.px(8))
        column.addWidget(self._about)
        adding = QHBoxLayout(self._adding)
        adding.setContentsMargins(0, 0, 0, 0)
        adding.setSpacing(theme.px(8))
        for piece in (self.name, self.role, self.add):
            adding.addWidget(piece)
        adding.addStretch(1)
        column.addWidget(self._adding)
        column.addWidget(self.table, 1)
        tools = QHBoxLayout()
        tools.setSpacing(theme.px(8))
        tools.addWidget(self.passphrase)
        tools.addWidget(self.history)
        tools.addStretch(1)
        column.addLayout(tools)
        column.addSpacing(theme.px(4))
        column.addWidget(self._protection_title)
        column.addWidget(self._protection)
