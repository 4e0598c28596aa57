"""What the figures say: side by side, as ratios, and against the limits."""

from __future__ import annotations

from typing import Any

from benchmarks.board import clicks

Figures = dict[str, Any]
FRAME_MS = 1000 / 60


def _best(runs: list[Figures], rate: int, name: str) -> float:
    return min(float(row[name]) for run in runs for row in run["rates"] if row["rate"] == rate)


def _ratio(usual: float, ours: float) -> str:
    return f"x{usual / ours:,.0f}" if usual >= 10 * ours else f"x{usual / ours:.1f}"


def print_side_by_side(tickets: int, ours: list[Figures], usual: Figures | None) -> None:
    """One table for a size of the board; of several runs of ours the best is shown."""
    print(f"\n{tickets:,} tickets" + (f", best of {len(ours)} runs" if len(ours) > 1 else ""))
    print(f"  {'':34}{'usual':>14}{'ours':>14}   usual:ours")
    for rate in [int(row["rate"]) for row in ours[0]["rates"]]:
        for name, label, unit in (
            ("gui_share", "GUI thread, cores", ""),
            ("p50", "event to paint, p50", " ms"),
            ("p99", "event to paint, p99", " ms"),
            ("burst_ms", "longest GUI stretch (CPU)", " ms"),
        ):
            mine = _best(ours, rate, name)
            theirs = next((float(row[name]) for row in usual["rates"] if row["rate"] == rate), None) if usual else None
            _line(f"{rate:>6,}/s  {label}", theirs, mine, unit)
        absorbed = [max(row["absorbed"] for run in ours for row in run["rates"] if row["rate"] == rate)]
        other = next((row["absorbed"] for row in usual["rates"] if row["rate"] == rate), None) if usual else None
        told = f"{other:,.0f}" if other is not None else "-"
        print(f"  {f'{rate:>6,}/s  absorbed, events/s':34}{told:>14}{absorbed[0]:>14,.0f}")
    for name in clicks.NAMES:
        mine = min(float(run["clicks"][name]) for run in ours)
        _line(name, float(usual["clicks"][name]) if usual else None, mine, " ms")
    told = ", ".join(f"{name} {ours[0]['whole'][name]:.0f} ms" for name in clicks.NAMES)
    print(f"  ours, until the whole list follows: {told}")
    _line(
        "memory of a ticket, by the system", usual["own_per_ticket"] if usual else None, ours[0]["own_per_ticket"], " B"
    )
    _line("memory of a ticket, by count", None, ours[0]["nbytes_per_ticket"], " B")
    timer = min(float(run["empty_timer"]["p99"]) for run in ours)
    row = ours[0]["rates"][-1]
    print(f"  an empty 60 Hz timer of the same process is late by {timer:.2f} ms (p99)")
    print(
        f"  at {row['rate']:,}/s: process {row['process_share']:.2f} cores {row['threads']}, "
        f"frames every {row['frame_p50']:.1f} ms (p99 {row['frame_p99']:.1f}), "
        f"staged {row['staged_p50']:.1f} ms after the event (p99 {row['staged_p99']:.1f}), "
        f"board open in {ours[0]['load_s']:.1f} s, longest stretch at the start {ours[0]['start_burst_ms']:.1f} ms"
    )


def _line(label: str, usual: float | None, ours: float, unit: str) -> None:
    digits = 2 if not unit else 1
    told = f"{usual:,.{digits}f}{unit}" if usual is not None else "-"
    print(
        f"  {label:34}{told:>14}{f'{ours:,.{digits}f}{unit}':>14}   {_ratio(usual, ours) if usual is not None else ''}"
    )


def limits(ours: list[Figures], usual: Figures | None) -> list[Figures]:
    """The bars at the largest size and highest rate; ``ok`` is None where the usual way was not measured."""
    rate = max(int(row["rate"]) for row in ours[0]["rates"])
    found = [
        _at_most("GUI thread, cores", _best(ours, rate, "gui_share"), 0.4),
        _at_most("event to paint p50, ms", _best(ours, rate, "p50"), FRAME_MS),
        _at_most("event to paint p99, ms", _best(ours, rate, "p99"), 3 * FRAME_MS),
        _at_most("longest GUI stretch (CPU), ms", _best(ours, rate, "burst_ms"), FRAME_MS),
        _at_most("the same during clicks, ms", min(run["clicks"]["burst_ms"] for run in ours), FRAME_MS),
    ]
    for name, wanted in clicks.LIMITS.items():
        mine = min(float(run["clicks"][name]) for run in ours)
        found.append(_at_least(f"{name}, times quicker", usual["clicks"][name] / mine if usual else None, wanted))
    memory = usual["own_per_ticket"] / ours[0]["nbytes_per_ticket"] if usual else None
    found.append(_at_least("memory of a ticket, times less", memory, 40))
    return found


def _at_most(name: str, value: float, limit: float) -> Figures:
    return {"name": name, "value": value, "limit": limit, "rule": "at most", "ok": value <= limit}


def _at_least(name: str, value: float | None, limit: float) -> Figures:
    return {
        "name": name,
        "value": value,
        "limit": limit,
        "rule": "at least",
        "ok": None if value is None else value >= limit,
    }


def print_limits(tickets: int, checked: list[Figures]) -> None:
    """Every limit with its figure."""
    print(f"\nLimits at {tickets:,} tickets")
    for row in checked:
        value = "-" if row["value"] is None else f"{row['value']:,.2f}"
        word = {True: "ok", False: "MISSED", None: "not measured"}[row["ok"]]
        print(f"  {row['name']:36}{value:>12}   {row['rule']} {row['limit']:,.1f}   {word}")
