"""docs/accuracy.md: every claim with its figure, as a page that is written by the command alone.

What was found lies beside the page as JSON, one section a proof with the command that found it. A run of one proof
replaces its section and leaves the others, so that a page never has to be mended by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

from benchmarks.accuracy.claims import Cell, Claim

HEAD = """# Accuracy

Made by `python -m benchmarks.accuracy --seed N --recordings DIR --out docs/accuracy.md` (or `make accuracy`); no figure
here is typed by hand. Each section names its own command with its seed.

**How to read.** Each line is a claim, the target that was set for it beforehand, the figure that was measured, n
(how many draws, series, beats or numbers stand behind it) and whether the target is met; a line without a target is
told for information only, and a figure that misses its target says **no**. Truth is known because it was made: the
hearts of these proofs are generated for them, from the seed, by formulas that the estimators do not share; another
seed gives other draws and should give the same answers. Lines about real hearts need recordings that do not belong to
this project, in the folder given as DIR: `rest_supine_rri.txt` and `exercise_rri.hrm` (supine rest; rest, cycling and
recovery; public repository `rhenanbartels/hrv`, BSD-3-Clause) and record 100 of the MIT-BIH Arrhythmia Database under
the name `mitdb100` (Moody and Mark 2001; Goldberger et al. 2000; Open Data Commons Attribution 1.0). Without them such
a line says "not run".

**In sum:** {met} of {asked} targets met{missed}; {told} figures told without a target; {idle} lines not run.
"""
LINES = ("| claim | target | measured | n | met |", "|---|---|---|---|---|")
WORDS = {True: "yes", False: "**no**", None: ""}
NOT_RUN = "not run"


@dataclass(frozen=True, slots=True)
class Section:
    """What one proof found, and how."""

    number: int
    heading: str
    command: str
    claims: tuple[Claim, ...]
    picture: str | None = None
    """Markdown of the picture that belongs to it, or None."""


def kept(page_file: Path) -> dict[int, Section]:
    """The sections of an earlier run beside this page, by number; none without one."""
    file = found_file(page_file)
    rows = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
    sections = (Section(**{**row, "claims": tuple(_claim(each) for each in row["claims"])}) for row in rows)
    return {section.number: section for section in sections}


def write(page_file: Path, sections: Iterable[Section]) -> None:
    """The page, and what it was made from beside it."""
    ordered = sorted(sections, key=lambda section: section.number)
    text = json.dumps([asdict(section) for section in ordered], indent=1, ensure_ascii=False)
    found_file(page_file).write_text(text + "\n", encoding="utf-8")
    page_file.write_text(page(ordered), encoding="utf-8")


def found_file(page_file: Path) -> Path:
    """Where the figures of a page lie."""
    return page_file.with_suffix(".json")


def _claim(row: dict[str, object]) -> Claim:
    cell = row.pop("cell")
    return Claim(**row, cell=Cell(*cell) if isinstance(cell, list) else None)  # type: ignore[arg-type]  # our own JSON


def page(sections: Sequence[Section]) -> str:
    """The whole page."""
    lines = [_head([claim for section in sections for claim in section.claims])]
    for section in sections:
        lines += [f"## {section.number}. {section.heading}\n", f"`{section.command}`\n"]
        plain = [claim for claim in section.claims if claim.cell is None]
        if plain:
            lines += [*LINES, *map(line, plain), ""]
        lines += tables([claim for claim in section.claims if claim.cell is not None])
        if section.picture is not None:
            lines += [section.picture, ""]
    return "\n".join(lines)


def _head(claims: Sequence[Claim]) -> str:
    asked = [claim.met for claim in claims if claim.met is not None]
    idle = sum(str(claim.value).startswith(NOT_RUN) for claim in claims)
    missed = asked.count(False)
    return HEAD.format(
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
        cells = {(c.cell.row, c.cell.column): _in_table(c) for c in members if c.cell is not None}
        rows, columns = (list(dict.fromkeys(key[place] for key in cells)) for place in (0, 1))
        lines += [f"**{heading}**\n", f"| | {' | '.join(columns)} |", "|---|" + "---|" * len(columns)]
        lines += [f"| {row} | {' | '.join(cells.get((row, each), '') for each in columns)} |" for row in rows]
        lines.append("")
    return lines


def _in_table(claim: Claim) -> str:
    """The figure, and behind it what was asked of it and whether it holds."""
    return str(claim.value) if claim.met is None else f"{claim.value} ({claim.target}: {WORDS[claim.met]})"
