"""``attune show``: one recording, its parts, ratings and indices, and how the heart came back."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from dashboard.commands.folder import CLINICIAN, service_of
from dashboard.commands.printing import put_json, put_table
from processing.method_card import pipeline
from processing.review_figures import TABLE
from sessions.own_rest import earlier_rests
from sessions.review import review
from sessions.review_json import as_json
from sessions.sentences import sentences


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("id", metavar="ID", help="as `attune recordings` names it")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace) -> int:
    """Review it and say what was found."""
    with service_of(args) as service:
        stored = service.recording(CLINICIAN, args.id)
        found = review(stored, service.recording_file(CLINICIAN, stored.summary.id))
        told = sentences(found, earlier_rests(service, CLINICIAN, stored))
    shown = as_json(found, told)
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
            phase["used_s"],
            phase["beats"],
            phase["corrected_percent"],
        )
        for phase in shown["phases"]
    ]
    if rows:
        put_table(("part", "kind", "from s", "to s", "bpm", "RMSSD ms", "window s", "beats", "corrected %"), rows)
    sys.stdout.write(f"half-time of the way back: {_half_time(shown['half_time'])}\n")
    printed = [one for one in shown["sentences"] if one["printed"]]
    sys.stdout.writelines(f"{one['text']} (holds in {one['holds']} of {one['ways']} ways)\n" for one in printed)
    sys.stdout.writelines(f"{flag}\n" for flag in shown["flags"])
    sources = "; ".join(sorted({TABLE[name].source for name in ("mean_hr_bpm", "rmssd_ms", "half_time_s")}))
    sys.stdout.write(f"{pipeline()}; {sources}; every definition: --json or docs/indices.md\n")


def _half_time(found: dict[str, Any]) -> str:
    if found["reason"] is not None:
        return str(found["reason"])
    told = f"over {found['watched_s']:.0f} s" if found["censored"] else f"{found['value_s']:.0f} s"
    refused = f"{found['corrected_percent']:.1f} % refused"
    return f"{told} (watched {found['watched_s']:.0f} s, {found['beats']} beats, {refused})"


def _value(phase: dict[str, Any], name: str) -> float | None:
    value = phase["indices"].get(name, {}).get("value")
    return None if value is None else float(value)
