"""The live board against the usual way: ``python -m benchmarks.board --help``.

Each side runs in a process of its own, one after the other, under the same events, which come by schedule from a
third process. Ours is the shipped window with intake, store, tiles and panels; the usual way is QStandardItemModel
behind QSortFilterProxyModel, without any of these. An event counts from the instant it was due to the end of the
paint that shows it; one that was never painted still waits when the figures are taken.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.board.measures import available_bytes
from benchmarks.board.verdict import limits, print_limits, print_side_by_side

_USUAL_BYTES = 11_000
"""What the usual way takes for a ticket."""

Figures = dict[str, Any]


def _child(module: str, *arguments: object) -> Figures:
    command = [sys.executable, "-m", f"benchmarks.board.{module}", *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


def _usual(tickets: int, rates: str, seconds: float) -> Figures | None:
    if available_bytes() < tickets * _USUAL_BYTES * 1.3 + (2 << 30):
        print(f"not enough memory for the usual way with {tickets:,} tickets", file=sys.stderr)
        return None
    rounds = 1 if tickets > 200_000 else 3
    return _child("usual", "--tickets", tickets, "--rates", rates, "--seconds", seconds, "--rounds", rounds)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", default="10000,100000,1000000", help="sizes of the board")
    parser.add_argument("--rates", default="1000,5000,10000", help="events a second")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each rate is measured")
    parser.add_argument("--runs", type=int, default=5, help="runs of our side at the largest size; the best one counts")
    parser.add_argument(
        "--usual", action=argparse.BooleanOptionalAction, default=True, help="measure the usual way too"
    )
    parser.add_argument(
        "--dir", type=Path, help="where histories are kept between runs; else the folder for temporary files"
    )
    parser.add_argument("--json", action="store_true", help="print every figure as JSON")
    options = parser.parse_args()
    where = ["--dir", options.dir] if options.dir else []
    sizes = [int(size) for size in options.tickets.split(",")]
    results = []
    for tickets in sizes:
        runs = options.runs if tickets == max(sizes) else 1
        ours = [
            _child("ours", "--tickets", tickets, "--rates", options.rates, "--seconds", options.seconds, *where)
            for _run in range(runs)
        ]
        usual = _usual(tickets, options.rates, options.seconds) if options.usual else None
        results.append({"tickets": tickets, "ours": ours, "usual": usual})
        if not options.json:
            print_side_by_side(tickets, ours, usual)
    checked = limits(results[-1]["ours"], results[-1]["usual"])  # type: ignore[arg-type]  # as they were put in
    if options.json:
        print(json.dumps({"results": results, "limits": checked}))
    else:
        print_limits(max(sizes), checked)
    return 0 if all(row["ok"] is not False for row in checked) else 1


if __name__ == "__main__":
    sys.exit(main())
