"""The one clock of the project. Only sources and the socket's clock exchange read it; nothing downstream does.

Times of items are seconds since their source's origin; the origin is a reading of this clock, and a recording keeps
one wall-clock anchor beside it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

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

    def at(self, monotonic_ns: int) -> Anchor:
        """The same clocks at another reading of the monotonic one.

        >>> Anchor(2_000_000_000, datetime(2026, 3, 1, 12, tzinfo=UTC)).at(500_000_000).wall.isoformat()
        '2026-03-01T11:59:58.500000+00:00'
        """
        return Anchor(monotonic_ns, self.wall + timedelta(microseconds=(monotonic_ns - self.monotonic_ns) / 1000))
