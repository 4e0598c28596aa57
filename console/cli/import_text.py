"""What became of an import, in words and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC

from console.connectors.files.importer import Summary
from console.connectors.files.states import Mapped
from console.i18n import N_, _, ngettext
from console.models.domain.events import Event
from console.zones import written

WORDS_SHOWN = 8
FAULTS_SHOWN = 5
FAULTS_IN_PREVIEW = 50
ZONES = {
    "asked": N_("times without offset are read in {zone} (--time-zone)"),
    "mapping": N_("times without offset are read in {zone} (the mapping says so)"),
    "console": N_("times without offset are read in {zone}, the console's time zone; --time-zone names another"),
}


def summary_text(summaries: Sequence[Summary], *, dry_run: bool, new_events: int | None, handed_to: int) -> str:
    """The summary for people."""
    lines: list[str] = []
    for summary in summaries:
        lines += [*_file(summary, dry_run=dry_run), ""]
    if dry_run:
        lines.append(_("Nothing was written (--dry-run)."))
    elif new_events is not None:
        known = sum(summary.events for summary in summaries) - new_events
        lines.append(
            _("{new} new events in the log, {known} were known already.").format(new=new_events, known=max(known, 0))
        )
    elif handed_to:
        lines.append(_("The running console (process {pid}) took the events.").format(pid=handed_to))
    return "\n".join(lines) + "\n"


def _file(summary: Summary, *, dry_run: bool) -> list[str]:
    encoding = f", {summary.encoding}" if summary.encoding else ""
    lines = [
        f"{summary.path}: {summary.format}{encoding}, " + _("mapping {name}").format(name=summary.mapping),
        "  "
        + _("{rows} rows read, {landed} taken, {rejected} rejected, {events} events").format(
            rows=summary.rows, landed=summary.landed, rejected=summary.rejected, events=summary.events
        ),
    ]
    notes = []
    if summary.zone_from:
        notes.append(_(ZONES[summary.zone_from]).format(zone=summary.zone))
    if summary.twice:
        notes.append(
            ngettext(
                "{count} time happens twice in that zone; the first was taken",
                "{count} times happen twice in that zone; the first was taken",
                summary.twice,
            ).format(count=summary.twice)
        )
    if summary.skipped:
        notes.append(
            ngettext(
                "{count} time does not exist in that zone: the clock skips it",
                "{count} times do not exist in that zone: the clock skips them",
                summary.skipped,
            ).format(count=summary.skipped)
        )
    for field, words in summary.unknown.items():
        listed = ", ".join(f"{word} ({count})" for word, count in list(words.items())[:WORDS_SHOWN])
        more = " …" if len(words) > WORDS_SHOWN else ""
        notes.append(
            _("unknown words of {field}: {words}; map them with --mapping").format(field=field, words=listed + more)
        )
    if summary.unmapped:
        notes.append(_("columns not mapped: {columns}").format(columns=", ".join(summary.unmapped)))
    notes += summary.refused
    lines += ["  " + note for note in notes]
    if dry_run:
        lines += [line for mapped in summary.first for line in _mapped(mapped)]
    shown = summary.faults[: FAULTS_IN_PREVIEW if dry_run else FAULTS_SHOWN]
    lines += [_("  line {line}: {reason}").format(line=fault.line, reason=fault.reason) for fault in shown]
    if summary.rejected > len(shown):
        lines.append(_("  … and {count} more").format(count=summary.rejected - len(shown)))
    if summary.rejects_path:
        lines.append("  " + _("rejected rows are in {path}").format(path=summary.rejects_path))
    return lines


def _mapped(mapped: Mapped) -> list[str]:
    lines = [_("  line {line} becomes").format(line=mapped.row.line)]
    for event in mapped.events:
        words = " ".join(
            f"{name}={value}" for name, value in _told(event).items() if name not in ("kind", "at", "ticket")
        )
        lines.append(f"    {written(event.at, UTC)} {event.subject} {event.kind.key} {words}".rstrip())
    if not mapped.events:
        lines.append("    " + _("nothing new: the same as the ticket's row before"))
    return lines


def summary_json(summary: Summary, *, dry_run: bool) -> dict[str, object]:
    """The summary for programs."""
    data: dict[str, object] = {
        "file": str(summary.path),
        "format": summary.format,
        "encoding": summary.encoding,
        "mapping": summary.mapping,
        "time_zone": summary.zone,
        "time_zone_from": summary.zone_from,
        "complete": summary.complete,
        "rows": summary.rows,
        "landed": summary.landed,
        "rejected": summary.rejected,
        "events": summary.events,
        "first_at": None if summary.earliest is None else written(summary.earliest, UTC),
        "last_at": None if summary.latest is None else written(summary.latest, UTC),
        "rejects": [{"line": line, "reason": reason, "row": raw} for line, reason, raw in summary.faults],
        "rejects_file": str(summary.rejects_path) if summary.rejects_path else None,
        "refused": summary.refused,
        "columns_not_mapped": summary.unmapped,
        "columns_left_out": summary.unused,
        "unknown_words": summary.unknown,
        "times_twice": summary.twice,
        "times_skipped": summary.skipped,
    }
    if dry_run:
        data["first"] = [
            {"line": mapped.row.line, "events": [_told(event) for event in mapped.events]} for mapped in summary.first
        ]
    return data


def _told(event: Event) -> Mapping[str, object]:
    """An event in words: attributes by name, codes by key."""
    from console.connectors.files.vocabulary import CODES, VALUE_OF
    from console.models.domain.attributes import unpack
    from console.models.domain.events import Kind

    told: dict[str, object] = {"kind": event.kind.key, "at": written(event.at, UTC), "ticket": event.subject}
    if event.kind is Kind.CREATED:
        told |= {name: CODES[name](code).key for name, code in unpack(event.value).items() if code and name in CODES}
    elif event.kind in VALUE_OF:
        told["value"] = CODES[VALUE_OF[event.kind]](event.value).key
    elif event.value:
        told["value"] = event.value
    if event.name:
        told["name"] = event.name
    if event.actor:
        told["actor"] = event.actor
    return told | dict(event.detail or {})
