"""An emulated heart-rate strap: one frame a period with the beats since the last, and knobs for what goes wrong."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterator
from random import Random

from acquisition.clock import NS_PER_S, monotonic_ns
from tests.bluetooth.frames import heart_rate_frame
from tests.bluetooth.gatt import Characteristic, Device, Service, sig_uuid

HEART_RATE = sig_uuid(0x180D)
BREATHS_PER_S = 0.1


class EmulatedStrap(Device):
    """A device that beats in real time. Its knobs may be turned at any moment."""

    def __init__(
        self,
        address: str = "A0:00:00:00:00:01",
        name: str | None = "Strap 4711",
        *,
        mean_rr_s: float = 0.85,
        period_s: float = 1.0,
        sends_rr: bool = True,
        battery: bool = True,
        serial: str | None = None,
        seed: int = 1,
        rssi_dbm: int = -60,
        speed: float = 1.0,
        ticks_per_s: int = 1024,
    ) -> None:
        self._frames = Characteristic(sig_uuid(0x2A37), ("notify",), notifying=self._on_subscribed)
        services = [
            Service(HEART_RATE, [self._frames, Characteristic(sig_uuid(0x2A38), ("read",), b"\x01")]),
            Service(
                sig_uuid(0x180A),
                [
                    Characteristic(sig_uuid(0x2A29), ("read",), b"Nobody"),
                    Characteristic(sig_uuid(0x2A24), ("read",), b"E1\0"),
                    Characteristic(sig_uuid(0x2A25), ("read",), (serial or address.replace(":", "")).encode()),
                    Characteristic(sig_uuid(0x2A26), ("read",), b"1.0"),
                ],
            ),
        ]
        if battery:
            services.append(Service(sig_uuid(0x180F), [Characteristic(sig_uuid(0x2A19), ("read", "notify"), b"\x57")]))
        super().__init__(address, name, services, rssi_dbm, (HEART_RATE,))
        self.period_s, self._speed, self._ticks_per_s = period_s, speed, ticks_per_s
        self.holding = False
        """True: frames wait, and all come at once when it ends."""
        self.losing = False
        """True: frames vanish without a word."""
        self._held: list[bytes] = []
        self.sends_rr = sends_rr
        self.mute = False
        """True: connected, and silent."""
        self.contact: bool | None = True
        """False: the electrodes are dry; None: it cannot tell."""
        self.mangle: Callable[[bytes], bytes] | None = None
        """Applied to each frame before it is sent."""
        self.repeat = 1
        """How many times each frame is delivered."""
        self.sent: list[tuple[int, bytes, tuple[float, ...]]] = []
        """Of each frame sent: clock in ns, its bytes, and the true times of its beats on that clock in s."""
        self.delivered: list[bytes] = []
        """Frames that somebody was subscribed to get, in order."""
        self._beats = self._heart(Random(seed), mean_rr_s)
        self._next = next(self._beats)
        self._task: asyncio.Task[None] | None = None

    @property
    def subscribed(self) -> bool:
        """Whether somebody asked for frames."""
        return self._task is not None

    def _heart(self, random: Random, mean_rr_s: float) -> Iterator[tuple[float, int]]:
        """Time and interval of each beat for ever; intervals breathe by 5 % and are whole ticks. With a ``speed`` it
        beats faster than its intervals say, for a listener whose clock runs as fast."""
        at_s = monotonic_ns() / NS_PER_S
        while True:
            breath = math.sin(2 * math.pi * BREATHS_PER_S * at_s * self._speed)
            ticks = round(self._ticks_per_s * mean_rr_s * (1 + 0.05 * breath + random.gauss(0, 0.01)))
            at_s += ticks / self._ticks_per_s / self._speed
            yield at_s, ticks

    def _beats_until(self, at_s: float) -> list[tuple[float, int]]:
        beats = []
        while self._next[0] <= at_s:
            beats.append(self._next)
            self._next = next(self._beats)
        return beats

    def _on_subscribed(self, on: bool) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task = asyncio.get_running_loop().create_task(self._send()) if on else None

    async def _send(self) -> None:
        self._beats_until(monotonic_ns() / NS_PER_S)  # beats before the subscription are nobody's
        while True:
            await asyncio.sleep(self.period_s)
            beats = self._beats_until(monotonic_ns() / NS_PER_S)
            if self.mute:
                continue
            data = self._frame([ticks for _, ticks in beats])
            self.sent += [(monotonic_ns(), data, tuple(at_s for at_s, _ in beats))] * self.repeat
            if self.losing:
                continue
            self._held += [data] * self.repeat
            while self._held and not self.holding:
                frame = self._held.pop(0)
                if self.notify(self._frames, frame):
                    self.delivered.append(frame)

    def _frame(self, ticks: list[int]) -> bytes:
        if self.contact is False:
            data = heart_rate_frame(0, None, contact=False)
        elif not self.sends_rr:
            data = heart_rate_frame(70, None, contact=self.contact)
        else:
            rate = round(60 * 1024 / ticks[-1]) if ticks else 70
            data = heart_rate_frame(rate, ticks or None, contact=self.contact, wide=rate > 0xFF)
        return self.mangle(data) if self.mangle else data
