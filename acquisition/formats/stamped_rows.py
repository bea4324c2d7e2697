"""Rows of a stamp and an interval: each is used, or refused by itself with its reason, since stamps keep the place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from acquisition.errors import UnreadableFile
from acquisition.formats.rr_units import LONGEST_MS, SHORTEST_MS, UnitDecision, decide
from acquisition.formats.series import Interval, Refusals

LONGEST_CELL = 40
"""Letters of the longest cell that is read as a number or date; longer ones are damage."""


@dataclass(frozen=True, slots=True)
class StampedRow:
    """One row as it stands in the file."""

    line: int
    stamp: str
    rr: str
    identity: str | None = None
    """Where rows may have been written twice: what two neighbours share only then. None where it cannot be known."""


@dataclass(frozen=True, slots=True)
class StampedRows:
    """The rows that can be used, and what became of the others."""

    intervals: tuple[Interval, ...]
    unit: UnitDecision
    refusals: Refusals


def read_rows(path: Path, rows: Iterable[StampedRow], stamp_s: Callable[[str], float]) -> StampedRows:
    """Make intervals of rows; ``stamp_s`` raises ValueError for a stamp that is none.

    Raises UnreadableFile when fewer rows can be used than not (it is something else, or ruined), or when the values are
    no intervals.
    """
    refusals = Refusals()
    good: list[tuple[float, float, int, str | None]] = []
    before, broken = None, None
    for row in rows:
        if row.identity is not None and row.identity == before:
            refusals.add(f"line {row.line}", "a copy of the row before it")
            continue
        before = row.identity
        try:
            value, stamp = number(row.rr), stamp_s(row.stamp[:LONGEST_CELL])
        except ValueError as error:
            refusals.add(f"line {row.line}", str(error))
            broken = "a row could not be read"
            continue
        good.append((value, stamp, row.line, broken))
        broken = None
    if not good or len(good) < refusals.count:
        raise _ruined(path, refusals)
    unit = decide([value for value, *_ in good], str(path))
    return StampedRows(_believed(path, good, unit, refusals), unit, refusals)


def number(text: str) -> float:
    """The number in a cell, decimal point or comma. Raises ValueError in words.

    >>> number("812,5")
    812.5
    """
    try:
        value = float(text[:LONGEST_CELL].replace(",", "."))
    except ValueError:
        value = float("nan")
    if not abs(value) < float("inf"):
        raise ValueError(f"{text[:LONGEST_CELL]!r} is not a number")
    return value


def _believed(
    path: Path, good: list[tuple[float, float, int, str | None]], unit: UnitDecision, refusals: Refusals
) -> tuple[Interval, ...]:
    intervals: list[Interval] = []
    carried: str | None = None
    for value, stamp, line, broken in good:
        rr_ms = unit.ms(value)
        if not SHORTEST_MS <= rr_ms <= LONGEST_MS:
            refusals.add(f"line {line}", f"an interval of {rr_ms:g} ms is impossible")
            carried = "an interval was impossible"
            continue
        intervals.append(Interval(rr_ms, stamp, broken or carried))
        carried = None
    if len(intervals) < refusals.count:
        raise _ruined(path, refusals)
    return tuple(intervals)


def _ruined(path: Path, refusals: Refusals) -> UnreadableFile:
    if not refusals.count:
        return UnreadableFile("there are no rows under the heading", place=str(path), remedy="export it again")
    first = refusals.named[0]
    place = f"{path}:{first.split(' ', 2)[1]}"
    return UnreadableFile(
        f"{refusals.count} rows cannot be used, more than can; {refusals.details()['refused']}",
        place=place,
        remedy="export the recording again, or give its RR intervals as text, one a line",
    )
