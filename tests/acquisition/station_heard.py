"""What a station's source gives while a scripted page tells it of a strap."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from acquisition.beats import Item, LinkChange, LinkState, Notification
from acquisition.station import Station
from acquisition.station_source import (
    StationSource,
)
from tests.acquisition.scripted_page import ScriptedPage
from tests.acquisition.virtual_time import VirtualLoop, run

Play = Callable[[ScriptedPage], Awaitable[None]]
RR = 1021
"""Ticks; with up to 6 more in turn an interval takes a second in the mean, as the frames do."""


class Heard(list[Item]):
    """What a source gave."""

    def of(self, kind: type[Any]) -> list[Any]:
        return [item for item in self if isinstance(item, kind)]

    @property
    def frames(self) -> list[bytes]:
        return [item.data for item in self.of(Notification)]

    @property
    def links(self) -> list[tuple[LinkState, str | None]]:
        return [(link.state, link.reason) for link in self.of(LinkChange)]


def listen(play: Play, **knobs: Any) -> tuple[Heard, ScriptedPage, Station]:
    """Everything the source gives while ``play`` moves a page; then it is closed."""

    async def main(loop: VirtualLoop) -> tuple[Heard, ScriptedPage, Station]:
        station, heard = Station(), Heard()
        source = StationSource(station, clock=loop.now_ns, **knobs)
        page = ScriptedPage(station, lambda: loop.now_ns() / 1e6)

        async def take() -> None:
            async for item in source:
                heard.append(item)

        taking = asyncio.create_task(take())
        await asyncio.sleep(0.25)
        await play(page)
        await source.aclose()
        await taking
        return heard, page, station

    return run(main)


async def beats(page: ScriptedPage, seconds: int, first: int = RR) -> None:
    """A frame a second, each with an interval of its own."""
    for k in range(seconds):
        await asyncio.sleep(0.5)
        page.beat(first + k % 7)
        await asyncio.sleep(0.5)
