"""Frames of Polar's measurement service → sample chunks of a second, pulse intervals and gaps. Pure, like its decoder.

The sensor stamps its samples with a clock of its own that may be years off or fall back; only differences of its stamps
are used. Where they lie on our clock is learned as with beats: a frame is never early, so the smallest difference of
arrival and stamp counts; it falls at once and rises no faster than two crystals drift apart.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from acquisition.beat_clock import DRIFT, BeatClock, PlacedFrame
from acquisition.beats import Beat, Gap, Item, LinkChange, LinkState, SampleChunk
from acquisition.clock import NS_PER_S
from acquisition.errors import MalformedFrame
from acquisition.polar_measurement import Kind, PulseBlock, PulseInterval, SampleBlock, decode
from acquisition.rr_unit import MS_PER_S

CHUNK_S = 1.0
"""Samples are handed on once a second."""
LARGEST_JUMP_S = 60.0
"""Stamps that go back or leap further than this belong to a clock that was set anew."""
HOLE = 1.5
"""A frame whose samples would have to be this much wider apart than usual follows frames that were lost."""
NOMINAL_HZ = {Kind.ECG: 130.0, Kind.ACC: 50.0}
"""Used for the very first frame only; the true ECG rate is off by up to 2 %."""
RATE_WEIGHT = 0.1
"""Weight of a frame in the running sample spacing."""

CLOCK_GAP = "sensor's clock set anew"
HOLE_GAP = "samples missing"
LINK_GAP = "link lost"
MOVED_GAP = "pulse intervals not to be used: the sensor moved"
CONTACT_GAP = "no contact"

_LINKED = (LinkState.STREAMING, LinkState.DEGRADED)


class PolarStream:
    """State of one sensor's samples."""

    def __init__(self, stream: str = "heart-1") -> None:
        number = stream.rpartition("-")[2]
        self._ecg = _Samples(f"ecg-{number}", "ecg", "uV", NOMINAL_HZ[Kind.ECG])
        self._acc = _Samples(f"acc-{number}", "acc", "mg", NOMINAL_HZ[Kind.ACC])
        self._pulses = _Pulses(f"ppi-{number}")
        self.malformed = 0
        """Frames that could not be read."""

    def feed(self, arrival_s: float, data: bytes) -> list[Item]:
        """What follows from one data frame."""
        try:
            block = decode(data)
        except MalformedFrame:
            self.malformed += 1
            return []
        if isinstance(block, PulseBlock):
            return self._pulses.feed(arrival_s, block)
        return (self._ecg if block.kind is Kind.ECG else self._acc).feed(arrival_s, block)

    def link(self, change: LinkChange) -> list[Item]:
        """A link that is no more ends every segment; what has come is handed on."""
        if change.state in _LINKED:
            return []
        return [*self._ecg.cut(LINK_GAP), *self._acc.cut(LINK_GAP), *self._pulses.cut(LINK_GAP)]


