"""``attune serve``: the pages, on this machine's own address only."""

from __future__ import annotations

import argparse

from dashboard.commands.folder import recording_of
from dashboard.commands.numbers import whole
from dashboard.settings import WrongUse

LOOPBACK = ("127.0.0.1", "localhost")
SENSOR, SIMULATE = "sensor", "simulate"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("--host", default=LOOPBACK[0], help="only 127.0.0.1 until login and TLS exist")
    add_page_arguments(parser)
    parser.add_argument(
        "--source",
        default=SENSOR,
        metavar="sensor|simulate|FILE",
        help="where hearts come from: a Bluetooth strap (default), a simulated heart, or a recording told again; also "
        "lsl:STREAM (another program, over Lab Streaming Layer) or plugin:NAME (another package)",
    )
    parser.add_argument(
        "--lsl",
        action="store_true",
        help="send what is recorded to programs on this computer over Lab Streaming Layer (needs the extra lsl)",
    )


def add_page_arguments(parser: argparse.ArgumentParser) -> None:
    """What serve and demo share."""
    parser.add_argument("--port", type=whole, help="0 takes any free one (default 8050; also ATTUNE_PORT)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")


def run(args: argparse.Namespace) -> int:
    """Serve until stopped."""
    if args.host not in LOOPBACK:
        raise WrongUse(
            "pages are served on this machine only, since there is no login and no TLS yet",
            place=f"--host {args.host}",
            remedy="leave --host away, or give 127.0.0.1",
        )
    from acquisition.sources import is_elsewhere
    from dashboard.serving import Plan, serve
    from dashboard.source_setup import SourceSetup

    if args.source == SENSOR:
        setup = SourceSetup("sensor")
    elif args.source == SIMULATE:
        setup = SourceSetup("simulate")
    elif is_elsewhere(args.source):
        setup = SourceSetup("elsewhere", elsewhere=args.source)
    else:
        setup = SourceSetup("file", recording=recording_of(args.source, args))
    return serve(Plan(vars(args), setup, browser=not args.no_browser, lsl=args.lsl))
