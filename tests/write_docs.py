"""Writes docs/cli.md from the program's own help, so that the page and the program cannot differ.

python -m tests.write_docs
"""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "cli.md"
HEAD = """# The command line

Made from the program's own help by `python -m tests.write_docs`; a test compares the two.

Exit status: 0 done · 2 wrong use · 3 unusable or missing input · 4 no Bluetooth or no such sensor · 5 port taken, data
folder unwritable, full or in use · 130 interrupted (what was recorded is kept and named). `--json` prints one JSON
value, `--jsonl` one object a line, nothing else, on standard output; messages and progress go to standard error.
Wherever FILE stands, the ID of a recording or `sample:NAME` may stand.
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


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
