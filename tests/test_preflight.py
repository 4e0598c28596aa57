"""The look at the machine before Qt: missing libraries with their packages, and displays that do not answer."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from console import preflight

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="other systems bring everything with the wheel")


@pytest.fixture
def no_display(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.setenv(name, "")  # so that what the code sets is taken back after the test
        monkeypatch.delenv(name)
    return monkeypatch


def fake_ldd(folder: Path, monkeypatch: pytest.MonkeyPatch, *missing: str) -> None:
    lines = "".join(f"\\t{name} => not found\\n" for name in missing)
    script = folder / "ldd"
    script.write_text(f"#!/bin/sh\nprintf 'libQtCore.abi3.so:\\n\\tlibc.so.6 => /lib/libc.so.6 (0x1)\\n{lines}'\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def test_this_machine_can_draw() -> None:
    assert preflight.missing_libraries() == []


@linux_only
def test_missing_libraries_are_named_with_the_line_that_installs_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake_ldd(tmp_path, monkeypatch, "libGL.so.1", "libEGL.so.1", "libGL.so.1", "libcat.so.9")
    assert preflight.missing_libraries() == ["libEGL.so.1", "libGL.so.1", "libcat.so.9"]
    assert preflight.main([]) == 3
    assert capsys.readouterr().out == (
        "This machine lacks what Qt needs: libEGL.so.1, libGL.so.1, libcat.so.9. Install it, as root: "
        "apt-get install --no-install-recommends libegl1 libgl1\n"
    )
    assert preflight.main(["--packages"]) == 3
    assert capsys.readouterr().out.split() == ["libegl1", "libgl1"]


@linux_only
def test_without_ldd_nothing_is_called_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert preflight.missing_libraries() == []


def test_libraries_without_a_known_package_are_left_to_the_system() -> None:
    assert preflight.remedy(["libcat.so.9"]).endswith("Install the packages of your system that bring it.")


@pytest.mark.parametrize(
    ("os_release", "package"),
    [
        ('ID=debian\nVERSION_ID="12"\n', "libglib2.0-0"),
        ('ID=debian\nVERSION_ID="13"\n', "libglib2.0-0t64"),
        ("ID=debian\n", "libglib2.0-0t64"),
        ('ID=ubuntu\nVERSION_ID="22.04"\n', "libglib2.0-0"),
        ('ID=ubuntu\nVERSION_ID="24.04"\n', "libglib2.0-0t64"),
        ('ID=linuxmint\nVERSION_ID="21"\n', "libglib2.0-0"),
        ("", "libglib2.0-0"),
    ],
)
def test_packages_have_the_name_of_their_release(os_release: str, package: str) -> None:
    assert preflight.packages(["libglib-2.0.so.0", "libgthread-2.0.so.0"], os_release) == [package]


@linux_only
def test_without_a_display_it_draws_offscreen(no_display: pytest.MonkeyPatch) -> None:
    display = preflight.prepare_display()
    assert (display.kind, display.on_screen) == ("none", False)
    assert "no display" in display.message
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"


@linux_only
@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_a_display_that_does_not_answer_is_named_and_passed_over(no_display: pytest.MonkeyPatch, name: str) -> None:
    no_display.setenv(name, ":98765")
    display = preflight.prepare_display()
    assert (display.kind, display.on_screen) == ("dead", False)
    assert f"correct or unset {name}" in display.message or "Install it, as root" in display.message
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"


@linux_only
def test_a_window_library_that_is_missing_is_the_reason_told(no_display: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake_ldd(tmp_path, no_display, "libxcb-cursor.so.0", "libwayland-cursor.so.0")
    no_display.setenv("DISPLAY", ":98765")
    assert "apt-get install --no-install-recommends libxcb-cursor0" in preflight.prepare_display().message


@linux_only
def test_what_wayland_lacks_is_not_blamed_for_a_dead_x_display(no_display: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake_ldd(tmp_path, no_display, "libwayland-cursor.so.0")
    no_display.setenv("DISPLAY", ":98765")
    assert "correct or unset DISPLAY" in preflight.prepare_display().message


@linux_only
def test_a_display_that_answers_is_used(no_display: pytest.MonkeyPatch) -> None:
    no_display.setenv("DISPLAY", ":0")
    no_display.setattr(preflight, "PROBE", "pass")
    probe = preflight.start_probe()
    assert preflight.prepare_display(probe) == preflight.Display("display")
    assert "QT_QPA_PLATFORM" not in os.environ


@linux_only
def test_a_display_that_hangs_counts_as_dead(no_display: pytest.MonkeyPatch) -> None:
    no_display.setenv("DISPLAY", ":0")
    no_display.setattr(preflight, "PROBE", "import threading; threading.Event().wait()")
    no_display.setattr(preflight, "PROBE_SECONDS", 0.05)
    assert preflight.prepare_display().kind == "dead"


@linux_only
def test_a_chosen_platform_without_a_display_is_respected(no_display: pytest.MonkeyPatch) -> None:
    no_display.setenv("DISPLAY", ":98765")
    no_display.setenv("QT_QPA_PLATFORM", "minimal:enable_fonts")
    assert preflight.start_probe() is None
    assert preflight.prepare_display().kind == "chosen"
    assert os.environ["QT_QPA_PLATFORM"] == "minimal:enable_fonts"


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_other_systems_draw_on_their_own(no_display: pytest.MonkeyPatch, system: str) -> None:
    no_display.setattr(sys, "platform", system)
    assert preflight.missing_libraries() == []
    assert preflight.prepare_display() == preflight.Display("native")
