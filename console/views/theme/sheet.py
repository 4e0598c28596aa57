"""The style sheet: only what the palette cannot say. Classes are set by the property ``kind``."""

from __future__ import annotations

from string import Template

from console import paths
from console.views.theme.look import CONTROL_HEIGHT, TEXT_PIXELS, Theme

_SHEET = Template(
    """
* { outline: 0; }
QWidget[kind="raised"] { background: $raised; }
QLabel[kind="muted"] { color: $text_muted; }
QLabel[kind="wrong"] { color: $danger; }
QLabel[kind="small"] { color: $text_muted; font-size: ${small}px; }
QLabel[kind="title"] { font-weight: 600; }
QLabel[kind="figure"] { font-size: ${figure}px; font-weight: 600; }

QToolTip { color: $text; background: $raised; border: 1px solid $control; padding: ${u1}px; font-size: ${small}px; }

QPushButton, QToolButton {
    min-height: ${control_inner}px; padding: 0 ${u2}px; border: 1px solid $control; border-radius: ${u1}px;
    background: $raised; color: $text;
}
QPushButton { padding: 0 ${u3}px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed, QToolButton:open { background: $pressed; }
QPushButton:focus, QToolButton:focus { border: 2px solid $focus; padding: 0 ${focus_pad}px; }
QPushButton:focus { padding: 0 ${focus_pad_button}px; }
QPushButton:disabled, QToolButton:disabled { color: $text_disabled; border-color: $hairline; background: $surface; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: $focus; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { background: $sunken; color: $text_disabled; border-color: $hairline; }
QPushButton[kind="flat"], QToolButton[kind="flat"] { border: 1px solid transparent; background: transparent; }
QPushButton[kind="flat"]:hover, QToolButton[kind="flat"]:hover { background: $hover; }
QPushButton[kind="flat"]:pressed, QToolButton[kind="flat"]:pressed, QToolButton[kind="flat"]:open {
    background: $pressed;
}
QPushButton[kind="flat"]:focus, QToolButton[kind="flat"]:focus { border: 2px solid $focus; }
QPushButton[kind="flat"]:checked, QToolButton[kind="flat"]:checked { background: $accent_soft; color: $accent; }
QPushButton[kind="link"] {
    border: 1px solid transparent; background: transparent; color: $accent; padding: 0 ${u1}px; min-height: ${menu}px;
}
QPushButton[kind="link"][flush="true"] { border: none; border-bottom: 2px solid transparent; padding: 0; }
QPushButton[kind="link"][flush="true"]:focus { border: none; border-bottom: 2px solid $focus; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:focus { border: 2px solid $focus; }
QToolButton::menu-indicator { image: none; width: 0; }
QToolButton[kind="icon"] {
    border: 1px solid transparent; background: transparent; padding: 0;
    min-width: ${control_inner}px; max-width: ${control_inner}px; max-height: ${control_inner}px;
}
QToolButton[kind="icon"]:hover { background: $hover; }
QToolButton[kind="icon"]:pressed, QToolButton[kind="icon"]:open { background: $pressed; }
QToolButton[kind="icon"]:checked { background: $accent_soft; }
QToolButton[kind="icon"]:focus { border: 2px solid $focus; }

QToolButton[kind="chip"] { padding: 0 ${u2}px; border: 1px solid $control; background: $raised; }
QToolButton[kind="chip"]:hover { background: $hover; }
QToolButton[kind="chip"][active="true"] { background: $accent_soft; border-color: $accent; color: $accent; }
QToolButton[kind="chip"]:focus { border: 2px solid $focus; padding: 0 ${focus_pad}px; }

QToolButton[kind="rail"] {
    border: 0; border-left: 3px solid transparent; border-radius: 0; background: transparent; color: $text_muted;
    padding: ${u1}px 3px ${u1}px 0; font-size: ${small}px;
}
QToolButton[kind="rail"]:hover { background: $hover; color: $text; }
QToolButton[kind="rail"]:checked { background: $raised; border-left-color: $accent; color: $text; }
QToolButton[kind="rail"]:focus { border: 2px solid $focus; padding: ${u1}px 1px ${u1}px 1px; }
QLabel[kind="key"] {
    border: 1px solid $hairline; border-bottom: 2px solid $control; border-radius: ${u1}px; background: $surface;
    padding: 1px ${u2}px; font-size: ${small}px;
}

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QComboBox, QDateTimeEdit {
    min-height: ${control_inner}px; padding: 0 ${u2}px; border: 1px solid $control; border-radius: ${u1}px;
    background: $raised; color: $text; selection-background-color: $selection; selection-color: $text;
}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QComboBox:focus, QDateTimeEdit:focus {
    border: 2px solid $focus; padding: 0 ${focus_pad}px;
}
QDateTimeEdit QLineEdit { min-height: 0; padding: 0 ${u1}px; border: 0; background: transparent; }
QDateTimeEdit::up-button, QDateTimeEdit::down-button { width: 0; border: 0; }
QLineEdit:disabled, QComboBox:disabled { color: $text_disabled; border-color: $hairline; background: $surface; }

QComboBox::drop-down { border: 0; width: ${u6}px; }
QComboBox::down-arrow { image: url("$chevron"); width: ${box}px; height: ${box}px; }

QMenu { background: $raised; color: $text; border: 1px solid $control; padding: ${u1}px; }
QMenu::item { padding: ${u1}px ${u6}px ${u1}px ${u2}px; border-radius: ${u1}px; min-height: ${menu}px; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $text_disabled; }
QMenu::icon { padding-left: ${u2}px; }
QMenu::separator { height: 1px; background: $hairline; margin: ${u1}px 0; }

QHeaderView { background: $sunken; border: 0; }
QHeaderView::section {
    background: $sunken; color: $text_muted; border: 0; border-bottom: 1px solid $hairline;
    padding: 0 ${u2}px; min-height: ${row}px; font-size: ${small}px;
}
QHeaderView::section:hover { color: $text; }
QTableView, QListView, QTreeView {
    background: $raised; border: 0; gridline-color: $hairline;
    selection-background-color: $selection; selection-color: $text;
}
QTableView[kind="plain"]::item { padding: 0 5px; }
QAbstractScrollArea::corner { background: $raised; border: 0; }
QTableCornerButton::section { background: $sunken; border: 0; border-bottom: 1px solid $hairline; }

QCheckBox, QRadioButton { spacing: ${u2}px; min-height: ${row}px; }
QCheckBox::indicator, QListView::indicator, QTableView::indicator, QMenu::indicator {
    width: ${box}px; height: ${box}px; border: 1px solid $control; border-radius: ${u_half}px; background: $raised;
}
QMenu::indicator { margin-left: ${u1}px; }
QCheckBox::indicator:checked, QListView::indicator:checked, QTableView::indicator:checked,
QMenu::indicator:checked {
    background: $accent; border-color: $accent; image: url("$check");
}
QCheckBox::indicator:focus { border: 2px solid $focus; }

QScrollBar { background: transparent; border: 0; }
QScrollBar:vertical { width: ${u3}px; }
QScrollBar:horizontal { height: ${u3}px; }
QScrollBar::handle { background: $control; border-radius: ${bar}px; margin: ${bar_margin}px; }
QScrollBar::handle:vertical { min-height: ${u6}px; }
QScrollBar::handle:horizontal { min-width: ${u6}px; }
QScrollBar::handle:hover { background: $text_muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSplitter::handle { background: $hairline; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: $accent; }

QTabBar::tab {
    padding: 0 ${u3}px; min-height: ${control_inner}px; border: 0; border-bottom: 2px solid transparent;
    color: $text_muted; background: transparent;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabWidget::pane { border: 0; border-top: 1px solid $hairline; }

QProgressBar { border: 0; background: $sunken; border-radius: ${u_half}px; max-height: ${u1}px; min-height: ${u1}px; }
QProgressBar::chunk { background: $accent; border-radius: ${u_half}px; }
QScrollArea { border: 0; background: transparent; }
"""
)


def sheet(theme: Theme) -> str:
    """The style sheet with this theme's colours and sizes."""
    px = theme.px
    check = "icons/check-on-accent.svg" if theme.name == "light" else "icons/check-on-accent-dark.svg"
    chevron = "icons/chevron-muted.svg" if theme.name == "light" else "icons/chevron-muted-dark.svg"
    sizes = {
        "small": px(TEXT_PIXELS["small"]),
        "figure": px(TEXT_PIXELS["figure"]),
        "u_half": px(2),
        "u1": px(4),
        "u2": px(8),
        "u3": px(12),
        "u6": px(24),
        "focus_pad": px(8) - 1,
        "focus_pad_button": px(12) - 1,
        "control_inner": px(CONTROL_HEIGHT) - 2,
        "row": px(24),
        "menu": px(20),
        "box": px(14),
        "bar": px(3),
        "bar_margin": px(3),
    }
    pictures = {"check": paths.resource(check).as_posix(), "chevron": paths.resource(chevron).as_posix()}
    return _SHEET.substitute(theme.tokens.items(), **pictures, **sizes)
