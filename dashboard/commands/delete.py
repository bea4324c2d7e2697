"""``attune delete``: one recording, removed for good."""

from __future__ import annotations

import argparse
import sys

from dashboard.commands.folder import service_of
from dashboard.commands.printing import note
from sessions.records import Asker

OWNER = Asker("system")
"""Whoever sits at the command line owns the machine, and may remove what its person shares with nobody."""
YES = ("y", "yes")
NOT_DONE = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("id", metavar="ID", help="as `attune recordings` names it")
    parser.add_argument("--yes", action="store_true", help="do not ask (nobody is asked where there is no terminal)")


def run(args: argparse.Namespace) -> int:
    """Ask where somebody can answer, remove, and name what was removed and where copies remain."""
    with service_of(args, writable=True) as service:
        summary = service.recording(OWNER, args.id).summary
        what = f"recording {summary.id} of {summary.started_at:%Y-%m-%d %H:%M}, {summary.beats} beats"
        if not args.yes and sys.stdin.isatty() and not _agreed(what):
            note("nothing was removed")
            return NOT_DONE
        deleted = service.delete(OWNER, summary.id)
    note(f"removed {what}")
    for copy in deleted.copies:
        note(f"a copy of the database may still hold it: {copy}")
    return 0


def _agreed(what: str) -> bool:
    sys.stderr.write(f"Remove {what}? It cannot be brought back. [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in YES
