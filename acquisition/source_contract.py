"""What every source must keep, as one check that anyone can run on theirs.

    python -m acquisition.source_contract plugin:NAME [--seconds 30]

or in a test of your own: ``await check_source(lambda: MySource(), seconds=30)``. Everything that is right of a source
(verdicts, indices, sessions, pages) rests on these facts and on no others.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import get_args

from acquisition.beats import (
    Beat,
    BeatSource,
    Gap,
    Item,
    LinkChange,
    Marker,
    Notification,
    SampleChunk,
    SourceInfo,
    Tick,
)
from acquisition.errors import AttunementError
from acquisition.sources import open_source

TICK_S = 1.0
"""A tick comes at least so often in the source's own time (silence must end phases and blank numbers)."""
NOISE_S = 1e-6
"""Sums of floats may miss by this."""
CLOSE_WITHIN_S = 5.0
"""A closed source ends its iteration within this, on the wall clock."""
WAIT_S = 60.0
"""Longest wait for the next item, on the wall clock: a sensor may have to be found first, but ticks come meanwhile."""


class ContractBroken(AssertionError):
    """A source does not keep one of the facts; the message says which, and at which item."""


@dataclass(slots=True)
class Seen:
    """What a checked source gave."""

    items: int = 0
    beats: int = 0
    gaps: int = 0
    until_s: float = 0.0
    """Time of the last tick."""
    kinds: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Stream:
    tick_s: float | None = None
    beat: Beat | None = None
    gap: Gap | None = None
    arrival_s: float = -math.inf
    chunks: dict[str, int] = field(default_factory=dict)


async def check_source(make: Callable[[], BeatSource], *, seconds: float = 30.0) -> Seen:
    """Take items for so many seconds of source time, then close; a second source is closed before its first item.

    Raises ContractBroken. A source that ends earlier is checked up to its end.
    """
    source = make()
    _must(isinstance(source, BeatSource), "a source has info, __aiter__ and aclose", source)
    _check_info(source.info)
    seen = await _listen(source, seconds)
    early = make()
    await early.aclose()
    await early.aclose()
    await _ends(early)
    return seen


async def _listen(source: BeatSource, seconds: float) -> Seen:
    seen, checker = Seen(), _Checker(source.info.streams)
    iterator = aiter(source)
    while seen.until_s < seconds:
        try:
            item = await asyncio.wait_for(anext(iterator), WAIT_S)
        except StopAsyncIteration:
            return seen
        except TimeoutError:
            raise ContractBroken(f"nothing came for {WAIT_S:g} s, not even a tick") from None
        checker.take(item)
        seen.items += 1
        seen.beats += isinstance(item, Beat)
        seen.gaps += isinstance(item, Gap)
        seen.kinds.add(type(item).__name__)
        if isinstance(item, Tick):
            seen.until_s = max(seen.until_s, item.time_s)
    await source.aclose()
    await source.aclose()  # twice is allowed
    await _ends(source, iterator)
    return seen


async def _ends(source: BeatSource, iterator: AsyncIterator[Item] | None = None) -> None:
    """A closed source ends; what it already held may still come."""

    async def drain() -> None:
        async for _ in source if iterator is None else iterator:
            pass

    try:
        await asyncio.wait_for(drain(), CLOSE_WITHIN_S)
    except TimeoutError:
        raise ContractBroken(f"after aclose the iteration goes on for more than {CLOSE_WITHIN_S:g} s") from None


