"""Straps and time-outs that make a test of the whole way take seconds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from acquisition.clock import monotonic_ns
from acquisition.sensor import LinkTimings, SensorSource
from tests.bluetooth.strap import EmulatedStrap

SHORT = LinkTimings(
    search_s=5.0,
    connect_s=5.0,
    subscribe_s=3.0,
    read_s=2.0,
    degraded_after_s=1.0,
    reconnect_after_s=2.0,
    goodbye_s=1.0,
    backoff_first_s=0.05,
    backoff_most_s=0.2,
    bluetooth_retry_s=0.2,
    battery_every_s=0.3,
)
"""Time-outs of steps stay generous, since they only end what hangs; waits are short."""


def quick_strap(number: int = 1, **knobs: object) -> EmulatedStrap:
    """A strap with a heart of 300/min that sends ten times a second."""
    address = f"A0:00:00:00:00:{number:02X}"
    return EmulatedStrap(address, f"Strap {number}", mean_rr_s=0.2, period_s=0.1, seed=number, **knobs)  # type: ignore[arg-type]  # knobs are its own


def source(
    strap: EmulatedStrap, timings: LinkTimings = SHORT, stream: str = "heart-1", **settings: Any
) -> SensorSource:
    return SensorSource(strap.address, timings=timings, stream=stream, **settings)


class FastClock:
    """Reads a clock that runs ``speed`` times as fast as the machine's, from now on."""

    def __init__(self, speed: float) -> None:
        self._speed, self._start_ns = speed, monotonic_ns()

    def __call__(self) -> int:
        return self.at(monotonic_ns())

    def at(self, machine_ns: int) -> int:
        """What it shows when the machine's clock shows ``machine_ns``."""
        return self._start_ns + round((machine_ns - self._start_ns) * self._speed)


def in_fast_motion(strap: EmulatedStrap, speed: float) -> SensorSource:
    """A source whose time runs as fast as the strap's: the shipped rules in seconds instead of minutes."""
    clock = FastClock(speed)
    patient = replace(SHORT, degraded_after_s=600.0, reconnect_after_s=1200.0)
    return SensorSource(strap.address, timings=patient, clock=clock, wall=clock)
