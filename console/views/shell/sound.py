"""A short sound when something needs a person, by whatever the machine has; off the GUI thread, never too often."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from console import logs, paths

log = logs.topic("sound")
FILE = "sounds/escalation.wav"
_PLAYERS: tuple[tuple[str, ...], ...] = (("paplay",), ("pw-play",), ("aplay", "-q"), ("afplay",))
_GAP_SECONDS = 4.0
_LONGEST_SECONDS = 10.0


class Sound:
    """Call `play` on the GUI thread: it returns at once. ``monotonic`` gives seconds, ``beep`` is the last resort and
    is called on the GUI thread."""

    def __init__(
        self,
        monotonic: Callable[[], float],
        beep: Callable[[], None],
        player: Callable[[Path], bool] | None = None,
    ) -> None:
        self._monotonic, self._beep = monotonic, beep
        self._player = player or play_file
        self._can_play = player is not None or can_play()
        self._last: float | None = None
        self._thread: threading.Thread | None = None

    def play(self) -> bool:
        """Sound once; False when it sounded a moment ago."""
        now = self._monotonic()
        if self._last is not None and now - self._last < _GAP_SECONDS:
            return False
        self._last = now
        if not self._can_play:
            self._beep()
            return True
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)
        self._thread.start()
        return True

    def close(self) -> None:
        """Wait for the sound that plays."""
        if self._thread is not None:
            self._thread.join(_LONGEST_SECONDS)

    def _run(self) -> None:
        if not self._player(Path(paths.resource(FILE))):
            log.info("the sound could not be played")


def can_play() -> bool:
    """Whether this machine has something that plays a file."""
    return sys.platform == "win32" or _command() is not None


def play_file(file: Path) -> bool:
    """Play a file and wait for its end; blocks, so not for the GUI thread. False when it could not be played."""
    if sys.platform == "win32":
        import winsound

        winsound.PlaySound(str(file), winsound.SND_FILENAME | winsound.SND_NODEFAULT)
        return True
    command = _command()
    if command is None:
        return False
    try:
        done = subprocess.run(
            [*command, str(file)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_LONGEST_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _command() -> Sequence[str] | None:
    for player in _PLAYERS:
        found = shutil.which(player[0])
        if found is not None:
            return (found, *player[1:])
    return None
