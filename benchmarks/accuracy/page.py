"""docs/accuracy.md: every claim with its figure, as a page that is written by the command alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from benchmarks.accuracy.claims import Claim, Setting
from benchmarks.accuracy.registry import Proof

Found = Sequence[tuple[Proof, Sequence[Claim]]]

HEAD = """# Accuracy

Made by `{command}` (`make accuracy`); no figure here is typed by hand.

**How to read.** Each line is a claim, the target that was set for it beforehand, the figure that was measured, n
(how many draws, series, beats or numbers stand behind it) and whether the target is met; a line without a target is
told for information only, and a figure that misses its target says **no**. Truth is known because it was made: the
hearts of these proofs are generated for them, from the seed {seed}, by formulas that the estimators do not share;
another seed gives other draws and should give the same answers. Lines about real hearts need recordings that do not
belong to this project, in the folder given as DIR: `rest_supine_rri.txt` and `exercise_rri.hrm` (supine rest; rest,
cycling and recovery; public repository `rhenanbartels/hrv`, BSD-3-Clause) and record 100 of the MIT-BIH Arrhythmia
Database under the name `mitdb100` (Moody and Mark 2001; Goldberger et al. 2000; Open Data Commons Attribution 1.0).
Without them such a line says "not run". {real}

**In sum:** {met} of {asked} targets met{missed}; {told} figures told without a target; {idle} lines not run.
"""
LINES = ("| claim | target | measured | n | met |", "|---|---|---|---|---|")
WORDS = {True: "yes", False: "**no**", None: ""}


def page(found: Found, setting: Setting, command: str, plots: dict[int, str]) -> str:
    """The whole page; ``plots`` holds a picture's line by the proof that it belongs to."""
    lines = [_head([claim for _, claims in found for claim in claims], setting, command)]
    for proof, claims in found:
        lines.append(f"## {proof.number}. {proof.heading}\n")
        plain = [claim for claim in claims if claim.cell is None]
        if plain:
            lines += [*LINES, *map(line, plain), ""]
        lines += tables([claim for claim in claims if claim.cell is not None])
        if proof.number in plots:
            lines += [plots[proof.number], ""]
    return "\n".join(lines)


def _head(claims: Sequence[Claim], setting: Setting, command: str) -> str:
    asked = [claim.met for claim in claims if claim.met is not None]
    idle = sum(str(claim.value).startswith("not run") for claim in claims)
    missed = asked.count(False)
    return HEAD.format(
        command=command,
        seed=setting.seed,
        real="They were given for this page." if setting.recordings else "They were not given for this page.",
        met=asked.count(True),
        asked=len(asked),
        missed=f" ({missed} missed: look for **no**)" if missed else "",
        told=len(claims) - len(asked) - idle,
        idle=idle,
    )


def line(claim: Claim) -> str:
    """One claim as a row."""
    return f"| {claim.claim} | {claim.target} | {claim.value} | {claim.n} | {WORDS[claim.met]} |"


def tables(claims: Iterable[Claim]) -> list[str]:
    """Claims that have a place in a table, a row of the page for each row of theirs."""
    lines: list[str] = []
    for heading, members in groupby(claims, key=lambda claim: claim.cell.table if claim.cell else ""):
        cells = {(c.cell.row, c.cell.column): c.value for c in members if c.cell is not None}
        rows, columns = (list(dict.fromkeys(key[place] for key in cells)) for place in (0, 1))
        lines += [f"**{heading}**\n", f"| | {' | '.join(columns)} |", "|---|" + "---|" * len(columns)]
        lines += [f"| {row} | {' | '.join(str(cells.get((row, each), '')) for each in columns)} |" for row in rows]
        lines.append("")
    return lines
