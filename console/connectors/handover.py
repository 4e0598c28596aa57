"""How a second process hands its events to the console that holds the lock: a local door, for the same user only.

The holder listens on a Unix socket (on Windows: a loopback port) and writes the address and a secret into a file that
only its user can read. A client speaks JSON lines: ``{"secret": …}``, then submissions
``{"source": …, "origin": …, "cursor": …, "events": [[…], …]}`` with the fields of `Event` in their order; every
submission is answered when it is durable: ``{}``, ``{"rejected": [reason, …]}`` or ``{"error": text}``.
"""

from __future__ import annotations

import hmac
import json
import logging
import os
import secrets
import socket
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Self

from console.errors import KnownError, SetupError
from console.i18n import _
from console.models.domain.events import Event, Origin
from console.models.domain.ports import Intake
from console.models.store.soundness import EventsRejected

logger = logging.getLogger("console.connectors.handover")

LONGEST_SOCKET_PATH = 100
LONGEST_LINE = 64 << 20
UNANSWERED = 40
CONNECT_SECONDS = 5.0


class HandoverFailed(SetupError):
    """The console that holds the lock cannot be reached, or could not keep the events."""


class Door:
    """The holder's side: takes submissions from other processes of this user and hands them to the intake."""

    def __init__(self, address_file: Path, intake: Intake) -> None:
        self._address_file = address_file
        self._intake = intake
        self._secret = secrets.token_hex(16)
        self._listener: socket.socket | None = None
        self._address: dict[str, object] = {}
        self._socket_path: Path | None = None
        self._threads: set[threading.Thread] = set()
        self._connections: set[socket.socket] = set()
        self._guard = threading.Lock()

    def open(self) -> None:
        """Listen; raises OSError when no door can be made."""
        self._listener, self._address = self._listen()
        content = json.dumps({**self._address, "secret": self._secret})
        partial = self._address_file.with_name(self._address_file.name + ".part")
        partial.unlink(missing_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
        partial.replace(self._address_file)
        self._begin(self._accept, self._listener)

    def close(self) -> None:
        """Refuse newcomers, end the connections, and join all threads."""
        self._address_file.unlink(missing_ok=True)
        with self._guard:
            connections = [*self._connections]
            listener, self._listener = self._listener, None
        # Closing a socket does not wake the thread that waits on it: end a conversation, and knock at the listener.
        for connection in connections:
            _shut_down(connection)
        if listener is not None:
            _knock(self._address)
            listener.close()
        if self._socket_path is not None:
            self._socket_path.unlink(missing_ok=True)
            if self._socket_path.parent != self._address_file.parent.absolute():
                self._socket_path.parent.rmdir()
        for thread in [*self._threads]:
            thread.join()

    def _listen(self) -> tuple[socket.socket, dict[str, object]]:
        if not hasattr(socket, "AF_UNIX") or os.name == "nt":
            listener = socket.create_server(("127.0.0.1", 0))
            return listener, {"port": listener.getsockname()[1]}
        path = self._address_file.with_suffix(".sock").absolute()
        if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
            path = Path(tempfile.mkdtemp(prefix="console-")) / "door"
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listener.bind(str(path))
            path.chmod(0o600)
            listener.listen(4)
        except OSError:
            listener.close()
            raise
        self._socket_path = path
        return listener, {"path": str(path)}

    def _begin(self, work: Any, connection: socket.socket) -> None:
        thread = threading.Thread(target=work, args=(connection,), name="handover", daemon=True)
        with self._guard:
            self._threads = {other for other in self._threads if other.is_alive()} | {thread}
        thread.start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            with self._guard:
                if self._listener is None:
                    connection.close()
                    return
                self._connections.add(connection)
            self._begin(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, connection.makefile("rb") as lines:
                self._converse(connection, lines)
        except (OSError, ValueError, TypeError, KeyError) as error:
            logger.warning("a hand-over broke off: %s", error)
        finally:
            with self._guard:
                self._connections.discard(connection)

    def _converse(self, connection: socket.socket, lines: BinaryIO) -> None:
        hello = json.loads(lines.readline(LONGEST_LINE) or b"{}")
        if not hmac.compare_digest(str(hello.get("secret", "")), self._secret):
            raise ValueError("the secret is wrong")
        while line := lines.readline(LONGEST_LINE):
            answer = self._take(json.loads(line))
            connection.sendall(json.dumps(answer, ensure_ascii=False).encode() + b"\n")

    def _take(self, submission: Mapping[str, Any]) -> dict[str, object]:
        try:
            receipt = self._intake.submit(
                submission["source"],
                [Event(*values) for values in submission["events"]],
                origin=Origin(submission["origin"]),
                cursor=submission.get("cursor"),
            )
            if not receipt.wait():
                return {"error": _("The console was closed.")}
        except EventsRejected as rejected:
            return {"rejected": rejected.reasons}
        except (KnownError, OSError) as error:
            return {"error": str(error)}
        return {}


class RemoteIntake:
    """The client's side: an `Intake` whose events end up in the holder's log. Use it as a context manager."""

    def __init__(self, address_file: Path) -> None:
        """Connect; raises `HandoverFailed` when the holder does not listen."""
        try:
            address = json.loads(address_file.read_text(encoding="utf-8"))
            self._socket = _connect(address)
            self._socket.sendall(json.dumps({"secret": address["secret"]}).encode() + b"\n")
        except (OSError, ValueError, KeyError) as error:
            raise HandoverFailed(
                _("The running console does not take events from here ({reason}).").format(reason=error),
                _("Close it, or use another --data-dir."),
            ) from error
        self._heard = b""
        self._guard = threading.Lock()
        self._sent = 0
        self._answers: dict[int, KnownError] = {}
        self._answered = 0
        self._sources: dict[int, str] = {}

    def submit(
        self,
        source: str,
        events: Sequence[Event],
        *,
        origin: Origin,
        cursor: Mapping[str, object] | None = None,
    ) -> RemoteReceipt:
        """Hand events over; blocks while `UNANSWERED` submissions wait for the disk. Raises `HandoverFailed`."""
        line = json.dumps(
            {"source": source, "origin": int(origin), "cursor": cursor, "events": [_plain(event) for event in events]}
        )
        with self._guard:
            while self._sent - self._answered >= UNANSWERED:
                self._hear()
            self._sent += 1
            self._sources[self._sent] = source
            try:
                self._socket.sendall(line.encode() + b"\n")
            except OSError as error:
                raise _broken(error) from error
            return RemoteReceipt(self, self._sent)

    def settle(self, number: int, timeout: float | None) -> bool:
        """Wait for the answer to one submission; used by its receipt."""
        with self._guard:
            self._socket.settimeout(timeout)
            try:
                while self._answered < number:
                    self._hear()
            except TimeoutError:
                return False
            finally:
                self._socket.settimeout(None)
            if number in self._answers:
                raise self._answers[number]
            return True

    def close(self) -> None:
        """End the conversation; what was not answered may or may not have landed."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def _hear(self) -> None:
        try:
            # Not a file of the socket: such a file cannot be read again once a read has timed out.
            while b"\n" not in self._heard:
                part = self._socket.recv(1 << 16)
                if not part:
                    raise _broken(ConnectionError("closed"))
                self._heard += part
            line, self._heard = self._heard.split(b"\n", 1)
            answer = json.loads(line)
        except TimeoutError:
            raise
        except (OSError, ValueError) as error:
            raise _broken(error) from error
        self._answered += 1
        source = self._sources.pop(self._answered)
        if "rejected" in answer:
            self._answers[self._answered] = EventsRejected(source, answer["rejected"])
        elif "error" in answer:
            self._answers[self._answered] = HandoverFailed(str(answer["error"]))


class RemoteReceipt:
    """The `Receipt` of a submission that was handed over."""

    __slots__ = ("_intake", "_number")

    def __init__(self, intake: RemoteIntake, number: int) -> None:
        self._intake = intake
        self._number = number

    def wait(self, timeout: float | None = None) -> bool:
        """Block until the holder has made the events durable; False when the time ran out."""
        return self._intake.settle(self._number, timeout)


def _plain(event: Event) -> tuple[object, ...]:
    return event if event.detail is None else event._replace(detail=dict(event.detail))


def _connect(address: Mapping[str, Any]) -> socket.socket:
    if "port" in address:
        connection = socket.create_connection(("127.0.0.1", int(address["port"])), CONNECT_SECONDS)
    else:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(CONNECT_SECONDS)
            connection.connect(str(address["path"]))
        except OSError:
            connection.close()
            raise
    connection.settimeout(None)
    return connection


def _broken(error: Exception) -> HandoverFailed:
    return HandoverFailed(
        _("The running console ended while it took the events ({reason}).").format(reason=error),
        _("Start the same command again: what has landed is not doubled."),
    )


def _knock(address: Mapping[str, Any]) -> None:
    try:
        _connect(address).close()
    except OSError:
        # Nobody listens any more, which is what was wanted.
        return


def _shut_down(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        # It was closed from the other side, or never connected: all the same.
        return
