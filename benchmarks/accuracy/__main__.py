"""``python -m benchmarks.accuracy [--only N] [--seed N] [--recordings DIR] [--short] [--out FILE]``.

Runs the proofs of ``registry.py`` and prints one JSON list of ``{proof, claim, target, value, n, met}``. Progress goes
to stderr. ``--out`` writes the page too, its figures and pictures beside it, after each proof; with ``--only`` the
sections of the other proofs stay as they are.
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
from benchmarks.accuracy.page import Section, kept, write
from benchmarks.accuracy.registry import PROOFS, Proof, proofs

BEAT_CLOCK = 12
VERDICTS = {True: "met", False: "NOT MET", None: ""}


def measured(proof: Proof, setting: Setting) -> Iterator[Claim]:
    """Each claim of a proof as it is measured, told on stderr."""
    begun = time.monotonic()
    sys.stderr.write(f"{proof.number}. {proof.heading}\n")
    for claim in proof.claims(setting):
        if claim.cell is None or claim.met is not None:
            sys.stderr.write(f"   {claim.claim}: {claim.value} ({claim.target}) {VERDICTS[claim.met]}\n")
        sys.stderr.flush()
        yield claim
    sys.stderr.write(f"   {time.monotonic() - begun:.0f} s\n")


def command(number: int, setting: Setting) -> str:
    """The command that finds a section again; the folder's name is nobody's business."""
    parts = ["python -m benchmarks.accuracy", f"--only {number}", f"--seed {setting.seed}"]
    parts += ["--recordings DIR"] if setting.recordings is not None else []
    parts += ["--short"] if setting.short else []
    return " ".join(parts)


def section(proof: Proof, claims: list[Claim], setting: Setting, out: Path) -> Section:
    """A proof's part of the page; its picture is drawn beside it."""
    shown = None
    if proof.number == BEAT_CLOCK:
        plot = out.with_name(f"{out.stem}-beat-clock.svg")
        plot.write_text(picture(setting), encoding="utf-8")
        shown = f"![{WORDS}]({plot.name})"
    return Section(proof.number, proof.heading, command(proof.number, setting), tuple(claims), shown)


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
    found: list[tuple[int, Claim]] = []
    for proof in proofs(args.only):
        claims = list(measured(proof, setting))
        found += [(proof.number, claim) for claim in claims]
        if args.out is not None:
            new = {proof.number: section(proof, claims, setting, args.out)}
            write(args.out, [each for each in ({**kept(args.out), **new}).values() if each.number in PROOFS])
    json.dump([claim.as_dict(number) for number, claim in found], sys.stdout, indent=1)
    sys.stdout.write("\n")
    return 1 if any(claim.met is False for _, claim in found) else 0


if __name__ == "__main__":
    sys.exit(main())
