"""``attune backup``: everything that is kept, copied into one file while recording may go on."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from acquisition.clock import Anchor
from dashboard.commands.folder import CLINICIAN, service_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="where to (default: attunement-DATE.db in this folder)"
    )


def run(args: argparse.Namespace) -> int:
    """Copy, and name the copy."""
    target = args.file or Path(f"attunement-{Anchor.now().wall:%Y-%m-%d-%H%M%S}.db")
    with service_of(args) as service:
        sys.stdout.write(f"{service.backup(CLINICIAN, target)}\n")
    return 0
