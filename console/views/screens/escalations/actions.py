"""The inbox's own actions as a table; shortcuts, palette, context menu and the list of keys are made from it."""

from __future__ import annotations

from console.i18n import N_
from console.views.screen import ActionSpec

DEED_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("acknowledge", N_("Acknowledge"), "A", "check"),
    ActionSpec("progress", N_("Note progress"), "P", "message-2"),
    ActionSpec("resolve", N_("Resolve"), "R", "circle-check"),
    ActionSpec("give_back", N_("Give back to an agent"), "G", "arrow-back-up"),
    ActionSpec("snooze", N_("Snooze"), "S", "clock"),
    ActionSpec("hand_over", N_("Hand over to a colleague"), "H", "user-plus"),
    ActionSpec("merge", N_("Merge with another"), "M", "share"),
    ActionSpec("reopen", N_("Reopen"), "O", "refresh"),
)
"""By the keys of `deeds.DEEDS`."""
OTHER_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("next", N_("Next escalation"), "J", "chevron-down"),
    ActionSpec("previous", N_("Previous escalation"), "K", "chevron-up"),
    ActionSpec("newest", N_("Go to what just came in"), "N", "bell-ringing"),
    ActionSpec("tick", N_("Tick or untick the escalation"), "X", "check"),
    ActionSpec("group", N_("Tick the whole group, then everything"), "Ctrl+A", "check"),
    ActionSpec("compensate", N_("Compensation: offer or decide"), "C", "scale"),
    ActionSpec("calls", N_("Calls that customers were promised"), "L", "phone"),
    ActionSpec("shift", N_("Hand over to the next shift"), "Ctrl+Shift+H", "calendar-time"),
    ActionSpec("undo", N_("Undo what was just done"), "Ctrl+Z", "arrow-back-up"),
    ActionSpec("find", N_("Search the inbox"), "Ctrl+F", "search", also=("/",)),
    ActionSpec("clear", N_("Clear ticks and filters, close what is open"), "Esc", "x"),
    ActionSpec("detail", N_("Escalation in full"), "Ctrl+I", "message-2", checkable=True),
    ActionSpec("board", N_("Its ticket on the board"), "B", "layout-dashboard"),
    ActionSpec("tab", N_("Conversation, clocks, customer, history"), "T", "history"),
)
LIST_ACTIONS: tuple[ActionSpec, ...] = (ActionSpec("space", N_("Tick or untick the escalation"), "Space", "check"),)
"""Keys that count only while the list has the focus."""
ADVICE_ACTIONS: tuple[ActionSpec, ...] = tuple(
    ActionSpec(f"advice {number}", N_("Do what is suggested"), str(number)) for number in range(1, 10)
)
"""1 to 9, in the order of the suggestions."""
MENU = (*(spec.key for spec in DEED_ACTIONS), "compensate", "board")
"""Those in the menu of an entry."""
LETTERS = tuple(spec.key for spec in (*DEED_ACTIONS, *OTHER_ACTIONS, *ADVICE_ACTIONS) if len(spec.shortcut) == 1)
"""Those by one letter or digit, which a list to choose from would lose to the screen."""
