"""``console report routing``: what a span would have come to under routing rules, beside what it came to."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from console.cli.failures import EXIT_CODES
from console.cli.shared import add_common, add_place, aligned, folder, local_zone, print_json
from console.clock import DAY, SystemClock
from console.errors import UsageError
from console.i18n import N_, _
from console.settings import Settings
from console.zones import instant, to_the_second, written

if TYPE_CHECKING:
    from console.models.queries.replay import Comparison, Figures, Reproduction

ABOUT = N_(
    """A span of time once more under routing rules (--from included, --to not; default: the last 24 hours).

The rules are those of the site's policy, or of --rules, a policy file that says only what differs. They give out anew
what the source gave out by itself on the channels of routing.channels, at once; what people assigned themselves stays.
Each day begins at its local midnight as it was. What it assumes: customers come, write and lose patience as they did;
whoever has a contact does with it what was done with it, in the same time, so the handle time stays as it was; a
transfer is not needed where the owner serves the queue in which the contact ended, and takes place where they do not;
a contact that was lost and is now given to somebody in time takes as long as others of its channel.

Keys of the JSON form:
  from, to, time_zone  the span, ISO 8601 with offset, and the zone that times without offset were read in
  seed                 what decides between equals; the same seed gives the same result
  contacts             how many came in the span
  decisions            how often the rules gave a contact to somebody
  summary              the result in one sentence
  unknown_names        names in the rules that no queue has, and no team of those who were there
  recorded, replayed   in truth, and under the rules:
    given              contacts that people had, each once for each of them
    without_owner      contacts that nobody ever had
    lost               contacts whose customer left before anybody had answered
    transfers, needless_transfers
                       transfers, and those of them that go back or are not a contact's first
    top30_share, gini  what the busiest carry (balance.busiest of the policy), by contacts per capacity; null where
                       nobody was there
    wait_mean_seconds, wait_median_seconds, wait_90_seconds
                       until a contact had an owner: mean, median, and what 90 percent do not exceed
    by_agent           contacts by name, most first

