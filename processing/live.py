"""The live numbers: what the last beats say now, each number on its own window, at a cost that does not grow.

Confirmed beats keep their corrected values for the spectrum; the last three stand as the gate sees them until they are
confirmed.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from itertools import compress

import numpy as np

from processing import heart_breath
from processing.arousal import BaselineReference, heart_part, ln_rmssd_part
from processing.breathing import RunningBreath
from processing.pacer import PacerPlan
from processing.rhythm import rhythm_score
from processing.running import RunningBeats
from processing.spectrum import HF_HZ, LF_HZ, band_power
from processing.swing import LOOK_BACK_S, Swing, last_breaths, paced_swing, unpaced_swing
from processing.tachogram import Tachogram
from processing.thresholds import LIVE_NAMES, SPECS
from processing.values import IndexValue, Judgement, Verdict
from processing.windows import (
    AFTER_GAP,
    AFTER_PAUSE,
    FIRST,
    JOINED,
    TOLERANCE_S,
    WindowFacts,
    tachogram_points,
    withheld,
)

TEN_S = SPECS["mean_hr_bpm"].minimum_s
HALF_MINUTE_S = SPECS["rmssd_ms"].minimum_s
MINUTE_S = SPECS["sdnn_ms"].minimum_s
TWO_MINUTES_S = SPECS["lf_ms2"].minimum_s
_SHORT = "warming_up"
_AROUSAL = ("arousal_sd", "arousal_hr_sd", "arousal_ln_rmssd_sd")


class LiveIndices:
    """Beats in, numbers out. ``add`` takes a beat as the gate sees it, ``settle`` its confirmed judgement."""

    def __init__(self, delay_s: float = 0.0) -> None:
        self._delay_s = delay_s
        self._beats = RunningBeats()
        self._tachogram = Tachogram()
        self._open: dict[int, int] = {}
        """Place of each unconfirmed beat by its number."""
        self._drawn: dict[int, int] = {}
        """How many points were drawn before it."""
        self._hole = FIRST
        self._breath = RunningBreath()
        self._phase: tuple[tuple[float, ...], IndexValue] | None = None
        """Phase of the guide's last two breaths, and the bounds of those breaths."""
        self.pacer: PacerPlan | None = None
        self.pacer_start_s = 0.0
        self.baseline: BaselineReference | None = None
        self.ln_rmssd_60 = math.nan
        """lnRMSSD over the last minute, as arousal reads it; NaN where withheld."""

    def break_off(self, *, paused: bool = False) -> None:
        """Whatever comes next does not follow what came before."""
        self._phase = None
        if self._hole == JOINED:
            self._hole = AFTER_PAUSE if paused else AFTER_GAP

    def add(self, judgement: Judgement) -> None:
        """Take a beat with its provisional verdict."""
        follows, self._hole = self._hole, JOINED
        beats = self._beats
        ends_s = beats.time_s[-1] + judgement.rr_ms / 1000.0 if follows == JOINED else judgement.time_s
        moved = beats.add(ends_s, judgement.rr_ms, judgement.verdict is Verdict.NORMAL, follows)
        if moved:
            self._open = {seq: place - moved for seq, place in self._open.items()}
        place = len(beats.rr_ms) - 1
        self._open[judgement.seq] = place
        self._drawn[judgement.seq] = self._tachogram.count
        self._draw_gated(place)

    def settle(self, judgement: Judgement) -> None:
        """Take the confirmed judgement of a beat added before; beats that were not added are passed over."""
        place = self._open.pop(judgement.seq, None)
        if place is None:
            return
        beats, drawn_before = self._beats, self._drawn.pop(judgement.seq)
        normal = judgement.verdict is Verdict.NORMAL
        as_it_stood = normal and beats.normal[place] and self._tachogram.time_at(drawn_before) == beats.time_s[place]
        unknown = judgement.verdict is Verdict.OUT_OF_RANGE and beats.follows[place] == JOINED
        beats.change(place, normal=normal, follows=AFTER_GAP if unknown else beats.follows[place])
        if as_it_stood:
            return
        self._tachogram.rewind(drawn_before)
        for after_s, value in tachogram_points(judgement):
            self._tachogram.push(beats.time_s[place] + after_s, value)
        for seq, later in self._open.items():
            self._drawn[seq] = self._tachogram.count
            self._draw_gated(later)

    def _draw_gated(self, place: int) -> None:
        """Draw an unconfirmed beat as the gate left it; the second of a confirmed pair is drawn with the first."""
        beats = self._beats
        if beats.normal[place] and beats.time_s[place] > self._tachogram.last_s + TOLERANCE_S:
            self._tachogram.push(beats.time_s[place], beats.rr_ms[place])

    def numbers(self) -> dict[str, IndexValue]:
        """All live numbers as of the last beat, in the order of ``LIVE_NAMES``."""
        if not self._beats.rr_ms:
            return blank("warming_up: no beats yet")
        beats = self._beats
        ten, first = beats.window(TEN_S)
        rate = _value("mean_hr_bpm", beats.moments(first).mean_hr_bpm, ten)
        half, first = beats.window(HALF_MINUTE_S)
        rmssd = beats.moments(first).rmssd_ms
        minute, first = beats.window(MINUTE_S)
        moments = beats.moments(first)
        self.ln_rmssd_60 = _logarithm(moments.rmssd_ms)
        if withheld(SPECS["arousal_ln_rmssd_sd"], minute, short=_SHORT) is not None:
            self.ln_rmssd_60 = math.nan
        two_minutes, _ = beats.window(TWO_MINUTES_S)
        hf, lf, rhythm = self._waves(minute, two_minutes)
        return {
            "mean_hr_bpm": rate,
            "rmssd_ms": _value("rmssd_ms", rmssd, half),
            "ln_rmssd": _value("ln_rmssd", _logarithm(rmssd), half),
            "sdnn_ms": _value("sdnn_ms", moments.sdnn_ms, minute),
            "pnn50_percent": _value("pnn50_percent", moments.pnn50_percent, minute),
            "hf_ms2": _value("hf_ms2", hf, minute),
            "lf_ms2": _value("lf_ms2", lf, two_minutes),
            "swing_bpm": self._swing(),
            "rhythm_score": _value("rhythm_score", rhythm, minute),
            **self._breath.numbers(minute, lambda: self._tachogram.samples(minute.start_s + TOLERANCE_S)),
            "heart_breath_phase_deg": self._heart_breath(),
            **self._arousal(rate, minute),
        }

    def _waves(self, minute: WindowFacts, two_minutes: WindowFacts) -> tuple[float, float, float]:
        """HF, LF and rhythm score, NaN where their window does not allow them."""
        hf = lf = rhythm = math.nan
        if withheld(SPECS["hf_ms2"], minute, short=_SHORT) is not None:
            return hf, lf, rhythm
        samples = self._tachogram.samples(minute.start_s + TOLERANCE_S)
        if samples is not None:
            hf = band_power(samples, HF_HZ)
            rhythm = rhythm_score(samples, self._pacing_hz(minute))[0]
        if withheld(SPECS["lf_ms2"], two_minutes, short=_SHORT) is None:
            samples = self._tachogram.samples(two_minutes.start_s + TOLERANCE_S)
            lf = math.nan if samples is None else band_power(samples, LF_HZ)
        return hf, lf, rhythm

    def _pacing_hz(self, window: WindowFacts) -> float | None:
        """Mean pacing frequency over the paced part of the window, or None when not paced."""
        if self.pacer is None:
            return None
        now = window.end_s - self._delay_s - self.pacer_start_s
        begun = max(0.0, now - window.length_s)
        if now <= begun:
            return self.pacer.rate_bpm(0.0) / 60.0
        return self.pacer.breaths_between(begun, now) / (now - begun)

    def _swing(self) -> IndexValue:
        beats, bounds = self._beats, None
        if self.pacer is not None:
            bounds = last_breaths(self.pacer, self.pacer_start_s + self._delay_s, beats.time_s[-1])
        window, first = beats.window(beats.time_s[-1] - bounds[0] if bounds else LOOK_BACK_S)
        found: Swing | None = None
        if window.hole is None and (bounds is not None or self.pacer is None):
            times, rates = beats.time_s[first:], beats.rate_bpm[first:]
            if window.beats < window.intervals:
                times, rates = (list(compress(values, beats.normal[first:])) for values in (times, rates))
            noise = beats.noise_bpm(first)
            found = paced_swing(times, rates, bounds, noise) if bounds else unpaced_swing(times, rates, noise)
        return _swing_value(found, window)

    def _heart_breath(self) -> IndexValue:
        """Phase to the guide, worked out once a breath."""
        beats, plan, start_s = self._beats, self.pacer, self.pacer_start_s + self._delay_s
        now_s = beats.time_s[-1]
        bounds = None if plan is None else last_breaths(plan, start_s, now_s)
        if plan is None or bounds is None:
            facts, _ = beats.window(TEN_S)
            return heart_breath.refused(facts, heart_breath.NO_GUIDE if plan is None else heart_breath.NO_BREATHS)
        if self._phase is None or self._phase[0] != bounds:
            facts, first = beats.window(now_s - bounds[0])
            last = bisect_right(beats.time_s, bounds[-1] + TOLERANCE_S)
            normal = beats.normal[first:last]
            time_s, rr = (np.array(list(compress(each[first:last], normal))) for each in (beats.time_s, beats.rr_ms))
            self._phase = bounds, heart_breath.phase_of(time_s, rr, facts._replace(end_s=bounds[-1]), plan, start_s)
        return self._phase[1]

    def _arousal(self, rate: IndexValue, minute: WindowFacts) -> dict[str, IndexValue]:
        baseline = self.baseline
        if baseline is None:
            reason = "warming_up: no baseline of this person yet"
            return {name: _refused(name, reason, minute) for name in _AROUSAL}
        heart = math.nan if rate.value is None else heart_part(rate.value, baseline)
        found = {"arousal_sd": _borrowed("arousal_sd", heart, rate)}
        found["arousal_hr_sd"] = _borrowed("arousal_hr_sd", heart, rate)
        logged = ln_rmssd_part(self.ln_rmssd_60, baseline)
        if self.pacer is not None:
            reason = "breathing_outside_hf: slow paced breath raises RMSSD by itself"
            found["arousal_ln_rmssd_sd"] = _refused("arousal_ln_rmssd_sd", reason, minute)
        elif logged is None:
            reason = "low_confidence: the baseline was too short for RMSSD"
            found |= {name: _refused(name, reason, minute) for name in ("arousal_sd", "arousal_ln_rmssd_sd")}
        else:
            found["arousal_ln_rmssd_sd"] = _value("arousal_ln_rmssd_sd", logged, minute)
            if rate.value is not None:
                found["arousal_sd"] = _value("arousal_sd", (heart + logged) / 2, minute)
        return found


