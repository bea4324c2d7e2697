"""One run of a recording through the live pipeline: items in, rows out. No clock but the stopwatch, no page."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from acquisition.beats import Beat, Gap, Item, LinkChange, Notification
from acquisition.heart_rate_stream import HeartRateStream
from dashboard.replay.explain import PlayedBeat, explain
from dashboard.replay.frames import Frame, read
from dashboard.replay.latency import Stopwatch
from dashboard.replay.sitting import Sitting
from processing.pipeline import BeatUpdate, GapUpdate, LivePipeline, Update
from processing.values import Indices, Verdict
from processing.verdicts import VerdictStream

BEATS_KEPT = 4000
"""Beats that can still be explained: about an hour."""
SHOWN_INDICES = ("mean_hr_bpm", "rmssd_ms", "swing_bpm")
"""Numbers of a row: heart rate, RMSSD, swing."""

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Counts:
    """What has passed so far."""

    frames: int = 0
    malformed: int = 0
    beats: int = 0
    kept: int = 0
    refused: int = 0


class Run:
    """State of one run from the first item on; a run that goes back to the start is a new one."""

    def __init__(self, stream: str, stopwatch: Stopwatch, delay_s: float = 0.0, sitting: Sitting | None = None) -> None:
        self._stream = stream
        self._sitting = sitting
        self._watch = stopwatch
        self._sensor = HeartRateStream(stream)
        self._pipeline = LivePipeline(stream, delay_s)
        self._checking = VerdictStream()
        self._settled = 0
        self._frames: OrderedDict[float, Frame] = OrderedDict()
        self._by_number: dict[int, Frame] = {}
        self._beats: OrderedDict[int, PlayedBeat] = OrderedDict()
        self._arrived: dict[int, Beat] = {}
        self._places: dict[int, int] = {}
        self.counts = Counts()
        self.head_s = 0.0

    def feed(self, item: Item) -> Iterator[Row]:
        """The rows that follow from one item."""
        if item.stream != self._stream:
            return
        self.head_s = max(self.head_s, item.time_s)
        if isinstance(item, Notification):
            yield self._frame_row(item)
            return
        if isinstance(item, LinkChange):
            yield {"k": "link", "t": item.time_s, "s": str(item.state), "r": item.reason}
        if isinstance(item, Beat):
            self._arrived[item.seq] = item
            if self._sitting is not None:
                self._sitting.until(item.time_s, self._pipeline)
            updates = self._timed(item)
        else:
            if isinstance(item, Gap):
                self._checking.gap()
            updates = self._pipeline.feed(item)
        for update in updates:
            yield from self._rows(update)
        yield from self._settle()

    def finish(self) -> Iterator[Row]:
        """The last beats settle with what is known."""
        self._pipeline.finish()
        yield from self._settle()

    def _timed(self, beat: Beat) -> list[Update]:
        """Feed one beat. The check is timed on a judge of its own; the indices are what the pipeline takes beside."""
        began = self._watch.now_ns()
        self._checking.push(beat)
        checked = self._watch.now_ns() - began
        began = self._watch.now_ns()
        updates = self._pipeline.feed(beat)
        took = self._watch.now_ns() - began
        self._watch.add("check", checked)
        self._watch.add("indices", max(0, took - checked))
        return updates

    def explanation(self, seq: int) -> Row | None:
        """One beat in bytes and words, or None when it is no longer, or not yet, known."""
        beat = self._beats.get(seq)
        if beat is None:
            return None
        frame = self._by_number.get(beat.frame or 0)
        before = [other.rr_ms for other in self._beats.values() if other.seq < seq and other.nn_ms is not None]
        return {
            "q": seq,
            "bytes": [_part(part.hex, part.field, part.rr == beat.place) for part in frame.parts()] if frame else [],
            "words": list(explain(beat, frame, before[-32:])),
        }

    def _frame_row(self, item: Notification) -> Row:
        with self._watch.timing("parse"):
            self._sensor.feed(item)
        frame = read(self.counts.frames + 1, item)
        malformed = self.counts.malformed + (frame.fault is not None)
        self.counts = replace(self.counts, frames=frame.number, malformed=malformed)
        self._frames[frame.time_s] = frame
        self._by_number[frame.number] = frame
        if len(self._frames) > BEATS_KEPT:
            _, oldest = self._frames.popitem(last=False)
            self._by_number.pop(oldest.number, None)
        measured = frame.measurement
        return {
            "k": "frame",
            "f": frame.number,
            "t": frame.time_s,
            "x": [_part(part.hex, part.field, part.rr is not None) for part in frame.parts()],
            "hr": measured.heart_rate_bpm if measured else None,
            "rr": frame.intervals,
            "bad": frame.fault,
        }

    def _rows(self, update: Update) -> Iterator[Row]:
        if isinstance(update, BeatUpdate):
            yield self._beat_row(update)
        elif isinstance(update, GapUpdate):
            yield {"k": "gap", "from": update.from_s, "to": update.to_s, "r": update.reason}

    def _beat_row(self, update: BeatUpdate) -> Row:
        arrived = self._arrived.pop(update.seq, None)
        frame = self._frames.get(arrived.arrival_s) if arrived and arrived.arrival_s is not None else None
        place = 0
        if frame is not None:
            place = self._places.get(frame.number, 0)
            self._places = {frame.number: place + 1}
        beat = PlayedBeat(
            seq=update.seq,
            time_s=update.time_s,
            rr_ms=update.rr_ms,
            rr_ticks=arrived.rr_ticks if arrived else None,
            frame=frame.number if frame else None,
            place=place,
            first=update.verdict,
            verdict=update.verdict,
            confirmed=not update.provisional,
            nn_ms=update.nn_ms,
        )
        self._keep(beat)
        return {
            "k": "beat",
            "q": beat.seq,
            "f": beat.frame,
            "i": place,
            "t": beat.time_s,
            "rr": beat.rr_ms,
            "v": str(beat.first),
            "p": not beat.confirmed,
            "nn": beat.nn_ms,
            **_numbers(update.indices),
        }

    def _keep(self, beat: PlayedBeat) -> None:
        self._beats[beat.seq] = beat
        if len(self._beats) > BEATS_KEPT:
            self._beats.popitem(last=False)
        good = beat.verdict is Verdict.NORMAL
        counts = self.counts
        self.counts = replace(
            counts, beats=counts.beats + 1, kept=counts.kept + good, refused=counts.refused + (not good)
        )

    def _settle(self) -> Iterator[Row]:
        """Verdicts that have become final since the last time, changed or not."""
        judgements = self._pipeline.judgements
        for judgement in judgements[self._settled :]:
            beat = self._beats.get(judgement.seq)
            if beat is None:
                continue
            changed = (judgement.verdict is Verdict.NORMAL) - (beat.verdict is Verdict.NORMAL)
            counts = self.counts
            self.counts = replace(counts, kept=counts.kept + changed, refused=counts.refused - changed)
            self._beats[judgement.seq] = replace(
                beat,
                verdict=judgement.verdict,
                confirmed=True,
                nn_ms=judgement.nn_ms,
                corrected_ms=judgement.corrected_ms,
            )
            yield {
                "k": "final",
                "q": judgement.seq,
                "v": str(judgement.verdict),
                "nn": judgement.nn_ms,
                "c": list(judgement.corrected_ms),
            }
        self._settled = len(judgements)


def _part(byte: str, field: str, strong: bool) -> list[object]:
    return [byte, field, strong]


def _numbers(indices: Indices) -> Mapping[str, object]:
    shown: dict[str, object] = {}
    for short, name in zip(("hr", "rm", "sw"), SHOWN_INDICES, strict=True):
        value = indices.get(name)
        shown[short] = value.value if value else None
        if value is not None and value.reason is not None:
            shown[short + "?"] = value.reason
    return shown
