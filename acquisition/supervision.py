"""One task that keeps one sensor streaming: find, connect, subscribe, watch, say goodbye, wait, again.

Free of any Bluetooth library: it takes a ``Connector``, which a test can play. Each attempt has a client and a
generation number of its own, so that a late callback of an old client is ignored, and each step has a time-out that
holds even when the step cannot be cancelled. Callbacks only stamp and hand on; all reconnecting happens in the task.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection, Coroutine
from random import Random
from typing import Any, TypeVar

from acquisition.beats import LinkState
from acquisition.bounded import bounded
from acquisition.clock import NS_PER_S, ReadNs
from acquisition.errors import BluetoothServiceMissing, BluetoothUnavailable, SensorError
from acquisition.identity import Identity
from acquisition.links import Connector, Link, LinkTimings, Signal, Sink
from acquisition.telling import Telling
from acquisition.time_jump import JumpWatch

T = TypeVar("T")

LINK_LOST = "the sensor went out of reach or was taken off; looking for it"
SILENT = "connected, but no data for a while; waiting for the sensor"
SILENT_TOO_LONG = "connected, but no data for too long; connecting anew"
CLOCK_JUMPED = "this computer slept or its clock was set; connecting anew"
SIGNAL_ON = "on"
"""Value of the fact of a signal's name once the sensor has agreed to send it; else the fact says why not."""
SIGNAL_ENDED = "the sensor has ended it by itself; its intervals are used alone"
STEPS_TO_MEASURE = 4
"""Exchanges with the control point that starting a signal may take: settings, start, stop, start again."""
FAILURES_COUNTED = 16
"""Far beyond the longest back-off; keeps the power of two small."""
SHORTEST_WAIT_S = 0.001
"""The event loop's clock and ours may differ by less than this."""


