"""What the window needs from the machine, looked at before Qt is: its system libraries and a display that answers.

Without this look Qt ends the program itself, with a message that names the wrong cause. Nothing of Qt is loaded into
this process. ``python -m console.preflight [--packages]`` prints what is missing.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from console.i18n import _

# The libraries that Qt's wheel expects from the system, and the Debian package of each.
DRAWING = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libbrotlicommon.so.1": "libbrotli1",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libstdc++.so.6": "libstdc++6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
WINDOW = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
PACKAGES = {**DRAWING, **WINDOW}
# From the 64-bit time change on (Debian 13, Ubuntu 24.04) this one has a new name.
RENAMED_2024 = {"libglib2.0-0": "libglib2.0-0t64"}

MODULES = ("QtCore", "QtGui", "QtWidgets", "QtNetwork", "QtSvg", "QtPrintSupport", "QtOpenGLWidgets", "QtTest")
PLUGINS_TO_DRAW = ("platforms/libqoffscreen.so", "iconengines/libqsvgicon.so", "imageformats/libqsvg.so")
PLUGINS_FOR_A_WINDOW = ("platforms/libqxcb.so", "platforms/libqwayland.so")

SCREENLESS = ("offscreen", "minimal", "vnc", "linuxfb", "eglfs")
PROBE = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"
PROBE_SECONDS = 15.0


@dataclass(frozen=True)
class Display:
    """Where the window will be drawn.

    ``kind`` is "native" (Windows, macOS), "display" (it answers), "chosen" (the user's own QT_QPA_PLATFORM draws
    without one), "none" (there is none) or "dead" (it is named but does not answer). ``message`` is for the user,
    with the remedy; empty when there is nothing to say.
    """

    kind: str
    message: str = ""

    @property
    def on_screen(self) -> bool:
        """Whether somebody can see the window."""
        return self.kind in ("native", "display")


def missing_libraries(window: bool = False) -> list[str]:
    """The system libraries (sonames) that Qt needs here and the machine lacks; ``window``: those of a window too.

    Looks with ldd, which takes about 0.2 s: ask it when importing Qt has failed, and at set-up. Empty on other systems
    than Linux, in the frozen program and where PySide6 itself is not installed.
    """
    found = None if sys.platform != "linux" or getattr(sys, "frozen", False) else importlib.util.find_spec("PySide6")
    if found is None or found.origin is None:
        return []
    folder = Path(found.origin).parent
    plugins = PLUGINS_TO_DRAW + (PLUGINS_FOR_A_WINDOW if window else ())
    files = [folder / f"{name}.abi3.so" for name in MODULES] + [folder / "Qt/plugins" / name for name in plugins]
    try:
        listing = subprocess.run(["ldd", *map(str, files)], capture_output=True, text=True, check=False).stdout
    except OSError:
        return []  # no ldd: then the import itself must tell
    return sorted(set(re.findall(r"^\s*(\S+) => not found", listing, re.MULTILINE)))


def packages(libraries: list[str], os_release: str | None = None) -> list[str]:
    """The Debian or Ubuntu packages that bring ``libraries``; unknown ones are left out.

    ``os_release`` is the text of /etc/os-release, read from there by default.
    """
    names = {PACKAGES[library] for library in libraries if library in PACKAGES}
    text = _read("/etc/os-release") if os_release is None else os_release
    fields = dict(re.findall(r'^(ID|VERSION_ID)="?([^"\n]*)"?$', text, re.MULTILINE))
    major = fields.get("VERSION_ID", "").partition(".")[0]
    renamed_from = {"debian": 13, "ubuntu": 24}.get(fields.get("ID", ""))
    if renamed_from and (not major or int(major) >= renamed_from):  # Debian's testing names no version
        names = {RENAMED_2024.get(name, name) for name in names}
    return sorted(names)


def remedy(libraries: list[str]) -> str:
    """One message for the user: which libraries are missing, and the command that brings them."""
    names = packages(libraries)
    lacking = _("This machine lacks what Qt needs: {libraries}.").format(libraries=", ".join(libraries))
    if not names:
        return lacking + " " + _("Install the packages of your system that bring it.")
    command = f"apt-get install --no-install-recommends {' '.join(names)}"
    return lacking + " " + _("Install it, as root: {command}").format(command=command)


def start_probe() -> subprocess.Popen[bytes] | None:
    """Begin to try the display in a child process, so that the caller can go on; None where there is nothing to try.

    A display that does not answer makes Qt abort the whole process, so a child has to take that risk.
    """
    if sys.platform != "linux" or getattr(sys, "frozen", False) or _draws_without_display() or not _named_display():
        return None
    return subprocess.Popen(
        [sys.executable, "-P", "-c", PROBE],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def prepare_display(probe: subprocess.Popen[bytes] | None = None) -> Display:
    """Decide where to draw, before Qt is imported; sets QT_QPA_PLATFORM to "offscreen" where no display answers.

    ``probe`` is what `start_probe` returned earlier; without it the probe runs now (about 0.3 s with a display).
    """
    if sys.platform != "linux":
        return Display("native")
    if _draws_without_display():
        return Display("chosen")
    name = _named_display()
    if not name:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        return Display("none", _("There is no display here (DISPLAY and WAYLAND_DISPLAY are not set)."))
    if getattr(sys, "frozen", False) or _answers(probe or start_probe()):
        return Display("display")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    missing = [
        library for library in missing_libraries(window=True) if name.startswith("W") or "wayland" not in library
    ]
    if missing:
        return Display("dead", remedy(missing))
    return Display(
        "dead",
        _(
            "The display {display} does not answer. Start the console in a desktop session, correct or unset "
            "{variable}, or let this user in: xhost +si:localuser:NAME"
        ).format(display=name, variable=name.partition("=")[0]),
    )


def _answers(probe: subprocess.Popen[bytes] | None) -> bool:
    if probe is None:
        return False
    try:
        return probe.wait(PROBE_SECONDS) == 0
    except subprocess.TimeoutExpired:
        probe.kill()
        probe.wait()
        return False


def _draws_without_display() -> bool:
    return os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in SCREENLESS


def _named_display() -> str:
    """The display that the environment names, as NAME=value; empty without one."""
    return next((f"{name}={os.environ[name]}" for name in ("WAYLAND_DISPLAY", "DISPLAY") if os.environ.get(name)), "")


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""


def main(arguments: list[str]) -> int:
    """Print what is missing for a window, as a message or (``--packages``) as package names; 3 when something is."""
    missing = missing_libraries(window=True)
    if missing:
        sys.stdout.write("\n".join(packages(missing)) if "--packages" in arguments else remedy(missing))
        sys.stdout.write("\n")
    return 3 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
