"""The locked requirements: everything pyproject.toml asks for, exact, with hashes, and from no particular host."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.bootstrap.conftest import PROJECT

ENTRY = re.compile(
    r"^([a-z0-9][\w.-]*)==(\S+)(?: ; (.*?))? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def entries(name: str) -> list[tuple[Requirement, int]]:
    text = (PROJECT / name).read_text()
    return [
        (Requirement(f"{package}=={version}" + (f" ; {marker}" if marker else "")), hashes.count("--hash"))
        for package, version, marker, hashes in ENTRY.findall(text)
    ]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_line_is_an_exact_version_with_hashes_or_a_comment(name: str) -> None:
    rest = ENTRY.sub("", (PROJECT / name).read_text())
    assert [line for line in rest.splitlines() if line.strip() and not line.lstrip().startswith("#")] == []
    assert entries(name)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_no_host_is_named(name: str) -> None:
    assert not re.search(r"https?:|--(extra-)?index|--find-links|@ ", (PROJECT / name).read_text())


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_what_pyproject_asks_for_is_locked_on_every_python_and_platform(python: str, platform: str) -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    asked = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    here = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": platform}
    locked: dict[str, Version] = {}
    for entry, _ in entries("requirements.txt") + entries("requirements-dev.txt"):
        if entry.marker is None or entry.marker.evaluate(here):
            version = Version(str(entry.specifier).removeprefix("=="))
            assert locked.setdefault(canonicalize_name(entry.name), version) == version
    for requirement in map(Requirement, asked):
        assert locked[canonicalize_name(requirement.name)] in requirement.specifier
