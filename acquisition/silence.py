"""A source without a sensor: only its ticks, so that a session's time goes on where no heart is heard."""

from __future__ import annotations

from collections.abc import AsyncIterator

from acquisition.beats import Item, SourceInfo, Tick
from acquisition.clock import Anchor, ReadNs, monotonic_ns
from acquisition.pacing import Pace


class SilentSource:
    """A BeatSource that ticks once a second until it is closed, at any speed."""

    def __init__(self, speed: float = 1.0, stream: str = "heart-1", clock: ReadNs = monotonic_ns) -> None:
        now = Anchor.now(clock)
        self._stream = stream
        self._pace = Pace(speed, clock)
        self._info = SourceInfo("sensor", "without sensor", (stream,), now.wall, now.monotonic_ns, speed=speed)

    @property
    def info(self) -> SourceInfo:
        """What this source is; its origin is when it was made."""
        return self._info

    def __aiter__(self) -> AsyncIterator[Item]:
        return self._items()

    async def aclose(self) -> None:
        """End the iteration; may be called twice."""
        self._pace.close()

    async def _items(self) -> AsyncIterator[Item]:
        second = 1
        while await self._pace.until(float(second)):
            yield Tick(self._stream, float(second))
            second += 1
