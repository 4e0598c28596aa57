from __future__ import annotations

import json
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.connectors import handover
from console.connectors.handover import Door, HandoverFailed, RemoteIntake
from console.engine import Engine
from console.models.domain.contacts import Role
from console.models.domain.events import Event, Kind, Origin
from console.models.store.soundness import EventsRejected

PATIENCE = 30
NOON = 1_772_445_600_000_000


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(tmp_path) as running:
        yield running


def message(key: int, **fields: object) -> Event:
    return Event(Kind.CUSTOMER_MESSAGE, f"T-{key % 50}", NOON + key, key)._replace(**fields)


def test_what_is_handed_over_lands_whole(engine: Engine) -> None:
    sent = Event(
        Kind.CREATED,
        "工单-1",
        NOON,
        "key",
        native=3,
        actor="Ann",
        role=Role.AGENT,
        value=5,
        name="Returns",
        body="hello\nthere",
        detail={"subject": "主题", "customer": "李", "amount": 5.5},
    )
    with RemoteIntake(engine.place.door) as intake:
        assert intake.submit("file", [sent], origin=Origin.IMPORT, cursor={"row": 1}).wait(PATIENCE)
    (entry,) = engine.log.timeline(1)
    assert (entry.actor, entry.role, entry.name, entry.body, entry.detail, entry.origin) == (
        "Ann",
        Role.AGENT,
        "Returns",
        "hello\nthere",
        {"amount": 5.5},
        Origin.IMPORT,
    )
    assert [(text.ref, text.subject, text.customer) for text in engine.log.texts()] == [("工单-1", "主题", "李")]
    assert engine.log.cursor("file") == {"row": 1}


def test_many_submissions_are_under_way_and_all_are_answered(engine: Engine) -> None:
    with RemoteIntake(engine.place.door) as intake:
        receipts = [
            intake.submit("file", [message(n * 20 + i) for i in range(20)], origin=Origin.IMPORT)
            for n in range(handover.UNANSWERED * 3)
        ]
        assert receipts[-1].wait(PATIENCE)
        assert all(receipt.wait(0) for receipt in receipts)
    assert engine.log.count() == 20 * len(receipts)


def test_refused_events_are_named_to_the_one_who_sent_them(engine: Engine) -> None:
    with RemoteIntake(engine.place.door) as intake:
        refused = intake.submit("file", [message(1, at=2**70), message(2)], origin=Origin.IMPORT)
        taken = intake.submit("file", [message(3)], origin=Origin.IMPORT)
        assert taken.wait(PATIENCE)
        with pytest.raises(EventsRejected) as caught:
            refused.wait(PATIENCE)
        assert len(caught.value.reasons) == 1
    assert engine.log.rows(0, 10)["key"].tolist() == [2, 3]


def test_a_wait_can_run_out_and_be_taken_up_again(engine: Engine) -> None:
    inner = engine.intake
    go_on = threading.Event()

    class Slow:
        def submit(self, *arguments: object, **named: object) -> object:
            go_on.wait(PATIENCE)
            return inner.submit(*arguments, **named)

    door = Door(engine.place.directory / "slow.door", Slow())
    door.open()
    try:
        with RemoteIntake(engine.place.directory / "slow.door") as intake:
            receipt = intake.submit("file", [message(1)], origin=Origin.IMPORT)
            assert not receipt.wait(0.01)
            go_on.set()
            assert receipt.wait(PATIENCE)
    finally:
        go_on.set()
        door.close()


def test_only_the_same_user_can_read_where_the_door_is(engine: Engine) -> None:
    assert stat.S_IMODE(engine.place.door.stat().st_mode) == 0o600
    address = json.loads(engine.place.door.read_text())
    assert stat.S_IMODE(Path(address["path"]).stat().st_mode) == 0o600


def test_a_wrong_secret_is_shown_out(engine: Engine) -> None:
    address = json.loads(engine.place.door.read_text())
    engine.place.door.write_text(json.dumps({**address, "secret": "guessed"}))
    with RemoteIntake(engine.place.door) as intake, pytest.raises(HandoverFailed):
        intake.submit("file", [message(1)], origin=Origin.IMPORT).wait(PATIENCE)
    assert engine.log.count() == 0


@pytest.mark.parametrize("line", [b"nonsense\n", b"{}\n", b'{"source": 1, "origin": 99, "events": [[1]]}\n', b""])
def test_nonsense_ends_one_conversation_and_nothing_else(engine: Engine, line: bytes) -> None:
    address = json.loads(engine.place.door.read_text())
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stranger:
        stranger.settimeout(PATIENCE)
        stranger.connect(address["path"])
        stranger.sendall(json.dumps({"secret": address["secret"]}).encode() + b"\n" + line)
        stranger.shutdown(socket.SHUT_WR)
        assert stranger.recv(100) == b""
    with RemoteIntake(engine.place.door) as intake:
        assert intake.submit("file", [message(1)], origin=Origin.IMPORT).wait(PATIENCE)


def test_a_long_folder_name_gets_its_socket_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30)
    with Engine(folder) as engine:
        address = json.loads(engine.place.door.read_text())
        assert not address["path"].startswith(str(folder))
        with RemoteIntake(engine.place.door) as intake:
            assert intake.submit("file", [message(1)], origin=Origin.IMPORT).wait(PATIENCE)
    assert not Path(address["path"]).parent.exists()


def test_a_loopback_port_serves_where_there_are_no_unix_sockets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(socket, "AF_UNIX")
    with Engine(tmp_path) as engine:
        assert "port" in json.loads(engine.place.door.read_text())
        with RemoteIntake(engine.place.door) as intake:
            assert intake.submit("file", [message(1)], origin=Origin.IMPORT).wait(PATIENCE)


def test_when_the_holder_goes_the_other_is_told(tmp_path: Path) -> None:
    engine = Engine(tmp_path).open()
    engine.start()
    with RemoteIntake(engine.place.door) as intake:
        assert intake.submit("file", [message(1)], origin=Origin.IMPORT).wait(PATIENCE)
        engine.stop()
        with pytest.raises(HandoverFailed, match="ended"):
            intake.submit("file", [message(2)], origin=Origin.IMPORT).wait(PATIENCE)
    with pytest.raises(HandoverFailed, match="does not take"):
        RemoteIntake(tmp_path / "console.db.door")


HAND_OVER = """
import sys
from pathlib import Path
from console.connectors.handover import RemoteIntake
from console.engine import Engine
from console.models.domain.events import Event, Kind, Origin
from console.models.store.lock import Locked

engine = Engine(Path(sys.argv[1]))
try:
    engine.open()
except Locked:
    with RemoteIntake(engine.place.door) as intake:
        print(intake.submit("file", [Event(Kind.CREATED, "T-1", 5, 1)], origin=Origin.IMPORT).wait(30))
"""


def test_a_second_process_hands_its_events_to_the_first(engine: Engine) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HAND_OVER, str(engine.place.directory)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "True\n"
    assert engine.log.rows(0, 10)["key"].tolist() == [1]
