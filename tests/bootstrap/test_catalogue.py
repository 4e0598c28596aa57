"""The message catalogues are compiled without any tool; gettext must read what comes out as Babel would write it."""

from __future__ import annotations

import gettext
import io
from types import ModuleType

from babel.messages.pofile import read_po
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PO = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

#: console/a.py:1
msgid "waiting"
msgstr "等待"

msgid "a \"quoted\"\tline\n"
"and a second"
msgstr "引用\n"
"第二行"

msgctxt "menu"
msgid "waiting"
msgstr "等候"

msgid "{n} ticket"
msgid_plural "{n} tickets"
msgstr[0] "{n} 单"
msgstr[1] "{n} 张工单"

#, fuzzy
msgid "guess"
msgstr "猜测"

msgid "untranslated"
msgstr ""

#~ msgid "gone"
#~ msgstr "没了"
"""


def compiled(dev: ModuleType, text: str) -> gettext.GNUTranslations:
    return gettext.GNUTranslations(io.BytesIO(dev.compile_catalogue(text)))


def test_every_kind_of_message_is_read_back(dev: ModuleType) -> None:
    words = compiled(dev, PO)
    assert words.gettext("waiting") == "等待"
    assert words.pgettext("menu", "waiting") == "等候"
    assert words.gettext('a "quoted"\tline\nand a second') == "引用\n第二行"
    assert [words.ngettext("{n} ticket", "{n} tickets", n) for n in (1, 5)] == ["{n} 单", "{n} 张工单"]


def test_fuzzy_untranslated_and_obsolete_messages_stay_english(dev: ModuleType) -> None:
    words = compiled(dev, PO)
    assert [words.gettext(word) for word in ("guess", "untranslated", "gone")] == ["guess", "untranslated", "gone"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text(min_size=1), st.text(min_size=1)))
def test_any_text_survives(dev: ModuleType, messages: dict[str, str]) -> None:
    def quoted(text: str) -> str:
        plain = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
        return '"' + "".join(plain.get(c) or (c if c.isprintable() else f"\\U{ord(c):08x}") for c in text) + '"'

    messages = {key: word for key, word in messages.items() if _encodes(key + word) and "\0" not in key + word}
    text = "\n\n".join(f"msgid {quoted(key)}\nmsgstr {quoted(word)}" for key, word in messages.items())
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    words = compiled(dev, header + text)
    assert {key: words.gettext(key) for key in messages} == messages


def _encodes(text: str) -> bool:
    return not any(0xD800 <= ord(character) < 0xE000 for character in text)


def test_babel_reads_the_same_messages(dev: ModuleType) -> None:
    words = compiled(dev, PO)
    for message in read_po(io.BytesIO(PO.encode())):
        if message.id and message.string and not message.fuzzy and isinstance(message.id, str):
            found = words.pgettext(message.context, message.id) if message.context else words.gettext(message.id)
            assert found == message.string
