"""A source whose ECG also becomes beats: whatever it gives, and behind each ECG chunk the beats that follow from it.

The work is done off the event loop, so that no stamp waits for it. This source's own items do wait, some 15 ms for each
second of ECG: their order then depends on nothing but their content.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from acquisition.beats import BeatSource, Item, SourceInfo, Tick
from processing import neurokit
from processing.ecg_beats import EcgBeats


class RPeakSource:
    """A ``BeatSource`` around another one that gives ECG on the streams ``ecg``.

    The beats come on streams of their own (``rpeak-1``), with ticks like the others', and their delay is none, as they
    are stamped when they were. With ``leading`` those streams are named first in ``info``: whoever follows a source's
    first stream, as a sitting does, follows the R peaks.
    """

    def __init__(self, source: BeatSource, *, ecg: Sequence[str] = ("ecg-1",), leading: bool = False) -> None:
        self._source, self._leading = source, leading
        self._makers = {name: EcgBeats(name) for name in ecg}

    @property
    def info(self) -> SourceInfo:
        """The other source's, with the streams of R peaks."""
        info = self._source.info
        peaks = tuple(maker.stream for maker in self._makers.values())
        if not self._leading:
            return replace(info, streams=(*info.streams, *peaks))
        details = {**info.details, "delay": "beats from the ECG are stamped when they were"}
        return replace(info, streams=(*peaks, *info.streams), delay_s=0.0, details=details)

    def __aiter__(self) -> AsyncIterator[Item]:
        return self._items()

    async def aclose(self) -> None:
        """Close the other source, which ends the iteration; may be called twice."""
        await self._source.aclose()

    async def _items(self) -> AsyncIterator[Item]:
        first = self._source.info.streams[0]
        loading = asyncio.create_task(asyncio.to_thread(neurokit.load))
        try:
            async for item in self._source:
                yield item
                for beat in await self._beats(item):
                    yield beat
                if isinstance(item, Tick) and item.stream == first:
                    for maker in self._makers.values():
                        yield Tick(maker.stream, item.time_s)
        finally:
            await loading
        for maker in self._makers.values():
            for beat in await asyncio.to_thread(maker.finish):
                yield beat

    async def _beats(self, item: Item) -> Sequence[Item]:
        maker = self._makers.get(item.stream)
        return () if maker is None else await asyncio.to_thread(maker.feed, item)
