"""The composition root of the window: puts engine, policy, board and screens together for one run."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from console import i18n, logs, paths, preflight, zones
from console.clock import FixedClock, ScaledClock, SystemClock
from console.engine import Engine
from console.errors import SetupError, UsageError
from console.feeds import DEFAULT_SEED, EngineFeed, ReaderFeed
from console.i18n import _, ngettext
from console.models.domain.ports import Clock
from console.settings import Settings, SnapshotOptions, WindowOptions

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from console.models.policy.policy import Policy
    from console.views.bridge import LiveBoard
    from console.views.screen import Context
    from console.views.shell.crash import CrashFunnel

SNAPSHOT_NAME = "console-snapshot.png"
log = logs.topic("window")


def run(options: WindowOptions) -> int:
    """Open the window and return the exit code when it is closed.

    Without a display it draws the demonstration centre into a picture instead, says so, and returns 0; unless a time
    after which to exit was given, as tests and scripts do. Raises `KnownError` for what the user can mend.
    """
    began = time.perf_counter()
    probe = preflight.start_probe()
    settings = Settings()
    _speak(options.language, settings)
    ring = _log(options.json_log, verbose=options.debug)
    display = preflight.prepare_display(probe)
    try:
        if display.kind in ("none", "dead") and options.exit_after is None:
            return _draw_instead(options, display.message)
        if display.message:
            log.warning("%s", display.message)
        return _run_window(options, settings, began, ring, on_screen=display.on_screen)
    finally:
        logs.stop()


def snapshot(options: SnapshotOptions) -> int:
    """Draw one screen into a PNG file and return 0; raises `KnownError` for what the user can mend."""
    settings = Settings()
    _speak(options.language, settings)
    _log(options.json_log, verbose=options.debug)
    try:
        _draw(options, settings)
    finally:
        logs.stop()
    return 0


def _run_window(options: WindowOptions, settings: Settings, began: float, ring: logs.Ring, *, on_screen: bool) -> int:
    zone = _zone(settings)
    clock = _clock(options)
    place = options.data_dir or (paths.demo_dir() if options.demo else paths.data_dir())
    policy, notice = _policy(place)
    seed = (options.seed if options.seed is not None else DEFAULT_SEED) if options.demo else None
    engine = Engine(place, url=options.database, clock=clock)
    feed = EngineFeed(engine, policy, zone, seed=seed, speed=options.speed)
    _qt(options.theme, settings)
    from console.views.shell.instance import raise_other
    from console.views.shell.registry import SCREENS
    from console.views.shell.session import Plan, WindowSession

    if options.screen is not None:
        _check_screen(options.screen)
    name = options.database or str(place.absolute())
    if raise_other(name):
        sys.stderr.write(_("The console is open on these data already; its window was brought to the front.") + "\n")
        return 0
    feed.begin()
    funnel = _funnel(clock, ring)
    context, live = _context(feed, clock, zone, policy, paths.state_dir() / "layout", place, settings)
    watch = context.watch
    if watch is not None:
        feed.listen(lambda _notice: watch.nudge())
    plan = Plan(
        began=began,
        screen=options.screen or settings.text("screen"),
        exit_after=options.exit_after,
        place=name,
        watch=options.demo or options.json_log is not None,
        on_screen=on_screen,
        notice=notice,
    )
    try:
        return WindowSession(context, live, feed, SCREENS, settings, plan).run(funnel)
    finally:
        funnel.remove()


def _draw_instead(options: WindowOptions, why: str) -> int:
    """What a machine without a display gets."""
    out = Path.cwd() / SNAPSHOT_NAME
    real = options.data_dir is not None and not options.demo
    asked = SnapshotOptions(
        screen=options.screen or "board",
        out=out,
        demo=not real,
        seed=options.seed,
        clock=options.clock,
        data_dir=options.data_dir if real else None,
        language=options.language,
        theme=options.theme,
        json_log=options.json_log,
        debug=options.debug,
    )
    _draw(asked, Settings())
    what = (
        _("The screen was drawn into {path} instead.") if real else _("The demonstration centre was drawn into {path}.")
    )
    sys.stderr.write(f"{why}\n{what.format(path=out)}\n")
    return 0


def _draw(options: SnapshotOptions, settings: Settings) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = str(options.scale)
    zone = _zone(settings)
    with tempfile.TemporaryDirectory(prefix="supervisor-console-") as folder:
        feed: EngineFeed | ReaderFeed
        if options.demo:
            # A centre of its own, always the same for one seed and instant, beside whatever runs on the real one.
            moment = next((at for at in (options.clock, options.at) if at is not None), SystemClock().now())
            clock: Clock = FixedClock(moment)
            engine = Engine(Path(folder), clock=clock, fleeting=True)
            seed = options.seed if options.seed is not None else DEFAULT_SEED
            place = Path(folder)
            policy, _notice = _policy(place)
            feed = EngineFeed(engine, policy, zone, seed=seed, past_days=0, wait_for_today=True)
            options = replace(options, at=None if options.at == moment else options.at)
        else:
            clock = SystemClock()
            if options.at is not None and options.at > clock.now():
                raise UsageError(
                    _("{time} has not come yet.").format(time=zones.written(options.at, zone)),
                    _("Give a moment of the past, or leave --at out."),
                )
            place = options.data_dir or paths.data_dir()
            policy, _notice = _policy(place)
            feed = ReaderFeed(place, options.database, policy, clock)
        _qt(options.theme, settings)
        from console.views.shell.main_window import MainWindow
        from console.views.shell.portrait import Portrait
        from console.views.shell.registry import SCREENS

        _check_screen(options.screen)
        context, live = _context(feed, clock, zone, policy, None, place, settings)
        feed.begin()
        window = MainWindow(context, SCREENS)
        window.show_screen(options.screen)
        try:
            Portrait(window, live, feed, options.at, context.watch).take(options.size, options.out)
        finally:
            live.stop()
            context.ops.close()
            feed.close()


def _check_screen(name: str) -> None:
    from console.views.shell.registry import SCREENS

    known = [row.key for row in SCREENS]
    if name not in known:
        raise UsageError(
            _("There is no screen {name}.").format(name=name), _("There is: {list}.").format(list=", ".join(known))
        )


def _context(
    feed: EngineFeed | ReaderFeed,
    clock: Clock,
    zone: tzinfo,
    policy: Policy,
    layout: Path | None,
    place: Path,
    settings: Settings,
) -> tuple[Context, LiveBoard]:
    from console.models.actions.policy_edit import PolicyEditor
    from console.models.actions.session import Session
    from console.models.policy.history import PolicyHistory
    from console.views.balance_watch import BalanceWatch
    from console.views.bridge import LiveBoard
    from console.views.inbox_watch import InboxWatch
    from console.views.late import LateDesk, LateInbox
    from console.views.layout import Layout
    from console.views.ops import Ops
    from console.views.policy_in_force import PolicyInForce
    from console.views.screen import Context

    live = LiveBoard(clock, policy, zone)
    session = Session(feed.access, clock)
    editor = PolicyEditor(
        place,
        lambda: feed.access.accounts,
        feed.tell,
        clock,
        lambda: PolicyHistory(feed.log, place).last_values(),
    )
    in_force = PolicyInForce(policy, editor, writable=feed.access.writable)
    ops, inbox = Ops(), LateInbox(lambda: feed.inbox)
    context = Context(
        clock,
        zone,
        ops,
        live,
        Layout(layout),
        session,
        feed,
        folder=None if place == paths.data_dir() else place.absolute(),
        access=feed.access,
        desk=LateDesk(feed.desk) if isinstance(feed, EngineFeed) else None,
        inbox=inbox,
        watch=InboxWatch(inbox, ops, clock),
        balance=BalanceWatch(live, ops, lambda: feed.log),
        settings=settings,
        policy=in_force,
    )
    return context, live


def _qt(chosen: str | None, settings: Settings) -> QApplication:
    """Start Qt with our look; raises `SetupError` with the remedy where the machine lacks a library."""
    try:
        from PySide6.QtWidgets import QApplication
    except ImportError as error:
        missing = preflight.missing_libraries()
        raise SetupError(preflight.remedy(missing) if missing else str(error)) from error
    from PySide6.QtCore import qInstallMessageHandler

    from console.views import theme
    from console.views.shell import language
    from console.views.shell.crash import qt_message

    qInstallMessageHandler(qt_message)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("supervisor-console")
    mode = chosen or settings.text("theme")
    theme.apply(
        app, next(known for known in theme.MODES if known == mode), min(max(float(settings.get("scale")), 1.0), 2.0)
    )
    language.use(i18n.language())
    return app


def _funnel(clock: Clock, ring: logs.Ring) -> CrashFunnel:
    from console.views.shell.crash import CrashFunnel

    funnel = CrashFunnel(paths.state_dir(), clock, ring.recent)
    if previous := funnel.install():
        log.warning("the last run ended by a fault", extra=logs.fields(fault=previous[:2_000]))
    return funnel


def _policy(place: Path) -> tuple[Policy, str]:
    """The policy of a data directory, and what a person should know of it: that its file is wrong and another one
    holds instead, or that the public holidays of a year are missing."""
    from console.models.policy import policy
    from console.models.policy.outlook import lacking

    loaded = policy.load_site(place)
    problems = loaded.problems
    if not problems:
        return loaded.policy, lacking(loaded.policy, SystemClock().now())
    notice = str(problems[0])
    if len(problems) > 1:
        more = len(problems) - 1
        notice += " " + ngettext("And {n} more mistake.", "And {n} more mistakes.", more).format(n=more)
    return loaded.policy, notice


def _clock(options: WindowOptions) -> Clock:
    if options.clock is None and options.speed == 1.0:
        return SystemClock()
    return ScaledClock(options.clock if options.clock is not None else SystemClock().now(), options.speed)


def _zone(settings: Settings) -> tzinfo:
    name = settings.text("time_zone")
    return zones.zone(name) if name else zones.system_zone()


def _speak(language: str | None, settings: Settings) -> None:
    with suppress(OSError):  # a catalogue that was not built must not keep the board away
        i18n.use(language or settings.text("language") or i18n.preferred())


def _log(json_file: Path | None, *, verbose: bool) -> logs.Ring:
    try:
        return logs.setup(paths.state_dir(), json_file, verbose=verbose)
    except OSError as error:
        raise SetupError(
            _("The log cannot be written: {error}.").format(error=error), _("Check the folder's permissions.")
        ) from error
