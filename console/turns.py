"""Whose turn it is: threads behind the window let a frame finish before they begin their next piece of work.

Python's interpreter belongs to one thread at a time and knows no priorities. A frame lets go of it many times (numpy's
larger steps do, and every wait), and each time whoever works behind the window may keep it for a while.
"""

from __future__ import annotations

import threading

PATIENCE_SECONDS = 0.012
"""Nobody waits longer than this for a frame: the work behind the window must go on beside the busiest one."""

_free = threading.Event()
_free.set()


def begin_frame() -> None:
    """The window is about to work."""
    _free.clear()


def end_frame() -> None:
    """The window has painted."""
    _free.set()


def after_the_frame() -> None:
    """Called by a thread before a piece of work that can wait: returns at once when no frame is under way."""
    _free.wait(PATIENCE_SECONDS)
