"""An emulated Polar sensor: the strap with the measurement service beside its heart rate, and knobs for its faults."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

from acquisition.clock import NS_PER_S, monotonic_ns
from tests.bluetooth.gatt import Characteristic, Service
from tests.bluetooth.polar_frames import acc_frame, answer, compressed_acc_frame, ecg_frame, ppi_frame, settings_list
from tests.bluetooth.strap import EmulatedStrap

UUID = "fb005c8{}-02e7-f387-1cad-8acd2d8df0c8"
ECG, ACC, PPI = 0, 2, 3
SETTINGS = {
    ECG: settings_list((0, 2, [130]), (1, 2, [14])),
    ACC: settings_list((0, 2, [25, 50, 100, 200]), (1, 2, [16]), (2, 2, [2, 4, 8])),
    PPI: b"",
}
EPOCH_S = 599_616_000
"""Its clock stands in 2019, as after a while off the strap."""
ECG_FRAME, ECG_HZ = 73, 130.0
ACC_FRAME, ACC_HZ = 36, 50.0
PPI_EVERY_S = 0.5
ALREADY, SUCCESS = 6, 0
Triple = tuple[int, int, int]


class EmulatedPolar(EmulatedStrap):
    """Samples count up from 0, so that a test sees which ones arrived. ``speed`` makes frames come so much faster."""

    def __init__(self, *args: Any, features: int = 0x0D, packet_size: int = 247, **knobs: Any) -> None:
        super().__init__(*args, **knobs)
        self._control = Characteristic(
            UUID.format(1), ("read", "write", "indicate"), bytes((0x0F, features, 0)), written=self._on_written
        )
        self._data = Characteristic(UUID.format(2), ("notify",), packet_size=packet_size)
        self.services = [*self.services, Service(UUID.format(0), [self._control, self._data])]
        self.written: list[bytes] = []
        """Commands in order."""
        self.refuse: dict[int, list[int]] = {}
        """Of a command, the statuses to answer next."""
        self.deaf = False
        """True: the control point never answers."""
        self.compressed = False
        self._since_ns = 0
        self.clock_shift_s = 0.0
        """Added to the stamps, as when the sensor's clock is set anew."""
        self.running: dict[int, asyncio.Task[None]] = {}
        self.sent_samples: dict[int, int] = {ECG: 0, ACC: 0}

    def _on_written(self, command: bytes) -> None:
        self.written.append(command)
        if self.deaf:
            return
        operation, kind = command[0], command[1]
        statuses = self.refuse.get(operation, [])
        status = statuses.pop(0) if statuses else self._obey(operation, kind)
        listed = SETTINGS[kind] if operation == 1 and status == SUCCESS else b""
        asyncio.get_running_loop().call_soon(self.notify, self._control, answer(operation, kind, status, listed))

    def _obey(self, operation: int, kind: int) -> int:
        if operation == 2:
            if kind in self.running:
                return ALREADY
            self.leave_running(kind)
        elif operation == 3 and kind in self.running:
            self.running.pop(kind).cancel()
        return SUCCESS

    def leave_running(self, kind: int) -> None:
        """Measure, as an earlier program may have left it."""
        makers: dict[int, Callable[[], Iterator[tuple[float, bytes]]]] = {
            ECG: self._ecg,
            ACC: self._acc,
            PPI: self._ppi,
        }
        self.running[kind] = asyncio.get_running_loop().create_task(self._measure(makers[kind]()))

    def end_by_itself(self, kind: int) -> None:
        """Stop measuring and say so, as a sensor does that leaves the skin."""
        self.running.pop(kind).cancel()
        self.notify(self._control, bytes((1, kind)))

    async def _measure(self, frames: Iterator[tuple[float, bytes]]) -> None:
        for at_s, data in frames:
            await asyncio.sleep(max(at_s - self._elapsed_s(), 0) / self._speed)
            self.notify(self._data, data)

    def _elapsed_s(self) -> float:
        """On its own clock, since it first measured anything."""
        self._since_ns = self._since_ns or monotonic_ns()
        return (monotonic_ns() - self._since_ns) / NS_PER_S * self._speed

    def _stamp(self, at_s: float) -> int:
        return round((EPOCH_S + self.clock_shift_s + at_s) * NS_PER_S)

    def _ecg(self) -> Iterator[tuple[float, bytes]]:
        self.sent_samples[ECG] = max(self.sent_samples[ECG], int(self._elapsed_s() * ECG_HZ))
        while True:
            first = self.sent_samples[ECG]
            self.sent_samples[ECG] += ECG_FRAME
            at_s = (first + ECG_FRAME) / ECG_HZ
            yield at_s, ecg_frame(self._stamp(at_s), range(first, first + ECG_FRAME))

    def _acc(self) -> Iterator[tuple[float, bytes]]:
        self.sent_samples[ACC] = max(self.sent_samples[ACC], int(self._elapsed_s() * ACC_HZ))
        while True:
            first = self.sent_samples[ACC]
            self.sent_samples[ACC] += ACC_FRAME
            at_s = (first + ACC_FRAME) / ACC_HZ
            samples: list[Triple] = [(k % 500, -(k % 500), 1000) for k in range(first, first + ACC_FRAME)]
            encode = compressed_acc_frame if self.compressed else acc_frame
            yield at_s, encode(self._stamp(at_s), samples)

    def _ppi(self) -> Iterator[tuple[float, bytes]]:
        at_s = self._elapsed_s()
        while True:
            at_s += PPI_EVERY_S
            yield at_s, ppi_frame(0, [(240, 250, 5, 6), (240, 250, 5, 6)])
