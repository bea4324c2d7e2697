"""The one clock of the project. Only sources and the socket's clock exchange read it; nothing downstream does.

Times of items are seconds since their source's origin; the origin is a reading of this clock, and a recording keeps
one wall-clock anchor beside it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

NS_PER_S = 1_000_000_000

ReadNs = Callable[[], int]
"""A function that reads a monotonic clock in nanoseconds; tests pass their own."""


def monotonic_ns() -> int:
    """Nanoseconds of the system's monotonic clock: never set back, unaffected by changes of the wall clock."""
    return time.monotonic_ns()


_SYSTEM_CLOCK: ReadNs = monotonic_ns


@dataclass(frozen=True, slots=True)
class Anchor:
    """One moment on both clocks, so that monotonic times can be shown as a date."""

    monotonic_ns: int
    wall: datetime
    """Aware, in the machine's own zone, or UTC where the zone is unknown."""

    @classmethod
    def now(cls, read_ns: ReadNs = _SYSTEM_CLOCK) -> Anchor:
        """Read both clocks, one right after the other."""
        return cls(read_ns(), datetime.now(UTC).astimezone())
