"""Which policy was in force when, as the log tells: the console notes at its start which one holds, and every edit."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from console.models.domain.ports import LogReader, PolicyTold
from console.models.policy import policy as policies
from console.models.policy.building import build
from console.models.policy.document import Document
from console.models.policy.policy import SITE_FILE, Policy
from console.models.policy.schema import BY_PATH

logger = logging.getLogger("console.policy")


class InForce(NamedTuple):
    """The policy of an instant, and since when it was in force (microseconds); None where the log does not know, and
    the present one stands for it."""

    policy: Policy
    since: int | None = None


class PolicyHistory:
    """The policies of one log. Safe on any thread; blocks, since the log is asked each time."""

    def __init__(self, log: LogReader, data_dir: Path) -> None:
        """``data_dir`` is where files lie that a policy names, such as that of the public holidays."""
        self._log = log
        self._file = str(data_dir / SITE_FILE)
        self._built: dict[str, Policy | None] = {}

    def at(self, at: int, present: Policy) -> InForce:
        """The policy in force at an instant. Before the first that the log tells of, that one: an edit of today does
        not change what came before. ``present`` where the log tells of none, or of one that is not understood any more.
        """
        told = self._log.policies()
        if not told:
            return InForce(present)
        last = max((place for place, one in enumerate(told) if one.at <= at), default=0)
        policy = self._policy(told[last])
        return InForce(present) if policy is None else InForce(policy, told[last].at)

    def last_values(self) -> Mapping[str, Any] | None:
        """What the site said when the log was told last; None when it never was."""
        told = self._log.policies()
        return told[-1].values if told else None

    def _policy(self, told: PolicyTold) -> Policy | None:
        key = json.dumps(told.values, sort_keys=True)
        if key not in self._built:
            self._built[key] = _over_shipped(told.values, self._file)
        return self._built[key]


def _over_shipped(values: Mapping[str, Any], file: str) -> Policy | None:
    """The shipped policy with these values by dotted key; those that it has no longer are passed over."""
    known = {path: value for path, value in values.items() if path in BY_PATH}
    if len(known) < len(values):
        logger.warning("the policy has no longer: %s", ", ".join(sorted(values.keys() - known.keys())))
    entries, problems = policies.examined(Document(file, _nested(known), readable=True), policies.default_entries())
    if problems:
        logger.warning("a former policy is not understood: %s", "; ".join(map(str, problems)))
        return None
    return build(entries)


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    tables: dict[str, Any] = {}
    for path, value in values.items():
        *names, last = path.split(".")
        table = tables
        for name in names:
            table = table.setdefault(name, {})
        table[last] = value
    return tables
