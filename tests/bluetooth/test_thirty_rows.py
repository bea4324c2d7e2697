"""The table of faults and the tests that name its rows agree."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "reliability.md"
ROWS = range(1, 31)


def shown() -> dict[int, set[str]]:
    """Files whose tests name each row in their docstring."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for path in HERE.glob("test_*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                row = re.match(r"Row (\d+): ", ast.get_docstring(node) or "")
                if row and node.name.startswith("test_"):
                    found[int(row[1])].add(path.stem.removeprefix("test_"))
    return dict(found)


def told() -> dict[int, list[str]]:
    """Cells of each row of the table."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| \d+ \|", line))
    return {int(row): rest for row, *rest in cells}


def test_there_are_thirty_rows() -> None:
    """In order, each with what happens, what is told and what is kept."""
    assert list(told()) == list(ROWS)
    assert all(len(rest) == 5 and all(rest) for rest in told().values())


@pytest.mark.parametrize("row", ROWS)
def test_a_row_names_the_files_that_show_it(row: int) -> None:
    """All of them, and at least one."""
    named = set(told()[row][-1].split(", "))
    assert named == shown().get(row, set())
