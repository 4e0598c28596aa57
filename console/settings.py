"""What the user has set for good (`SETTINGS`, kept in ``settings.toml``) and what one run was asked for (the options).

Every setting that the console reads or writes is declared once in `SETTINGS`; a key that is not there is a mistake and
raises. The file holds plain ``key = value`` lines of TOML; entries that this version does not know survive a save.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from console import paths
from console.errors import SetupError
from console.i18n import LANGUAGES, N_, _

Value = bool | int | float | str
FILE_NAME = "settings.toml"


@dataclass(frozen=True, slots=True)
class Setting:
    """One declared setting. ``unit`` is for people; ``accepts`` says whether a value of the right type makes sense."""

    key: str
    default: Value
    title: str
    unit: str = ""
    accepts: Callable[[Value], bool] = field(default=lambda _value: True)


def _is_zone(value: Value) -> bool:
    """Whether the machine knows a time zone of this name; empty means the system's own."""
    if value == "":
        return True
    try:
        ZoneInfo(str(value))
    except (KeyError, ValueError, OSError):
        return False
    return True


def _one_of(*words: str) -> Callable[[Value], bool]:
    return lambda value: value in words


def _between(low: float, high: float) -> Callable[[Value], bool]:
    return lambda value: low <= float(value) <= high


SETTINGS: tuple[Setting, ...] = (
    Setting("language", "", N_("Language (empty: the system's)"), accepts=_one_of("", *LANGUAGES)),
    Setting("theme", "system", N_("Theme"), accepts=_one_of("system", "light", "dark")),
    Setting("time_zone", "", N_("Time zone of the console (empty: the system's)"), accepts=_is_zone),
    Setting("scale", 1.0, N_("Size of text and controls"), N_("times"), _between(0.5, 4.0)),
    Setting("screen", "board", N_("Screen shown at the start")),
    Setting("sound", True, N_("Sound when something needs a person")),
    Setting("tray", True, N_("Icon in the system tray")),
    Setting(
        "idle_lock",
        15.0,
        N_("Pause after which a passphrase is asked for again (0: never)"),
        N_("min"),
        _between(0, 1_440),
    ),
    Setting("data_dir", "", N_("Folder of the data (empty: the user's own)")),
)
BY_KEY: Mapping[str, Setting] = {setting.key: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class WindowOptions:
    """What the command line asked of the window. None means: not asked, so the setting or the default holds.

    ``clock`` is an instant in microseconds since the epoch where the clock starts (``--clock``), ``exit_after`` seconds
    after which the window closes by itself, ``theme`` one of light, dark, system.
    """

    demo: bool = False
    seed: int | None = None
    speed: float = 1.0
    clock: int | None = None
    data_dir: Path | None = None
    database: str | None = None
    language: str | None = None
    theme: str | None = None
    screen: str | None = None
    exit_after: float | None = None
    json_log: Path | None = None
    debug: bool = False


@dataclass(frozen=True, slots=True)
class SnapshotOptions:
    """What ``console snapshot`` was asked for: one screen, drawn as the window would, written to a PNG file.

    ``size`` is width and height in logical pixels, ``scale`` pixels per logical pixel, ``at`` the moment shown
    (microseconds since the epoch; None: now).
    """

    screen: str
    out: Path
    size: tuple[int, int] = (1280, 800)
    scale: float = 1.0
    at: int | None = None
    demo: bool = False
    seed: int | None = None
    clock: int | None = None
    data_dir: Path | None = None
    database: str | None = None
    language: str | None = None
    theme: str | None = None
    json_log: Path | None = None
    debug: bool = False


class Settings:
    """The settings of one user, read once; `get` and `set` know only declared keys (KeyError otherwise)."""

    def __init__(self, path: Path | None = None) -> None:
        """Read ``path`` (default: the user's file). Raises `SetupError` when it cannot be read or is not TOML."""
        self.path = path if path is not None else paths.config_dir() / FILE_NAME
        self._values = _read(self.path)

    def get(self, key: str) -> Value:
        """The value in force: the user's where it is of the declared type and makes sense, else the default."""
        setting = BY_KEY[key]
        value = self._values.get(key, setting.default)
        return _fitted(setting, value)

    def text(self, key: str) -> str:
        """The value of a text setting."""
        return str(self.get(key))

    def wrong(self) -> list[str]:
        """One sentence for every entry of the file that is not declared or does not make sense."""
        sentences = []
        for key, value in self._values.items():
            if key not in BY_KEY:
                sentences.append(_("{key} is not a setting").format(key=key))
            elif not _fits(BY_KEY[key], value):
                sentences.append(_("{key} = {value} does not make sense").format(key=key, value=value))
        return sentences

    def set(self, key: str, value: Value) -> None:
        """Keep a value; raises ValueError when it is of another type or does not make sense. `save` writes it."""
        setting = BY_KEY[key]
        if not _fits(setting, value):
            raise ValueError(f"{key} = {value!r} does not make sense")
        self._values[key] = value

    def save(self) -> None:
        """Write the file so that a crash leaves either the old one or the new one. Raises `SetupError`."""
        lines = [f"{key} = {_toml(value)}\n" for key, value in self._values.items() if isinstance(value, Value)]
        draft = self.path.with_suffix(".new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text("".join(lines), encoding="utf-8")
            draft.replace(self.path)
        except OSError as error:
            raise SetupError(
                _("The settings could not be written to {path}: {error}.").format(path=self.path, error=error),
                _("Check the folder's permissions."),
            ) from error


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SetupError(
            _("The settings file {path} cannot be read: {error}.").format(path=path, error=error),
            _("Correct it or move it away."),
        ) from error


def _fits(setting: Setting, value: object) -> bool:
    kind = type(setting.default)
    right_type = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        right_type = True
    return right_type and isinstance(value, Value) and setting.accepts(value)


def _fitted(setting: Setting, value: object) -> Value:
    if not _fits(setting, value) or not isinstance(value, Value):
        return setting.default
    return float(value) if isinstance(setting.default, float) else value


def _toml(value: Value) -> str:
    """A TOML literal: JSON's strings, numbers and booleans are TOML's too."""
    return json.dumps(value, ensure_ascii=False)
