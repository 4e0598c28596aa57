"""Where things lie: the shipped resources, and the user's data, state and configuration."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs

APP = "supervisor-console"


def resource(name: str) -> Path:
    """The shipped file or folder ``name`` under ``resources/``; raises FileNotFoundError when it is not shipped.

    Works from a checkout, from an installed wheel (where the build puts the folder beside the package's modules) and
    from the frozen program.
    """
    bundle = getattr(sys, "_MEIPASS", None)
    package = Path(__file__).parent
    roots = [Path(bundle) / "resources"] if bundle else [package.parent / "resources", package / "resources"]
    for root in roots:
        path = root / name
        if path.exists():
            return path
    raise FileNotFoundError(f"resource {name!r} is missing; looked in {', '.join(map(str, roots))}")


def data_dir() -> Path:
    """The default place of the console's database."""
    return Path(platformdirs.user_data_dir(APP, appauthor=False))


def demo_dir() -> Path:
    """The place of the demonstration centre, apart from real data."""
    return data_dir() / "demo"


def state_dir() -> Path:
    """Logs, crash reports and window layout."""
    return Path(platformdirs.user_state_dir(APP, appauthor=False))


def config_dir() -> Path:
    """The user's settings and the site's policy."""
    return Path(platformdirs.user_config_dir(APP, appauthor=False))
