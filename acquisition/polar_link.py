"""Samples of Polar's measurement service over a connected link: what is there, what fits, subscribe, start, stop.

Free of any Bluetooth library: it is given the few operations that it needs. All raise SensorError and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from acquisition.errors import MalformedFrame, SensorError
from acquisition.links import Signal
from acquisition.polar_commands import features
from acquisition.polar_control import KINDS, REFUSED_REMEDY, PolarControl

_UUID = "fb005c8{}-02e7-f387-1cad-8acd2d8df0c8"
SERVICE, CONTROL, DATA = (_UUID.format(number) for number in range(3))
ECG_PACKET = 232
"""An ECG frame holds 73 samples of 3 bytes behind 10 bytes of header, and 3 bytes are the protocol's."""
LEAST_PACKET = 23
"""The smallest packet there is; also what is told where the size is not known, so that it is tried then."""

NOT_OFFERED = "this sensor does not offer it"
SMALL_PACKETS = "this connection carries {} bytes at a time and an ECG needs {}"


class Gatt(Protocol):
    """What is done with a connected device's characteristics, by their UUID."""

    def packet_size(self, uuid: str) -> int | None:
        """Bytes a packet may have, or None when there is no such characteristic."""
        ...

    async def read(self, uuid: str) -> bytes:
        """Its value."""
        ...

    async def write(self, uuid: str, data: bytes) -> None:
        """Write and wait for the acknowledgement; pairs once when the sensor wants to be paired."""
        ...

    async def notify(self, uuid: str, take: Callable[[bytes], None]) -> None:
        """Call ``take`` with each value from now on."""
        ...


class PolarLink:
    """One connection's samples."""

    def __init__(self, gatt: Gatt, timeout_s: float) -> None:
        self._gatt, self._timeout_s = gatt, timeout_s
        self._control: PolarControl | None = None

    async def measure(
        self, signal: Signal, on_samples: Callable[[bytes], None], on_ended: Callable[[Signal], None]
    ) -> None:
        """Start one signal; the callbacks that were given first serve all signals."""
        size = self._gatt.packet_size(DATA)
        if size is None or self._gatt.packet_size(CONTROL) is None:
            raise SensorError(NOT_OFFERED, remedy=REFUSED_REMEDY)
        if self._control is None:
            self._control = await self._open(on_samples, on_ended)
        if KINDS[signal] not in await self._offered():
            raise SensorError(NOT_OFFERED, remedy=REFUSED_REMEDY)
        if signal == "ecg" and LEAST_PACKET < size < ECG_PACKET:
            raise SensorError(SMALL_PACKETS.format(size, ECG_PACKET), remedy=REFUSED_REMEDY)
        try:
            await self._control.start(KINDS[signal])
        except MalformedFrame as error:
            raise SensorError(error.what, remedy=REFUSED_REMEDY) from error

    async def stop(self) -> None:
        """Stop what was started."""
        if self._control is not None:
            await self._control.stop()

    async def _open(self, on_samples: Callable[[bytes], None], on_ended: Callable[[Signal], None]) -> PolarControl:
        """Both subscriptions come before the first command, or its answer would be lost."""
        control = PolarControl(lambda command: self._gatt.write(CONTROL, command), on_ended, self._timeout_s)
        await self._gatt.notify(CONTROL, control.on_indication)
        await self._gatt.notify(DATA, on_samples)
        return control

    async def _offered(self) -> frozenset[int]:
        try:
            return features(await self._gatt.read(CONTROL))
        except MalformedFrame as error:
            raise SensorError(NOT_OFFERED, remedy=REFUSED_REMEDY) from error
