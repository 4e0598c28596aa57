"""The office that the tests of the actions share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.clock import FixedClock
from tests.models.actions.office import Office


@pytest.fixture
def office(tmp_path: Path, clock: FixedClock) -> Iterator[Office]:
    """Accounts, agents, tickets and an empty inbox."""
    opened = Office(tmp_path, clock)
    yield opened
    opened.close()
