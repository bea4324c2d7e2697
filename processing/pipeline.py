"""Items in, judged beats and live numbers out: the one way that a live stream, a replay and a demo all take."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from acquisition.beats import Beat, Gap, Item, Tick
from processing.arousal import BaselineReference, reference
from processing.irregular import IrregularRhythm, refuse
from processing.live import LiveIndices, blank, silenced
from processing.pacer import PacerPlan
from processing.thresholds import STALE_S
from processing.values import IndexValue, Judgement, Verdict
from processing.verdicts import VerdictStream


@dataclass(frozen=True, slots=True)
class BeatUpdate:
    """One beat as it came, with its provisional verdict and the numbers as of now."""

    seq: int
    time_s: float
    rr_ms: float
    verdict: Verdict
    provisional: bool
    nn_ms: float | None
    """The interval when normal, else None."""
    indices: Mapping[str, IndexValue]
    """Every live number by name; revisions that this beat brought about are already in them."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A confirmed verdict that differs from the provisional one published before."""

    seq: int
    time_s: float
    verdict: Verdict
    nn_ms: float | None
    corrected_ms: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class GapUpdate:
    """A stretch without beats."""

    from_s: float
    to_s: float
    reason: str


@dataclass(frozen=True, slots=True)
class SecondUpdate:
    """A second of the source's time has passed; in silence the numbers go blank."""

    time_s: float
    indices: Mapping[str, IndexValue]


Update: TypeAlias = BeatUpdate | Revision | GapUpdate | SecondUpdate


@dataclass(slots=True)
class _Pause:
    from_s: float
    to_s: float = math.inf

    def touches(self, beat: Beat) -> bool:
        return beat.time_s > self.from_s and beat.time_s - beat.rr_ms / 1000.0 < self.to_s


class LivePipeline:
    """Judges one stream and keeps its live numbers. Reads no clock; equal items give equal updates.

    ``stream`` names the stream to follow, None the first one that beats; ``delay_s`` is how much later than the heart
    its beats are stamped (the pacer's cycles are shifted by it).
    """

    def __init__(self, stream: str | None = None, delay_s: float = 0.0) -> None:
        self._stream = stream
        self._verdicts = VerdictStream()
        self._live = LiveIndices(delay_s)
        self._order = IrregularRhythm()
        self._irregular = False
        self._published: dict[int, Verdict] = {}
        self._last: Beat | None = None
        self._pauses: list[_Pause] = []
        self._numbers: Mapping[str, IndexValue] = blank("warming_up: no beats yet")
        self._seconds: list[tuple[float, float, float]] = []
        self.judgements: list[Judgement] = []
        """Every confirmed judgement so far, in order."""

    def feed(self, item: Item) -> list[Update]:
        """Take the next item; items of other streams and kinds give nothing."""
        if isinstance(item, Beat):
            if self._stream is None:
                self._stream = item.stream
            return self._beat(item) if item.stream == self._stream else []
        if isinstance(item, Gap) and self._mine(item.stream):
            return [*self._break_off(), GapUpdate(item.from_s, item.to_s, item.reason)]
        if isinstance(item, Tick) and self._mine(item.stream):
            return [self._second(item.time_s)]
        return []

    def finish(self) -> list[Update]:
        """The source has ended: settle the last beats with what is known."""
        return self._settle(self._verdicts.finish())

    def set_pacer(self, plan: PacerPlan | None, start_s: float = 0.0) -> None:
        """From now on the breath is paced by ``plan``, which began at ``start_s``; None ends pacing."""
        self._live.pacer, self._live.pacer_start_s = plan, start_s
        self._refresh()

    def set_baseline(self, baseline: BaselineReference | None) -> None:
        """Read arousal against this reference; None withholds it."""
        self._live.baseline = baseline
        self._refresh()

    def baseline_between(self, from_s: float, to_s: float, *, spoken: bool = False) -> BaselineReference | None:
        """Reference from the ticks in (from_s, to_s]; None when fewer than 30 of them had a heart rate."""
        inside = [second for second in self._seconds if from_s < second[0] <= to_s]
        return reference([s[1] for s in inside], [s[2] for s in inside], spoken=spoken)

    def pause(self, time_s: float) -> None:
        """From here on beats are judged and published, and lie outside every number."""
        if not self._pauses or self._pauses[-1].to_s < math.inf:
            self._pauses.append(_Pause(time_s))

    def resume(self, time_s: float) -> None:
        """Numbers begin again with the first whole interval after ``time_s``."""
        if self._pauses:
            self._pauses[-1].to_s = min(self._pauses[-1].to_s, time_s)

    def _mine(self, stream: str) -> bool:
        return self._stream is None or stream == self._stream

    def _beat(self, beat: Beat) -> list[Update]:
        updates: list[Update] = []
        if self._last is not None and beat.seq != self._last.seq + 1:
            updates += self._break_off()
        self._last = beat
        *confirmed, fresh = self._verdicts.push(beat)
        updates += self._settle(confirmed)
        self._published[fresh.seq] = fresh.verdict
        if any(pause.touches(beat) for pause in self._pauses):
            self._live.break_off(paused=True)
            self._numbers = silenced(self._numbers, "paused: the exercise waits")
        else:
            self._live.add(fresh)
            self._refresh()
        updates.append(
            BeatUpdate(fresh.seq, fresh.time_s, fresh.rr_ms, fresh.verdict, True, fresh.nn_ms, self._numbers)
        )
        return updates

    def _break_off(self) -> list[Update]:
        updates = self._settle(self._verdicts.gap())
        self._live.break_off()
        self._order.gap()
        return updates

    def _settle(self, confirmed: list[Judgement]) -> list[Update]:
        revisions: list[Update] = []
        for judgement in confirmed:
            self.judgements.append(judgement)
            self._irregular = self._order.push(judgement)
            self._live.settle(judgement)
            if self._published.pop(judgement.seq) is not judgement.verdict:
                revisions.append(
                    Revision(
                        judgement.seq, judgement.time_s, judgement.verdict, judgement.nn_ms, judgement.corrected_ms
                    )
                )
        return revisions

    def _refresh(self) -> None:
        if not (self._pauses and self._pauses[-1].to_s == math.inf):
            numbers = self._live.numbers()
            self._numbers = refuse(numbers) if self._irregular else numbers

    def _second(self, time_s: float) -> SecondUpdate:
        if self._last is not None and time_s - self._last.time_s > STALE_S:
            silent = f"gap: no beats for {time_s - self._last.time_s:.0f} s"
            return SecondUpdate(time_s, silenced(self._numbers, silent))
        rate = self._numbers["mean_hr_bpm"].value
        if rate is not None:
            self._seconds.append((time_s, rate, math.nan if self._irregular else self._live.ln_rmssd_60))
        return SecondUpdate(time_s, self._numbers)
