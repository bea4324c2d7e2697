"""Bytes of one Heart Rate Measurement (0x2A37) → what they say. Pure: no clock, no state, no Bluetooth.

Layout (Bluetooth SIG, Heart Rate Service 1.0, 3.1): one byte of flags, the heart rate as u8 or u16,
optionally the energy as u16, then zero or more RR intervals as u16, oldest first, all little endian.
"""

from __future__ import annotations

from dataclasses import dataclass

from acquisition.errors import MalformedFrame

WIDE_RATE = 0x01
"""Flag: the heart rate takes two bytes."""
CONTACT_DETECTED = 0x02
CONTACT_SUPPORTED = 0x04
ENERGY_PRESENT = 0x08
RR_PRESENT = 0x10
"""Bits 5 to 7 are reserved and ignored."""


@dataclass(frozen=True, slots=True)
class HeartRateMeasurement:
    """One decoded frame."""

    heart_rate_bpm: int
    """As the sensor says, 0 included; sensors send 0 when they feel no heart."""
    contact: bool | None
    """Whether the sensor feels skin, or None when it cannot tell."""
    energy_kj: int | None
    """Energy since its last reset, or None when not sent. Some sensors misuse it as a status code."""
    rr_ticks: tuple[int, ...]
    """RR intervals in 1/1024 s, oldest first; empty when no beat was ready or the sensor sends none."""
    trailing_bytes: int
    """Bytes after the last field that the flags do not explain; ignored, and told so that they can be
    counted."""


def decode(data: bytes) -> HeartRateMeasurement:
    """Decode one frame.

    Raises MalformedFrame when a field that the flags promise is missing or cut, half an RR interval included:
    where a byte is lost, no interval of the frame can be trusted.

    >>> decode(bytes([0x16, 60, 0x00, 0x04, 0xF4, 0x03])).rr_ticks
    (1024, 1012)
    """
    if not data:
        raise MalformedFrame("empty frame", remedy="nothing to do; it is counted")
    flags = data[0]
    rate, at = _number(data, 1, 2 if flags & WIDE_RATE else 1, "heart rate")
    energy: int | None = None
    if flags & ENERGY_PRESENT:
        energy, at = _number(data, at, 2, "energy")
    rest = data[at:]
    rr_ticks: tuple[int, ...] = ()
    if flags & RR_PRESENT:
        if len(rest) % 2:
            raise _cut(data, "RR interval")
        rr_ticks = tuple(int.from_bytes(rest[i : i + 2], "little") for i in range(0, len(rest), 2))
        rest = b""
    contact = bool(flags & CONTACT_DETECTED) if flags & CONTACT_SUPPORTED else None
    return HeartRateMeasurement(rate, contact, energy, rr_ticks, len(rest))


def _number(data: bytes, at: int, size: int, field: str) -> tuple[int, int]:
    """The little-endian number at ``at`` and the position after it."""
    end = at + size
    if len(data) < end:
        raise _cut(data, field)
    return int.from_bytes(data[at:end], "little"), end


def _cut(data: bytes, field: str) -> MalformedFrame:
    return MalformedFrame(
        f"a heart-rate frame of {len(data)} bytes ends within its {field}",
        remedy="the frame is counted and left out",
    )
