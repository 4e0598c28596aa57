"""Tells a person who looks elsewhere that something came into the inbox: sound, tray, the window's task-bar entry."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from console.i18n import _, ngettext
from console.models.domain.escalation import Entry
from console.models.domain.ports import Clock
from console.models.queries.inbox_lines import line_of, who, why
from console.views.bridge import LiveBoard
from console.views.inbox_watch import InboxWatch
from console.views.shell.sound import Sound

Tell = Callable[[str, str], None]


class InboxAlarm(QObject):
    """Follows the watch. ``tell`` gives a title and a text to the tray; ``loud`` says whether sounds are wanted."""

    def __init__(
        self,
        watch: InboxWatch,
        window: QWidget,
        live: LiveBoard,
        clock: Clock,
        tell: Tell,
        sound: Sound,
        loud: Callable[[], bool],
    ) -> None:
        super().__init__(window)
        self._window, self._live, self._clock = window, live, clock
        self._tell, self._sound, self._loud = tell, sound, loud
        watch.called.connect(self.call)

    def call(self, entries: Sequence[Entry]) -> None:
        """These entries call for a person."""
        if not entries:
            return
        if self._loud():
            self._sound.play()
        worst = min(entries, key=lambda entry: (entry.urgency, entry.since))
        line = line_of(worst, self._live.present)
        more = len(entries) - 1
        title = f"P{int(worst.urgency)} · {who(line)}"
        text = why(line, self._clock.now(), self._live.zone)
        if more:
            text += ngettext(", and {n} more", ", and {n} more", more).format(n=more)
        if not self._window.isActiveWindow():
            self._tell(_("Escalation: {title}").format(title=title), text)
        QApplication.alert(self._window)
