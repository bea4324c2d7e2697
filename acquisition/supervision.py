"""One task that keeps one sensor streaming: find, connect, subscribe, watch, say goodbye, wait, again.

Free of any Bluetooth library: it takes a ``Connector``, which a test can play. Each attempt has a client and a
generation number of its own, so that a late callback of an old client is ignored, and each step has a time-out that
holds even when the step cannot be cancelled. Callbacks only stamp and hand on; all reconnecting happens in the task.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from random import Random
from typing import Any, TypeVar

from acquisition.beats import LinkState
from acquisition.bounded import bounded
from acquisition.clock import NS_PER_S, ReadNs
from acquisition.errors import BluetoothUnavailable, SensorError
from acquisition.links import FACTS, Connector, Link, LinkTimings, Sink

T = TypeVar("T")

LINK_LOST = "the sensor went out of reach or was taken off; looking for it"
SILENT = "connected, but no data for a while; waiting for the sensor"
SILENT_TOO_LONG = "connected, but no data for too long; connecting anew"
FAILURES_COUNTED = 16
"""Far beyond the longest back-off; keeps the power of two small."""
SHORTEST_WAIT_S = 0.001
"""The event loop's clock and ours may differ by less than this."""


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
