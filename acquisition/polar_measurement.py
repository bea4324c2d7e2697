"""Data frames of Polar's measurement service (PMD) → samples. Pure: no clock, no state, no Bluetooth.

Layout as published in Polar's SDK (polarofficial/polar-ble-sdk): a data frame is its kind, the time of its last sample
in ns since 2000 (u64), a frame type whose highest bit says that the samples are compressed as differences, and the
samples; all little endian.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from acquisition.errors import MalformedFrame

HEADER_BYTES = 10
COMPRESSED = 0x80
"""Bit of the frame type."""
ECG_BYTES = 3
PPI_BYTES = 6
AXES = 3
ACC_BITS = {0x00: 8, 0x01: 16, 0x02: 24}
"""Bits a value of raw acceleration by frame type; of the first one, compressed, the reference sample has 16."""
COMPRESSED_REFERENCE_BITS = 16
BLOCKER, CONTACT, CONTACT_SUPPORTED = 0x01, 0x02, 0x04
"""Flags of a pulse interval."""


class Kind(IntEnum):
    """What is measured."""

    ECG = 0
    PPG = 1
    ACC = 2
    PPI = 3
    GYROSCOPE = 5
    MAGNETOMETER = 6


@dataclass(frozen=True, slots=True)
class PulseInterval:
    """One interval of an optical sensor. It is a pulse interval (PPI), not an RR interval."""

    heart_rate_bpm: int
    interval_ms: int
    error_ms: int
    """The sensor's own estimate of how far off the interval may be."""
    blocked: bool
    """True when the sensor moved or was loose: the interval is not to be used."""
    contact: bool | None
    """Whether it feels skin, or None when it cannot tell."""


@dataclass(frozen=True, slots=True)
class SampleBlock:
    """One data frame of evenly spaced samples."""

    kind: Kind
    stamp_ns: int
    """The sensor's own clock at the last sample; only differences mean anything."""
    samples: NDArray[np.int64]
    """Shape (n,) in microvolts for ECG, (n, 3) in thousandths of g for acceleration."""


@dataclass(frozen=True, slots=True)
class PulseBlock:
    """One data frame of pulse intervals, oldest first; ``stamp_ns`` is 0 on many sensors."""

    stamp_ns: int
    intervals: tuple[PulseInterval, ...]


def decode(data: bytes) -> SampleBlock | PulseBlock:
    """One data frame of ECG, acceleration or pulse intervals; raises MalformedFrame for anything else or cut ones."""
    if len(data) <= HEADER_BYTES:
        raise broken_off("a data frame", data)
    kind, stamp_ns, form = data[0], int.from_bytes(data[1:9], "little"), data[9]
    body = data[HEADER_BYTES:]
    if kind == Kind.ECG and form == 0:
        return SampleBlock(Kind.ECG, stamp_ns, _ecg(body))
    if kind == Kind.PPI and form == 0:
        return PulseBlock(stamp_ns, _pulses(body))
    if kind == Kind.ACC and form & ~COMPRESSED in ACC_BITS:
        samples = _unpacked(body, COMPRESSED_REFERENCE_BITS) if form & COMPRESSED else _triples(body, ACC_BITS[form])
        return SampleBlock(Kind.ACC, stamp_ns, samples)
    raise MalformedFrame(f"no known frame: kind {kind}, type {form:#04x}", remedy="it is counted and left out")


def _ecg(body: bytes) -> NDArray[np.int64]:
    if len(body) % ECG_BYTES:
        raise broken_off("an ECG frame", body)
    return _whole_bytes(body, ECG_BYTES)


def _triples(body: bytes, bits: int) -> NDArray[np.int64]:
    width = bits // 8
    if len(body) % (AXES * width):
        raise broken_off("an acceleration frame", body)
    return _whole_bytes(body, width).reshape(-1, AXES)


def _whole_bytes(body: bytes, width: int) -> NDArray[np.int64]:
    """Signed little-endian numbers of ``width`` bytes."""
    values = [int.from_bytes(body[at : at + width], "little", signed=True) for at in range(0, len(body), width)]
    return np.array(values, dtype=np.int64)


def _unpacked(body: bytes, bits: int) -> NDArray[np.int64]:
    """A reference sample, then blocks: width of a difference in bits, number of samples, the differences packed."""
    at = AXES * bits // 8
    if len(body) < at:
        raise broken_off("a compressed frame", body)
    rows = [_whole_bytes(body[:at], bits // 8)[np.newaxis, :]]
    while at < len(body):
        if len(body) < at + 2:
            raise broken_off("a compressed frame", body)
        width, count, at = body[at], body[at + 1], at + 2
        size = (width * count * AXES + 7) // 8
        if not 0 < width <= 32 or len(body) < at + size:
            raise broken_off("a compressed frame", body)
        rows.append(_packed(body[at : at + size], width, count * AXES).reshape(-1, AXES))
        at += size
    return np.cumsum(np.concatenate(rows), axis=0)


def _packed(data: bytes, width: int, count: int) -> NDArray[np.int64]:
    """``count`` signed numbers of ``width`` bits, the lowest bit first."""
    bits = np.unpackbits(np.frombuffer(data, dtype=np.uint8), bitorder="little")[: count * width].reshape(count, width)
    weights = np.left_shift(np.int64(1), np.arange(width, dtype=np.int64))
    weights[-1] = -weights[-1]
    return np.asarray(bits.astype(np.int64) @ weights, dtype=np.int64)


def _pulses(body: bytes) -> tuple[PulseInterval, ...]:
    if len(body) % PPI_BYTES:
        raise broken_off("a frame of pulse intervals", body)
    return tuple(_pulse(body[at : at + PPI_BYTES]) for at in range(0, len(body), PPI_BYTES))


def _pulse(data: bytes) -> PulseInterval:
    flags = data[5]
    return PulseInterval(
        data[0],
        int.from_bytes(data[1:3], "little"),
        int.from_bytes(data[3:5], "little"),
        bool(flags & BLOCKER),
        bool(flags & CONTACT) if flags & CONTACT_SUPPORTED else None,
    )


def broken_off(what: str, data: bytes) -> MalformedFrame:
    """The error for bytes that end too early or are something else."""
    return MalformedFrame(f"{what} breaks off or is none ({len(data)} bytes)", remedy="it is counted and left out")
