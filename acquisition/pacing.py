"""Keeping pace: when the next item of a replay or simulation is due. It only waits; it never changes an item."""

from __future__ import annotations

import asyncio
import math

from acquisition.clock import NS_PER_S, ReadNs, monotonic_ns

ITEMS_PER_TURN = 32
"""After so many items without waiting the event loop gets its turn: at full speed no other task may starve."""
LONGEST_WAIT_S = 60.0
"""A wait is cut into parts of at most this, so that a clock that stood still (suspend) is looked at again."""


class Pace:
    """Source time on a clock, at a speed that may change, with pause and jumps. Controls may come from any thread."""

    def __init__(self, speed: float = 1.0, clock: ReadNs = monotonic_ns) -> None:
        self._clock = clock
        self._speed = checked_speed(speed)
        self._anchor_ns: int | None = None
        self._anchor_s = 0.0
        self._paused = False
        self._closed = False
        self._free_until_s = -math.inf
        self._items = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed = asyncio.Event()

    @property
    def speed(self) -> float:
        """Seconds of source time per second of the clock."""
        return self._speed

    @property
    def paused(self) -> bool:
        """True while nothing is due but what was stepped or sought to."""
        return self._paused

    @property
    def closed(self) -> bool:
        """True once nothing will be due any more."""
        return self._closed

    @property
    def now_s(self) -> float:
        """Source time now; the time reached last while paused or at full speed."""
        if self._paused or self._anchor_ns is None or math.isinf(self._speed):
            return self._anchor_s
        return self._anchor_s + (self._clock() - self._anchor_ns) / NS_PER_S * self._speed

    def is_due(self, time_s: float) -> bool:
        """Whether an item of this source time may go out now."""
        if self._anchor_ns is None:
            self._anchor_ns = self._clock()
        if time_s <= self._free_until_s:
            return True
        return not self._paused and (math.isinf(self._speed) or time_s <= self.now_s)

    async def wait(self, time_s: float) -> None:
        """Wait until an item of this time may be due, or something has changed; then ask again."""
        self._loop = asyncio.get_running_loop()
        self._changed.clear()
        if self._closed or self.is_due(time_s):
            return
        left_s = LONGEST_WAIT_S if self._paused else (time_s - self.now_s) / self._speed
        try:
            async with asyncio.timeout(min(left_s, LONGEST_WAIT_S)):
                await self._changed.wait()
        except TimeoutError:
            return

    async def until(self, time_s: float) -> bool:
        """Wait until an item of this time goes out; False when nothing will any more."""
        while not self._closed:
            if self.is_due(time_s):
                await self.went_out(time_s)
                return True
            await self.wait(time_s)
        return False

    async def went_out(self, time_s: float) -> None:
        """An item of this time goes out: give the event loop its turn now and then."""
        if self._paused or math.isinf(self._speed):
            self._anchor_s = max(self._anchor_s, time_s)
        self._items += 1
        if self._items % ITEMS_PER_TURN == 0:
            await asyncio.sleep(0)

    def set_speed(self, speed: float) -> None:
        """Go on from here at another speed; ``math.inf`` is as fast as can be."""
        self._anchor(self.now_s)
        self._speed = checked_speed(speed)
        self._wake()

    def pause(self) -> None:
        """Stand still."""
        self._anchor(self.now_s)
        self._paused = True
        self._wake()

    def resume(self) -> None:
        """Go on from where it stands."""
        self._anchor(self._anchor_s if self._paused else self.now_s)
        self._paused = False
        self._wake()

    def jump(self, time_s: float) -> None:
        """Stand at ``time_s``: everything up to there is due at once, paused or not."""
        self._anchor(time_s)
        self._free_until_s = time_s
        self._wake()

    def close(self) -> None:
        """Nothing is due any more; who waits is woken."""
        self._closed = True
        self._wake()

    def _anchor(self, time_s: float) -> None:
        self._anchor_s = time_s
        if self._anchor_ns is not None:
            self._anchor_ns = self._clock()

    def _wake(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._changed.set)


def checked_speed(speed: float) -> float:
    """The speed, when it is one; raises ValueError for zero, negative and not-a-number."""
    if not speed > 0:
        raise ValueError(f"a speed is a number above 0, or inf; not {speed}")
    return speed
