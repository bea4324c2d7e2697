"""A recording as a whole: verdicts, numbers, windows, and everything needed to compute them again.

The verdicts are those of the live pipeline over the same items, to the last beat.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from acquisition.beats import Beat, Gap, Item
from processing.batch import stretch_indices
from processing.hand_corrections import Correction as HandCorrection
from processing.hand_corrections import layered
from processing.kubios import kubios_stretch
from processing.method import Correction, method_of
from processing.values import Indices, Judgement, Verdict
from processing.verdicts import VerdictStream, events
from processing.windows import TOLERANCE_S, Series


@dataclass(frozen=True, slots=True)
class WindowIndices:
    """The numbers of one window of a recording."""

    start_s: float
    end_s: float
    indices: Indices


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a recording says, and how it was read."""

    beats: int
    gaps: tuple[Gap, ...]
    duration_s: float
    """Sum of raw intervals plus gaps."""
    artifacts: Mapping[str, float]
    """Events by kind, and ``corrected_percent``: refused intervals per hundred."""
    judgements: tuple[Judgement, ...]
    indices: Indices
    windows: tuple[WindowIndices, ...]
    method: Mapping[str, object]

    def as_dict(self) -> dict[str, object]:
        """The part of ``attune analyze --json`` that is computed here."""
        return {
            "beats": self.beats,
            "gaps": [{"from_s": g.from_s, "to_s": g.to_s, "reason": g.reason} for g in self.gaps],
            "duration_s": self.duration_s,
            "artifacts": dict(self.artifacts),
            "indices": indices_as_dict(self.indices),
            "method": dict(self.method),
        } | (
            {
                "windows": [
                    {"start_s": w.start_s, "end_s": w.end_s, "indices": indices_as_dict(w.indices)}
                    for w in self.windows
                ]
            }
            if self.windows
            else {}
        )


def indices_as_dict(indices: Indices) -> dict[str, dict[str, object]]:
    """Numbers as JSON values: value, unit, reason, window_s, beats, corrected_percent."""
    return {
        name: {
            "value": index.value,
            "unit": index.unit,
            "reason": index.reason,
            "window_s": index.window_s,
            "beats": index.beats,
            "corrected_percent": index.corrected_percent,
        }
        for name, index in indices.items()
    }


def judge(items: Iterable[Item]) -> tuple[Judgement, ...]:
    """Final verdicts of the first stream that beats, exactly those of the live pipeline over the same items."""
    stream = VerdictStream()
    judgements: list[Judgement] = []
    last: Beat | None = None
    for item in _one_stream(items):
        if isinstance(item, Gap) or (last is not None and item.seq != last.seq + 1):
            judgements += stream.gap()
        if isinstance(item, Beat):
            last = item
            judgements += stream.push(item)[:-1]
    return (*judgements, *stream.finish())


def analyze(
    items: Iterable[Item],
    *,
    correction: Correction = "attune",
    window_s: float | None = None,
    step_s: float | None = None,
    layers: Sequence[HandCorrection] = (),
) -> Analysis:
    """Read a recording. With ``window_s`` (and ``step_s``, by default the same) also in sliding windows.

    ``attune`` leaves refused intervals out; ``kubios`` is NeuroKit2's pass over each whole stretch; ``none`` takes
    every raw interval as normal. ``layers`` are verdicts given by hand; they lie over those of ``attune`` alone.
    """
    if (window_s is not None and window_s <= 0) or (step_s is not None and step_s <= 0):
        raise ValueError("window and step must be above 0 s")
    kept = tuple(_one_stream(items))
    beats = [item for item in kept if isinstance(item, Beat)]
    gaps = tuple(item for item in kept if isinstance(item, Gap))
    reading = _read(kept, gaps, correction, layers)
    duration_s = sum(b.rr_ms for b in beats) / 1000.0 + sum(g.to_s - g.from_s for g in gaps)
    return Analysis(
        beats=len(beats),
        gaps=gaps,
        duration_s=duration_s,
        artifacts=artifacts(reading.judgements),
        judgements=reading.judgements,
        indices=reading.whole(),
        windows=tuple(reading.sliding(window_s, step_s or window_s)) if window_s else (),
        method=method_of(correction, window_s, step_s or window_s),
    )


