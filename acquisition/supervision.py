"""One task that keeps one sensor streaming: find, connect, subscribe, watch, say goodbye, wait, again.

Free of any Bluetooth library: it takes a ``Connector``, which a test can play. Each attempt has a client and a
generation number of its own, so that a late callback of an old client is ignored, and each step has a time-out that
holds even when the step cannot be cancelled. Callbacks only stamp and hand on; all reconnecting happens in the task.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol, TypeVar

from acquisition.beats import LinkState
from acquisition.clock import NS_PER_S, ReadNs
from acquisition.errors import BluetoothUnavailable, SensorError

T = TypeVar("T")

LINK_LOST = "the sensor went out of reach or was taken off; looking for it"
SILENT = "connected, but no data for a while; waiting for the sensor"
SILENT_TOO_LONG = "connected, but no data for too long; connecting anew"
FACTS = ("battery_percent", "manufacturer", "model", "serial", "firmware", "location")
"""What a sensor is asked about itself, the battery first; each may be missing."""
FAILURES_COUNTED = 16
"""Far beyond the longest back-off; keeps the power of two small."""
SHORTEST_WAIT_S = 0.001
"""The event loop's clock and ours may differ by less than this."""


@dataclass(frozen=True, slots=True)
class LinkTimings:
    """Every time-out of the link to a sensor, in seconds; tests pass shorter ones."""

    search_s: float = 8.0
    """One look for the sensor; straps advertise at least once a second, so it is found sooner when there."""
    connect_s: float = 20.0
    """Connecting, service discovery included (BlueZ itself gives up after about 20 s)."""
    subscribe_s: float = 5.0
    read_s: float = 3.0
    """Reading one fact; also how long a step may take to obey its cancelling."""
    degraded_after_s: float = 5.0
    """Silence until the person is told: straps send once a second."""
    reconnect_after_s: float = 10.0
    """Silence until the link is given up; a silent link never says so itself."""
    goodbye_s: float = 2.0
    """For each of unsubscribing and disconnecting."""
    backoff_first_s: float = 0.5
    backoff_most_s: float = 8.0
    backoff_jitter: float = 0.2
    """Share by which each wait differs at random, so that two sensors do not collide for ever."""
    calm_after_s: float = 30.0
    """Data for this long and the back-off starts from its first step again."""
    bluetooth_retry_s: float = 5.0
    """Between looks while Bluetooth is off or absent."""
    battery_every_s: float = 300.0


class Link(Protocol):
    """One connected sensor. All methods raise SensorError and nothing else."""

    @property
    def name(self) -> str | None:
        """What is printed on it, or None when it does not say."""
        ...

    async def subscribe(self, on_frame: Callable[[bytes], None]) -> None:
        """Call ``on_frame`` with the bytes of each heart-rate frame from now on."""
        ...

    async def fact(self, name: str) -> str | None:
        """One of FACTS, or None when the sensor does not tell."""
        ...

    async def unsubscribe(self) -> None:
        """Ask for no more frames."""
        ...

    async def disconnect(self) -> None:
        """Let go of the sensor, whatever state the link is in."""
        ...


class Connector(Protocol):
    """How links are made. All methods raise SensorError, of which BluetoothUnavailable is one, and nothing else."""

    def exclusive(self) -> AbstractAsyncContextManager[object]:
        """The right to scan and connect; one holder in the process at a time."""
        ...

    async def ready(self) -> None:
        """Raises BluetoothUnavailable while there is no use in looking for a sensor."""
        ...

    async def find(self, address: str, seconds: float) -> object:
        """Something ``connect`` takes. Raises SensorNotFound when the sensor was not seen."""
        ...

    async def connect(self, found: Any, seconds: float, on_lost: Callable[[], None]) -> Link:
        """A link; ``on_lost`` is called when it ends, also when we end it."""
        ...


class Sink(Protocol):
    """Where a supervisor's observations go; ``at_ns`` is the reading of its clock. Must return at once."""

    def link(self, at_ns: int, state: LinkState, reason: str | None) -> None:
        """The link changed its state."""
        ...

    def frame(self, at_ns: int, data: bytes) -> None:
        """A frame came."""
        ...

    def fact(self, at_ns: int, name: str, value: str) -> None:
        """The sensor told something of itself that is new."""
        ...


async def bounded(step: Coroutine[Any, Any, T], seconds: float, grace_s: float, what: str) -> T:
    """The result of ``step``, or SensorError after ``seconds``, also when it does not obey its cancelling.

    A step that goes on after ``grace_s`` more is left behind; what it gives or raises later is dropped.
    """
    task = asyncio.ensure_future(step)
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    try:
        await asyncio.wait({task}, timeout=seconds)
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=grace_s)
    if not task.done() or task.cancelled():
        raise SensorError(f"{what} took longer than {seconds:g} s")
    return task.result()