class _Checker:
    """Holds what came last of each stream."""

    def __init__(self, streams: Sequence[str]) -> None:
        self._streams = {stream: _Stream() for stream in streams}

    def take(self, item: Item) -> None:
        """One more item; raises ContractBroken."""
        _must(isinstance(item, get_args(Item)), "an item is one of acquisition.beats.Item", item)
        _must(item.stream in self._streams, "an item's stream is one of info.streams", item)
        _must(math.isfinite(item.time_s), "times are finite", item)
        stream = self._streams[item.stream]
        if stream.gap is not None:
            _must(isinstance(item, Beat), "a gap comes right before the first beat after it", item)
        if isinstance(item, Tick):
            self._tick(stream, item)
        elif isinstance(item, Beat):
            self._beat(stream, item)
        elif isinstance(item, Gap):
            self._gap(stream, item)
        elif isinstance(item, SampleChunk):
            self._chunk(stream, item)
        elif isinstance(item, (Notification, LinkChange, Marker)):
            told = "what arrives does not come after a later tick, nor go back in time"
            _must(item.time_s >= max(stream.tick_s or 0.0, stream.arrival_s) - NOISE_S, told, item)
            stream.arrival_s = item.time_s

    @staticmethod
    def _tick(stream: _Stream, tick: Tick) -> None:
        before = stream.tick_s if stream.tick_s is not None else tick.time_s - TICK_S
        _must(tick.time_s > before, "ticks rise", tick)
        _must(tick.time_s <= before + TICK_S + NOISE_S, "a tick comes at least once a second of source time", tick)
        _must(tick.time_s >= stream.arrival_s - NOISE_S, "a tick does not come after a later arrival", tick)
        stream.tick_s = tick.time_s

    @staticmethod
    def _beat(stream: _Stream, beat: Beat) -> None:
        before, stream.beat, gap, stream.gap = stream.beat, beat, stream.gap, None
        _must(beat.rr_ms > 0 and math.isfinite(beat.rr_ms), "an interval is above 0", beat)
        if beat.rr_ticks is not None:
            _must(beat.rr_ms * 1024 == beat.rr_ticks * 1000, "rr_ms is exactly rr_ticks in ms", beat)
        if before is not None:
            _must(beat.seq == before.seq + 1, "seq counts up by one", beat)
            _must(beat.time_s >= before.time_s, "beats rise in time", beat)
        if gap is not None:
            _must(beat.time_s >= gap.to_s - NOISE_S, "the beat after a gap ends after it", beat)

    @staticmethod
    def _gap(stream: _Stream, gap: Gap) -> None:
        _must(gap.from_s <= gap.to_s, "a gap does not end before it begins", gap)
        _must(bool(gap.reason), "a gap has a reason", gap)
        if stream.beat is not None:
            _must(gap.from_s >= stream.beat.time_s - NOISE_S, "a gap begins after the last beat", gap)
        stream.gap = gap

    @staticmethod
    def _chunk(stream: _Stream, chunk: SampleChunk) -> None:
        _must(chunk.samples.ndim in (1, 2), "samples have the shape (n,) or (n, channels)", chunk)
        _must(chunk.sampling_rate_hz > 0, "a chunk has a sampling rate", chunk)
        _must(chunk.seq == stream.chunks.get(chunk.kind, chunk.seq - 1) + 1, "chunks count up by one", chunk)
        stream.chunks[chunk.kind] = chunk.seq


def _check_info(info: SourceInfo) -> None:
    _must(isinstance(info, SourceInfo), "info is a SourceInfo", info)
    _must(bool(info.name), "a source has a name for people", info)
    _must(len(info.streams) > 0, "a source names its streams", info)
    _must(len(set(info.streams)) == len(info.streams), "names of streams differ", info)
    _must(math.isfinite(info.delay_s) and info.delay_s >= 0, "the delay is 0 or more", info)
    _must(info.speed > 0, "the speed is above 0", info)


def _must(holds: bool, fact: str, found: object) -> None:
    if not holds:
        raise ContractBroken(f"{fact}; found {found!r}")


def main() -> int:
    """Check the source that is named on the command line."""
    parser = argparse.ArgumentParser(description="Check that a source keeps what every source must keep.")
    parser.add_argument("source", help="FILE, sample:NAME, simulate, sensor:ADDRESS or plugin:NAME")
    parser.add_argument("--seconds", type=float, default=30.0, help="of source time (default 30)")
    arguments = parser.parse_args()
    try:
        seen = asyncio.run(check_source(lambda: open_source(arguments.source), seconds=arguments.seconds))
    except (ContractBroken, AttunementError) as broken:
        sys.stderr.write(f"{broken}\n")
        return 3
    kinds = ", ".join(sorted(seen.kinds))
    sys.stdout.write(f"kept: {seen.items} items, {seen.beats} beats, {seen.gaps} gaps, {seen.until_s:g} s ({kinds})\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
