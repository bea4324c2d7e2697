"""``attune simulate``: a recording of a simulated heart, with what is true about it beside it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from acquisition.scenarios import SCENARIOS, write_scenario
from dashboard.commands.numbers import positive, whole
from dashboard.settings import WrongUse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("--scenario", required=True, metavar="NAME", help=f"one of: {', '.join(SCENARIOS)}")
    parser.add_argument("--minutes", type=positive, help="how long (default: as long as the scenario is)")
    parser.add_argument("--seed", type=whole, help="the same seed gives the same bytes (default: the scenario's own)")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="writes FILE and FILE.answers.json")


def run(args: argparse.Namespace) -> int:
    """Write both files and name them."""
    if args.scenario not in SCENARIOS:
        raise WrongUse(f"there is no scenario {args.scenario!r}", remedy=f"use one of: {', '.join(SCENARIOS)}")
    for path in write_scenario(args.scenario, args.minutes, args.seed, args.out):
        sys.stdout.write(f"{path}\n")
    return 0
