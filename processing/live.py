"""The live numbers: what the last beats say now, each number on its own window, at a cost that does not grow.

Confirmed beats keep their corrected values for the spectrum; the last three stand as the gate sees them until they are
confirmed.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from itertools import compress
from typing import NamedTuple

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
    withheld,
)

_VIEWS = tuple((SPECS[name].minimum_s, SPECS[name]) for name in ("mean_hr_bpm", "rmssd_ms", "sdnn_ms", "lf_ms2"))
"""The windows that the numbers look back on, and the limits that all numbers of each of them share; the waves of a
minute have stricter ones."""
_LABELS = {name: (SPECS[name].unit, SPECS[name].minimum_s) for name in LIVE_NAMES}
_SHORT = "warming_up"
_AROUSAL = ("arousal_sd", "arousal_hr_sd", "arousal_ln_rmssd_sd")


class _View(NamedTuple):
    """A window, the place of its first beat, and why numbers of its kind may not be told (None when they may)."""

    window: WindowFacts
    first: int
    refusal: str | None

    def number(self, name: str, value: float) -> IndexValue:
        """A number of this window, or why there is none."""
        if self.refusal is not None:
            return self.refused(name, self.refusal)
        if not math.isfinite(value):
            return self.refused(name, "no_variability: the intervals do not vary")
        (unit, window_s), facts = _LABELS[name], self.window
        return IndexValue(name, value, unit, window_s, facts.beats, facts.corrected_percent)

    def refused(self, name: str, reason: str) -> IndexValue:
        """No number of this window, for a reason."""
        (unit, window_s), facts = _LABELS[name], self.window
        return IndexValue(name, None, unit, window_s, facts.beats, facts.corrected_percent, reason)


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
        ten, half, minute, two_minutes = (self._view(*asked) for asked in _VIEWS)
        rate = ten.number("mean_hr_bpm", beats.mean_hr_bpm(ten.first))
        rmssd = beats.rmssd_ms(half.first)
        self.ln_rmssd_60 = math.nan if minute.refusal is not None else _logarithm(beats.rmssd_ms(minute.first))
        waves = _View(minute.window, minute.first, withheld(SPECS["hf_ms2"], minute.window, short=_SHORT))
        hf, lf, rhythm = self._waves(waves, two_minutes)
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
            **self._breath.numbers(minute.window, lambda: self._tachogram.samples(minute.window.start_s + TOLERANCE_S)),
            "heart_breath_phase_deg": self._heart_breath(ten.window),
            **self._arousal(rate, minute),
        }

    def _view(self, seconds: float, limits: IndexSpec) -> _View:
        window, first = self._beats.window(seconds)
        return _View(window, first, withheld(limits, window, short=_SHORT))

    def _waves(self, minute: _View, two_minutes: _View) -> tuple[float, float, float]:
        """HF, LF and rhythm score, NaN where their window does not allow them."""
        hf = lf = rhythm = math.nan
        told = [view for view in (minute, two_minutes) if view.refusal is None]
        drawn = self._tachogram.together(*[view.window.start_s + TOLERANCE_S for view in told])
        for view, samples in zip(told, drawn, strict=True):
            if samples is None:
                continue
            if view is two_minutes:
                lf = band_power(samples, LF_HZ)
            else:
                hf = band_power(samples, HF_HZ)
                rhythm = rhythm_score(samples, self._pacing_hz(view.window))[0]
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

    def _arousal(self, rate: IndexValue, minute: _View) -> dict[str, IndexValue]:
        baseline = self.baseline
        if baseline is None:
            return {name: minute.refused(name, "warming_up: no baseline of this person yet") for name in _AROUSAL}
        heart = math.nan if rate.value is None else heart_part(rate.value, baseline)
        both, logged = _borrowed("arousal_sd", heart, rate), ln_rmssd_part(self.ln_rmssd_60, baseline)
        if self.pacer is not None:
            reason = "breathing_outside_hf: slow paced breath raises RMSSD by itself"
            variability = minute.refused("arousal_ln_rmssd_sd", reason)
        elif logged is None:
            reason = "low_confidence: the baseline was too short for RMSSD"
            both, variability = minute.refused("arousal_sd", reason), minute.refused("arousal_ln_rmssd_sd", reason)
        else:
            variability = minute.number("arousal_ln_rmssd_sd", logged)
            if rate.value is not None:
                both = minute.number("arousal_sd", (heart + logged) / 2)
        return {
            "arousal_sd": both,
            "arousal_hr_sd": _borrowed("arousal_hr_sd", heart, rate),
            "arousal_ln_rmssd_sd": variability,
        }


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