class Supervisor:
    """Keeps the sensor that is ``wanted`` streaming into ``sink`` until its ``run`` is cancelled.

    ``signals`` are asked for beside the intervals; a sensor that refuses one goes on with the rest. ``wall`` reads the
    system's time of day, which shows that the computer slept.
    """

    def __init__(
        self,
        wanted: Identity,
        connector: Connector,
        sink: Sink,
        *,
        clock: ReadNs,
        wall: ReadNs,
        timings: LinkTimings,
        random: Random,
        signals: Collection[Signal] = (),
    ) -> None:
        self._wanted, self._connector, self._sink = wanted, connector, sink
        self._clock, self._wall, self._timings, self._random = clock, wall, timings, random
        self._signals = tuple(signals)
        self._strangers: set[str] = set()
        """Addresses of sensors that proved to be others."""
        self._generation = 0
        self._failures = self._missing = 0
        self._trouble: str | None = None
        self._telling = Telling(self._on_fact, timings)
        self._flowing = False
        self._first_ns = self._last_ns = 0
        self._lost = asyncio.Event()
        self._link: Link | None = None

    @property
    def name(self) -> str | None:
        """What the sensor calls itself, once connected."""
        return self._wanted.name

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
            return self._bluetooth_wait_s(error)
        except SensorError as error:
            self._trouble = str(error)
            self._say(LinkState.SEARCHING, self._trouble)
        else:
            self._trouble = None
        return self._backoff_s()

    def _bluetooth_wait_s(self, error: BluetoothUnavailable) -> float:
        """An adapter is asked for at a steady pace, a missing service more and more rarely."""
        t = self._timings
        self._missing = min(self._missing + 1, FAILURES_COUNTED) if isinstance(error, BluetoothServiceMissing) else 0
        return min(t.bluetooth_retry_s * 2.0 ** max(self._missing - 1, 0), t.service_retry_s)

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
                looking = self._connector.find(self._wanted, t.search_s, frozenset(self._strangers))
                found = await self._step(looking, t.search_s + t.read_s, "looking for the sensor")
                self._say(LinkState.CONNECTING, None)
                link = await self._step(self._connect(found, generation), t.connect_s, "connecting")
            self._missing = 0
            await self._identify(link)
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
        return link

    async def _identify(self, link: Link) -> None:
        """Raises SensorError when this is another sensor than the chosen one; what it told is then forgotten."""
        serial = None
        if self._wanted.serial is not None:
            with contextlib.suppress(SensorError):
                serial = await self._step(link.fact("serial"), self._timings.read_s, "asking which sensor it is")
        try:
            self._wanted.check(link.address, serial)
        except SensorError:
            self._strangers.add(link.address)
            raise
        self._wanted = self._wanted.learned(name=link.name)

    async def _step(self, step: Coroutine[Any, Any, T], seconds: float, what: str) -> T:
        return await bounded(step, seconds, self._timings.read_s, what)

    # ---- callbacks of the link: stamp, hand on, return -----------------------------------

    def _on_frame(self, generation: int, data: bytes) -> None:
        at_ns = self._clock()
        if self._alive(generation, at_ns):
            self._sink.frame(at_ns, data)

    def _on_samples(self, generation: int, data: bytes) -> None:
        at_ns = self._clock()
        if self._alive(generation, at_ns):
            self._sink.samples(at_ns, data)

    def _alive(self, generation: int, at_ns: int) -> bool:
        """Something came; whether it counts, that is, whether it is from the link that stands."""
        if generation != self._generation or self._lost.is_set():
            return False
        if not self._flowing:
            self._flowing = True
            self._sink.link(at_ns, LinkState.STREAMING, None)
        self._first_ns = self._first_ns or at_ns
        self._last_ns = at_ns
        return True

    def _on_ended(self, signal: Signal) -> None:
        self._sink.fact(self._clock(), signal, SIGNAL_ENDED)

    def _on_fact(self, name: str, value: str) -> None:
        if name == "serial":
            self._wanted = self._wanted.learned(serial=value)
        self._sink.fact(self._clock(), name, value)

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
        beside = asyncio.create_task(self._beside(link, self._generation))
        try:
            await self._watch()
        finally:
            beside.cancel()
            await asyncio.wait({beside}, timeout=self._timings.goodbye_s)
        if self._first_ns and (self._last_ns - self._first_ns) / NS_PER_S >= self._timings.calm_after_s:
            self._failures = 0

    async def _beside(self, link: Link, generation: int) -> None:
        """What is asked of the sensor while its beats flow."""
        await self._telling.facts(link)
        for signal in self._signals:
            starting = link.measure(signal, lambda data: self._on_samples(generation, data), self._on_ended)
            told = SIGNAL_ON
            try:
                await self._step(starting, STEPS_TO_MEASURE * self._timings.control_s, f"starting {signal}")
            except SensorError as error:
                told = str(error)
            self._sink.fact(self._clock(), signal, told)
        await self._telling.battery(link)

    async def _watch(self) -> None:
        """The watchdog: returns when the link says that it is lost, or says nothing for too long."""
        t, told_ns = self._timings, -1
        clocks = JumpWatch(self._clock, self._wall)
        while not self._lost.is_set():
            silent_s = (self._clock() - self._last_ns) / NS_PER_S
            if silent_s >= t.reconnect_after_s:
                self._give_up(SILENT_TOO_LONG)
                return
            jump_s = clocks.jump_s()
            if abs(jump_s) > t.clock_jump_s:
                self._sink.fact(self._clock(), "clock_jump_s", f"{jump_s:.1f}")
                self._give_up(CLOCK_JUMPED)
                return
            wait_s = t.degraded_after_s - silent_s
            if wait_s <= 0:
                wait_s = t.reconnect_after_s - silent_s
                if told_ns != self._last_ns:
                    told_ns, self._flowing = self._last_ns, False
                    self._say(LinkState.DEGRADED, SILENT)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(min(wait_s, t.clock_check_s), SHORTEST_WAIT_S)):
                    await self._lost.wait()

    def _give_up(self, reason: str) -> None:
        """What this link still says is not heard any more."""
        self._generation += 1
        self._say(LinkState.LOST, reason)

    async def _goodbye(self) -> None:
        link, self._link = self._link, None
        if link is None:
            return
        limit_s = self._timings.goodbye_s
        if not self._lost.is_set():
            if self._signals:
                with contextlib.suppress(SensorError):
                    await bounded(link.stop_measuring(), limit_s, limit_s, "stopping the samples")
            with contextlib.suppress(SensorError):
                await bounded(link.unsubscribe(), limit_s, limit_s, "unsubscribing")
        with contextlib.suppress(SensorError):
            await bounded(link.disconnect(), limit_s, limit_s, "disconnecting")

    def _say(self, state: LinkState, reason: str | None) -> None:
        self._sink.link(self._clock(), state, reason)
