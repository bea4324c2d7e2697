"""A ``Connector`` made of plain Python, so that supervision is tested without any Bluetooth and in virtual time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from acquisition.beats import LinkState
from acquisition.errors import SensorError, SensorNotFound
from acquisition.identity import Identity
from acquisition.links import Signal

Trouble = Callable[[], Awaitable[None]]


async def fine() -> None:
    """No trouble."""


async def hang() -> None:
    """Wait for ever, and obey cancelling."""
    await asyncio.Event().wait()


async def hang_stubbornly() -> None:
    """Wait for ever and swallow the first cancelling, as a call into a broken system may."""
    with contextlib.suppress(asyncio.CancelledError):
        await hang()
    await hang()


def raises(error: SensorError) -> Trouble:
    """Fail at once."""

    async def fail() -> None:
        raise error

    return fail


@dataclass
class Heard:
    """A ``Sink`` that remembers, with times in s."""

    links: list[tuple[float, LinkState, str | None]] = field(default_factory=list)
    frames: list[tuple[float, bytes]] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    sampled: list[tuple[float, bytes]] = field(default_factory=list)

    def link(self, at_ns: int, state: LinkState, reason: str | None) -> None:
        self.links.append((at_ns / 1e9, state, reason))

    def frame(self, at_ns: int, data: bytes) -> None:
        self.frames.append((at_ns / 1e9, data))

    def samples(self, at_ns: int, data: bytes) -> None:
        self.sampled.append((at_ns / 1e9, data))

    def fact(self, at_ns: int, name: str, value: str) -> None:
        self.facts.append((name, value))

    @property
    def states(self) -> list[LinkState]:
        return [state for _, state, _ in self.links]

    def when(self, state: LinkState) -> list[float]:
        return [at_s for at_s, each, _ in self.links if each is state]


class ScriptedLink:
    """One connection; the test plays its sensor through ``send`` and ``lose``."""

    def __init__(self, script: ScriptedSensor, on_lost: Callable[[], None]) -> None:
        self.script, self.lose = script, on_lost
        self.name, self.address = script.name, script.address
        self.on_samples: Callable[[bytes], None] | None = None
        self.on_frame: Callable[[bytes], None] | None = None
        self.said_goodbye: list[str] = []

    def send(self, data: bytes = b"\x00\x3c") -> None:
        """One frame, if anybody listens."""
        if self.on_frame is not None:
            self.on_frame(data)

    async def subscribe(self, on_frame: Callable[[bytes], None]) -> None:
        await self.script.trouble("subscribe")
        self.on_frame = on_frame

    async def fact(self, name: str) -> str | None:
        await self.script.trouble("fact")
        return self.script.facts.get(name)

    async def measure(
        self, signal: Signal, on_samples: Callable[[bytes], None], on_ended: Callable[[Signal], None]
    ) -> None:
        await self.script.trouble("measure")
        self.on_samples = on_samples

    async def stop_measuring(self) -> None:
        self.said_goodbye.append("stop measuring")
        await self.script.trouble("stop measuring")

    async def unsubscribe(self) -> None:
        self.said_goodbye.append("unsubscribe")
        await self.script.trouble("unsubscribe")

    async def disconnect(self) -> None:
        self.said_goodbye.append("disconnect")
        self.lose()  # bleak calls it for our own disconnect, too
        await self.script.trouble("disconnect")


@dataclass
class ScriptedSensor:
    """A ``Connector``; ``troubles`` of a step are met one each, then all goes well."""

    name: str | None = "Strap 1"
    address: str = "A"
    present: bool = True
    facts: dict[str, str] = field(default_factory=dict)
    troubles: dict[str, list[Trouble]] = field(default_factory=dict)
    links: list[ScriptedLink] = field(default_factory=list)
    attempts: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def trouble(self, step: str) -> None:
        queue = self.troubles.get(step)
        await (queue.pop(0) if queue else fine)()

    def exclusive(self) -> AbstractAsyncContextManager[object]:
        return self._held()

    @contextlib.asynccontextmanager
    async def _held(self) -> AsyncIterator[None]:
        async with self.lock:
            yield

    async def ready(self) -> None:
        self.attempts += 1
        await self.trouble("ready")

    async def find(self, wanted: Identity, seconds: float, strangers: Collection[str]) -> str:
        assert self.lock.locked()
        await self.trouble("find")
        if not self.present or self.address in strangers:
            await asyncio.sleep(seconds)
            raise SensorNotFound("not seen")
        return self.address

    async def connect(self, found: object, seconds: float, on_lost: Callable[[], None]) -> ScriptedLink:
        assert self.lock.locked()
        await self.trouble("connect")
        link = ScriptedLink(self, on_lost)
        self.links.append(link)
        return link
