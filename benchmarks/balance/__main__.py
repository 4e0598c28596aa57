"""The charts of the balance at ten ticks a second with 500 agents: ``python -m benchmarks.balance --help``.

Each side runs in a process of its own, one after the other, without a display and, where there is Xvfb, on one. Ours
are the five charts of the screen with all their words; the usual way is pyqtgraph with items that are made anew at each
tick, ranges and levels that find themselves, and no words. What it takes to make the figures is taken off both.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LIMIT = 0.10
"""Of one core, for all charts together."""
Figures = dict[str, float]


@contextmanager
def _display() -> Iterator[str]:
    """A display of its own; its name."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def _child(side: str, seconds: float, where: dict[str, str]) -> Figures:
    command = [sys.executable, "-m", f"benchmarks.balance.{side}", str(seconds)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, env=os.environ | where)
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


def _measure(name: str, where: dict[str, str], seconds: float, runs: int) -> dict[str, Any]:
    rounds = [{side: _child(side, seconds, where) for side in ("ours", "usual")} for _run in range(runs)]
    best = {side: min((one[side] for one in rounds), key=lambda told: told["share"]) for side in ("ours", "usual")}
    return {"name": name, **best}


def _print(found: dict[str, Any]) -> None:
    ours, usual = found["ours"], found["usual"]
    print(f"\n{found['name']}")
    print(f"  {'':32}{'usual':>10}{'ours':>10}   usual:ours")
    for key, label, unit, digits in (
        ("share", "GUI thread, part of a core", "", 3),
        ("longest_ms", "longest stretch (CPU)", " ms", 1),
    ):
        told, mine = f"{usual[key]:.{digits}f}{unit}", f"{ours[key]:.{digits}f}{unit}"
        print(f"  {label:32}{told:>10}{mine:>10}   x{usual[key] / ours[key]:.1f}")
    print(f"  {'ticks shown':32}{usual['ticks']:>10.0f}{ours['ticks']:>10.0f}")
    print(f"  making the figures took {ours['figures']:.3f} of a core more")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each side is measured")
    parser.add_argument("--runs", type=int, default=3, help="runs of each side; the best one counts")
    parser.add_argument("--json", action="store_true", help="print every figure as JSON")
    options = parser.parse_args()
    results = [_measure("offscreen", {"QT_QPA_PLATFORM": "offscreen"}, options.seconds, options.runs)]
    if shutil.which("Xvfb"):
        with _display() as name:
            where = {"QT_QPA_PLATFORM": "xcb", "DISPLAY": name}
            results.append(_measure("on a display (Xvfb)", where, options.seconds, options.runs))
    met = all(found["ours"]["share"] <= LIMIT for found in results)
    if options.json:
        print(json.dumps({"results": results, "limit": LIMIT, "met": met}))
        return 0 if met else 1
    for found in results:
        _print(found)
    worst = max(found["ours"]["share"] for found in results)
    print(f"\nLimit: {worst:.3f} of a core, at most {LIMIT:.2f}   {'ok' if met else 'MISSED'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
