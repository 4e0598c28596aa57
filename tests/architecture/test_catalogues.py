"""Every message of the console is translated, and every translation can be filled in like its original."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from console import i18n

PROJECT = Path(__file__).resolve().parents[2]
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"\{(\w*)[^{}]*\}|%\((\w+)\)")
TRANSLATED = [language for language in i18n.LANGUAGES if language != "en"]


def used_messages() -> dict[str, str]:
    """The messages in the source (the singular, where there are two) and the place of each."""
    found: dict[str, str] = {}
    for name, line, message, *_ in extract_from_dir(PROJECT / "console", [("**.py", "python")], keywords=KEYWORDS):
        found.setdefault(message if isinstance(message, str) else message[0], f"console/{name}:{line}")
    return found


def catalogue(language: str) -> Catalog:
    with (PROJECT / f"resources/translations/{language}/LC_MESSAGES/console.po").open("rb") as file:
        return read_po(file, abort_invalid=True)


def placeholders(text: str) -> set[str]:
    return {braced or percent for braced, percent in PLACEHOLDER.findall(text)}


def test_no_message_hides_in_an_f_string() -> None:
    """There Babel finds it only under Python 3.12 and later."""
    hidden = []
    for file in (PROJECT / "console").rglob("*.py"):
        for text in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(text, ast.JoinedStr):
                hidden += [
                    f"{file.relative_to(PROJECT)}:{call.lineno}"
                    for call in ast.walk(text)
                    if isinstance(call, ast.Call)
                    and isinstance(call.func, ast.Name)
                    and call.func.id in KEYWORDS
                    and any(isinstance(argument, ast.Constant) for argument in call.args)
                ]
    assert hidden == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated(language: str) -> None:
    words = catalogue(language)
    missing = []
    for message, place in used_messages().items():
        entry = words.get(message)
        strings = [] if entry is None else [entry.string] if isinstance(entry.string, str) else list(entry.string)
        if entry is None or entry.fuzzy or not strings or not all(strings):
            missing.append(f"{place}: {message}")
    assert missing == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_has_lost_its_message(language: str) -> None:
    used = used_messages()
    keys = [entry.id if isinstance(entry.id, str) else entry.id[0] for entry in catalogue(language) if entry.id]
    assert [key for key in keys if key not in used] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_placeholders_of_their_messages(language: str) -> None:
    wrong = []
    for entry in catalogue(language):
        if not entry.id or not entry.string or not any(entry.string):
            continue
        originals = [entry.id] if isinstance(entry.id, str) else list(entry.id)
        translations = [entry.string] if isinstance(entry.string, str) else list(entry.string)
        wanted = set().union(*map(placeholders, originals))
        wrong += [f"{originals[0]} -> {text}" for text in translations if not placeholders(text) <= wanted]
        if not any(placeholders(text) == wanted for text in translations):
            wrong.append(f"{originals[0]} lacks {wanted}")
    assert wrong == []
