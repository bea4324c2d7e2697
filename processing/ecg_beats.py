"""ECG chunks → beats and gaps on a stream of their own: a second source of beats that is sooner than the sensor's RR.

A strap tells its own intervals late (Polar H10 about 2.6 s after the beat). Its ECG comes in chunks of a second, and
an R peak is told at most ``LATEST_S`` after the chunk that holds it. Such a beat is stamped when it was, not when it
came. Intervals are measured on the sensor's own count of samples, never as differences of placed times, since what is
known of where that count lies on our clock improves while samples come. Pure: equal items give equal beats.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

import numpy as np

from acquisition.beats import Beat, Gap, Item, SampleChunk
from processing.r_peaks import WINDOW_S, RPeaks, RPeakStream

ECG = "ecg"
"""Kind of the chunks that are read."""
R_PEAKS = "rpeak"
"""The stream of beats ends like that of its ECG (``ecg-2``: ``rpeak-2``)."""
LONGEST_S = 3.0
"""Peaks further apart have no interval between them: at any heart rate that a person sits with, beats were not seen."""
UNSEEN_GAP = "no beats to be seen in the ECG"
MISSING_GAP = "samples missing"
TURNED_GAP = "the ECG turned upside down"


def beats_of_ecg(items: Iterable[Item]) -> Iterator[Beat | Gap]:
    """Beats and gaps from the first ECG stream among the items, to be analysed like any others."""
    maker: EcgBeats | None = None
    for item in items:
        if maker is None and isinstance(item, SampleChunk) and item.kind == ECG:
            maker = EcgBeats(item.stream)
        if maker is not None:
            yield from maker.feed(item)
    if maker is not None:
        yield from maker.finish()


class EcgBeats:
    """State of one ECG stream; items of other streams give nothing."""

    def __init__(self, ecg: str = "ecg-1") -> None:
        self._ecg = ecg
        self.stream = f"{R_PEAKS}-{ecg.rpartition('-')[2]}"
        """Name of the stream of beats."""
        self._segment: _Segment | None = None
        self._chunk_seq: int | None = None
        self._upside_down = False
        self._peak_s: float | None = None
        """Of the last peak on its segment's count, or None when no interval begins there."""
        self._seq = 0
        self._last_s: float | None = None
        """Time of the last beat."""
        self._reason: str | None = None
        """Why no interval went on, while a gap is open."""
        self._gap: Gap | None = None
        """Waits for the first beat after it."""

    def feed(self, item: Item) -> list[Beat | Gap]:
        """What follows from an item; a chunk takes some milliseconds."""
        if item.stream != self._ecg:
            return []
        if isinstance(item, Gap):
            return self._cut(item.reason)
        return self._chunk(item) if isinstance(item, SampleChunk) and item.kind == ECG else []

    def finish(self) -> list[Beat | Gap]:
        """The source has ended: the last beats."""
        return self._cut(MISSING_GAP)

    def _chunk(self, chunk: SampleChunk) -> list[Beat | Gap]:
        told: list[Beat | Gap] = []
        if self._chunk_seq is not None and chunk.seq != self._chunk_seq + 1:
            told += self._cut(MISSING_GAP)
        self._chunk_seq = chunk.seq
        if self._segment is None:
            self._segment = _Segment(chunk.sampling_rate_hz, self._upside_down)
        for peaks in self._segment.push(chunk):
            told += self._told(self._segment, peaks)
        return told

    def _cut(self, reason: str) -> list[Beat | Gap]:
        """End the segment."""
        if self._segment is None:
            return []
        told = self._told(self._segment, self._segment.finish())
        self._segment = None
        self._break(reason)
        return told

    def _break(self, reason: str) -> None:
        """No interval goes on from the last peak."""
        self._peak_s = None
        self._reason = self._reason or reason

    def _told(self, segment: _Segment, peaks: RPeaks) -> list[Beat | Gap]:
        told: list[Beat | Gap] = []
        if peaks.upside_down != self._upside_down:
            self._upside_down = peaks.upside_down
            self._break(TURNED_GAP)
        for counted_s, time_s in segment.times(peaks):
            told += self._peak(counted_s, time_s, segment.sample_ms)
        return told

    def _peak(self, counted_s: float, time_s: float, sample_ms: float) -> list[Beat | Gap]:
        """The beat that ends at this peak, behind its gap when it is the first after one."""
        if self._peak_s is not None and counted_s - self._peak_s > LONGEST_S:
            self._break(UNSEEN_GAP)
        before_s, self._peak_s = self._peak_s, counted_s
        last_s, time_s = self._last_s, time_s if self._last_s is None else max(time_s, self._last_s)
        if before_s is None:
            if last_s is not None and self._reason is not None:
                self._gap = Gap(self.stream, last_s, time_s, self._reason)
            return []
        beat = Beat(self.stream, self._seq, time_s, 1000.0 * (counted_s - before_s), uncertainty_ms=sample_ms)
        gap, self._gap, self._reason = self._gap, None, None
        self._seq, self._last_s = self._seq + 1, time_s
        return [beat] if gap is None else [gap, beat]


class _Segment:
    """Samples without a gap: which of them are peaks, and when a sample was, on the sensor's count and on our clock."""

    def __init__(self, rate_hz: float, upside_down: bool) -> None:
        self._stream = RPeakStream(rate_hz, upside_down)
        self.sample_ms = 1000.0 / rate_hz
        self._ends: deque[tuple[int, float, float]] = deque([(-1, 0.0, 0.0)])
        """Of each chunk that may still hold peaks, its last sample's place, time on the count and time on our clock;
        the first is the one before."""

    def push(self, chunk: SampleChunk) -> list[RPeaks]:
        place, counted_s, _ = self._ends[-1]
        lasts_s = len(chunk.samples) / chunk.sampling_rate_hz
        self._ends.append((place + len(chunk.samples), counted_s + lasts_s, chunk.time_s))
        while len(self._ends) > 2 and self._ends[1][1] < counted_s - WINDOW_S:
            self._ends.popleft()
        return self._stream.push(chunk.samples)

    def finish(self) -> RPeaks:
        return self._stream.finish()

    def times(self, peaks: RPeaks) -> list[tuple[float, float]]:
        """Of each peak, seconds on the sensor's count and on our clock, as the chunk that holds it was placed."""
        ends, counted_s, clock_s = (np.array(column) for column in zip(*self._ends, strict=True))
        peaks_s = np.interp(peaks.places, ends, counted_s)
        holding = np.searchsorted(ends, peaks.places)
        return list(zip(peaks_s.tolist(), (clock_s[holding] - (counted_s[holding] - peaks_s)).tolist(), strict=True))
