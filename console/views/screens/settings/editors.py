"""Which editor a key of the policy gets: decided by its kind alone."""

from __future__ import annotations

from console.models.policy import kinds
from console.models.policy.labels import full_label
from console.models.policy.routing_kind import RULES
from console.models.policy.schema import BY_PATH
from console.views.screens.settings.calendar_editors import ExceptionsEditor, HolidaysEditor, RatesEditor, WeekEditor
from console.views.screens.settings.field_editors import MAKERS, FieldEditor, Maker, WordEditor, WordsEditor
from console.views.screens.settings.routing_editor import RulesEditor

_ALL: dict[kinds.Kind, Maker] = MAKERS | {
    kinds.HOLIDAYS: HolidaysEditor,
    kinds.WEEK: WeekEditor,
    kinds.EXCEPTIONS: ExceptionsEditor,
    kinds.RATES: RatesEditor,
    RULES: RulesEditor,
}


def editor_of(path: str) -> FieldEditor:
    """A new editor for a key; raises KeyError for a kind that has none."""
    kind, name = BY_PATH[path].kind, full_label(path)
    if kind in _ALL:
        return _ALL[kind](name)
    if not kind.words:
        raise KeyError(kind.unit)
    return WordsEditor(name, kind.words) if kind.unit == "list of words" else WordEditor(name, kind.words)
