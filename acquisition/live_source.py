"""A supervised sensor as a ``BeatSource``: stamped events in, items in the order of their time out.

The supervisor's callbacks put stamped events into a bounded queue and return. Whoever iterates takes them out, merged
with a tick at each whole second since the origin, and through ``HeartRateStream`` turned into beats and gaps. Nothing
else runs in the callbacks, so a slow consumer delays no time stamp.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeAlias

from acquisition.beats import Item, LinkChange, LinkState, Notification, SensorFact, SourceInfo, Tick
from acquisition.clock import NS_PER_S, Anchor, ReadNs
from acquisition.heart_rate_stream import RR_UNIT, Counters, HeartRateStream, RRUnit
from acquisition.links import Sink
from acquisition.polar_stream import PolarStream
from acquisition.sensor_delay import delay_of
from acquisition.supervision import Supervisor

CAPACITY = 4096
"""Frames that may wait to be taken, more than an hour at one a second; beyond, new ones are dropped and counted."""
OVERRUN = "this computer could not keep up; some beats were not taken"


@dataclass(frozen=True, slots=True)
class SampleFrame:
    """One frame of samples as it came."""

    time_s: float
    data: bytes


Event: TypeAlias = Notification | LinkChange | SensorFact | SampleFrame


@dataclass(frozen=True, slots=True)
class LiveCounters:
    """What was seen and left out since the start."""

    stream: Counters
    malformed_samples: int = 0
    """Frames of samples that could not be read."""
    overrun: int = 0
    """Frames dropped because nobody took them in time."""


class EventQueue:
    """The ``Sink`` of one stream. Frames beyond ``capacity`` are dropped, and the loss is made a lost link, since no
    interval may bridge it; link changes and facts are few and always kept."""

    def __init__(self, stream: str, origin_ns: int, capacity: int = CAPACITY) -> None:
        self._stream, self._origin_ns, self._capacity = stream, origin_ns, capacity
        self._items: deque[Event] = deque()
        self._frames = 0
        self._state: LinkState | None = None
        self._overrunning = False
        self.overrun = 0
        self.arrived = asyncio.Event()

    def seconds(self, at_ns: int) -> float:
        """Seconds since the origin of a reading of the clock."""
        return (at_ns - self._origin_ns) / NS_PER_S

    def link(self, at_ns: int, state: LinkState, reason: str | None) -> None:
        """The link changed its state."""
        self._overrunning = False
        self._put(LinkChange(self._stream, self.seconds(at_ns), state, reason))

    def frame(self, at_ns: int, data: bytes) -> None:
        """A frame came; dropped and counted when too many wait."""
        self._put_frame(at_ns, Notification(self._stream, self.seconds(at_ns), at_ns, data))

    def samples(self, at_ns: int, data: bytes) -> None:
        """A frame of samples came; dropped and counted in the same way."""
        self._put_frame(at_ns, SampleFrame(self.seconds(at_ns), data))

    def fact(self, at_ns: int, name: str, value: str) -> None:
        """The sensor told something of itself."""
        self._put(SensorFact(self._stream, self.seconds(at_ns), name, value))

    @property
    def waiting(self) -> int:
        """Frames that wait to be taken."""
        return self._frames

    def take(self) -> Iterator[Event]:
        """Everything that waits, oldest first."""
        while self._items:
            item = self._items.popleft()
            self._frames -= isinstance(item, Notification | SampleFrame)
            yield item

    def _put_frame(self, at_ns: int, frame: Notification | SampleFrame) -> None:
        if self._frames >= self._capacity:
            self.overrun += 1
            if not self._overrunning:
                self.link(at_ns, LinkState.LOST, OVERRUN)
                self._overrunning = True
            return
        if self._overrunning:
            self.link(at_ns, LinkState.STREAMING, None)
        self._frames += 1
        self._put(frame)

    def _put(self, item: Event) -> None:
        self._items.append(item)
        self.arrived.set()


class LiveSource:
    """One sensor, streaming from the first ``async for`` until ``aclose``. It can be iterated once.

    ``supervise`` makes the supervisor that fills the given sink. Times count from ``origin_ns``, or from now.
    ``rr_unit`` is said when a sensor is known to count otherwise than the standard says, ``delay_s`` when its delay was
    measured. Beats come on ``stream``; samples and pulse intervals on streams of their own that end like it
    (``heart-2``: ``ecg-2``).
    """

    def __init__(
        self,
        supervise: Callable[[Sink], Supervisor],
        *,
        name: str,
        stream: str,
        origin_ns: int | None,
        clock: ReadNs,
        capacity: int = CAPACITY,
        rr_unit: RRUnit | None = None,
        delay_s: float | None = None,
    ) -> None:
        now = Anchor.now(clock)
        origin_ns = now.monotonic_ns if origin_ns is None else origin_ns
        self._clock = clock
        self._queue = EventQueue(stream, origin_ns, capacity)
        self._supervisor = supervise(self._queue)
        self._beats, self._samples = HeartRateStream(stream), PolarStream(stream)
        self._delay_s, self._rr_unit = delay_s, rr_unit
        if rr_unit is not None:
            self._queue.fact(now.monotonic_ns, RR_UNIT, rr_unit)
        self._next_tick = int(self._queue.seconds(now.monotonic_ns)) + 1
        self._task: asyncio.Task[None] | None = None
        self._closed = False
        since = timedelta(seconds=self._queue.seconds(now.monotonic_ns))
        self._info = SourceInfo("sensor", name, (stream,), now.wall - since, origin_ns)

    @property
    def info(self) -> SourceInfo:
        """What this source is; name and delay are those of the sensor once it has told them."""
        name = self._supervisor.name or self._info.name
        delay = delay_of(name, self._delay_s)
        details = {"delay": delay.source} | ({RR_UNIT: self._rr_unit} if self._rr_unit else {})
        return replace(self._info, name=name, delay_s=delay.seconds, details=details)

    @property
    def counters(self) -> LiveCounters:
        """What was left out so far; frames refused by the decoder are in ``stream``."""
        return LiveCounters(self._beats.counters, self._samples.malformed, self._queue.overrun)

    @property
    def waiting(self) -> int:
        """Frames that wait to be taken, at most ``capacity``."""
        return self._queue.waiting

    def __aiter__(self) -> AsyncIterator[Item]:
        if self._task is not None:
            raise RuntimeError("a live source can be iterated once")
        self._task = asyncio.create_task(self._supervisor.run())
        self._task.add_done_callback(lambda _: self._queue.arrived.set())
        return self._items(self._task)

    async def aclose(self) -> None:
        """Let go of the sensor and end the iteration; what has arrived is still given."""
        self._closed = True
        self._queue.arrived.set()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _items(self, supervising: asyncio.Task[None]) -> AsyncIterator[Item]:
        try:
            while not (self._closed or supervising.done()):
                self._queue.arrived.clear()
                for item in self._ready():
                    yield item
                await self._until_next()
            for item in self._ready():
                yield item
            if supervising.done() and not supervising.cancelled():
                supervising.result()
        finally:
            await self.aclose()

    def _ready(self) -> Iterator[Item]:
        """Everything up to now, ticks at their place among the events."""
        for event in self._queue.take():
            yield from self._ticks(event.time_s)
            if isinstance(event, SampleFrame):
                yield from self._samples.feed(event.time_s, event.data)
                continue
            yield from self._beats.feed(event)
            if isinstance(event, LinkChange):
                yield from self._samples.link(event)
        yield from self._ticks(self._queue.seconds(self._clock()))

    def _ticks(self, until_s: float) -> Iterator[Tick]:
        while self._next_tick <= until_s:
            self._next_tick += 1
            yield Tick(self._info.streams[0], float(self._next_tick - 1))

    async def _until_next(self) -> None:
        """Wait for an event or the next whole second."""
        wait_s = self._next_tick - self._queue.seconds(self._clock())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(wait_s, 0)):
                await self._queue.arrived.wait()
