"""Live heart-rate sensors over Bluetooth LE: look for them, and listen to one.

A sensor is known by the heart-rate service it offers and by its address, never by its name.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from random import Random

from acquisition.bleak_link import BleakConnector, discover, held
from acquisition.bounded import bounded
from acquisition.clock import ReadNs, monotonic_ns
from acquisition.found_sensor import HEART_RATE_SERVICE, RSSI_UNKNOWN_DBM, FoundSensor, found
from acquisition.heart_rate_stream import RRUnit
from acquisition.identity import Identity
from acquisition.links import LinkTimings, Signal, Sink
from acquisition.live_source import CAPACITY, LiveSource
from acquisition.one_radio import radio
from acquisition.quiet_log import retell
from acquisition.supervision import Supervisor

__all__ = ["RSSI_UNKNOWN_DBM", "FoundSensor", "Identity", "LinkTimings", "SensorSource", "scan"]


async def scan(seconds: float = 5.0) -> list[FoundSensor]:
    """Heart-rate sensors seen within ``seconds``, strongest first, and those that this computer holds already.

    Raises BluetoothUnavailable with what to do, or SensorError when the scan itself fails.
    """
    retell("bleak")
    limit_s = LinkTimings().connect_s
    async with radio():
        holds = await bounded(held(), limit_s, limit_s, "asking for Bluetooth")
        seen = await bounded(discover(seconds), seconds + limit_s, limit_s, "scanning")
    near = {each.address: found(each.address, each.name, RSSI_UNKNOWN_DBM, [HEART_RATE_SERVICE]) for each in holds}
    near |= {each.address: found(each.address, each.name, data.rssi, data.service_uuids) for each, data in seen}
    return sorted(near.values(), key=lambda sensor: (-sensor.rssi_dbm, sensor.address))


class SensorSource(LiveSource):
    """A ``BeatSource`` on one sensor: connects by itself, and again whenever the link is lost.

    ``sensor`` is its address, or what is known of it: with its serial number it is found again under a new address, and
    no other one is taken for it. ``signals`` asks for ECG (``ecg-1``), acceleration (``acc-1``) or an optical sensor's
    pulse intervals (``ppi-1``) beside the beats, where the sensor has them. ``rr_unit`` and ``delay_s`` are for sensors
    that are known to count otherwise than the standard says, or later than the table says. Trouble with the sensor or
    with Bluetooth never ends it; it comes as link changes with a reason.
    """

    def __init__(
        self,
        sensor: str | Identity,
        *,
        timings: LinkTimings = LinkTimings(),  # noqa: B008 - frozen
        stream: str = "heart-1",
        origin_ns: int | None = None,
        clock: ReadNs = monotonic_ns,
        wall: ReadNs = time.time_ns,
        signals: Collection[Signal] = (),
        capacity: int = CAPACITY,
        rr_unit: RRUnit | None = None,
        delay_s: float | None = None,
    ) -> None:
        wanted = sensor if isinstance(sensor, Identity) else Identity(sensor)

        def supervise(sink: Sink) -> Supervisor:
            return Supervisor(
                wanted,
                BleakConnector(timings.control_s),
                sink,
                clock=clock,
                wall=wall,
                timings=timings,
                random=Random(),  # noqa: S311 - back-off
                signals=signals,
            )

        super().__init__(
            supervise,
            name=wanted.name or wanted.address,
            stream=stream,
            origin_ns=origin_ns,
            clock=clock,
            capacity=capacity,
            rr_unit=rr_unit,
            delay_s=delay_s,
        )
        retell("bleak")
