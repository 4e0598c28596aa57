"""Settings: declared once, forgiving to read, strict to write."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from console.errors import SetupError
from console.settings import BY_KEY, SETTINGS, Settings

PROJECT = Path(__file__).resolve().parents[1]
READS = {"get", "set", "text"}


def test_what_was_set_is_there_after_a_save(tmp_path: Path) -> None:
    path = tmp_path / "config" / "settings.toml"
    settings = Settings(path)
    settings.set("theme", "dark")
    settings.set("scale", 1.5)
    settings.set("sound", False)
    settings.set("data_dir", 'C:\\data "ours" 数据')
    settings.save()
    again = Settings(path)
    assert (again.get("theme"), again.get("scale"), again.get("sound")) == ("dark", 1.5, False)
    assert again.text("data_dir") == 'C:\\data "ours" 数据'
    assert again.get("language") == ""
    assert [item.name for item in path.parent.iterdir()] == ["settings.toml"]


def test_what_makes_no_sense_falls_back_and_is_told(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('theme = "pink"\nscale = 9\nsound = "yes"\ntime_zone = "Mars/Olympus"\ncolour = 1\n', "utf-8")
    settings = Settings(path)
    for key in ("theme", "scale", "sound", "time_zone"):
        assert settings.get(key) == BY_KEY[key].default
    assert len(settings.wrong()) == 5
    settings.set("theme", "light")
    settings.save()
    assert "colour = 1" in path.read_text(), "an entry of another version survives"


def test_a_whole_number_is_a_scale_too(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("scale = 2\n", "utf-8")
    assert Settings(path).get("scale") == 2.0
    assert isinstance(Settings(path).get("scale"), float)


@pytest.mark.parametrize(("key", "value"), [("theme", "pink"), ("scale", "big"), ("sound", 1), ("scale", True)])
def test_a_wrong_value_is_not_kept(tmp_path: Path, key: str, value: str | int) -> None:
    with pytest.raises(ValueError, match=key):
        Settings(tmp_path / "settings.toml").set(key, value)


def test_an_undeclared_key_is_a_mistake(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.toml")
    with pytest.raises(KeyError):
        settings.get("colour")
    with pytest.raises(KeyError):
        settings.set("colour", 1)


def test_a_file_that_is_no_toml_or_cannot_be_written_is_told(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("= 3", "utf-8")
    with pytest.raises(SetupError, match="cannot be read"):
        Settings(path)
    blocked = Settings(tmp_path / "config" / "settings.toml")
    (tmp_path / "config").write_text("a file where the folder should be")
    with pytest.raises(SetupError, match="could not be written"):
        blocked.save()


def test_every_default_makes_sense() -> None:
    for setting in SETTINGS:
        assert setting.accepts(setting.default), setting.key
    assert len(BY_KEY) == len(SETTINGS)


def keys_used(source: str) -> set[str]:
    """Literal keys given to `get`, `set` or `text` of something called settings."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in READS
            and node.args
        ):
            owner = ast.unparse(node.func.value).lower()
            key = node.args[0]
            if owner.rstrip("()").endswith("settings") and isinstance(key, ast.Constant):
                found.add(str(key.value))
    return found


def test_every_key_that_the_console_uses_is_declared() -> None:
    used = set()
    for path in (PROJECT / "console").rglob("*.py"):
        used |= keys_used(path.read_text(encoding="utf-8"))
    assert {"time_zone", "language", "data_dir"} <= used
    assert used <= set(BY_KEY)
