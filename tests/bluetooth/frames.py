"""Builds heart-rate frames (0x2A37) for tests, from the specification and apart from the decoder under test."""

from __future__ import annotations

import struct
from collections.abc import Sequence


def heart_rate_frame(
    rate: int,
    rr_ticks: Sequence[int] | None = (),
    *,
    contact: bool | None = None,
    energy: int | None = None,
    wide: bool = False,
    reserved: int = 0,
) -> bytes:
    """One frame; ``rr_ticks`` None leaves the RR flag unset, an empty one sets it with no interval behind it."""
    flags = reserved & 0xE0
    body = struct.pack("<H" if wide else "<B", rate)
    if wide:
        flags |= 1
    if contact is not None:
        flags |= 4 | (2 if contact else 0)
    if energy is not None:
        flags |= 8
        body += struct.pack("<H", energy)
    if rr_ticks is not None:
        flags |= 16
        body += struct.pack(f"<{len(rr_ticks)}H", *rr_ticks)
    return bytes([flags]) + body
