"""``python -m console`` and the installed script."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line of this process and return its exit code."""
    if getattr(sys, "frozen", False):
        # In the frozen program a worker process starts here too, and says so by its arguments.
        import multiprocessing

        multiprocessing.freeze_support()
    from console.cli import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
