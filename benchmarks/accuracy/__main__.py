"""``python -m benchmarks.accuracy [--only N] [--seed N] [--recordings DIR] [--short] [--out FILE]``.

Runs the proofs of ``registry.py`` and prints one JSON list of ``{proof, claim, target, value, n, met}``. Progress goes
to stderr. ``--out`` writes the page too, and the pictures beside it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.accuracy.beat_clock_plot import WORDS, picture
from benchmarks.accuracy.claims import Claim, Setting
from benchmarks.accuracy.page import page
from benchmarks.accuracy.registry import PROOFS, Proof, proofs

BEAT_CLOCK = 12
VERDICTS = {True: "met", False: "NOT MET", None: ""}


def measured(proof: Proof, setting: Setting) -> Iterator[Claim]:
    """Each claim of a proof as it is measured, told on stderr."""
    begun = time.monotonic()
    sys.stderr.write(f"{proof.number}. {proof.heading}\n")
    for claim in proof.claims(setting):
        if claim.cell is None:
            sys.stderr.write(f"   {claim.claim}: {claim.value} ({claim.target}) {VERDICTS[claim.met]}\n")
        sys.stderr.flush()
        yield claim
    sys.stderr.write(f"   {time.monotonic() - begun:.0f} s\n")


def command(only: int | None, setting: Setting) -> str:
    """The command that makes this page again; the folder's name is nobody's business."""
    parts = ["python -m benchmarks.accuracy", f"--seed {setting.seed}"]
    parts += [f"--only {only}"] if only is not None else []
    parts += ["--recordings DIR"] if setting.recordings is not None else []
    parts += ["--short"] if setting.short else []
    return " ".join([*parts, "--out docs/accuracy.md"])


def write(out: Path, text: str, drawing: str | None) -> None:
    """The page, and the beat clock's picture beside it."""
    out.write_text(text, encoding="utf-8")
    if drawing is not None:
        _plot_path(out).write_text(drawing, encoding="utf-8")


def _plot_path(out: Path) -> Path:
    return out.with_name(f"{out.stem}-beat-clock.svg")


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for; exit 1 when a claim is not met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("--only", type=int, metavar="N", choices=sorted(PROOFS), help="run one proof")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--recordings", type=Path, metavar="DIR", help="folder of real recordings")
    parser.add_argument("--short", action="store_true", help="few draws, only to show that the proofs run")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the page too")
    args = parser.parse_args(arguments)
    if args.recordings is not None and not args.recordings.is_dir():
        parser.error(f"{args.recordings} is no folder")
    setting = Setting(args.seed, args.recordings, args.short)
    found = [(proof, list(measured(proof, setting))) for proof in proofs(args.only)]
    json.dump([claim.as_dict(proof.number) for proof, claims in found for claim in claims], sys.stdout, indent=1)
    sys.stdout.write("\n")
    if args.out is not None:
        drawn = args.only in (None, BEAT_CLOCK)
        plots = {BEAT_CLOCK: f"![{WORDS}]({_plot_path(args.out).name})"} if drawn else {}
        write(args.out, page(found, setting, command(args.only, setting), plots), picture(setting) if drawn else None)
    return 1 if any(claim.met is False for _, claims in found for claim in claims) else 0


if __name__ == "__main__":
    sys.exit(main())
