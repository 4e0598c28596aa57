"""One window per data directory: a second start raises the first window instead. The engine's lock stays the truth."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WAIT_MS = 500
_WORD = b"raise\n"


def _name(place: str) -> str:
    """The socket's name for a data directory or a database; short, because some systems allow 100 characters."""
    return f"supervisor-console-{hashlib.blake2b(place.encode(), digest_size=8).hexdigest()}"


def raise_other(place: Path | str) -> bool:
    """Ask a window that is already open on ``place`` to come to the front; False when none answers."""
    socket = QLocalSocket()
    socket.connectToServer(_name(str(place)))
    if not socket.waitForConnected(_WAIT_MS):
        return False
    socket.write(_WORD)
    heard = socket.waitForBytesWritten(_WAIT_MS)
    socket.disconnectFromServer()
    return heard


class InstanceDoor(QObject):
    """``raise_requested`` fires when a second start asked for this window."""

    raise_requested = Signal()

    def __init__(self, place: Path | str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        # A crash leaves the socket's file behind; the engine's lock has already said that nobody else is here.
        QLocalServer.removeServer(_name(str(place)))
        self._server.listen(_name(str(place)))

    def close(self) -> None:
        """Listen no more."""
        self._server.close()

    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection()
        if socket is not None:
            socket.disconnected.connect(socket.deleteLater)
            self.raise_requested.emit()
