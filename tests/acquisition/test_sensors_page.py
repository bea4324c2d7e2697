"""The page of sensors says of delays what the program counts with, and claims nothing that was not tried."""

from __future__ import annotations

from pathlib import Path

import pytest

from acquisition.sensor_delay import COMPARISON, DELAYS, delay_of

PAGE = Path(__file__).parents[2] / "docs" / "sensors.md"
TEXT = PAGE.read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if line.startswith("| ") and not line.startswith("| sensor ")
]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_row_is_whole_and_its_delay_is_the_one_that_is_counted_with(row: list[str]) -> None:
    """By the very name in the table; and where a figure is known, its source is named."""
    name, intervals, _, delay, _, source = row
    known = delay_of(name)
    assert delay == (f"{known.seconds:g} s" if known.seconds else "not known")
    assert intervals
    assert source
    assert ("comparison" in source) == bool(known.seconds)


def test_every_delay_that_is_counted_with_is_in_the_table() -> None:
    """And the comparison that they are from is named in full."""
    assert {delay_of(row[0]).part for row in ROWS} >= {delay.part for delay in DELAYS}
    assert COMPARISON.partition(":")[0] in " ".join(TEXT.split())


def test_no_sensor_is_claimed_as_tested() -> None:
    """It is said before the table."""
    assert TEXT.index("None of these was tested") < TEXT.index("| sensor |")
