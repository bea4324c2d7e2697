"""``attune exercises``: list the scripts, show one, check one's own."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from dashboard.commands.folder import settings_of
from dashboard.commands.printing import put_json, put_table
from sessions.exercise import catalogue, load
from sessions.lint import lint_file

UNUSABLE = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    wanted = parser.add_subparsers(title="what to do", dest="wanted", metavar="WHAT", required=True)
    wanted.add_parser("list", help="the supplied scripts, and your own in DATA/exercises")
    show = wanted.add_parser("show", help="one script as JSON")
    show.add_argument("exercise", metavar="ID", help="as `attune exercises list` names it")
    lint = wanted.add_parser("lint", help="check scripts; one finding a line: FILE:LINE: what is wrong; what to do")
    lint.add_argument("files", metavar="FILE", nargs="+", type=Path)


def run(args: argparse.Namespace) -> int:
    """List, show or check."""
    own = settings_of(args).exercises
    if args.wanted == "list":
        rows = [(e.id, e.title, e.level, round(e.planned_s / 60), len(e.phases)) for e in catalogue(own)]
        put_table(("id", "title", "level", "minutes", "parts"), rows)
        return 0
    if args.wanted == "show":
        put_json(asdict(load(args.exercise, own)))
        return 0
    findings = [finding for path in args.files for finding in lint_file(path)]
    sys.stdout.writelines(f"{finding}\n" for finding in findings)
    return UNUSABLE if findings else 0
