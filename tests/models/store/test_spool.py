from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.models.store.encoding import Encoded, as_rows
from console.models.store.spool import Spool


def a_record(seq: int, body: str = "你好\x00\n") -> Encoded:
    parameters = [(seq, 5, -1, -(2**63), 2**62, 1, 0, 2, 1, 1, 0, 0, 6, None)]
    return Encoded(
        parameters=parameters,
        tickets=[(seq, 1, f"T-{seq}", "", "", seq)],
        names=[("agent", seq, "Ann", seq)],
        bodies=[(seq, body)],
        sources=[(1, 5, 6, '{"page": 1}', 6)],
        last_seq=seq,
        rows=as_rows(parameters),
    )


def plain(encoded: Encoded) -> tuple[object, ...]:
    return (encoded.parameters, encoded.tickets, encoded.names, encoded.bodies, encoded.sources, encoded.last_seq)


def read(path: Path) -> list[tuple[object, ...]]:
    spool = Spool(path)
    try:
        return [plain(record) for record in spool.records()]
    finally:
        spool.close()


def test_records_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "spool"
    spool = Spool(path)
    assert spool.empty
    assert not path.exists()
    for seq in range(1, 4):
        spool.append(a_record(seq))
    spool.close()
    assert read(path) == [plain(a_record(seq)) for seq in range(1, 4)]


def test_a_cleared_spool_leaves_no_file(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    spool.append(a_record(1))
    spool.clear()
    assert spool.empty
    assert list(spool.records()) == []
    spool.append(a_record(2))
    assert [record.last_seq for record in spool.records()] == [2]
    spool.clear()
    spool.close()
    assert not (tmp_path / "spool").exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 10_000), junk=st.binary(max_size=20))
def test_a_torn_tail_is_cut_off_and_all_before_it_is_kept(
    tmp_path_factory: pytest.TempPathFactory, cut: int, junk: bytes
) -> None:
    path = tmp_path_factory.mktemp("torn") / "spool"
    spool = Spool(path)
    ends = []
    for seq in range(1, 4):
        spool.append(a_record(seq))
        ends.append(path.stat().st_size)
    spool.close()
    whole = path.read_bytes()
    left = whole[: cut % len(whole)]
    path.write_bytes(left + (junk if len(left) > 40 else b""))
    wanted = [plain(a_record(seq)) for seq, end in enumerate(ends, 1) if end <= len(left)]
    assert read(path) == wanted
    spool = Spool(path)
    spool.append(a_record(9))
    spool.close()
    assert read(path) == [*wanted, plain(a_record(9))]


def test_a_changed_byte_ends_the_reading_before_it(tmp_path: Path) -> None:
    path = tmp_path / "spool"
    spool = Spool(path)
    spool.append(a_record(1))
    end = path.stat().st_size
    spool.append(a_record(2))
    spool.close()
    data = bytearray(path.read_bytes())
    data[end + 30] ^= 1
    path.write_bytes(data)
    assert [record[-1] for record in read(path)] == [1]


def test_a_write_that_fails_leaves_the_spool_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "spool"
    spool = Spool(path)
    spool.append(a_record(1))

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="no space"):
            spool.append(a_record(2))
    spool.append(a_record(3))
    spool.close()
    assert [record[-1] for record in read(path)] == [1, 3]
