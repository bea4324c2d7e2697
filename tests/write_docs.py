"""Writes docs/cli.md from the program's own help and docs/indices.md from the table that the code computes by, so that
neither page can differ from the program.

python -m tests.write_docs
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterable
from pathlib import Path

from processing.method import window_used
from processing.thresholds import IndexSpec

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "cli.md"
INDICES_PAGE = ROOT / "docs" / "indices.md"
HEAD = """# The command line

Made from the program's own help by `python -m tests.write_docs`; a test compares the two.

Exit status: 0 done · 2 wrong use · 3 unusable or missing input · 4 no Bluetooth or no such sensor · 5 port taken, data
folder unwritable, full or in use · 130 interrupted (what was recorded is kept and named). `--json` prints one JSON
value, `--jsonl` one object a line, nothing else, on standard output; messages and progress go to standard error.
Wherever FILE stands, the ID of a recording or `sample:NAME` may stand.
"""

INDICES_HEAD = """# Every number: definition, divisor, unit, source, windows

Made from the one table in `processing/thresholds.py` and `processing/review_figures.py` by `make docs`; a test
compares the two. `method` in every JSON and the method cards on the pages hold the same rows, and each number brings
its own window, beats and share of refused intervals. What is not defined has a reason, never 0.

n: normal intervals of the window. pairs: normal neighbours without a gap between them. Shortest: the shortest window.
Refused: share of refused intervals above which the number is withheld. There is no LF/HF here, nor anywhere else.
"""


def subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Each command's own parser, by name."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def text() -> str:
    """The whole page."""
    os.environ["COLUMNS"] = "100"
    from dashboard.__main__ import build_parser

    parser = build_parser()
    parts = [HEAD, f"## attune\n\n```\n{parser.format_help().rstrip()}\n```\n"]
    for name, command in subcommands(parser).items():
        parts.append(f"## attune {name}\n\n```\n{command.format_help().rstrip()}\n```\n")
        parts += [
            f"### attune {name} {inner}\n\n```\n{sub.format_help().rstrip()}\n```\n"
            for inner, sub in subcommands(command).items()
        ]
    return re.sub(r"[ \t]+\n", "\n", "\n".join(parts))


def indices_text() -> str:
    """The whole page of numbers."""
    from processing.review_figures import FIGURES
    from processing.sources import OWN, SOURCES
    from processing.thresholds import SPECS

    sources = [f"- **{name}**: {about}." for name, about in SOURCES.items()]
    own = f"- **{OWN}**: a definition or a limit of our own; see [the protocol](protocol.md) for what it rests on."
    parts = [INDICES_HEAD, "## Indices\n", _table(SPECS.values()), "## Figures of a review\n", _table(FIGURES.values())]
    return "\n".join([*parts, "## Sources\n", *sources, own, ""])


def _table(specs: Iterable[IndexSpec]) -> str:
    heads = ("Number", "Unit", "Definition", "Divisor", "Source", "Shortest", "Beats", "Refused", "Window used")
    rows = [
        (
            f"`{spec.name}`",
            spec.unit,
            spec.definition,
            spec.divisor,
            spec.source,
            f"{spec.minimum_s:g} s",
            str(spec.min_beats),
            f"{spec.rests_above_percent:g} %",
            window_used(spec),
        )
        for spec in specs
    ]
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
    INDICES_PAGE.write_text(indices_text(), encoding="utf-8")
