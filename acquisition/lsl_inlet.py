"""A stream of RR intervals from Lab Streaming Layer as a source: found by name, type or id, and again when it is lost.

Each sample is one interval whose stamp says when it ended. A program that stamps when its packet arrived is found out
by the first two that come in one packet; from there on the beat clock places its intervals.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import timedelta
from typing import Any

from acquisition.beat_clock import BeatClock, PlacedFrame
from acquisition.beats import Beat, Gap, Item, LinkChange, LinkState, SourceInfo, Tick
from acquisition.clock import NS_PER_S, Anchor, ReadNs, monotonic_ns
from acquisition.errors import BadInput
from acquisition.lsl import PLACE, clock_ahead_s, library

SEARCH_S = 1.0
"""One look for the stream; also how long closing may have to wait. The library asks one outlet of a machine at first,
and all of them after half a second."""
PULL_S = 0.25
MOST_PULLED = 256
"""Samples taken at once; what is more waits in the library, which keeps 36,000."""
BEAT_LOST_S = 0.25
"""A beat that begins this long after the end of the one before is not its neighbour: the shortest believed interval."""
ONE_PACKET_S = 0.05
"""Two intervals whose stamps are closer than this came in one packet: no heart beats 20 times a second."""
SHORTEST_MS, LONGEST_MS = 10.0, 60_000.0
"""What lies outside is no interval but a slip of unit."""
MS_PER_S = 1000

NONE_FOUND = "no stream of this name is being sent; start it in the other program"
SEVERAL = "several streams are called so; give the source id of the one that is meant"
NO_INTERVALS = "the stream of this name is not one channel of numbers at an irregular rate"
ENDED = "the stream has ended; looking for it"
NO_NUMBER = "a sample was no interval"
HOLE = "the stream's stamps jump"
BY_ARRIVAL = "the stream stamps arrivals, not beats"


class LslSource:
    """A ``BeatSource`` on the stream whose name, type or source id is ``name``.

    Its values are ms, or s when ``unit`` says so. ``network`` looks beyond this computer. Trouble with the stream never
    ends it; it comes as link changes. Raises EnvironmentFault when the extra is not installed, BadInput for a unit that
    is none.
    """

    def __init__(
        self,
        name: str = "RR",
        *,
        unit: str = "ms",
        network: bool = False,
        stream: str = "heart-1",
        origin_ns: int | None = None,
        clock: ReadNs = monotonic_ns,
    ) -> None:
        if unit not in ("ms", "s"):
            raise BadInput(f"{unit!r} is no unit of intervals", place=PLACE, remedy="say ms or s")
        self._pylsl = library(network=network)
        self._name, self._stream, self._clock = name, stream, clock
        self._to_ms = 1.0 if unit == "ms" else 1000.0
        now = Anchor.now(clock)
        self._origin_ns = now.monotonic_ns if origin_ns is None else origin_ns
        since = timedelta(seconds=(now.monotonic_ns - self._origin_ns) / NS_PER_S)
        details = {"unit": unit, "scope": "network" if network else "this computer"}
        self._info = SourceInfo("sensor", f"LSL {name}", (stream,), now.wall - since, self._origin_ns, details=details)
        self._second = int(self._now_s()) + 1
        self._told: tuple[LinkState, str | None] | None = None
        self._placing = Placing(stream)
        self._closed = False

    @property
    def info(self) -> SourceInfo:
        """What this source is; its times are this machine's own, whatever the sender's clock."""
        return self._info

    def __aiter__(self) -> AsyncIterator[Item]:
        return self._items()

    async def aclose(self) -> None:
        """End the iteration within a second; may be called twice."""
        self._closed = True

    async def _items(self) -> AsyncIterator[Item]:
        inlet: Any = None
        try:
            while not self._closed:
                if inlet is None:
                    found, why = await asyncio.to_thread(self._find)
                    state = LinkState.SEARCHING if found is None else LinkState.STREAMING
                    for item in self._link(state, why):
                        yield item
                    inlet = found
                else:
                    rows = await asyncio.to_thread(self._pull, inlet)
                    for item in self._place(rows or ()):
                        yield item
                    if rows is None:
                        inlet = None
                        for item in self._link(LinkState.LOST, ENDED):
                            yield item
                for tick in self._ticks(self._now_s()):
                    yield tick
        finally:
            self._closed = True

    # ---- in a thread of the library's own pace -------------------------------------------

    def _find(self) -> tuple[Any, str | None]:
        """An open inlet, or None and why there is none."""
        seen = self._pylsl.resolve_streams(SEARCH_S)
        called = [one for one in seen if self._name in (one.name(), one.type(), one.source_id())]
        if len(called) != 1:
            return None, SEVERAL if called else NONE_FOUND
        (info,) = called
        if info.nominal_srate() != 0 or info.channel_count() != 1 or info.channel_format() == self._pylsl.cf_string:
            return None, NO_INTERVALS
        self._ahead_s = clock_ahead_s(self._pylsl) + self._origin_ns / NS_PER_S
        return self._pylsl.StreamInlet(info, recover=False, processing_flags=self._pylsl.proc_clocksync), None

    def _pull(self, inlet: Any) -> list[tuple[float, float]] | None:
        """Values with their stamps, or None when the stream has ended."""
        try:
            values, stamps = inlet.pull_chunk(timeout=PULL_S, max_samples=MOST_PULLED)
        except RuntimeError:  # the root of the library's own errors; a lost stream is one
            return None
        return [(float(value[0]), float(stamp)) for value, stamp in zip(values, stamps, strict=True)]

    # ---- on the loop ----------------------------------------------------------------------

    def _now_s(self) -> float:
        return (self._clock() - self._origin_ns) / NS_PER_S

    def _place(self, rows: Sequence[tuple[float, float]]) -> Iterator[Item]:
        for value, stamp in rows:
            yield from self._placing.push(value * self._to_ms, stamp - self._ahead_s)

    def _link(self, state: LinkState, reason: str | None) -> Iterator[Item]:
        if self._told == (state, reason):
            return
        if state is LinkState.LOST:
            yield from self._placing.cut(ENDED)
        self._told, now_s = (state, reason), self._now_s()
        yield from self._ticks(now_s)
        yield LinkChange(self._stream, now_s, state, reason)

    def _ticks(self, until_s: float) -> Iterator[Tick]:
        while self._second <= until_s:
            self._second += 1
            yield Tick(self._stream, float(self._second - 1))


class Placing:
    """Stamped intervals → beats and gaps. Pure: no clock, no library."""

    def __init__(self, stream: str = "heart-1") -> None:
        self._stream = stream
        self._seq = 0
        self._last_s: float | None = None
        self._broken: str | None = None
        self._clock: BeatClock | None = None
        """Places intervals that are stamped by arrival; None while stamps are those of beats."""
        self._raw: list[float] = []
        """Intervals that the beat clock holds back, in ms as they came."""
        self._rest_ms = 0.0

    def push(self, rr_ms: float, stamp_s: float) -> Iterator[Item]:
        """One interval that ended, or arrived, at ``stamp_s``."""
        if not SHORTEST_MS <= rr_ms <= LONGEST_MS:  # not a number fails, too
            yield from self.cut(NO_NUMBER)
        elif self._clock is not None:
            yield from self._arrived(self._clock, rr_ms, stamp_s)
        else:
            yield from self._stamped(rr_ms, stamp_s)

    def cut(self, reason: str) -> Iterator[Item]:
        """What comes next does not follow what came before."""
        if self._clock is not None:
            yield from self._placed(self._clock.cut(reason))
        self._broken = self._broken or reason

    def _stamped(self, rr_ms: float, stamp_s: float) -> Iterator[Item]:
        begin_s = stamp_s - rr_ms / MS_PER_S
        if self._last_s is not None and abs(stamp_s - self._last_s) < ONE_PACKET_S:
            self._clock, self._broken = BeatClock(MS_PER_S), self._broken or BY_ARRIVAL
            yield from self._arrived(self._clock, rr_ms, stamp_s)
            return
        if self._last_s is not None and begin_s - self._last_s > BEAT_LOST_S:
            self._broken = self._broken or HOLE
        yield from self._beat(rr_ms, stamp_s, stamp_s, None, begin_s)

    def _arrived(self, clock: BeatClock, rr_ms: float, stamp_s: float) -> Iterator[Item]:
        whole_ms = round(rr_ms + self._rest_ms)
        self._rest_ms += rr_ms - whole_ms
        self._raw.append(rr_ms)
        yield from self._placed(clock.push(stamp_s, (whole_ms,)))

    def _placed(self, frames: Sequence[PlacedFrame]) -> Iterator[Item]:
        for frame in frames:
            self._broken = self._broken or frame.gap
            rr_ms = self._raw.pop(0)
            yield from self._beat(rr_ms, frame.times_s[0], frame.arrival_s, frame.uncertainty_ms, frame.begins_s)

    def _beat(
        self, rr_ms: float, time_s: float, arrival_s: float, uncertainty_ms: float | None, begins_s: float
    ) -> Iterator[Item]:
        if self._last_s is not None:
            time_s = max(time_s, self._last_s)
            if self._broken is not None:
                yield Gap(self._stream, self._last_s, min(max(begins_s, self._last_s), time_s), self._broken)
        self._broken, self._last_s = None, time_s
        yield Beat(self._stream, self._seq, time_s, rr_ms, None, arrival_s, uncertainty_ms)
        self._seq += 1
