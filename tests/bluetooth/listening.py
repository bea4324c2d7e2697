"""Listens to a source in the background, so that a test can wait for what it expects instead of sleeping."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from acquisition import Beat, BeatSource, Gap, Item, LinkChange, LinkState, SensorFact

T = TypeVar("T")
PATIENCE_S = 30.0
"""Far longer than anything here takes on a busy machine; reached only by a failure."""


class Listener:
    """Everything that a source has given so far."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self._more = asyncio.Condition()

    async def listen(self, source: BeatSource) -> None:
        """Take items until the source ends."""
        async for item in source:
            async with self._more:
                self.items.append(item)
                self._more.notify_all()

    async def until(self, happened: Callable[[], T], patience_s: float = PATIENCE_S) -> T:
        """Wait until ``happened()`` is true and return what it gave."""
        async with asyncio.timeout(patience_s), self._more:
            while not (result := happened()):
                await self._more.wait()
            return result

    def of(self, kind: type[T]) -> list[T]:
        """All items of one kind."""
        return [item for item in self.items if isinstance(item, kind)]

    def links(self) -> list[LinkState]:
        """States of the link in order."""
        return [link.state for link in self.of(LinkChange)]

    def reason(self, state: LinkState) -> str | None:
        """The reason given with the last change to this state."""
        return next((link.reason for link in reversed(self.of(LinkChange)) if link.state is state), None)

    def fact(self, name: str) -> str | None:
        """The last value of a fact."""
        return next((fact.value for fact in reversed(self.of(SensorFact)) if fact.name == name), None)

    async def beats(self, more: int) -> list[Beat]:
        """Wait for so many more beats; all beats."""
        wanted = len(self.of(Beat)) + more
        await self.until(lambda: len(self.of(Beat)) >= wanted)
        return self.of(Beat)

    async def gap(self, number: int = 1) -> Gap:
        """Wait for the gap with this number, counted from 1."""
        await self.until(lambda: len(self.of(Gap)) >= number)
        return self.of(Gap)[number - 1]

    async def link(self, state: LinkState, times: int = 1) -> None:
        """Wait until the link has come into this state so many times."""
        await self.until(lambda: self.links().count(state) >= times)


@asynccontextmanager
async def listening(source: BeatSource) -> AsyncIterator[Listener]:
    """Iterate ``source`` for the length of the block, then close it."""
    listener = Listener()
    task = asyncio.create_task(listener.listen(source))
    try:
        yield listener
    finally:
        await source.aclose()
        await task
