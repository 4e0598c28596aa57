"""Opening the window, and drawing one screen into a file."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from console.cli.shared import Command, add_common, add_place, asked_folder, local_zone
from console.errors import UsageError
from console.i18n import N_, _
from console.settings import Settings, SnapshotOptions, WindowOptions
from console.zones import instant

THEMES = ("light", "dark", "system")
LARGEST_SIDE = 16_384
SMALLEST_SCALE, LARGEST_SCALE = 0.5, 4.0


def add_window_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the window itself."""
    add_place(parser, top=True)
    parser.add_argument("--seed", type=int, metavar="N", help=_("another demonstration centre for another number"))
    parser.add_argument(
        "--speed", type=_positive, default=1.0, metavar="X", help=_("how fast time passes in the demonstration centre")
    )
    parser.add_argument(
        "--clock", metavar=_("TIME"), help=_("start the demonstration centre's clock at this time (ISO 8601)")
    )
    parser.add_argument("--database", metavar="URL", help=_("a shared database instead of the folder's own"))
    parser.add_argument("--theme", choices=THEMES, help=_("colours of the window"))
    parser.add_argument("--screen", metavar=_("NAME"), help=_("the screen to show first"))
    parser.add_argument(
        "--exit-after", type=_positive, metavar=_("SECONDS"), help=_("close the window by itself after this time")
    )
    parser.add_argument("--json-log", type=Path, metavar=_("FILE"), help=_("write the log as JSON lines to this file"))


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(_("{text!r} is not a number above 0").format(text=text))
    return number


def open_window(options: argparse.Namespace) -> int:
    """Open the window and return the exit code when it is closed."""
    settings = Settings()
    if options.clock is not None and not options.demo:
        raise UsageError(_("--clock works only with --demo."), _("Real data runs on the machine's clock."))
    asked = WindowOptions(
        demo=options.demo,
        seed=options.seed,
        speed=options.speed,
        clock=None if options.clock is None else instant(options.clock, local_zone(options, settings)),
        data_dir=asked_folder(options, settings),
        database=options.database,
        language=options.lang,
        theme=options.theme,
        screen=options.screen,
        exit_after=options.exit_after,
        json_log=options.json_log,
        debug=options.debug,
    )
    from console import app

    return app.run(asked)


def _scale(text: str) -> float:
    number = _positive(text)
    if not SMALLEST_SCALE <= number <= LARGEST_SCALE:
        raise argparse.ArgumentTypeError(
            _("{text!r} is not between {least:g} and {most:g}").format(
                text=text, least=SMALLEST_SCALE, most=LARGEST_SCALE
            )
        )
    return number


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,5})[xX×](\d{1,5})", text)
    width, height = (int(match[1]), int(match[2])) if match else (0, 0)
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        raise argparse.ArgumentTypeError(_("{text!r} is not a size such as 1280x800").format(text=text))
    return width, height


def _fill_snapshot(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--screen", required=True, metavar=_("NAME"), help=_("the screen to draw, for example board"))
    parser.add_argument("--out", required=True, type=Path, metavar="FILE.png", help=_("the picture to write"))
    parser.add_argument(
        "--size", type=_size, default=(1280, 800), metavar="WxH", help=_("size of the window (default: 1280x800)")
    )
    parser.add_argument(
        "--scale", type=_scale, default=1.0, metavar="F", help=_("pixels per logical pixel, 0.5 to 4 (default: 1)")
    )
    parser.add_argument("--at", metavar=_("TIME"), help=_("the moment to show, ISO 8601 (default: now)"))
    parser.add_argument("--theme", choices=THEMES, default=argparse.SUPPRESS, help=_("colours of the window"))
    parser.add_argument(
        "--seed",
        type=int,
        metavar="N",
        default=argparse.SUPPRESS,
        help=_("another demonstration centre for another number"),
    )
    parser.add_argument(
        "--clock",
        metavar=_("TIME"),
        default=argparse.SUPPRESS,
        help=_("start the demonstration centre's clock at this time (ISO 8601)"),
    )
    parser.add_argument(
        "--json-log",
        type=Path,
        metavar=_("FILE"),
        default=argparse.SUPPRESS,
        help=_("write the log as JSON lines to this file"),
    )
    add_place(parser)
    add_common(parser)
    parser.set_defaults(run=draw)


def draw(options: argparse.Namespace) -> int:
    """Draw one screen into a PNG file."""
    settings = Settings()
    zone = local_zone(options, settings)
    asked = SnapshotOptions(
        screen=options.screen,
        out=options.out,
        size=options.size,
        scale=options.scale,
        at=None if options.at is None else instant(options.at, zone),
        demo=options.demo,
        seed=options.seed,
        clock=None if options.clock is None else instant(options.clock, zone),
        data_dir=asked_folder(options, settings),
        database=options.database,
        language=options.lang,
        theme=options.theme,
        json_log=options.json_log,
        debug=options.debug,
    )
    from console import app

    return app.snapshot(asked)


SNAPSHOT = Command("snapshot", N_("draw one screen into a PNG file"), _fill_snapshot)
