"""The forms of signing in: who takes over here, and one's own passphrase."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from console.i18n import _
from console.models.domain.sign_in import SignInRules, weakness
from console.views.widgets.buttons import button
from console.views.widgets.card import Card
from console.views.widgets.labels import label


def secret_field() -> QLineEdit:
    """A field that shows dots."""
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    return field


class _Form(Card):
    """Fields, a line that says what is wrong, *Cancel* and the button that sends."""

    def __init__(self, window: QWidget, title: str, send: str) -> None:
        super().__init__(window, title)
        self.wrong = label(kind="wrong", wrap=True)
        self.wrong.hide()
        self._send = button(send, "primary")
        self._cancel = button(_("Cancel"))
        self._cancel.clicked.connect(self.close_now)
        self._send.clicked.connect(self.send)
        self._fields: list[QLineEdit] = []

    def finish(self) -> None:
        """After the fields: the line for what is wrong, and the buttons."""
        self.body.addWidget(self.wrong)
        self.add_foot(self._cancel, self._send)

    def add_line(self, name: str, field: QLineEdit) -> QLineEdit:
        """A field; Return in it sends."""
        self.add_field(name, field)
        field.returnPressed.connect(self.send)
        self._fields.append(field)
        return field

    def send(self) -> None:
        """What the button does."""

    def set_busy(self, *, busy: bool) -> None:
        """While the answer is on its way nothing can be sent again."""
        for piece in (*self._fields, self._send):
            piece.setEnabled(not busy)

    def refuse(self, text: str, field: QLineEdit) -> None:
        """Say what is wrong, and go back to the field."""
        self.set_busy(busy=False)
        self.wrong.setText(text)
        self.wrong.show()
        self.place()
        field.selectAll()
        field.setFocus()


class SwitchCard(_Form):
    """Another person takes over. ``sent`` carries name and passphrase."""

    sent = Signal(str, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, _("Switch person"), _("Sign in"))
        self.add_text(_("Whoever takes over needs an account with a passphrase. The board goes on meanwhile."))
        self.name = self.add_line(_("User account"), QLineEdit())
        self.passphrase = self.add_line(_("Passphrase"), secret_field())
        self.finish()

    def send(self) -> None:
        """Ask for the name first."""
        if not self.name.text().strip():
            self.refuse(_("Give the account's name."), self.name)
            return
        self.set_busy(busy=True)
        self.sent.emit(self.name.text().strip(), self.passphrase.text())


class PassphraseCard(_Form):
    """Set, change or remove a passphrase. ``sent`` carries the present one and the wanted one (empty: none)."""

    sent = Signal(str, str)

    def __init__(self, window: QWidget, name: str, rules: SignInRules, *, has: bool, ask_present: bool) -> None:
        super().__init__(window, _("Passphrase of {name}").format(name=name), _("Save"))
        self._name, self._rules = name, rules
        self.add_text(
            _("The console asks for it at the start and after a pause. Nobody can read it back from the data.")
            if not has
            else _("A new passphrase also ends a lock after wrong ones.")
        )
        self.present = self.add_line(_("Present passphrase"), secret_field()) if ask_present else None
        self.wanted = self.add_line(_("New passphrase"), secret_field())
        self.again = self.add_line(_("The same again"), secret_field())
        self.remove = QCheckBox(_("No passphrase: the account of the operating system is enough"))
        self.remove.setVisible(has)
        self.remove.toggled.connect(self._on_remove)
        self.body.addWidget(self.remove)
        self.finish()

    def send(self) -> None:
        """Look at the new passphrase before it is sent."""
        wanted = "" if self.remove.isChecked() else self.wanted.text()
        if not self.remove.isChecked():
            if why := weakness(wanted, self._name, self._rules):
                self.refuse(why, self.wanted)
                return
            if wanted != self.again.text():
                self.refuse(_("The two are not the same."), self.again)
                return
        self.set_busy(busy=True)
        self.sent.emit(self.present.text() if self.present is not None else "", wanted)

    def _on_remove(self, removed: bool) -> None:
        for field in (self.wanted, self.again):
            field.setEnabled(not removed)
