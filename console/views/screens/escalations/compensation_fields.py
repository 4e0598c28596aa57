"""A field for an amount that says in words, right below, what is wrong with what was typed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from console.errors import KnownError
from console.models.domain.money import Money
from console.models.domain.typed_money import typed_amount
from console.views import theme
from console.views.widgets.labels import label


class AmountField(QWidget):
    """``changed`` fires with every keystroke that changes the text."""

    changed = Signal()

    def __init__(self, currency: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._currency = currency
        self._name = label(kind="small")
        self._edit = QLineEdit()
        self._edit.setMaxLength(40)
        self._edit.textChanged.connect(self._on_text)
        self._wrong = label(kind="wrong", wrap=True)
        self._error = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(2))
        for piece in (self._name, self._edit, self._wrong):
            column.addWidget(piece)
        column.addStretch(1)
        self._wrong.hide()

    @property
    def edit(self) -> QLineEdit:
        """Where it is typed."""
        return self._edit

    @property
    def error(self) -> str:
        """What is wrong with it, empty when nothing is."""
        return self._error

    @property
    def complaint(self) -> QLabel:
        """The words below the field."""
        return self._wrong

    def set_name(self, name: str, hint: str = "") -> None:
        """Say what belongs in it."""
        self._name.setText(f"{name} ({self._currency})")
        self._edit.setAccessibleName(name)
        self._edit.setPlaceholderText(hint)

    def set_amount(self, amount: Money | None) -> None:
        """Put an amount in."""
        self._edit.setText("" if amount is None else amount.figure)

    def amount(self) -> Money | None:
        """The amount; None where the field is empty or wrong."""
        try:
            amount = typed_amount(self._edit.text(), self._currency)
        except KnownError as error:
            self._error = str(error)
            amount = None
        else:
            self._error = ""
        self._wrong.setText(self._error)
        self._wrong.setVisible(bool(self._error))
        self._edit.setAccessibleDescription(self._error)
        return amount

    def _on_text(self) -> None:
        self.amount()
        self.changed.emit()
