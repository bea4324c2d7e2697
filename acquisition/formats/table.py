"""Text with a heading row and columns: which mark parts the columns, and where a named one stands."""

from __future__ import annotations

from dataclasses import dataclass

DELIMITERS = (";", "\t", ",")
"""In this order: with ``;`` a comma may be a decimal comma."""


@dataclass(frozen=True, slots=True)
class Table:
    """A heading and its rows, cells stripped of blanks and quotes."""

    heading: tuple[str, ...]
    """In lower case."""
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    """Line number and cells of each row that is not blank."""

    def column(self, *parts: str) -> int | None:
        """Index of the first column whose heading contains one of the parts, or None."""
        return next((i for i, name in enumerate(self.heading) if any(part in name for part in parts)), None)


def read_table(text: str, heading_line: int = 0) -> Table:
    """The table whose heading stands at this line (from 0); blank lines above it are passed over."""
    lines = text.splitlines()
    while heading_line < len(lines) - 1 and not lines[heading_line].strip():
        heading_line += 1
    heading = lines[heading_line] if lines else ""
    delimiter = delimiter_of(heading)
    rows = tuple(
        (number, cells(line, delimiter))
        for number, line in enumerate(lines[heading_line + 1 :], start=heading_line + 2)
        if line.strip("\x1a \t\r")
    )
    return Table(tuple(cell.lower() for cell in cells(heading, delimiter)), rows)


def delimiter_of(heading: str) -> str:
    """The mark that parts the columns under this heading."""
    return next((mark for mark in DELIMITERS if mark in heading), ",")


def cells(line: str, delimiter: str) -> tuple[str, ...]:
    """The cells of one line; trailing marks make empty cells."""
    return tuple(cell.strip().strip('"').strip() for cell in line.split(delimiter))


def first_line(text: str) -> str:
    """The first line that is not blank, or nothing."""
    head = text.lstrip()[:4096]
    return head.splitlines()[0].strip() if head else ""