def blank(reason: str) -> dict[str, IndexValue]:
    """Every live number withheld for one reason."""
    return {
        name: IndexValue(name, None, SPECS[name].unit, SPECS[name].minimum_s, 0, 0.0, reason) for name in LIVE_NAMES
    }


def silenced(numbers: Mapping[str, IndexValue], reason: str) -> dict[str, IndexValue]:
    """The same numbers, all withheld for one reason."""
    return {
        name: IndexValue(name, None, old.unit, old.window_s, old.beats, old.corrected_percent, reason)
        for name, old in numbers.items()
    }


def _logarithm(value: float) -> float:
    return math.log(value) if value > 0 else math.nan


def _value(name: str, value: float, window: WindowFacts) -> IndexValue:
    spec = SPECS[name]
    reason = withheld(spec, window, short=_SHORT)
    if reason is None:
        if math.isfinite(value):
            return IndexValue(name, value, spec.unit, spec.minimum_s, window.beats, window.corrected_percent)
        reason = "no_variability: the intervals do not vary"
    return _refused(name, reason, window)


def _refused(name: str, reason: str, window: WindowFacts) -> IndexValue:
    spec = SPECS[name]
    return IndexValue(name, None, spec.unit, spec.minimum_s, window.beats, window.corrected_percent, reason)


def _borrowed(name: str, value: float, rate: IndexValue) -> IndexValue:
    """A number made of the heart rate alone: it stands or falls with it."""
    kept = value if rate.value is not None else None
    unit = SPECS[name].unit
    return IndexValue(name, kept, unit, rate.window_s, rate.beats, rate.corrected_percent, rate.reason)


def _swing_value(found: Swing | None, window: WindowFacts) -> IndexValue:
    spec, percent = SPECS["swing_bpm"], window.corrected_percent
    if window.hole is not None:
        reason = f"{window.hole}: needs two breaths without a gap"
    elif found is None:
        reason = "warming_up: needs two whole breaths"
    elif percent > spec.rests_above_percent:
        reason = f"too_many_corrected: {percent:.0f} % of the intervals are refused"
    elif not found.stands_out:
        reason = "low_confidence: no wave stands out of the beat-to-beat noise"
    else:
        return IndexValue("swing_bpm", found.bpm, spec.unit, found.window_s, window.beats, percent)
    return IndexValue("swing_bpm", None, spec.unit, window.length_s, window.beats, percent, reason)
