"""The layout survives a restart, and rubbish in its file counts as nothing."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray

from console.views.layout import FILE, Layout


def test_what_is_kept_is_there_after_a_restart(tmp_path: Path) -> None:
    first = Layout(tmp_path)
    first.keep_text("window/screen", "board")
    first.keep_data("board/columns", [{"key": "工单", "width": 90}])
    first.keep_geometry("window/geometry", QByteArray(b"\x00\x01\xff"))
    first.flush()
    second = Layout(tmp_path)
    assert second.text("window/screen") == "board"
    assert second.data("board/columns") == [{"key": "工单", "width": 90}]
    assert bytes(second.geometry("window/geometry").data()) == b"\x00\x01\xff"


def test_rubbish_counts_as_absent(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("[board]\ncolumns={not json\nwidth=wide\n", encoding="utf-8")
    layout = Layout(tmp_path)
    assert layout.data("board/columns", "default") == "default"
    assert layout.geometry("board/nothing").isEmpty()


def test_without_a_folder_nothing_is_remembered() -> None:
    layout = Layout(None)
    layout.keep_text("window/screen", "board")
    layout.flush()
    assert layout.text("window/screen", "none") == "none"
