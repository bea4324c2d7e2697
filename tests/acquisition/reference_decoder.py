"""A second reading of the Heart Rate Measurement's specification, written apart from ours and bit by bit."""

from __future__ import annotations

import struct


def reference(data: bytes) -> tuple[int, bool | None, int | None, list[int], int] | None:
    """Rate, contact, energy, RR intervals and unexplained bytes, or None when the frame is cut."""
    try:
        (flags,) = struct.unpack_from("<B", data)
        bits = [bool(flags & 1 << bit) for bit in range(8)]
        layout = "<xH" if bits[0] else "<xB"
        (rate,) = struct.unpack_from(layout, data)
        position = struct.calcsize(layout)
        energy = None
        if bits[3]:
            (energy,) = struct.unpack_from("<H", data, position)
            position += 2
        intervals: list[int] = []
        if bits[4]:
            intervals = [value for (value,) in struct.iter_unpack("<H", data[position:])]
            position = len(data)
    except struct.error:
        return None
    contact = None if not bits[2] else bits[1]
    return rate, contact, energy, intervals, len(data) - position
