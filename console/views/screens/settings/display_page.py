"""How the console looks and sounds for this user: language, theme, size of text, time zone, sound, tray."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QFrame, QGridLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from console import i18n
from console.i18n import _
from console.settings import BY_KEY, Settings, Value
from console.views import theme
from console.views.widgets import labels
from console.views.widgets.segmented import SegmentedControl

_LABEL_WIDTH = 264
_ZONE_WIDTH = 224


class DisplayPage(QScrollArea):
    """``chosen`` carries a key of the settings and its new value."""

    chosen = Signal(str, object)

    def __init__(self, settings: Settings | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._said_zone = ""
        self.controls: dict[str, SegmentedControl] = {}
        self.zone = QLineEdit()
        self._zone_note = labels.label("", "small", wrap=True)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.retranslate()

    def retranslate(self) -> None:
        """Every word and choice anew."""
        self.controls = {}
        body = QWidget()
        body.setProperty("kind", "raised")
        column = QVBoxLayout(body)
        column.setContentsMargins(theme.px(12), theme.px(16), theme.px(12), theme.px(24))
        column.setSpacing(0)
        column.addWidget(labels.label(_("Display"), "title"))
        column.addWidget(labels.label(_("For you alone, on this computer. In force at once."), "small"))
        grid = QGridLayout()
        grid.setContentsMargins(0, theme.px(12), 0, 0)
        grid.setVerticalSpacing(theme.px(8))
        grid.setHorizontalSpacing(theme.px(12))
        grid.setColumnMinimumWidth(0, theme.px(_LABEL_WIDTH))
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        column.addStretch(1)
        self._add(grid, _("Language"), "language", [("en", "English"), ("zh_CN", "中文")], i18n.language())
        modes = [("light", _("Light")), ("dark", _("Dark")), ("system", _("As the desktop"))]
        self._add(grid, _("Theme"), "theme", modes, theme.mode())
        scales = [(f"{scale:g}", f"{scale:.0%}".replace("%", "\N{NO-BREAK SPACE}%")) for scale in theme.SCALES]
        self._add(grid, _("Size of text and controls"), "scale", scales, f"{theme.current().scale:g}")
        self._add_zone(grid)
        switch = [("yes", _("Yes")), ("no", _("No"))]
        for key, title in (("sound", _("Sound when something needs a person")), ("tray", _("Icon in the system tray"))):
            self._add(grid, title, key, switch, "yes" if self._get(key) else "no")
        self.setWidget(body)

    def _add(self, grid: QGridLayout, title: str, key: str, choices: list[tuple[str, str]], value: str) -> None:
        control = SegmentedControl(title, choices)
        if value in dict(choices):
            control.choose(value)
        control.chosen.connect(lambda choice: self._on_chosen(key, choice))
        self.controls[key] = control
        self._add_row(grid, title, control)

    def _add_zone(self, grid: QGridLayout) -> None:
        self.zone = QLineEdit(str(self._get("time_zone")))
        self.zone.setPlaceholderText(_("this machine's"))
        self.zone.setAccessibleName(_("Time zone"))
        self.zone.setFixedWidth(theme.px(_ZONE_WIDTH))
        proposals = QCompleter(sorted(available_timezones()), self.zone)
        proposals.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        proposals.setFilterMode(Qt.MatchFlag.MatchContains)
        self.zone.setCompleter(proposals)
        self.zone.editingFinished.connect(self._on_zone)
        self._add_row(grid, _("Time zone of the times shown"), self.zone)
        self._zone_note = labels.label(_("In force at the next start."), "small", wrap=True)
        grid.addWidget(self._zone_note, grid.rowCount(), 1)

    @staticmethod
    def _add_row(grid: QGridLayout, title: str, control: QWidget) -> None:
        row = grid.rowCount()
        name = labels.label(title)
        name.setBuddy(control)
        grid.addWidget(name, row, 0)
        grid.addWidget(control, row, 1, Qt.AlignmentFlag.AlignLeft)

    def _get(self, key: str) -> Value:
        return self._settings.get(key) if self._settings is not None else BY_KEY[key].default

    def _on_chosen(self, key: str, choice: str) -> None:
        value: Value = choice
        if key == "scale":
            value = float(choice)
        elif isinstance(BY_KEY[key].default, bool):
            value = choice == "yes"
        self.chosen.emit(key, value)

    def _on_zone(self) -> None:
        name = self.zone.text().strip()
        try:
            if name:
                ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            self._zone_note.setText(_("There is no time zone {name}.").format(name=name))
            return
        self._zone_note.setText(_("In force at the next start."))
        if name != self._get("time_zone"):
            self.chosen.emit("time_zone", name)
