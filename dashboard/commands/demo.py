"""``attune demo``: a complete guided session on a simulated heart, with one finished recording already in the list."""

from __future__ import annotations

import argparse
from pathlib import Path
from urllib.parse import urlencode

from dashboard.commands.folder import settings_of
from dashboard.commands.numbers import positive, whole
from dashboard.commands.serve import add_page_arguments
from dashboard.settings import DEMO_FOLDER, resolve

SAMPLE = "out-of-reach"
"""The finished recording that the list begins with."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    add_page_arguments(parser)
    parser.add_argument(
        "--speed",
        type=positive,
        default=1.0,
        metavar="N",
        help="heart and clock run so many times faster (default 1)",
    )
    parser.add_argument("--exercise", metavar="ID", help="see `attune exercises list` (default: choose on the page)")
    parser.add_argument("--seed", type=whole, default=1, help="another seed is another heart (default 1)")
    parser.epilog = (
        f"Recordings of the demo lie in their own folder ({DEMO_FOLDER} in your data folder), apart from real ones; "
        "with --data they lie in that folder."
    )


def run(args: argparse.Namespace) -> int:
    """Serve the demo until it is stopped."""
    from dashboard.demonstration import seed_folder
    from dashboard.serving import Plan, serve
    from dashboard.source_setup import SourceSetup
    from sessions.exercise import load

    folder = demo_folder(args)
    own = resolve({"data": folder}, {}).exercises
    exercise = None if args.exercise is None else load(args.exercise, own).id
    query = urlencode({"exercise": exercise}) if exercise else ""
    return serve(
        Plan(
            {**vars(args), "data": folder},
            SourceSetup("simulate", seed=args.seed, speed=args.speed),
            path=f"/session?{query}" if query else "/session",
            browser=not args.no_browser,
            prepare=lambda service: seed_folder(service, SAMPLE),
        )
    )


def demo_folder(args: argparse.Namespace) -> Path:
    """The folder given by flag, else one inside the usual data folder, so that demo and real data never mix."""
    chosen = settings_of(args).chosen["data"]
    folder = Path(chosen.value)
    return folder if chosen.origin == "flag" else folder / DEMO_FOLDER
