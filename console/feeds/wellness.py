"""What the auditor of the inbox found, as people should hear it: an inbox that is behind must not look content."""

from __future__ import annotations

from console.clock import SECOND
from console.i18n import _, ngettext
from console.scheduling.escalations.auditor import Finding
from console.views.feed import Trouble


def inbox_trouble(finding: Finding) -> Trouble | None:
    """The worst of it in a sentence; None when the inbox is well."""
    if finding.failure:
        return Trouble(
            _("It cannot be checked whether escalations are late: {reason}.").format(reason=finding.failure),
            grave=False,
        )
    if finding.overdue:
        late = finding.oldest_late // SECOND
        told = ngettext(
            "{n} escalation is overdue by {late} s: the console does not keep up.",
            "{n} escalations are overdue, the oldest by {late} s: the console does not keep up.",
            finding.overdue,
        )
        return Trouble(told.format(n=finding.overdue, late=late), grave=False)
    if finding.silent_seconds:
        seconds = round(finding.silent_seconds)
        return Trouble(_("Nobody has looked at the clocks for {seconds} s.").format(seconds=seconds), grave=False)
    if finding.blind:
        return Trouble(_("Not everything is watched: {reason}.").format(reason=finding.blind[0]), grave=False)
    return None
