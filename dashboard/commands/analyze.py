"""``attune analyze``: all indices of one or more recordings, each with its window, its beats, or why it is withheld."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from acquisition.errors import BadInput, EnvironmentFault
from dashboard.commands.folder import recording_of
from dashboard.commands.numbers import positive
from dashboard.commands.printing import note, progress, put_json, put_table
from dashboard.settings import WrongUse
from processing.analysis import analyze

CORRECTIONS = ("attune", "kubios", "none")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a text cell that a spreadsheet would run."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("files", metavar="FILE", nargs="+", help="paths, sample:NAME, or IDs of `attune recordings`")
    parser.add_argument(
        "--correction",
        choices=CORRECTIONS,
        default="attune",
        help="attune: our verdicts, refused left out (default); kubios: NeuroKit2's whole-file pass; none: raw RR",
    )
    parser.add_argument("--window", type=positive, metavar="S", help="also for windows of this many seconds")
    parser.add_argument("--step", type=positive, metavar="S", help="a window begins every so many seconds")
    out = parser.add_mutually_exclusive_group()
    out.add_argument("--json", action="store_true", help="one JSON list, an object a file")
    out.add_argument("--csv", type=Path, metavar="OUT", help="a table, a row for each file or window and index")


def run(args: argparse.Namespace) -> int:
    """Analyse each file; one that cannot be used is named on stderr and does not spoil the others."""
    if (args.window is None) != (args.step is None):
        raise WrongUse("--window and --step belong together", remedy="give both, or neither")
    good, failed = [], 0
    for number, name in enumerate(args.files, 1):
        progress(f"{number} of {len(args.files)}: {name}")
        try:
            good.append(result_of(name, args))
        except BadInput as unusable:
            progress("")
            note(str(unusable))
            failed = unusable.exit_status
    progress("")
    if good or not failed:
        _put(good, args)
    return failed


def result_of(name: str, args: argparse.Namespace) -> dict[str, Any]:
    """One file in the documented shape."""
    recording = recording_of(name, args)
    found = analyze(recording.items, correction=args.correction, window_s=args.window, step_s=args.step)
    result: dict[str, Any] = {
        "file": name,
        "format": recording.format,
        "unit_decision": recording.unit_decision,
        "started_at": recording.started_at.isoformat() if recording.started_at else None,
        "rows_read": recording.rows_read,
        "rows_refused": recording.rows_refused,
        "details": dict(recording.details),
        **found.as_dict(),
    }
    if args.window is not None:
        result.setdefault("windows", [])
    return result


def _put(results: Sequence[Mapping[str, Any]], args: argparse.Namespace) -> None:
    if args.json:
        put_json(list(results))
    elif args.csv is not None:
        _write_csv(results, args.csv)
    else:
        for result in results:
            _put_words(result)


def _put_words(result: Mapping[str, Any]) -> None:
    artifacts = result["artifacts"]
    sys.stdout.write(
        f"{result['file']}: {result['beats']} beats, {result['duration_s']:.1f} s, {len(result['gaps'])} gaps, "
        f"{artifacts['corrected_percent']:.1f} % corrected\n"
    )
    rows = [
        (name, None if index["value"] is None else f"{index['value']:.6g}", index["unit"], index["reason"] or "")
        for name, index in result["indices"].items()
    ]
    put_table(("index", "value", "unit", "why withheld"), rows)


HEADS = ("file", "start_s", "end_s", "index", "value", "unit", "reason", "window_s", "beats", "corrected_percent")


def _write_csv(results: Iterable[Mapping[str, Any]], out: Path) -> None:
    try:
        with out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADS)
            for result in results:
                writer.writerows(csv_rows(result))
    except OSError as fault:
        raise EnvironmentFault(
            f"cannot be written ({fault.strerror})", place=str(out), remedy="give a place you may write to"
        ) from fault


def csv_rows(result: Mapping[str, Any]) -> list[list[object]]:
    """One row for each index of the whole file and of each window; numbers in their shortest exact form."""
    whole = {"start_s": 0.0, "end_s": result["duration_s"], "indices": result["indices"]}
    rows: list[list[object]] = []
    for span in (whole, *result.get("windows", ())):
        for name, index in span["indices"].items():
            cells = [result["file"], span["start_s"], span["end_s"], name, *index.values()]
            rows.append([_safe(cell) for cell in cells])
    return rows


def _safe(cell: object) -> object:
    """A text that a spreadsheet would take for a formula gets a quote before it; numbers stay numbers."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return repr(cell)
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
