"""``python -m benchmarks.accuracy [--only N] [--seed N] [--recordings DIR] [--short] [--out FILE]``.

Runs the proofs (modules ``proof_NN_*.py`` beside this file, each with ``claims(setting)``) and prints one JSON list of
``{proof, claim, target, value, n, met}``. Progress goes to stderr. ``--out`` writes the table as a page.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import benchmarks.accuracy as proofs
from benchmarks.accuracy.claims import Claim, Setting

PREFIX = "proof_"

HEAD = """# Accuracy

Made by `python -m benchmarks.accuracy --seed {seed}{folder} --out docs/accuracy.md`; no figure here is typed by hand.
Every claim holds for other seeds too: give another one and see. A line that says "not run" needs `--recordings DIR`,
a folder of real recordings that do not belong to this project.
"""


def modules(only: int | None) -> Iterator[tuple[int, str]]:
    """Number and module name of each proof, in order."""
    for name in sorted(each.name for each in pkgutil.iter_modules(proofs.__path__) if each.name.startswith(PREFIX)):
        number = int(name.split("_")[1])
        if only in (None, number):
            yield number, f"{proofs.__name__}.{name}"


def run(only: int | None, setting: Setting) -> Iterator[tuple[int, str, Claim]]:
    """Each claim as it is measured, with its proof's number and heading."""
    for number, name in modules(only):
        module = importlib.import_module(name)
        heading = (module.__doc__ or "").splitlines()[0].rstrip(".")
        begun = time.monotonic()
        sys.stderr.write(f"{number}. {heading}\n")
        for claim in module.claims(setting):
            verdict = {True: "met", False: "NOT MET", None: ""}[claim.met]
            sys.stderr.write(f"   {claim.claim}: {claim.value} ({claim.target}) {verdict}\n")
            yield number, heading, claim
        sys.stderr.write(f"   {time.monotonic() - begun:.0f} s\n")


def page(found: list[tuple[int, str, Claim]], setting: Setting) -> str:
    """The claims as one table a proof."""
    lines = [HEAD.format(seed=setting.seed, folder=" --recordings DIR" if setting.recordings else "")]
    number_before = 0
    for number, heading, claim in found:
        if number != number_before:
            lines += [f"\n## {number}. {heading}\n", "| claim | target | measured | n | met |", "|---|---|---|---|---|"]
            number_before = number
        met = {True: "yes", False: "**no**", None: ""}[claim.met]
        lines.append(f"| {claim.claim} | {claim.target} | {claim.value} | {claim.n} | {met} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Run what is asked for; exit 1 when a claim is not met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("--only", type=int, metavar="N", help="run one proof")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--recordings", type=Path, metavar="DIR", help="folder of real recordings")
    parser.add_argument("--short", action="store_true", help="few draws, only to show that the proofs run")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the page too")
    args = parser.parse_args()
    setting = Setting(args.seed, args.recordings, args.short)
    found = list(run(args.only, setting))
    json.dump([{"proof": number, **asdict(claim)} for number, _, claim in found], sys.stdout, indent=1)
    sys.stdout.write("\n")
    if args.out is not None:
        args.out.write_text(page(found, setting), encoding="utf-8")
    return 1 if any(claim.met is False for _, _, claim in found) else 0


if __name__ == "__main__":
    sys.exit(main())
