"""ECG chunks to beats: intervals by the sensor's count, gaps where samples are missing, equal live and afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from acquisition.beats import Beat, Gap, Item, SampleChunk, SourceInfo, Tick
from acquisition.source_contract import check_source
from processing.analysis import analyze
from processing.ecg_beats import MISSING_GAP, TURNED_GAP, UNSEEN_GAP, EcgBeats, beats_of_ecg
from processing.ecg_source import RPeakSource
from tests.processing.ecg import RATE_HZ, chunks_of, ecg_of, peaks_of

SECONDS = 33.0
RR_MS = [820 + 60 * np.sin(0.5 * k) for k in range(38)]
PEAKS_S = peaks_of(RR_MS)
ECG_UV = ecg_of(PEAKS_S, SECONDS, noise_uv=30)
CHUNKS = chunks_of(ECG_UV)


def told(items: Sequence[Item]) -> list[Beat | Gap]:
    return list(beats_of_ecg(items))


def beats(items: Sequence[Beat | Gap]) -> list[Beat]:
    return [item for item in items if isinstance(item, Beat)]


def gaps(items: Sequence[Beat | Gap]) -> list[Gap]:
    return [item for item in items if isinstance(item, Gap)]


def test_intervals_and_times_are_those_of_the_heart() -> None:
    """Within 4 ms; counted from 0; a sample's width is the stated uncertainty."""
    found = told(CHUNKS)
    assert gaps(found) == []
    assert [beat.seq for beat in beats(found)] == list(range(len(found)))
    assert {beat.stream for beat in beats(found)} == {"rpeak-1"}
    first = int(np.argmin(abs(PEAKS_S + 1 / RATE_HZ - beats(found)[0].time_s)))
    assert len(found) >= 35
    assert [b.rr_ms for b in beats(found)] == pytest.approx(RR_MS[first - 1 : first - 1 + len(found)], abs=4)
    times_s = PEAKS_S[first : first + len(found)] + 1 / RATE_HZ
    assert [b.time_s for b in beats(found)] == pytest.approx(times_s, abs=0.004)
    assert beats(found)[0].uncertainty_ms == pytest.approx(1000 / RATE_HZ)


def test_where_chunks_lie_on_our_clock_changes_no_interval() -> None:
    """The first chunks came half a second late, as the clock learns later: intervals stay, times never go back."""
    late = [replace(chunk, time_s=chunk.time_s + (0.5 if chunk.seq < 8 else 0.0)) for chunk in CHUNKS]
    moved, usual = beats(told(late)), beats(told(CHUNKS))
    assert [beat.rr_ms for beat in moved] == [beat.rr_ms for beat in usual]
    assert [beat.time_s for beat in moved] == sorted(beat.time_s for beat in moved)
    assert moved[-1].time_s == usual[-1].time_s


def test_a_gap_in_the_samples_is_a_gap_in_the_beats() -> None:
    """From the last beat before to the first peak after, with the samples' reason; no interval spans it."""
    items = [*CHUNKS[:12], Gap("ecg-1", 13.5, 16.8, "link lost"), *CHUNKS[15:]]
    found = told(items)
    (gap,) = gaps(found)
    before, after = found[found.index(gap) - 1], found[found.index(gap) + 1]
    assert gap.reason == "link lost"
    assert isinstance(before, Beat)
    assert isinstance(after, Beat)
    assert gap.from_s == before.time_s
    assert gap.to_s == pytest.approx(after.time_s - after.rr_ms / 1000, abs=1e-9)
    assert max(beat.rr_ms for beat in beats(found)) < 1000
    assert [beat.seq for beat in beats(found)] == list(range(len(beats(found))))


def test_a_chunk_that_never_came_is_a_gap_too() -> None:
    """Its number is missing."""
    (gap,) = gaps(told([*CHUNKS[:12], *CHUNKS[13:]]))
    assert gap.reason == MISSING_GAP


def test_a_stretch_without_beats_is_a_gap() -> None:
    """A lead that is off for five seconds is no interval of five seconds."""
    heard_s = PEAKS_S[(PEAKS_S < 10) | (PEAKS_S > 15)]
    (gap,) = gaps(told(chunks_of(ecg_of(heard_s, SECONDS, noise_uv=10))))
    assert gap.reason == UNSEEN_GAP
    assert gap.to_s - gap.from_s > 5


def test_a_strap_turned_over_breaks_the_chain() -> None:
    """No interval is measured from an upright peak to a turned one."""
    half = ECG_UV.size // 2
    found = told(chunks_of(np.concatenate((ECG_UV[:half], -ECG_UV[half:]))))
    assert TURNED_GAP in [gap.reason for gap in gaps(found)]
    assert all(800 - 75 < beat.rr_ms < 820 + 75 for beat in beats(found)[:10] + beats(found)[-5:])


def test_what_is_no_ecg_gives_nothing() -> None:
    """Acceleration, ticks, and gaps of other streams."""
    acc = SampleChunk("acc-1", 0, 1.0, "acc", 50.0, "mg", np.zeros((50, 3)))
    maker = EcgBeats()
    assert [maker.feed(item) for item in (acc, Tick("ecg-1", 1.0), Gap("heart-1", 0.0, 1.0, "link lost"))] == [[]] * 3
    assert told([acc, Tick("heart-1", 1.0)]) == []


def test_beats_of_an_ecg_are_analysed_like_any_others() -> None:
    """Heart rate and RMSSD of the heart that made the ECG."""
    found = analyze(told(CHUNKS))
    rmssd = float(np.sqrt(np.mean(np.diff(RR_MS) ** 2)))
    assert found.indices["mean_hr_bpm"].value == pytest.approx(60_000 / np.mean(RR_MS), rel=0.01)
    assert found.indices["rmssd_ms"].value == pytest.approx(rmssd, rel=0.05)


class Chunked:
    """A source of chunks with a tick a second, at full speed."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.info = SourceInfo("replay", "chunks", ("heart-1", "ecg-1"), delay_s=2.6)
        self._items = items
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[Item]:
        for item in self._items:
            if self.closed:
                return
            yield item

    async def aclose(self) -> None:
        self.closed = True


def with_ticks(chunks: Sequence[SampleChunk]) -> list[Item]:
    """A tick of both streams at each second."""
    items: list[Item] = []
    second = 1
    for chunk in chunks:
        while second < chunk.time_s:
            items += [Tick("heart-1", float(second)), Tick("ecg-1", float(second))]
            second += 1
        items.append(chunk)
    return items


async def test_a_source_with_r_peaks_keeps_what_every_source_keeps() -> None:
    """The contract of all sources holds for the streams that were added."""
    seen = await check_source(lambda: RPeakSource(Chunked(with_ticks(CHUNKS))), seconds=20.0)
    assert seen.beats > 15


async def test_live_beats_are_those_of_the_recording() -> None:
    """To the last digit, in the same order, and whatever else came is passed on."""
    items = with_ticks(CHUNKS)
    given = [item async for item in RPeakSource(Chunked(items))]
    assert [item for item in given if item.stream != "rpeak-1"] == items
    live = [item for item in given if isinstance(item, Beat | Gap)]
    assert live == told(CHUNKS)


def test_the_beats_can_lead() -> None:
    """Whoever follows the first stream follows the R peaks, which have no delay."""
    beside, leading = RPeakSource(Chunked([])), RPeakSource(Chunked([]), leading=True)
    assert (beside.info.streams, beside.info.delay_s) == (("heart-1", "ecg-1", "rpeak-1"), 2.6)
    assert (leading.info.streams, leading.info.delay_s) == (("rpeak-1", "heart-1", "ecg-1"), 0.0)