With --as-it-was the rules are those that the log tells of, and only what the console gave out itself is decided anew:
  exact                whether every decision came out as it was (exit code 1 where not)
  recorded, replayed   how many decisions there were, and how many came out
  told                 assignments that the log tells of as the console's"""
)


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the report."""
    parser.description, parser.epilog = _(ABOUT), _(EXIT_CODES)
    parser.add_argument("--from", dest="start", metavar=_("TIME"), help=_("start of the span, ISO 8601"))
    parser.add_argument("--to", dest="end", metavar=_("TIME"), help=_("end of the span, ISO 8601 (default: now)"))
    parser.add_argument("--rules", type=Path, metavar="FILE.toml", help=_("try the rules of this policy file"))
    parser.add_argument("--seed", type=int, default=1, metavar="N", help=_("decides between equals (default: 1)"))
    parser.add_argument("--as-it-was", action="store_true", help=_("check that the console's own decisions come out"))
    parser.add_argument(
        "--time-zone", metavar=_("ZONE"), help=_("zone of times without offset (default: the console's)")
    )
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    add_place(parser)
    add_common(parser)
    parser.set_defaults(run=report_routing)


def report_routing(options: argparse.Namespace) -> int:
    """Print what became of the span."""
    settings = Settings()
    zone = local_zone(options, settings)
    end = SystemClock().now() if options.end is None else instant(options.end, zone)
    start = end - DAY if options.start is None else instant(options.start, zone)
    if start >= end:
        raise UsageError(_("The span ends before it starts."), _("Give --from a time before --to."))
    if options.as_it_was and options.rules is not None:
        raise UsageError(_("--as-it-was takes the rules from the log."), _("Leave out --rules."))
    return (
        _as_it_was(options, settings, start, end, zone)
        if options.as_it_was
        else _tried(options, settings, start, end, zone)
    )


def _tried(options: argparse.Namespace, settings: Settings, start: int, end: int, zone: tzinfo) -> int:
    from console.cli.progress import Shown
    from console.models.policy import policy as policies
    from console.models.queries.replay import compare
    from console.models.store.database import place
    from console.models.store.log import open_reader

    where = place(folder(options, settings))
    policy = policies.load_site(where.directory).policy
    tried = policies.load_over_default(options.rules) if options.rules is not None else policy
    rules = replace(tried.routing, seed=options.seed)
    reader = open_reader(where)
    try:
        with Shown(_("Replaying")) as shown:
            midnight, busiest = policy.midnight_before, policy.skew.busiest
            found = compare(reader, start, end, rules, midnight, busiest, shown.progress)
    finally:
        reader.close()
    if options.json:
        print_json(as_json(found, zone, options.seed))
    else:
        sys.stdout.write(as_text(found, zone))
    return 0


def _as_it_was(options: argparse.Namespace, settings: Settings, start: int, end: int, zone: tzinfo) -> int:
    from console.models.policy import policy as policies
    from console.models.queries.replay import reproduce
    from console.models.store.database import place
    from console.models.store.log import open_reader

    where = place(folder(options, settings))
    policy = policies.load_site(where.directory).policy
    reader = open_reader(where)
    try:
        found = reproduce(reader, start, end, policy.midnight_before)
    finally:
        reader.close()
    if options.json:
        print_json({"from": written(start, zone), "to": written(end, zone), "time_zone": str(zone), **_counts(found)})
    elif found.is_exact:
        sys.stdout.write(_("All {n} decisions came out as they were.").format(n=len(found.recorded)) + "\n")
    else:
        text = _("Only some of {n} decisions came out as they were.").format(n=len(found.recorded))
        sys.stdout.write(text + "\n")
    return 0 if found.is_exact else 1


def _counts(found: Reproduction) -> dict[str, object]:
    return {
        "exact": found.is_exact,
        "recorded": len(found.recorded),
        "replayed": len(set(found.replayed) & set(found.recorded)),
        "told": len(found.told),
    }


def as_json(found: Comparison, zone: tzinfo, seed: int) -> dict[str, object]:
    """The comparison as the documented keys."""
    return {
        "from": written(found.begin, zone),
        "to": written(found.end, zone),
        "time_zone": str(zone),
        "seed": seed,
        "contacts": found.contacts,
        "decisions": found.decisions,
        "summary": found.summary,
        "unknown_names": list(found.unknown),
        "recorded": _figures(found.recorded),
        "replayed": _figures(found.replayed),
    }


def _figures(told: Figures) -> dict[str, object]:
    return {
        "given": told.given,
        "without_owner": told.without_owner,
        "lost": told.lost,
        "transfers": told.transfers,
        "needless_transfers": told.needless,
        "top30_share": told.top_share,
        "gini": told.gini,
        "wait_mean_seconds": round(told.wait_mean, 1),
        "wait_median_seconds": round(told.wait_median, 1),
        "wait_90_seconds": round(told.wait_90, 1),
        "by_agent": dict(told.by_agent),
    }


def as_text(found: Comparison, zone: tzinfo) -> str:
    """The comparison for people: one sentence, the figures side by side, and everybody's contacts."""
    from console.models.queries.replay_words import lines, unknown_words

    title = _("Routing from {start} to {end}").format(
        start=to_the_second(found.begin, zone), end=to_the_second(found.end, zone)
    )
    rows = [("", _("in truth"), _("under the rules")), *lines(found)]
    people = [(_("Agent"), _("in truth"), _("under the rules"))]
    names = {**found.recorded.by_agent, **found.replayed.by_agent}
    for name in names:
        was, now = found.recorded.by_agent.get(name, 0), found.replayed.by_agent.get(name, 0)
        people.append((name, str(was), str(now)))
    unknown = [unknown_words(found.unknown), ""] if found.unknown else []
    return "\n".join([title, "", *unknown, found.summary, "", *aligned(rows), "", *aligned(people)]) + "\n"