class Supervisor:
    """Keeps the sensor at ``address`` streaming into ``sink`` until its ``run`` is cancelled."""

    def __init__(
        self,
        address: str,
        connector: Connector,
        sink: Sink,
        *,
        clock: ReadNs,
        timings: LinkTimings,
        random: Random,
    ) -> None:
        self._address, self._connector, self._sink = address, connector, sink
        self._clock, self._timings, self._random = clock, timings, random
        self._generation = 0
        self._failures = 0
        self._trouble: str | None = None
        self._facts: dict[str, str] = {}
        self._flowing = False
        self._first_ns = self._last_ns = 0
        self._lost = asyncio.Event()
        self._link: Link | None = None
        self.name: str | None = None
        """What the sensor calls itself, once connected."""

    async def run(self) -> None:
        """Never returns by itself."""
        while True:
            wait_s = await self._one_round()
            await asyncio.sleep(wait_s)

    async def _one_round(self) -> float:
        """One attempt, from looking for the sensor to losing it; returns how long to wait before the next."""
        try:
            await self._attempt()
        except BluetoothUnavailable as error:
            self._say(LinkState.BLUETOOTH_OFF, str(error))
            self._trouble, self._failures = None, 0
            return self._timings.bluetooth_retry_s
        except SensorError as error:
            self._trouble = str(error)
            self._say(LinkState.SEARCHING, self._trouble)
        else:
            self._trouble = None
        return self._backoff_s()

    def _backoff_s(self) -> float:
        t = self._timings
        wait_s = min(t.backoff_first_s * 2.0**self._failures, t.backoff_most_s)
        self._failures = min(self._failures + 1, FAILURES_COUNTED)
        return wait_s * (1 + t.backoff_jitter * (2 * self._random.random() - 1))

    async def _attempt(self) -> None:
        t = self._timings
        self._generation += 1
        generation = self._generation
        self._lost, self._link, self._flowing, self._first_ns = asyncio.Event(), None, False, 0
        try:
            async with self._connector.exclusive():
                await self._step(self._connector.ready(), t.read_s, "asking for Bluetooth")
                self._say(LinkState.SEARCHING, self._trouble)
                looking = self._connector.find(self._address, t.search_s)
                found = await self._step(looking, t.search_s + t.read_s, "looking for the sensor")
                self._say(LinkState.CONNECTING, None)
                link = await self._step(self._connect(found, generation), t.connect_s, "connecting")
            subscribing = link.subscribe(lambda data: self._on_frame(generation, data))
            await self._step(subscribing, t.subscribe_s, "subscribing")
            await self._stay(link)
        finally:
            self._generation += 1
            await self._goodbye()

    async def _connect(self, found: object, generation: int) -> Link:
        link = await self._connector.connect(found, self._timings.connect_s, lambda: self._on_lost(generation))
        if generation != self._generation:  # given up meanwhile, and nobody else knows of this link
            await link.disconnect()
            raise SensorError("connected too late")
        self._link = link
        self.name = link.name or self.name
        return link

    async def _step(self, step: Coroutine[Any, Any, T], seconds: float, what: str) -> T:
        return await bounded(step, seconds, self._timings.read_s, what)

    # ---- callbacks of the link: stamp, hand on, return -----------------------------------

    def _on_frame(self, generation: int, data: bytes) -> None:
        at_ns = self._clock()
        if generation != self._generation or self._lost.is_set():
            return
        if not self._flowing:
            self._flowing = True
            self._sink.link(at_ns, LinkState.STREAMING, None)
        self._first_ns = self._first_ns or at_ns
        self._last_ns = at_ns
        self._sink.frame(at_ns, data)

    def _on_lost(self, generation: int) -> None:
        if generation != self._generation or self._lost.is_set():
            return
        self._lost.set()
        if self._link is not None:
            self._say(LinkState.LOST, LINK_LOST)

    # ---- while connected ----------------------------------------------------------------

    async def _stay(self, link: Link) -> None:
        """Until the link is lost or silent for too long."""
        self._last_ns = max(self._last_ns, self._clock())
        telling = asyncio.create_task(self._tell(link))
        try:
            await self._watch()
        finally:
            telling.cancel()
            await asyncio.wait({telling}, timeout=self._timings.goodbye_s)
        if self._first_ns and (self._last_ns - self._first_ns) / NS_PER_S >= self._timings.calm_after_s:
            self._failures = 0

    async def _watch(self) -> None:
        """The watchdog: returns when the link says that it is lost, or says nothing for too long."""
        t, told_ns = self._timings, -1
        while not self._lost.is_set():
            silent_s = (self._clock() - self._last_ns) / NS_PER_S
            if silent_s >= t.reconnect_after_s:
                self._say(LinkState.LOST, SILENT_TOO_LONG)
                return
            wait_s = t.degraded_after_s - silent_s
            if wait_s <= 0:
                wait_s = t.reconnect_after_s - silent_s
                if told_ns != self._last_ns:
                    told_ns, self._flowing = self._last_ns, False
                    self._say(LinkState.DEGRADED, SILENT)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(wait_s, SHORTEST_WAIT_S)):
                    await self._lost.wait()

    async def _tell(self, link: Link) -> None:
        """What the sensor says of itself, each once; its battery again and again."""
        for name in FACTS:
            await self._ask(link, name)
        while True:
            await asyncio.sleep(self._timings.battery_every_s)
            await self._ask(link, FACTS[0])

    async def _ask(self, link: Link, name: str) -> None:
        try:
            value = await self._step(link.fact(name), self._timings.read_s, f"reading {name}")
        except SensorError:
            return  # none of the facts is needed
        if value is not None and self._facts.get(name) != value:
            self._facts[name] = value
            self._sink.fact(self._clock(), name, value)

    async def _goodbye(self) -> None:
        link, self._link = self._link, None
        if link is None:
            return
        limit_s = self._timings.goodbye_s
        if not self._lost.is_set():
            with contextlib.suppress(SensorError):
                await bounded(link.unsubscribe(), limit_s, limit_s, "unsubscribing")
        with contextlib.suppress(SensorError):
            await bounded(link.disconnect(), limit_s, limit_s, "disconnecting")

    def _say(self, state: LinkState, reason: str | None) -> None:
        self._sink.link(self._clock(), state, reason)
