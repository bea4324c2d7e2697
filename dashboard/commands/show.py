"""``attune show``: one recording, its parts, ratings and indices, and how the heart came back."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from dashboard.commands.folder import CLINICIAN, service_of
from dashboard.commands.printing import put_json, put_table
from sessions.review import review
from sessions.review_json import as_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("id", metavar="ID", help="as `attune recordings` names it")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace) -> int:
    """Review it and say what was found."""
    with service_of(args) as service:
        stored = service.recording(CLINICIAN, args.id)
        found = review(stored, service.recording_file(CLINICIAN, stored.summary.id))
    shown = as_json(found)
    if args.json:
        put_json(shown)
    else:
        _put_words(shown)
    return 0


def _put_words(shown: dict[str, Any]) -> None:
    sys.stdout.write(f"{shown['id']} ({shown['state']}): {shown['exercise'] or 'no exercise'}\n")
    rows = [
        (
            phase["name"],
            phase["kind"],
            phase["start_s"],
            phase["end_s"],
            _value(phase, "mean_hr_bpm"),
            _value(phase, "rmssd_ms"),
            phase["corrected_percent"],
        )
        for phase in shown["phases"]
    ]
    if rows:
        put_table(("part", "kind", "from s", "to s", "bpm", "RMSSD ms", "corrected %"), rows)
    half_time = shown["half_time"]
    if half_time is not None:
        told = f"{half_time['value_s']:.0f} s" if half_time["value_s"] is not None else half_time["reason"]
        sys.stdout.write(f"half-time of the way back: {told}\n")
    sys.stdout.writelines(f"{flag}\n" for flag in shown["flags"])


def _value(phase: dict[str, Any], name: str) -> float | None:
    value = phase["indices"].get(name, {}).get("value")
    return None if value is None else float(value)
