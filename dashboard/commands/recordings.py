"""``attune recordings``: what is kept."""

from __future__ import annotations

import argparse

from dashboard.commands.folder import CLINICIAN, service_of, settings_of
from dashboard.commands.printing import note, put_json, put_table
from sessions.kept import RecordingSummary


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("--json", action="store_true", help="one JSON list")


def run(args: argparse.Namespace) -> int:
    """List every recording, the newest first; an empty list is no error."""
    kept: list[RecordingSummary] = []
    if settings_of(args).data.is_dir():
        with service_of(args) as service:
            kept = list(service.recordings(CLINICIAN))
    if args.json:
        put_json([as_json(summary) for summary in kept])
    elif kept:
        heads = ("id", "started", "state", "source", "exercise", "client", "beats", "gaps", "seconds")
        put_table(heads, [tuple(as_json(summary).values()) for summary in kept])
    else:
        note("nothing is kept yet; `attune demo` shows what a session is, `attune record` begins one")
    return 0


def as_json(summary: RecordingSummary) -> dict[str, object]:
    """One recording in the documented shape."""
    return {
        "id": summary.id,
        "started_at": summary.started_at.isoformat(),
        "state": summary.state,
        "source": summary.source,
        "exercise": summary.exercise,
        "client": summary.client,
        "beats": summary.beats,
        "gaps": summary.gaps,
        "duration_s": summary.duration_s,
    }
