"""A strap that a browser holds, as a ``BeatSource``: what its page tells, in the order of the strap's own time.

While a page's socket is cut its strap goes on beating and the page goes on collecting. Source time then stands still,
and runs on through what happened when the page is back: a cut is no gap. A page that stays away too long is given up.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

from acquisition.beats import Item, LinkState, SourceInfo, Tick
from acquisition.clock import NS_PER_S, Anchor, ReadNs, monotonic_ns
from acquisition.heart_rate_stream import Counters, HeartRateStream
from acquisition.live_source import CAPACITY, EventQueue, SampleFrame
from acquisition.sensor_delay import delay_of
from acquisition.sensor_facts import meaning
from acquisition.station import Station
from acquisition.station_messages import Cause, Fact, Frame, StationItem

HOLD_S = 60.0
"""Source time stands still for a page that is away for so long: as long as a sitting goes on recording without its
page (docs/protocol.md)."""
QUIET_S = 5.0
"""A page whose strap was streaming and that says nothing for so long is away, whatever its socket claims: it asks for
the clock every 2 s."""
CLOCK_TRIP = "clock_trip_ms"
"""Fact: round trip of the best clock question, ms. Arrival times are off by half of it at most."""

UNNAMED = "a strap beside the page"
PAGE_AWAY = "the page that holds the strap is out of touch; it keeps the beats and sends them when it is back"
PAGE_GIVEN_UP = "the page that held the strap did not come back; open it again and choose the strap"
PAGE_FORGOT = "the page that holds the strap could not keep all beats while it was out of touch"
PAGE_CLOSED = "the page that held the strap was closed; open it again and choose the strap"


class StationSource:
    """What ``station`` is told, from the first ``async for`` until ``aclose``. It can be iterated once.

    ``name`` is what the strap is called until the page says it. Times count from ``origin_ns``, or from now. Arrival is
    when the page's browser gave the frame, on this machine's clock by the page's clock questions; it never goes back,
    and never lies ahead of now.
    """

    def __init__(
        self,
        station: Station,
        *,
        name: str | None = None,
        stream: str = "heart-1",
        origin_ns: int | None = None,
        clock: ReadNs = monotonic_ns,
        capacity: int = CAPACITY,
        hold_s: float = HOLD_S,
    ) -> None:
        now = Anchor.now(clock)
        self._station, self._clock = station, clock
        self._capacity, self._hold_ns = capacity, round(hold_s * NS_PER_S)
        self._origin_ns = now.monotonic_ns if origin_ns is None else origin_ns
        self._queue = EventQueue(stream, self._origin_ns, capacity)
        self._beats = HeartRateStream(stream)
        self._next_tick = int(self._queue.seconds(now.monotonic_ns)) + 1
        self._from_ns = self._last_ns = now.monotonic_ns
        self._heard_ns = now.monotonic_ns
        self._away_ns: int | None = None
        self._flowing = False
        self._listening = self._closed = False
        self.too_late = 0
        """Frames left out because their time had been given up or had not begun."""
        since = timedelta(seconds=self._queue.seconds(now.monotonic_ns))
        self._info = SourceInfo("browser", name or UNNAMED, (stream,), now.wall - since, self._origin_ns)

    @property
    def info(self) -> SourceInfo:
        """What this source is; name and delay are those of the strap once the page has told them."""
        delay = delay_of(self._info.name)
        return replace(self._info, delay_s=delay.seconds, details={"delay": delay.source})

    @property
    def counters(self) -> Counters:
        """What was left out of the frames so far."""
        return self._beats.counters

    def __aiter__(self) -> AsyncIterator[Item]:
        if self._listening:
            raise RuntimeError("a station source can be iterated once")
        self._listening = True
        self._say(LinkState.SEARCHING, None)
        self._station.open(self)
        return self._items()

    async def aclose(self) -> None:
        """Let the page let go of the strap, and end the iteration; what has been told is still given."""
        self._closed = True
        self._station.close(self)
        self._queue.arrived.set()

    # ---- what the station is told ---------------------------------------------------------

    def named(self, name: str | None) -> None:
        """What the strap calls itself."""
        self._info = replace(self._info, name=name or self._info.name)

    def heard(self) -> None:
        """The page is there."""
        self._heard_ns = self._clock()

    def take(self, item: StationItem, trip_ms: float) -> bool:
        """One more item; False while too many frames wait to be taken."""
        if self._queue.waiting >= self._capacity:
            return False
        if isinstance(item, Frame):
            self._frame(item, trip_ms)
        elif isinstance(item, Cause):
            self._flowing = False
            self._queue.link(self._moved(item.at_ns), item.state, item.reason)
        elif isinstance(item, Fact):
            value = meaning(item.name, item.data)
            if value is not None:
                self._queue.fact(self._moved(item.at_ns), item.name, value)
        return True

    def hole(self) -> None:
        """The page had to forget some: no interval may bridge it."""
        self._flowing = False
        self._queue.link(self._last_ns, LinkState.LOST, PAGE_FORGOT)

    def caught_up(self) -> None:
        """The page has told everything: source time goes with the clock again."""
        if self._away_ns is not None:
            self._away_ns = None
            self._queue.arrived.set()

    def away(self) -> None:
        """The page is out of touch, and time stands still."""
        if self._away_ns is None:
            self._away_ns = self._moved(self._clock())
            if self._flowing:
                self._flowing = False
                self._queue.link(self._away_ns, LinkState.DEGRADED, PAGE_AWAY)

    def left(self) -> None:
        """The page was closed; its strap is free."""
        self._lose(PAGE_CLOSED)

    # ---- times ----------------------------------------------------------------------------

    def _frame(self, frame: Frame, trip_ms: float) -> None:
        if frame.at_ns < self._from_ns:
            self.too_late += 1
            return
        at_ns = self._moved(frame.at_ns)
        if not self._flowing:
            self._flowing = True
            self._queue.link(at_ns, LinkState.STREAMING, None)
            self._queue.fact(at_ns, CLOCK_TRIP, f"{trip_ms:.1f}")
        self._queue.frame(at_ns, frame.data)

    def _moved(self, at_ns: int) -> int:
        """The time, neither ahead of now nor before what has been told already (ticks included)."""
        ticked_ns = self._origin_ns + (self._next_tick - 1) * NS_PER_S
        self._last_ns = max(min(at_ns, self._clock()), self._last_ns, ticked_ns)
        return self._last_ns

    def _say(self, state: LinkState, reason: str | None) -> None:
        self._queue.link(self._moved(self._clock()), state, reason)

    def _lose(self, reason: str) -> None:
        self._away_ns, self._flowing = None, False
        self._say(LinkState.LOST, reason)
        self._from_ns = self._last_ns

    def _now_ns(self) -> int:
        """The clock, or where it stood when the page went out of touch."""
        now_ns = self._clock()
        if self._flowing and now_ns - self._heard_ns > QUIET_S * NS_PER_S:
            self.away()
        if self._away_ns is not None and now_ns - self._away_ns >= self._hold_ns:
            self._lose(PAGE_GIVEN_UP)
        return now_ns if self._away_ns is None else self._away_ns

    # ---- what it gives --------------------------------------------------------------------

    async def _items(self) -> AsyncIterator[Item]:
        try:
            while not self._closed:
                self._queue.arrived.clear()
                for item in self._ready():
                    yield item
                await self._until_next()
            for item in self._ready():
                yield item
        finally:
            await self.aclose()

    def _ready(self) -> Iterator[Item]:
        """Everything up to now, ticks at their place among the events. What is told between two ticks of a row comes
        between them, as it may be older than now."""
        while True:
            for event in self._queue.take():
                yield from self._ticks(event.time_s)
                if not isinstance(event, SampleFrame):
                    yield from self._beats.feed(event)
            if self._next_tick > self._queue.seconds(self._now_ns()):
                return
            yield from self._ticks(self._next_tick)

    def _ticks(self, until_s: float) -> Iterator[Tick]:
        while self._next_tick <= until_s:
            self._next_tick += 1
            yield Tick(self._info.streams[0], float(self._next_tick - 1))

    async def _until_next(self) -> None:
        """Wait for something to be told or for the next whole second."""
        wait_s = 1.0 if self._away_ns is not None else self._next_tick - self._queue.seconds(self._clock())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(wait_s, 0)):
                await self._queue.arrived.wait()
