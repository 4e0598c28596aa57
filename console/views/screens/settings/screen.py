"""The settings: how the console looks, and the policy by subject, with what a change would do before it is saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from console.errors import KnownError
from console.i18n import N_, _, ngettext
from console.models.actions.policy_edit import ChangedMeanwhile, Saved
from console.models.policy.document import Problem
from console.models.policy.labels import SECTION_OF, SECTIONS, Group, full_label
from console.models.policy.policy import Source
from console.models.policy.saying import said
from console.models.policy.schema import BY_PATH
from console.views import formats, theme
from console.views.screen import ActionSpec, Context, OfferProvider, ScreenWidget, add_actions
from console.views.screens.settings.change_bar import ChangeBar
from console.views.screens.settings.display_page import DisplayPage
from console.views.screens.settings.draft import Draft
from console.views.screens.settings.finding import FieldOffers, matches
from console.views.screens.settings.policy_page import PolicyPage
from console.views.screens.settings.review import Review
from console.views.screens.settings.routing_trial import RoutingTrial
from console.views.screens.settings.section_list import SectionList
from console.views.widgets.banner import Banner
from console.views.widgets.empty import EmptyState
from console.views.widgets.search import SearchField

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("settings_find", N_("Find a setting"), "Ctrl+F", "search"),
    ActionSpec("settings_changed", N_("Only what differs from the default"), "Ctrl+Shift+F", "filter", checkable=True),
    ActionSpec("settings_review", N_("Review and save"), "Ctrl+S", "device-floppy"),
)
DISPLAY, ROUTING = "display", "routing"
_SECTION_KEPT, _DRAFT_KEPT = "settings/section", "settings/draft"
_SEARCH_WIDTH = 320
_MOST_TOLD = 4


class SettingsScreen(ScreenWidget):
    """One screen of settings; without a policy in the context only those of the display."""

    key = "settings"
    _session_changed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._draft = Draft(context, context.policy, self) if context.policy is not None else None
        self._saved: Saved | None = None
        self._stale = True
        self._section = DISPLAY
        self._reason = ""
        self._forget_session: Callable[[], None] | None = None
        self._actions = add_actions(
            self,
            ACTIONS,
            {
                "settings_find": lambda: self.search.setFocus(Qt.FocusReason.ShortcutFocusReason),
                "settings_changed": self._refill,
                "settings_review": self._review,
            },
        )
        self.search = SearchField("")
        self.differing = QToolButton()
        self.differing.setProperty("kind", "chip")
        self.differing.setDefaultAction(self._actions["settings_changed"])
        self.differing.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.trouble = Banner()
        self.notice = Banner()
        self.sections = SectionList()
        self.display = DisplayPage(context.settings)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.display)
        self._nothing = EmptyState("settings", "")
        self.pages.addWidget(self._nothing)
        self.page: PolicyPage | None = None
        self.bar: ChangeBar | None = None
        self.trial: RoutingTrial | None = None
        if self._draft is not None:
            self.page, self.bar = PolicyPage(self._draft), ChangeBar(self._draft)
            self.pages.addWidget(self.page)
            self.trial = RoutingTrial(context, self._draft)
            self.trial.hide()
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.search)
        self.retranslate()
        self._recall()

    def activated(self) -> None:
        """Read the policy anew, unless somebody is changing it."""
        if self._draft is not None and (self._draft.site is None or not self._draft.values):
            self._draft.open()
        if self.page is not None:
            self.page.resume()
        if self._forget_session is None:
            self._forget_session = self._context.session.subscribe(self._session_changed.emit)
        self._on_session()

    def deactivated(self) -> None:
        """Stop what goes on."""
        if self._draft is not None:
            self._draft.stop()
        if self.page is not None:
            self.page.stop()
        if self._forget_session is not None:
            self._forget_session()
            self._forget_session = None

    def ready(self) -> bool:
        """Whether the fields are there."""
        return self._draft is None or (self._draft.site is not None and (self.page is None or self.page.ready()))

    def foot(self) -> int:
        """What was changed and is not saved stays in sight."""
        return self.bar.height() if self.bar is not None and not self.bar.isHidden() else 0

    def retranslate(self) -> None:
        """Every word anew."""
        super().retranslate()
        self.search.set_name(_("Find a setting"))
        self.sections.set_sections(self._section_words())
        self.display.retranslate()
        self._nothing.set_words(_("The policy is being read"))
        if self.bar is not None:
            self.bar.retranslate()
        if self.trial is not None:
            self.trial.retranslate()
        self._show_state()
        self._refill()

    def retheme(self) -> None:
        """Sizes and icons anew."""
        self._pad()
        self.sections.set_sections(self._section_words())
        self.display.retranslate()
        self._refill()

    def providers(self) -> Sequence[OfferProvider]:
        """Fields by their words."""
        return (FieldOffers(lambda path: self.jump_requested.emit(self.key, path)),) if self._draft is not None else ()

    def go_to(self, what: object) -> None:
        """Show the field of a key."""
        if isinstance(what, str) and what in SECTION_OF:
            self._show_field(what)

    def remember(self) -> None:
        """Keep the section in front, and what was changed and not saved."""
        layout = self._context.layout
        layout.keep_text(_SECTION_KEPT, self._section)
        if self._draft is not None:
            layout.keep_data(_DRAFT_KEPT, self._draft.values)

    def show_section(self, key: str) -> None:
        """Bring a section to the front; raises KeyError for an unknown one."""
        if key not in dict(self._section_words()):
            raise KeyError(key)
        self.search.show_words("")
        self._section = key
        self._refill()

    def _recall(self) -> None:
        """What was remembered."""
        layout = self._context.layout
        section = layout.text(_SECTION_KEPT)
        if section in dict(self._section_words()):
            self._section = section
            self._refill()
        kept = layout.data(_DRAFT_KEPT)
        if self._draft is not None and isinstance(kept, dict):
            self._draft.recall(kept)

    def _section_words(self) -> list[tuple[str, str]]:
        policy = [(section.key, _(section.title)) for section in SECTIONS] if self._draft is not None else []
        return [(DISPLAY, _("Display")), *policy]

    def _lay_out(self) -> None:
        self._top = QHBoxLayout()
        self._top.addWidget(self.search)
        self._top.addWidget(self.differing)
        self._top.addStretch(1)
        middle = QHBoxLayout()
        middle.setSpacing(1)
        middle.addWidget(self.sections)
        middle.addWidget(self.pages, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._top)
        column.addWidget(self.trouble)
        column.addWidget(self.notice)
        column.addLayout(middle, 1)
        if self.trial is not None:
            column.addWidget(self.trial)
        if self.bar is not None:
            column.addWidget(self.bar)
        self._pad()

    def _connect(self) -> None:
        self._session_changed.connect(self._on_session, Qt.ConnectionType.QueuedConnection)
        self.search.words_changed.connect(lambda _words: self._refill())
        self.search.results_requested.connect(self._into_page)
        self.sections.chosen.connect(self._on_section)
        self.display.chosen.connect(self.preference_requested)
        self.trouble.action_requested.connect(self._open_folder)
        if self._draft is None or self.bar is None:
            return
        self._draft.opened.connect(self._on_opened)
        self._draft.checked.connect(self._count)
        self._draft.changed.connect(lambda _path: self._count())
        self._draft.saved.connect(self._on_saved)
        self._draft.failed.connect(self._on_failed)
        self.bar.review_requested.connect(self._review)
        self.bar.discard_requested.connect(self._draft.discard)
        self.bar.problem_requested.connect(self._show_problem)
        self.bar.undo_requested.connect(self._undo)

    def _refill(self, target: str = "") -> None:
        """Show the fields of the section, or those that are searched for."""
        draft, page = self._draft, self.page
        words = self.search.words()
        only = self._actions["settings_changed"].isChecked()
        self.sections.choose("" if words or only else self._section)
        if self.trial is not None:
            self.trial.setVisible(self._section == ROUTING and not words and not only)
        if self.differing.property("active") != only:
            self.differing.setProperty("active", only)
            self.differing.style().polish(self.differing)
        if draft is None or page is None or (self._section == DISPLAY and not words and not only):
            self.pages.setCurrentWidget(self.display)
            return
        if draft.site is None:
            self.pages.setCurrentWidget(self._nothing)
            return
        self.pages.setCurrentWidget(page)
        groups = self._found(words, only=only)
        empty = _("Every value is the shipped one.") if only and not words else _("No setting matches.")
        page.show_groups(groups, read_only=bool(draft.editable), target=target, empty=empty)

    def _found(self, words: str, *, only: bool) -> list[tuple[Group, Sequence[str]]]:
        draft = self._draft
        assert draft is not None
        parts = words.casefold().split()
        found: list[tuple[Group, Sequence[str]]] = []
        for section in SECTIONS:
            if not words and not only and section.key != self._section:
                continue
            for group in section.groups:
                paths = [path for path in group.paths() if matches(path, parts)]
                paths = [path for path in paths if not only or draft.differs(path)]
                if paths:
                    found.append((group, paths))
        return found

    def _on_section(self, key: str) -> None:
        self._section = key
        self.search.show_words("")
        if self._actions["settings_changed"].isChecked():
            self._actions["settings_changed"].setChecked(False)
        self._refill()

    def _into_page(self) -> None:
        if self.page is not None and self.page.rows:
            self.page.reveal(next(iter(self.page.rows)))

    def _on_session(self) -> None:
        """Another person, or other roles."""
        if self._draft is not None and self._draft.site is not None and self._draft.editable != self._reason:
            self._show_state()
            self._refill()

    def _on_opened(self) -> None:
        self._show_state()
        if self.page is not None and self.page.rows and not self._stale:
            self.page.show_values()
        else:
            self._stale = False
            self._refill()
        self._count()

    def _count(self) -> None:
        if self._draft is not None:
            self.sections.set_counts(dict(Counter(SECTION_OF[path].key for path in self._draft.values)))
            self._actions["settings_review"].setEnabled(bool(self._draft.changes))

    def _show_state(self) -> None:
        """What is wrong with the site's file, and why nothing can be changed."""
        draft = self._draft
        if draft is None or draft.site is None:
            return
        problems = draft.site.loaded.problems
        if problems:
            held = draft.site.loaded.source
            words = _("The policy file is wrong; the last good one is in force.")
            if held is Source.DEFAULT:
                words = _("The policy file is wrong; the shipped policy is in force.")
            told = [_told(each) for each in problems[:_MOST_TOLD]]
            if len(problems) > _MOST_TOLD:
                more = len(problems) - _MOST_TOLD
                told.append(ngettext("And {n} more mistake.", "And {n} more mistakes.", more).format(n=more))
            self.trouble.show_message("\n".join([words, *told]), theme.State.WARNING, _("Open its folder"))
        else:
            self.trouble.clear()
        self._reason = draft.editable
        if self._reason:
            self.notice.show_message(self._reason, theme.State.INFO)
        else:
            self.notice.clear()

    def _review(self) -> None:
        draft, bar = self._draft, self.bar
        if draft is None or bar is None or not bar.review.isEnabled() or not draft.changes:
            return
        card = Review(self.window(), draft)
        card.save_requested.connect(draft.save)
        card.closed.connect(card.deleteLater)
        card.open_beside(bar.review)
        card.save.setFocus(Qt.FocusReason.PopupFocusReason)

    def _on_saved(self, saved: Saved) -> None:
        self.notice.clear()
        when = formats.time_of_day(self._context.clock.now(), self._context.zone, seconds=False)
        count = len(saved.changes)
        back = self._saved is not None and saved.before is self._saved.after
        self._saved = None if back else saved
        words = ngettext("{n} change is saved", "{n} changes are saved", count)
        if back:
            words = ngettext("{n} change was taken back", "{n} changes were taken back", count)
        text = _("{what}; in force since {time}.").format(what=words.format(n=count), time=when)
        if self.bar is not None:
            self.bar.tell(text, can_undo=not back)
        if self.page is not None:
            self.page.show_values()

    def _undo(self) -> None:
        if self._draft is not None and self._saved is not None:
            self._draft.undo(self._saved)

    def _on_failed(self, error: object) -> None:
        if not isinstance(error, KnownError):
            return
        text = str(error)
        if isinstance(error, ChangedMeanwhile) and self._draft is not None:
            text = f"{text}\n{self._theirs(error)}"
        self.notice.show_message(text, theme.State.WARNING, dismissible=True)

    def _theirs(self, error: ChangedMeanwhile) -> str:
        """The keys that the other person set, beside ours."""
        draft = self._draft
        assert draft is not None
        lines = []
        for path in BY_PATH:
            now = error.now.written(path)
            if now != error.before.written(path):
                mine = said(path, draft.value(path)) if path in draft.values else ""
                words = _("{name}: {value}; yours {mine}") if mine else _("{name}: {value}")
                lines.append(words.format(name=full_label(path), value=said(path, now), mine=mine))
        return "\n".join(lines[:_MOST_TOLD])

    def _show_problem(self) -> None:
        draft, page = self._draft, self.page
        if draft is None or page is None or not draft.wrong_paths:
            return
        path = draft.wrong_paths[0]
        if path in page.rows:
            page.reveal(path)
        else:
            self._show_field(path)

    def _show_field(self, path: str) -> None:
        self.search.show_words("")
        self._actions["settings_changed"].setChecked(False)
        self._section = SECTION_OF[path].key
        self._refill(path)

    def _open_folder(self) -> None:
        if self._context.policy is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._context.policy.editor.folder)))

    def _pad(self) -> None:
        self._top.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(8))
        self._top.setSpacing(theme.px(8))
        self.search.setFixedWidth(theme.px(_SEARCH_WIDTH))


def _told(problem: Problem) -> str:
    """A mistake of the file: where, at which key, what, and what to write."""
    what = f"{problem.key}: {problem.what}" if problem.key else problem.what
    words = _("Line {line}, column {column}: {what}. {write}")
    return words.format(line=problem.line, column=problem.column, what=what, write=problem.write).rstrip()
