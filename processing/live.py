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
from numpy.typing import NDArray

from processing import heart_breath
from processing.arousal import BaselineReference, heart_part, ln_rmssd_part
from processing.breathing import RunningBreath
from processing.live_view import View, borrowed, made
from processing.pacer import PacerPlan
from processing.rhythm import rhythm_and_hf
from processing.running import RunningBeats
from processing.spectrum import LF_HZ, band_power
from processing.swing import LOOK_BACK_S, Swing, last_breaths, paced_swing, unpaced_swing
from processing.tachogram import Tachogram
from processing.thresholds import LIVE_NAMES, SPECS, IndexSpec
from processing.values import IndexValue, Judgement, Verdict
from processing.windows import (
    AFTER_GAP,
    AFTER_PAUSE,
    FIRST,
    JOINED,
    TOLERANCE_S,
    WindowFacts,
    tachogram_points,
)

Floats = NDArray[np.float64]

_LIMITS = tuple(SPECS[name] for name in ("mean_hr_bpm", "rmssd_ms", "sdnn_ms", "lf_ms2"))
"""Limits that all numbers of one window share, for each window that numbers look back on; the waves of a minute have
stricter ones."""
_WAVES = SPECS["hf_ms2"]
_AROUSAL = ("arousal_sd", "arousal_hr_sd", "arousal_ln_rmssd_sd")
_NORMAL = Verdict.NORMAL


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
        self._minute: Floats | None = None
        """The last minute at 4 Hz, when it was drawn for its waves."""
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
        beats, seq, rr_ms = self._beats, judgement.seq, judgement.rr_ms
        ends_s = beats.time_s[-1] + rr_ms / 1000.0 if follows == JOINED else judgement.time_s
        moved = beats.add(ends_s, rr_ms, judgement.verdict is _NORMAL, follows)
        if moved:
            self._open = {number: place - moved for number, place in self._open.items()}
        self._open[seq] = place = len(beats.rr_ms) - 1
        self._drawn[seq] = self._tachogram.count
        self._draw_gated(place)

    def settle(self, judgement: Judgement) -> None:
        """Take the confirmed judgement of a beat added before; beats that were not added are passed over."""
        place = self._open.pop(judgement.seq, None)
        if place is None:
            return
        beats, drawn_before, verdict = self._beats, self._drawn.pop(judgement.seq), judgement.verdict
        normal, follows = verdict is _NORMAL, beats.follows[place]
        as_it_stood = normal and beats.normal[place] and self._tachogram.time_at(drawn_before) == beats.time_s[place]
        if as_it_stood:
            return
        unknown = verdict is Verdict.OUT_OF_RANGE and follows == JOINED
        beats.change(place, normal=normal, follows=AFTER_GAP if unknown else follows)
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
        ten, half, minute, two_minutes = [self._view(limits) for limits in _LIMITS]
        rate = ten.number("mean_hr_bpm", beats.mean_hr_bpm(ten.first))
        rmssd = beats.rmssd_ms(half.first)
        self.ln_rmssd_60 = math.nan if minute.refusal is not None else _logarithm(beats.rmssd_ms(minute.first))
        waves = View(minute.window, minute.first, _WAVES)
        hf, lf, rhythm = self._waves(waves, two_minutes)
        aroused, by_heart, by_variability = self._arousal(rate, minute)
        breath = self._breath.numbers(minute.window, self._last_minute)
        return {
            "mean_hr_bpm": rate,
            "rmssd_ms": half.number("rmssd_ms", rmssd),
            "ln_rmssd": half.number("ln_rmssd", _logarithm(rmssd)),
            "sdnn_ms": minute.number("sdnn_ms", beats.sdnn_ms(minute.first)),
            "pnn50_percent": minute.number("pnn50_percent", beats.pnn50_percent(minute.first)),
            "hf_ms2": waves.number("hf_ms2", hf),
            "lf_ms2": two_minutes.number("lf_ms2", lf),
            "swing_bpm": self._swing(),
            "rhythm_score": waves.number("rhythm_score", rhythm),
            **breath,
            "heart_breath_phase_deg": self._heart_breath(ten.window),
            "arousal_sd": aroused,
            "arousal_hr_sd": by_heart,
            "arousal_ln_rmssd_sd": by_variability,
        }

    def _view(self, limits: IndexSpec) -> View:
        window, first = self._beats.window(limits.minimum_s)
        return View(window, first, limits)

    def _waves(self, minute: View, two_minutes: View) -> tuple[float, float, float]:
        """HF, LF and rhythm score, NaN where their window does not allow them."""
        hf = lf = rhythm = math.nan
        self._minute = None
        told = [view for view in (minute, two_minutes) if view.refusal is None]
        drawn = self._tachogram.together(*[view.window.start_s + TOLERANCE_S for view in told])
        for view, samples in zip(told, drawn, strict=True):
            if samples is None:
                continue
            if view is two_minutes:
                lf = band_power(samples, LF_HZ)
            else:
                self._minute = samples
                rhythm, _, hf = rhythm_and_hf(samples, self._pacing_hz(view.window))
        return hf, lf, rhythm

    def _last_minute(self) -> Floats | None:
        """The last minute's corrected RR at 4 Hz; drawn now only when its waves were not asked for."""
        if self._minute is None:
            length_s = SPECS["breathing_confidence"].minimum_s
            self._minute = self._tachogram.samples(self._beats.time_s[-1] - length_s + TOLERANCE_S)
        return self._minute

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

    def _heart_breath(self, ten: WindowFacts) -> IndexValue:
        """Phase to the guide, worked out once a breath; ``ten`` are the last ten seconds."""
        beats, plan, start_s = self._beats, self.pacer, self.pacer_start_s + self._delay_s
        now_s = beats.time_s[-1]
        bounds = None if plan is None else last_breaths(plan, start_s, now_s)
        if plan is None or bounds is None:
            return heart_breath.refused(ten, heart_breath.NO_GUIDE if plan is None else heart_breath.NO_BREATHS)
        if self._phase is None or self._phase[0] != bounds:
            facts, first = beats.window(now_s - bounds[0])
            last = bisect_right(beats.time_s, bounds[-1] + TOLERANCE_S)
            normal = beats.normal[first:last]
            time_s, rr = (np.array(list(compress(each[first:last], normal))) for each in (beats.time_s, beats.rr_ms))
            self._phase = bounds, heart_breath.phase_of(time_s, rr, facts._replace(end_s=bounds[-1]), plan, start_s)
        return self._phase[1]

    def _arousal(self, rate: IndexValue, minute: View) -> tuple[IndexValue, IndexValue, IndexValue]:
        """Arousal, and its parts from heart rate and from lnRMSSD."""
        baseline = self.baseline
        if baseline is None:
            both, by_heart, by_variability = (
                minute.refused(name, "warming_up: no baseline of this person yet") for name in _AROUSAL
            )
            return both, by_heart, by_variability
        heart = math.nan if rate.value is None else heart_part(rate.value, baseline)
        by_heart = borrowed("arousal_hr_sd", heart, rate)
        logged = ln_rmssd_part(self.ln_rmssd_60, baseline)
        if self.pacer is not None:
            reason = "breathing_outside_hf: slow paced breath raises RMSSD by itself"
            return borrowed("arousal_sd", heart, rate), by_heart, minute.refused("arousal_ln_rmssd_sd", reason)
        if logged is None:
            reason = "low_confidence: the baseline was too short for RMSSD"
            return minute.refused("arousal_sd", reason), by_heart, minute.refused("arousal_ln_rmssd_sd", reason)
        by_variability = minute.number("arousal_ln_rmssd_sd", logged)
        if rate.value is None:
            return borrowed("arousal_sd", heart, rate), by_heart, by_variability
        return minute.number("arousal_sd", (heart + logged) / 2), by_heart, by_variability


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
        return made("swing_bpm", found.bpm, spec.unit, found.window_s, window.beats, percent)
    return made("swing_bpm", None, spec.unit, window.length_s, window.beats, percent, reason)
