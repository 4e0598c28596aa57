"""One translation system for window, command line and domain: gettext, switchable while the program runs.

``_`` translates now; ``N_`` only marks a word that is translated when it is shown (for tables of data in `models`).
"""

from __future__ import annotations

import gettext
import locale
import os

from console import paths

LANGUAGES = ("en", "zh_CN")
_current: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"


def use(language: str) -> None:
    """Translate into ``language`` from now on. Raises ValueError for one that is not in `LANGUAGES`, FileNotFoundError
    when its words were not compiled; the old language then stays."""
    global _current, _language
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r} is not one of {', '.join(LANGUAGES)}")
    if language == "en":
        _current = gettext.NullTranslations()
    else:
        _current = gettext.translation("console", str(paths.resource("translations")), [language])
    _language = language


def language() -> str:
    """The language in use."""
    return _language


def preferred() -> str:
    """The language of the user's environment, English where we do not have it."""
    variables = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    name = next(filter(None, variables), None) or locale.getlocale()[0] or ""
    return "zh_CN" if name.lower().startswith(("zh", "chinese")) else "en"


def _(message: str) -> str:
    """The message in the language in use."""
    return _current.gettext(message) if message else ""


def ngettext(one: str, many: str, count: int) -> str:
    """The right plural form in the language in use."""
    return _current.ngettext(one, many, count)


def N_(message: str) -> str:
    """Mark a message for the catalogue without translating it yet."""
    return message