def span_indices(
    judgements: Sequence[Judgement], gaps: Sequence[Gap], start_s: float, end_s: float, *, oracle: bool = True
) -> Indices:
    """Every number of the intervals that end in (start_s, end_s], with the reason where it may not be given.

    For many spans of one recording make one ``Series`` and call ``batch.stretch_indices`` with it.
    """
    return stretch_indices(Series.of(judgements, gaps), start_s, end_s, oracle=oracle)


def artifacts(judgements: Sequence[Judgement]) -> dict[str, float]:
    """Events by kind, and the share of refused intervals in percent."""
    counts: dict[str, float] = {}
    for verdict in Verdict:
        if verdict is not Verdict.NORMAL:
            counts[str(verdict)] = events([j.verdict for j in judgements], verdict)
    refused = sum(1 for j in judgements if j.verdict is not Verdict.NORMAL)
    counts["corrected_percent"] = 100.0 * refused / len(judgements) if judgements else 0.0
    return counts


def _one_stream(items: Iterable[Item]) -> Iterable[Beat | Gap]:
    stream: str | None = None
    for item in items:
        if isinstance(item, Beat | Gap):
            if stream is None and isinstance(item, Beat):
                stream = item.stream
            if stream is None or item.stream == stream:
                yield item


@dataclass(frozen=True, slots=True)
class _Reading:
    """A recording as one correction has it."""

    judgements: tuple[Judgement, ...]
    judged: Series
    """The intervals as they came, with these verdicts: what rhythm and ectopy are read from."""
    series: Series
    """The intervals that all other numbers are computed from."""

    def whole(self) -> Indices:
        """Every number of the whole recording."""
        last_s = float(self.series.time_s[-1]) if self.series.time_s.size else 0.0
        return stretch_indices(self.series, self.series.start_s, last_s, judged=self.judged)

    def sliding(self, window_s: float, step_s: float) -> Iterator[WindowIndices]:
        """Every number of each window, from the first beat on."""
        if self.series.time_s.size == 0:
            return
        start_s, last_s = self.series.start_s, float(self.series.time_s[-1])
        for number in range(int((last_s - start_s - window_s) / step_s + TOLERANCE_S) + 1):
            begin_s = start_s + number * step_s
            end_s = begin_s + window_s
            yield WindowIndices(
                begin_s, end_s, stretch_indices(self.series, begin_s, end_s, oracle=False, judged=self.judged)
            )


def _read(
    items: Sequence[Beat | Gap], gaps: Sequence[Gap], correction: Correction, layers: Sequence[HandCorrection]
) -> _Reading:
    if correction == "attune":
        stream = next((item.stream for item in items), "")
        return _plain(layered(judge(items), layers, stream), gaps)
    if correction == "none":
        return _plain(tuple(_normal(beat, beat.seq) for beat in items if isinstance(beat, Beat)), gaps)
    marked: list[Judgement] = []
    mended: list[Judgement] = []
    for number, stretch in enumerate(_stretches(items)):
        found, fixed = kubios_stretch(stretch)
        marked += found
        # One number is left out between stretches, as between beats of which one was lost.
        mended += [_normal(beat, number + len(mended) + place) for place, beat in enumerate(fixed, start=1)]
    return _Reading(tuple(marked), Series.of(marked, gaps), Series.of(mended, gaps))


def _plain(judgements: tuple[Judgement, ...], gaps: Sequence[Gap]) -> _Reading:
    series = Series.of(judgements, gaps)
    return _Reading(judgements, series, series)


def _normal(beat: Beat, seq: int) -> Judgement:
    return Judgement(seq, beat.time_s, beat.rr_ms, Verdict.NORMAL, False)


def _stretches(items: Sequence[Beat | Gap]) -> list[list[Beat]]:
    stretches: list[list[Beat]] = [[]]
    for item in items:
        last = stretches[-1][-1] if stretches[-1] else None
        if isinstance(item, Gap):
            stretches.append([])
        elif last is not None and item.seq != last.seq + 1:
            stretches.append([item])
        else:
            stretches[-1].append(item)
    return [stretch for stretch in stretches if stretch]