class _Samples:
    """One signal of evenly spaced samples."""

    def __init__(self, stream: str, kind: Literal["ecg", "acc"], unit: str, nominal_hz: float) -> None:
        self._stream, self._kind, self._unit = stream, kind, unit
        self._spacing_s = 1 / nominal_hz
        self._seq = 0
        self._offset_s: float | None = None
        self._stamp_ns: int | None = None
        """Of the last sample, or None at the start of a segment."""
        self._waiting: list[NDArray[np.int64]] = []
        self._waiting_s = 0.0
        self._last_s: float | None = None
        """Time of the last sample handed on or waiting."""
        self._reason: str | None = None

    def feed(self, arrival_s: float, block: SampleBlock) -> list[Item]:
        items: list[Item] = []
        count = len(block.samples)
        if self._stamp_ns is not None:
            passed_s = (block.stamp_ns - self._stamp_ns) / NS_PER_S
            if not 0 < passed_s <= LARGEST_JUMP_S:
                items += self.cut(CLOCK_GAP)
            elif passed_s > HOLE * count * self._spacing_s:
                items += self.cut(HOLE_GAP)
            else:
                self._spacing_s += RATE_WEIGHT * (passed_s / count - self._spacing_s)
        span_s = self._span_s(block)
        self._place(arrival_s, block.stamp_ns, span_s)
        items += self._gap(span_s)
        self._stamp_ns = block.stamp_ns
        self._waiting.append(block.samples)
        self._waiting_s += span_s
        return [*items, *(self._hand_on() if self._waiting_s >= CHUNK_S else [])]

    def _span_s(self, block: SampleBlock) -> float:
        """Time from the sample before this frame, or from where it would have been, to the frame's last."""
        if self._stamp_ns is None:
            return len(block.samples) * self._spacing_s
        return (block.stamp_ns - self._stamp_ns) / NS_PER_S

    def _place(self, arrival_s: float, stamp_ns: int, span_s: float) -> None:
        lag_s = arrival_s - stamp_ns / NS_PER_S
        self._offset_s = lag_s if self._offset_s is None else min(lag_s, self._offset_s + DRIFT * span_s)
        self._end_s = self._offset_s + stamp_ns / NS_PER_S

    def _gap(self, span_s: float) -> list[Item]:
        """The gap before this frame, if its segment has just begun and another one came before."""
        reason, self._reason = self._reason, None
        if reason is None or self._last_s is None:
            return []
        return [Gap(self._stream, self._last_s, max(self._last_s, self._end_s - span_s), reason)]

    def _hand_on(self) -> list[Item]:
        samples = np.concatenate(self._waiting).astype(np.float64)
        rate_hz = len(samples) / self._waiting_s
        self._last_s = self._end_s if self._last_s is None else max(self._end_s, self._last_s)
        chunk = SampleChunk(self._stream, self._seq, self._last_s, self._kind, rate_hz, self._unit, samples)
        self._seq += 1
        self._waiting, self._waiting_s = [], 0.0
        return [chunk]

    def cut(self, reason: str) -> list[Item]:
        """End the segment; returns what was waiting."""
        items = self._hand_on() if self._waiting else []
        self._stamp_ns = None
        if reason != HOLE_GAP:  # the sensor's clock may be another one afterwards
            self._offset_s = None
        if self._last_s is not None and self._reason is None:
            self._reason = reason
        return items


class _Pulses:
    """Pulse intervals of an optical sensor as beats of a stream of their own, never mixed with RR intervals."""

    def __init__(self, stream: str) -> None:
        self._stream = stream
        self._clock = BeatClock(MS_PER_S)
        self._seq = 0
        self._last_s: float | None = None

    def feed(self, arrival_s: float, block: PulseBlock) -> list[Item]:
        items: list[Item] = []
        run: list[PulseInterval] = []
        after_s = sum(pulse.interval_ms for pulse in block.intervals) / MS_PER_S
        for pulse in block.intervals:
            reason = _unusable(pulse)
            if reason is None:
                run.append(pulse)
            else:
                items += [*self._beats(arrival_s - after_s, run), *self.cut(reason)]
                run = []
            after_s -= pulse.interval_ms / MS_PER_S
        return [*items, *self._beats(arrival_s, run)]

    def cut(self, reason: str) -> list[Item]:
        """End the segment; returns what was held back."""
        return self._items(self._clock.cut(reason))

    def _beats(self, arrival_s: float, run: list[PulseInterval]) -> list[Item]:
        if not run:
            return []
        error_ms = float(max(pulse.error_ms for pulse in run))
        return self._items(self._clock.push(arrival_s, tuple(pulse.interval_ms for pulse in run)), error_ms)

    def _items(self, frames: list[PlacedFrame], error_ms: float = 0.0) -> list[Item]:
        items: list[Item] = []
        for frame in frames:
            if frame.gap is not None and self._last_s is not None:
                items.append(Gap(self._stream, self._last_s, frame.begins_s, frame.gap))
            for ms, time_s in zip(frame.rr_ticks, frame.times_s, strict=True):
                about_ms = frame.uncertainty_ms + error_ms
                items.append(Beat(self._stream, self._seq, time_s, float(ms), None, frame.arrival_s, about_ms))
                self._seq, self._last_s = self._seq + 1, time_s
        return items


def _unusable(pulse: PulseInterval) -> str | None:
    if pulse.blocked:
        return MOVED_GAP
    return CONTACT_GAP if pulse.contact is False else None
