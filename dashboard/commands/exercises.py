"""``attune exercises``: list the scripts, show one, see it as a timeline, copy it, check one's own."""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import asdict
from pathlib import Path

from acquisition.errors import BadInput
from dashboard.commands.folder import settings_of
from dashboard.commands.printing import put_json, put_table
from sessions.exercise import EXERCISES, Exercise, every, load
from sessions.lint import lint_files

UNUSABLE = 3
WIDTH = 40
"""Letters of the longest part in a preview."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    wanted = parser.add_subparsers(title="what to do", dest="wanted", metavar="WHAT", required=True)
    wanted.add_parser("list", help="the supplied scripts, and your own in DATA/exercises")
    show = wanted.add_parser("show", help="one script as JSON")
    show.add_argument("exercise", metavar="ID", help="as `attune exercises list` names it")
    preview = wanted.add_parser(
        "preview", help="one script as a timeline: its parts, how long, what is shown and asked"
    )
    preview.add_argument("exercise", metavar="ID", help="as `attune exercises list` names it, or the path of a script")
    copied = wanted.add_parser("copy", help="begin a script of your own from another one; it goes into DATA/exercises")
    copied.add_argument("exercise", metavar="ID", help="what to begin from")
    copied.add_argument("new", metavar="NEW-ID", help="the id of your own: small letters, digits and hyphens")
    lint = wanted.add_parser("lint", help="check scripts; one finding a line: FILE:LINE: what is wrong; what to do")
    lint.add_argument(
        "files", metavar="FILE", nargs="*", type=Path, help="without one: every supplied script and your own"
    )


def run(args: argparse.Namespace) -> int:
    """List, show, preview, copy or check."""
    own = settings_of(args).exercises
    if args.wanted == "list":
        rows = [(e.id, e.title, e.level, e.who, _minutes(e), len(e.phases), _needs(e)) for e in every(own)]
        put_table(("id", "title", "level", "who", "minutes", "parts", "waits for"), rows)
    elif args.wanted == "show":
        exercise = load(args.exercise, own)
        put_json({**asdict(exercise), "needs": sorted(exercise.needs)})
    elif args.wanted == "preview":
        sys.stdout.writelines(f"{line}\n" for line in preview_of(load(args.exercise, own)))
    elif args.wanted == "copy":
        sys.stdout.write(f"{copy(args.exercise, args.new, own)}\n")
    else:
        return lint(args.files, own)
    return 0


def lint(files: list[Path], own: Path) -> int:
    """Check these files, or everything there is; ids must differ from the supplied ones."""
    supplied = sorted(EXERCISES.glob("*.yaml"))
    paths = files or [*supplied, *(sorted(own.glob("*.yaml")) if own.is_dir() else [])]
    findings = lint_files(paths, {path.stem: path for path in supplied})
    sys.stdout.writelines(f"{finding}\n" for finding in findings)
    return UNUSABLE if findings else 0


def preview_of(exercise: Exercise) -> list[str]:
    """A script as lines: one bar a part, as long as it lasts, with what is shown and asked."""
    longest = max(phase.seconds for phase in exercise.phases)
    named = max(len(phase.title) for phase in exercise.phases)
    lines = [f"{exercise.title}, version {exercise.version}: {_minutes(exercise)} minutes, level {exercise.level}"]
    at_s = 0.0
    for phase in exercise.phases:
        bar = "#" * max(1, round(WIDTH * phase.seconds / longest))
        facts = [phase.kind.replace("_", " "), phase.speech]
        facts += [f"shows {phase.feedback.replace('_', ' ')}"] if phase.feedback != "none" else []
        facts += [f"asks {', '.join(phase.prompts)}"] if phase.prompts else []
        clock = f"{int(at_s // 60):3d}:{int(at_s % 60):02d}"
        lines += [f"{clock}  {phase.title:{named}}  {bar}", f"{'':8}{'; '.join(facts)}", f"{'':8}{phase.instruction}"]
        at_s += phase.seconds
    return lines


def copy(which: str, new: str, own: Path) -> Path:
    """A copy of a script under another id, in the folder of one's own.

    Raises BadInput when the id is taken or is no plain name.
    """
    if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", new) is None:
        raise BadInput(f"{new[:80]!r} is not a plain name", remedy="use small letters, digits and single hyphens")
    if new in {exercise.id for exercise in every(own)} or (own / f"{new}.yaml").exists():
        raise BadInput(f"there is a script {new!r} already", remedy="choose another id")
    text = load(which, own).definition
    own.mkdir(parents=True, exist_ok=True)
    path = own / f"{new}.yaml"
    path.write_text(re.sub(r"(?m)^id:.*$", f"id: {new}", text, count=1), encoding="utf-8")
    return path


def _minutes(exercise: Exercise) -> str:
    choices = " or ".join(f"{minutes:g}" for minutes in exercise.minutes_to_choose)
    return choices or f"{exercise.planned_s / 60:.0f}"


def _needs(exercise: Exercise) -> str:
    return ", ".join(sorted(exercise.needs)) or "-"
