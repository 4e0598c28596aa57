"""What people write in the demonstration centre: templates in two languages, by scene, with variables."""

from __future__ import annotations

import string
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from console import paths
from console.models.domain.contacts import Language

FILES = {Language.ZH: "messages_zh.toml", Language.EN: "messages_en.toml"}
VARIABLES = frozenset(
    {"customer", "order", "amount", "product", "carrier", "tracking", "city", "minutes", "date", "agent", "code"}
)


@dataclass(frozen=True, slots=True)
class Words:
    """The names that variables draw on, in one language."""

    products: tuple[str, ...]
    carriers: tuple[str, ...]
    cities: tuple[str, ...]
    surnames: tuple[str, ...]
    given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Texts:
    """Templates by scene, subjects by inquiry type and the words for their variables, in one language."""

    scenes: dict[str, tuple[str, ...]]
    subjects: dict[str, tuple[str, ...]]
    words: Words

    def pick(self, scene: str, choice: int) -> str:
        """The template of this scene that ``choice`` falls on; raises KeyError for an unknown scene."""
        templates = self.scenes[scene]
        return templates[choice % len(templates)]


@cache
def texts(language: Language) -> Texts:
    """The shipped texts of a language; read once. Raises ValueError for a template with an unknown variable."""
    data = tomllib.loads((paths.resource("demo") / FILES[language]).read_text("utf-8"))
    scenes: dict[str, tuple[str, ...]] = {}
    _flatten("", data["scenes"], scenes)
    subjects = {key: tuple(lines) for key, lines in data["subjects"].items()}
    return Texts(scenes, subjects, Words(**{key: tuple(names) for key, names in data["words"].items()}))


def _flatten(prefix: str, tree: dict[str, Any], into: dict[str, tuple[str, ...]]) -> None:
    for key, value in tree.items():
        name = f"{prefix}.{key}" if prefix else key
        if isinstance(value, dict):
            _flatten(name, value, into)
        else:
            for template in value:
                if not variables_of(template) <= VARIABLES:
                    raise ValueError(f"{name}: a variable of {template!r} is not known")
            into[name] = tuple(value)


def variables_of(template: str) -> set[str]:
    """The names of the variables in a template; raises ValueError when its braces do not match."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def customer_name(language: Language, number: int) -> str:
    """The name of the customer with this number; always the same."""
    words = texts(language).words
    mixed = number * 2654435761 % 2**32
    surname = words.surnames[mixed % len(words.surnames)]
    given = words.given[(mixed >> 8) % len(words.given)]
    return f"{surname}{given}" if language is Language.ZH else f"{given} {surname}"
