"""The pages on care and on the exercises say what is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import write_exercises

ROOT = Path(__file__).parents[2]
CARE = (ROOT / "docs" / "care.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", CARE)))


def test_the_page_of_exercises_is_made_from_the_scripts() -> None:
    """docs/exercises.md is what the scripts say today: python -m tests.write_exercises."""
    assert write_exercises.PAGE.read_text(encoding="utf-8") == write_exercises.text()


def test_every_row_of_care_names_a_test() -> None:
    """A rule without a test has no place in a table."""
    rows = [line for line in CARE.splitlines() if line.startswith("| ") and not line.startswith("| rule ")]
    assert len(rows) > 40
    assert [row for row in rows if "::" not in row] == []


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[name for _, name in NAMED])
def test_a_test_that_care_names_is_there(file: str, name: str) -> None:
    """And it says in a sentence what it holds, or is a promise of the histories."""
    text = (ROOT / file).read_text(encoding="utf-8")
    assert re.search(rf"def {name}\(", text)
