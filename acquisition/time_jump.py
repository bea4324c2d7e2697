"""Notices that the computer slept or that its clock was set: the wall clock then moves by more than the monotonic one.

On Linux and macOS the monotonic clock stands still in suspend, so times before and after it cannot be joined.
"""

from __future__ import annotations

from acquisition.clock import NS_PER_S, ReadNs


class JumpWatch:
    """Compares two clocks from one look to the next; slow correction of the wall clock never adds up."""

    def __init__(self, monotonic: ReadNs, wall: ReadNs) -> None:
        self._monotonic, self._wall = monotonic, wall
        self._apart_ns = wall() - monotonic()

    def jump_s(self) -> float:
        """By how much the wall clock has gone ahead of the monotonic clock since the last look, s."""
        before_ns, self._apart_ns = self._apart_ns, self._wall() - self._monotonic()
        return (self._apart_ns - before_ns) / NS_PER_S
