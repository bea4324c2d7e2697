"""Straps and time-outs that make a test of the whole way take seconds."""

from __future__ import annotations

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


def source(strap: EmulatedStrap, timings: LinkTimings = SHORT, stream: str = "heart-1") -> SensorSource:
    return SensorSource(strap.address, timings=timings, stream=stream)
