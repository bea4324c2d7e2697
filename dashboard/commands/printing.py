"""What commands write: one JSON value, one object a line, or a table for people; messages go to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence

MISSING = "-"


def put_json(value: object) -> None:
    """One JSON value on stdout; floats in their shortest exact form, never NaN."""
    sys.stdout.write(json.dumps(value, indent=2, allow_nan=False, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def line_of(value: Mapping[str, object]) -> str:
    """One object as one line of JSON Lines."""
    return json.dumps(value, allow_nan=False, ensure_ascii=False) + "\n"


def put_line(value: Mapping[str, object]) -> None:
    """One object a line, flushed, so that a reader sees it at once."""
    sys.stdout.write(line_of(value))
    sys.stdout.flush()


def put_table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Columns for people; numbers to the right."""
    cells = [list(heads), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(heads))]
    right = [bool(rows) and all(isinstance(row[i], int | float | None) for row in rows) for i in range(len(heads))]
    for row in cells:
        line = "  ".join(
            text.rjust(width) if is_right else text.ljust(width)
            for text, width, is_right in zip(row, widths, right, strict=True)
        )
        sys.stdout.write(line.rstrip() + "\n")


def _cell(value: object) -> str:
    if value is None:
        return MISSING
    if isinstance(value, float):
        return f"{value:.1f}"
    return str(value)


def note(words: str) -> None:
    """A message for people, on stderr."""
    sys.stderr.write(f"attune: {words}\n")
    sys.stderr.flush()


def progress(words: str) -> None:
    """A line that the next one overwrites; only where somebody watches."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{words}")
        sys.stderr.flush()
