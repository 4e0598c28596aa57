"""``console doctor``: placeholder."""

from __future__ import annotations

import argparse

from console.cli.shared import Command
from console.i18n import N_


def _fill(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=lambda _options: 0)


DOCTOR = Command("doctor", N_("look at the environment, the database and the settings"), _fill)
