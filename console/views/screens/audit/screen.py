"""The audit screen: what was done here and by whom, and who may do what."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from console.i18n import N_, _
from console.models.domain.roles import Target
from console.views import theme
from console.views.people import SessionSignal
from console.views.screen import ActionSpec, Context, ScreenWidget, add_actions
from console.views.screens.audit.accounts_page import AccountsPage
from console.views.screens.audit.trail_page import TrailPage
from console.views.widgets.empty import EmptyState
from console.views.widgets.segmented import SegmentedControl

PAGES = (("trail", N_("Audit trail")), ("accounts", N_("Accounts")))
ACTIONS = (
    ActionSpec("audit_trail", N_("Audit trail"), "Alt+1", "shield-check"),
    ActionSpec("audit_accounts", N_("Accounts"), "Alt+2", "users"),
    ActionSpec("audit_search", N_("Search the trail"), "Ctrl+F", "search"),
    ActionSpec("audit_verify", N_("Verify the trail now"), "Ctrl+Shift+V", "shield-check"),
    ActionSpec("audit_export", N_("Export the rows shown"), "Ctrl+E", "file-export"),
)


class AuditScreen(ScreenWidget):
    """Two pages; the one in front is awake."""

    key = "audit"

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._awake = False
        self._signal = SessionSignal(context.session, self)
        self._signal.changed.connect(self._refresh)
        self.choice = SegmentedControl(_("Pages"), [(key, _(words)) for key, words in PAGES])
        self.choice.chosen.connect(self.show_page)
        self.trail: TrailPage | None = None
        self.accounts: AccountsPage | None = None
        self._pages = QStackedLayout()
        if context.access is None:
            self._pages.addWidget(EmptyState("lock", _("There are no accounts here.")))
        else:
            self.trail = TrailPage(context, context.access)
            self.accounts = AccountsPage(context, context.access)
            self.trail.told.connect(self.toast_requested)
            self.accounts.told.connect(self.toast_requested)
            self.trail.object_requested.connect(self._show_object)
            self.accounts.history_requested.connect(self._show_history)
            self._pages.addWidget(self.trail)
            self._pages.addWidget(self.accounts)
            self._add_actions(self.trail)
            self.setFocusProxy(self.trail.table)
        self._lay_out()
        self.destroyed.connect(self._signal.close)

    def show_page(self, key: str) -> None:
        """Bring a page to the front; raises StopIteration for an unknown one."""
        self.choice.choose(key)
        self._pages.setCurrentIndex(next(place for place, (known, _words) in enumerate(PAGES) if known == key))
        self._refresh()

    def go_to(self, what: object) -> None:
        """An account as a `Target` on the page of accounts; any other target as a filter of the trail."""
        if not isinstance(what, Target) or self.trail is None or self.accounts is None:
            return
        if what.kind == "account":
            self.show_page("accounts")
            self.accounts.show_account(what.id)
        else:
            self.show_page("trail")
            self.trail.show_object(what.kind, what.id)

    def activated(self) -> None:
        """Read what is new."""
        self._awake = True
        self._refresh()

    def deactivated(self) -> None:
        """Ask nothing more."""
        self._awake = False
        if self.trail is not None:
            self.trail.sleep()

    def ready(self) -> bool:
        """Whether the page in front has been read."""
        page = self._pages.currentWidget()
        return page.ready() if isinstance(page, TrailPage | AccountsPage) else True

    def retranslate(self) -> None:
        """Every word anew."""
        super().retranslate()
        self.choice.set_words([(key, _(words)) for key, words in PAGES])
        for page in (self.trail, self.accounts):
            if page is not None:
                page.retranslate()

    def _refresh(self) -> None:
        if not self._awake or self.trail is None or self.accounts is None:
            return
        if self._pages.currentWidget() is self.trail:
            self.trail.wake()
        else:
            self.trail.sleep()
            self.accounts.load()

    def _show_object(self, kind: str, id_: str) -> None:
        """Where an object of this kind is shown."""
        if kind == "account":
            self.go_to(Target(kind, id_))
        elif id_.isdecimal():
            key, word = ("board", "ticket") if kind == "ticket" else ("escalations", "entry")
            self.jump_requested.emit(key, (word, int(id_)))

    def _show_history(self, name: str) -> None:
        self.show_page("trail")
        if self.trail is not None:
            self.trail.show_object("account", name)

    def _add_actions(self, trail: TrailPage) -> None:
        add_actions(
            self,
            ACTIONS,
            {
                "audit_trail": lambda: self.show_page("trail"),
                "audit_accounts": lambda: self.show_page("accounts"),
                "audit_search": trail.bar.search.setFocus,
                "audit_verify": trail.verification.verify.click,
                "audit_export": trail.bar.export.click,
            },
        )

    def _lay_out(self) -> None:
        top = QWidget()
        row = QHBoxLayout(top)
        row.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), 0)
        row.addWidget(self.choice, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addLayout(self._pages, 1)
