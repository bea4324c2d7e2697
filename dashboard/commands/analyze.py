"""``attune analyze``: all indices of one or more recordings, each with its window, its beats, or why it is withheld."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from acquisition.errors import EnvironmentFault
from dashboard.commands.analyze_many import Outcome, Wanted, outcomes
from dashboard.commands.numbers import at_least_one, positive
from dashboard.commands.printing import note, progress, put_json, put_table
from dashboard.settings import WrongUse
from processing.method_card import pipeline
from processing.thresholds import SPECS

CORRECTIONS = ("attune", "kubios", "none")
INTERRUPTED = 130
"""Exit status after Ctrl-C."""
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
    parser.add_argument("--jobs", type=at_least_one, default=1, metavar="N", help="so many files side by side")
    parser.add_argument("--dask", metavar="ADDRESS", help="on a Dask cluster instead, as tcp://HOST:8786")
    parser.add_argument(
        "--results", type=Path, metavar="DIR", help="keep each result here as it comes; what is here is not done again"
    )
    out = parser.add_mutually_exclusive_group()
    out.add_argument("--json", action="store_true", help="one JSON list, an object a file")
    out.add_argument("--csv", type=Path, metavar="OUT", help="a table, a row for each file or window and index")


def run(args: argparse.Namespace) -> int:
    """Analyse each file; one that cannot be used is named on stderr and does not spoil the others.

    Ctrl-C leaves what is finished: it is put out, and kept where there is a folder for it.
    """
    if (args.window is None) != (args.step is None):
        raise WrongUse("--window and --step belong together", remedy="give both, or neither")
    wanted = Wanted(args.data, args.correction, args.window, args.step, args.results)
    done: list[Outcome] = []
    interrupted = False
    finished = outcomes(args.files, wanted, jobs=args.jobs, dask=args.dask)
    try:
        with closing(finished):
            progress(f"0 of {len(args.files)}")
            for outcome in finished:
                done.append(outcome)
                progress(f"{len(done)} of {len(args.files)}: {outcome.name}")
                if outcome.refused is not None:
                    progress("")
                    note(outcome.refused)
    except KeyboardInterrupt:
        interrupted = True
    progress("")
    return _end(done, args, interrupted=interrupted)


def _end(done: Sequence[Outcome], args: argparse.Namespace, *, interrupted: bool) -> int:
    """Put out what there is, in the order in which it was asked for."""
    ordered = sorted(done, key=lambda outcome: outcome.place)
    good = [outcome.result for outcome in ordered if outcome.result is not None]
    failed = max((outcome.status for outcome in ordered), default=0)
    there = sum(outcome.found for outcome in ordered)
    if there:
        note(f"{there} of {len(args.files)} were there already, in {args.results}")
    if good or not failed:
        _put(good, args)
    if interrupted:
        rest = f"; the same command goes on from {args.results}" if args.results else ""
        note(f"stopped after {len(done)} of {len(args.files)}{rest}")
        return INTERRUPTED
    return failed


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
        (
            name,
            None if index["value"] is None else f"{index['value']:.6g}",
            index["unit"],
            index["window_s"],
            index["beats"],
            index["corrected_percent"],
            SPECS[name].source,
            index["reason"] or "",
        )
        for name, index in result["indices"].items()
    ]
    put_table(("index", "value", "unit", "window s", "beats", "corrected %", "source", "why withheld"), rows)
    sys.stdout.write(f"{pipeline()}; every definition: --json or docs/indices.md\n")


HEADS = (
    "file",
    "start_s",
    "end_s",
    "index",
    "value",
    "unit",
    "reason",
    "window_s",
    "beats",
    "corrected_percent",
    "source",
    "pipeline",
)


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
            card = (SPECS[name].source, pipeline())
            cells = [result["file"], span["start_s"], span["end_s"], name, *index.values(), *card]
            rows.append([_safe(cell) for cell in cells])
    return rows


def _safe(cell: object) -> object:
    """A text that a spreadsheet would take for a formula gets a quote before it; numbers stay numbers."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return repr(cell)
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
