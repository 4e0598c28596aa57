"""R-SKEW over a window: who handled what, how uneven that is, whether chance explains it, and why it is so.

Handled contacts and minutes only: what is assigned and still open is another measure, and the two are never mixed.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from console.clock import MINUTE
from console.models.domain.events import FIRST_AGENT_KIND, ROW, STATE_KINDS, Kind
from console.models.domain.fairness import SkewRules
from console.models.domain.ports import LogReader, Progress, Rows
from console.models.domain.skills import Directory
from console.models.live.board import Board
from console.models.queries.balance_figures import Balance, Measuring, as_judged, figures, measured
from console.models.queries.balance_windows import Window
from console.models.queries.effort import LONGEST_ACT, Handled, acts, by_people, still_matter, summed
from console.models.queries.origins import Customers, origins
from console.models.queries.staffed import Staffed
from console.models.queries.work_done import BEFORE, Chosen, WorkDone, older, present, put_together, queue_then, read

_TELLING = (Kind.CREATED, Kind.QUEUE_CHANGED, Kind.ASSIGNED, Kind.TRANSFERRED)
_AHEAD = MINUTE
"""What is stored while a look is asked for and while it reads lies ahead of the window, and counts later."""


def balance(
    log: LogReader,
    board: Board,
    begin: int,
    end: int,
    rules: SkewRules,
    directory: Directory,
    chosen: Chosen | None = None,
    progress: Progress | None = None,
) -> Balance | None:
    """The balance of a window, None where nobody was staffed or nothing was handled.

    ``board`` tells what each ticket is about, ``directory`` (see `eligibility.directory_for`) who may handle what;
    ``chosen`` limits `work_done.DIMENSIONS` to some values. Blocks, so for workers; raises `ports.Cancelled` when the
    progress asks to stop.
    """
    return RunningBalance(log, board, rules, directory, chosen).look(Window(begin, end), progress)


_KNOWN = np.dtype([("pair", np.int64), ("first_at", np.int64), ("queue", np.int64), ("came", np.uint8)])
"""Of a pair of a person and a contact what does not change while they handle it: when they first did, the contact's
queue then, and how it came to them."""


class RunningBalance:
    """A balance that is looked at as a whole, and then goes on with what the log is told.

    For one thread at a time. Between two looks the verdict is the last one's, with the share of the moment. An event
    that comes late counts, but does not change how long later acts took; a look sets that right.
    """

    def __init__(
        self,
        log: LogReader,
        board: Board,
        rules: SkewRules,
        directory: Directory,
        chosen: Chosen | None = None,
    ) -> None:
        self._log, self._board, self._rules, self._directory, self._chosen = log, board, rules, directory, chosen
        self._customers = Customers(log)
        self._seq = self._since = 0
        self._presence = self._told = self._recent = np.zeros(0, ROW)
        self._acts = acts(self._told)
        self._known = np.zeros(0, _KNOWN)
        self._judged: Balance | None = None

    def look(self, span: Window, progress: Progress | None = None) -> Balance | None:
        """The balance of a window, None where nobody was staffed or nothing was handled. Blocks, so for workers; raises
        `ports.Cancelled` when the progress asks to stop."""
        progress = progress or Progress()
        progress.step(0, 3)
        self._seq = self._log.last_seq()
        self._since = span.begin - BEFORE - 1
        rows = read(self._log, span.begin, span.end + _AHEAD)
        progress.step(1, 3)
        nothing = rows[:0]
        self._presence = self._told = self._recent = nothing
        self._acts, self._known = acts(nothing), np.zeros(0, _KNOWN)
        self._take(rows[rows["seq"] <= self._seq], -1, span)
        work = self._work(span)
        progress.step(2, 3)
        judge = partial(measured, seed=(span.begin ^ span.end) & 0xFFFFFFFF, rules=self._rules)
        self._judged = self._figures(work, judge, judge)
        return self._judged

    def go_on(self, span: Window) -> Balance | None:
        """The same with what the log was told since, for a window that does not begin before the one that was looked
        at. Blocks, though not for long."""
        before, last = self._seq, self._log.last_seq()
        if last > before:
            self._seq = last
            rows = self._log.rows(before, last)
            past = older(self._log, rows, self._told, self._since)
            self._take(np.concatenate([past[past["seq"] <= before], rows]), before, span)
        work, judged = self._work(span), self._judged
        if judged is None:
            judge = partial(measured, seed=span.end & 0xFFFFFFFF, rules=self._rules)
            return self._figures(work, judge, judge)
        return self._figures(
            work,
            lambda load, capacity, _work: as_judged(judged.contacts, load, capacity, self._rules),
            lambda load, capacity, _work: as_judged(judged.minutes, load, capacity, self._rules),
        )

    def hour(self, span: Window) -> tuple[Staffed, WorkDone | None]:
        """Who was there in a part of the window and what was done in it, as `look` and `go_on` know it."""
        done, there = summed(self._acts, *span), present(self._presence, *span, self._chosen)
        told = self._told[np.isin(self._told["subject"], done.ticket)]
        queue = queue_then(told, self._board, done)
        return there, put_together(there, done, queue, self._board, span, self._rules, self._directory, self._chosen)

    def _take(self, rows: Rows, after: int, span: Window) -> None:
        """Keep what matters of events, of which those with ``seq > after`` are new."""
        of_tickets = rows[rows["kind"] < FIRST_AGENT_KIND]
        states = rows[np.isin(rows["kind"], STATE_KINDS)]
        if not (states.size or np.isin(self._presence["kind"], STATE_KINDS).any()):
            states = of_tickets[by_people(of_tickets)]
        self._presence = np.concatenate([self._presence, states])
        self._told = np.concatenate([self._told, of_tickets[np.isin(of_tickets["kind"], _TELLING)]])
        recent = np.concatenate([self._recent, of_tickets[of_tickets["at"] >= span.begin - LONGEST_ACT]])
        done = self._acts[self._acts["at"] >= span.begin]
        self._acts = np.concatenate([done, acts(recent, after)])
        self._recent = still_matter(recent, span.end)

    def _work(self, span: Window) -> WorkDone | None:
        done = summed(self._acts, *span)
        self._learn(done)
        return put_together(
            present(self._presence, *span, self._chosen),
            done,
            self._known["queue"],
            self._board,
            span,
            self._rules,
            self._directory,
            self._chosen,
        )

    def _learn(self, done: Handled) -> None:
        known, found = self._known, np.zeros(done.ticket.size, _KNOWN)
        found["pair"], found["first_at"] = _pair(done), done.first_at
        if known.size:
            before = known[np.searchsorted(known["pair"], found["pair"]).clip(max=known.size - 1)]
            same = (before["pair"] == found["pair"]) & (before["first_at"] == found["first_at"])
            found[same] = before[same]
        else:
            same = np.zeros(found.size, dtype=np.bool_)
        new = done.chosen(~same)
        if new.ticket.size:
            rows, customers = self._about(new.ticket)
            found["queue"][~same] = queue_then(rows, self._board, new)
            found["came"][~same] = origins(rows, new, customers)
        self._known = found

    def _about(self, tickets: NDArray[np.int32]) -> tuple[Rows, NDArray[np.int64]]:
        """What is told of these contacts and of the others of the same customers, and whose contacts they are."""
        given = np.unique(self._told["subject"][self._told["kind"] == Kind.ASSIGNED])
        customers = self._customers.of(np.union1d(given, tickets))
        whose = np.unique(customers[tickets])
        concerned = np.union1d(given[np.isin(customers[given], whose[whose > 0])], tickets)
        return self._told[np.isin(self._told["subject"], concerned)], customers

    def _figures(self, work: WorkDone | None, of_contacts: Measuring, of_minutes: Measuring) -> Balance | None:
        if work is None:
            return None
        came = self._known["came"][np.searchsorted(self._known["pair"], _pair(work.done))]
        return figures(work, came, self._board, self._directory, self._rules, of_contacts, of_minutes)


def _pair(done: Handled) -> NDArray[np.int64]:
    return np.asarray(done.agent.astype(np.int64) << 32 | done.ticket)
