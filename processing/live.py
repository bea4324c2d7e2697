"""The live numbers: what the last beats say now, each number on its own window, at a cost that does not grow.

A ring of the last two minutes or so; confirmed beats keep their corrected values for the spectrum, the last three
stand as the gate sees them until they are confirmed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from processing.arousal import BaselineReference, heart_part, ln_rmssd_part
from processing.indices import MS_PER_MIN, TimeDomain, time_domain
from processing.pacer import PacerPlan
from processing.rhythm import WINDOW_S as RHYTHM_S
from processing.rhythm import rhythm_score
from processing.spectrum import HF_HZ, LF_HZ, MIN_POINTS, tachogram_4hz, welch
from processing.swing import LOOK_BACK_S, Swing, last_breaths, paced_swing, unpaced_swing
from processing.thresholds import LIVE_NAMES, SPECS
from processing.values import IndexValue, Judgement, Verdict
from processing.windows import (
    AFTER_GAP,
    AFTER_PAUSE,
    FIRST,
    JOINED,
    TOLERANCE_S,
    Floats,
    Window,
    tachogram_points,
    window_of,
    withheld,
)

CAPACITY = 4096
"""Places of the ring's arrays; when full, the last KEEP are moved to the front."""
KEEP = 1024
"""Beats that survive the move: two minutes at any heart rate that the bounds allow, four times over."""
LN_RMSSD_AROUSAL_S = 60.0
"""Window of the lnRMSSD that arousal is read from."""
_SHORT = "warming_up"


class LiveIndices:
    """Beats in, numbers out. ``add`` takes a beat as the gate sees it, ``settle`` its confirmed judgement."""

    def __init__(self, delay_s: float = 0.0) -> None:
        self._delay_s = delay_s
        self._time_s, self._rr = np.empty(CAPACITY), np.empty(CAPACITY)
        self._normal = np.empty(CAPACITY, dtype=bool)
        self._follows = np.empty(CAPACITY, dtype=np.int8)
        self._size = 0
        self._drawn_s, self._drawn_ms = np.empty(2 * CAPACITY), np.empty(2 * CAPACITY)
        self._drawn = 0
        self._next_seq: int | None = None
        self._open: dict[int, int] = {}
        self._hole = FIRST
        self.pacer: PacerPlan | None = None
        self.pacer_start_s = 0.0
        self.baseline: BaselineReference | None = None
        self.ln_rmssd_60 = math.nan
        self.hr_10 = math.nan

    def break_off(self, *, paused: bool = False) -> None:
        """Whatever comes next does not follow what came before."""
        if self._hole == JOINED:
            self._hole = AFTER_PAUSE if paused else AFTER_GAP

    def add(self, judgement: Judgement) -> None:
        """Take a beat with its provisional verdict."""
        if self._size == CAPACITY:
            self._move()
        place, self._size = self._size, self._size + 1
        follows, self._hole = self._hole, JOINED
        joined = follows == JOINED
        self._time_s[place] = self._time_s[place - 1] + judgement.rr_ms / 1000.0 if joined else judgement.time_s
        self._rr[place] = judgement.rr_ms
        self._normal[place] = judgement.verdict is Verdict.NORMAL
        self._follows[place] = follows
        self._open[judgement.seq] = place

    def settle(self, judgement: Judgement) -> None:
        """Take the confirmed judgement of a beat added before; beats that were not added are passed over."""
        place = self._open.pop(judgement.seq, None)
        if place is None:
            return
        self._normal[place] = judgement.verdict is Verdict.NORMAL
        if judgement.verdict is Verdict.OUT_OF_RANGE and self._follows[place] == JOINED:
            self._follows[place] = AFTER_GAP
        ended = float(self._time_s[place])
        for after, value in tachogram_points(judgement):
            self._drawn_s[self._drawn], self._drawn_ms[self._drawn] = ended + after, value
            self._drawn += 1

    def _move(self) -> None:
        gone = self._size - KEEP
        for array in (self._time_s, self._rr, self._normal, self._follows):
            array[:KEEP] = array[gone : self._size]
        self._size = KEEP
        self._open = {seq: place - gone for seq, place in self._open.items()}
        first = int(np.searchsorted(self._drawn_s[: self._drawn], self._time_s[0]))
        left = self._drawn - first
        for array in (self._drawn_s, self._drawn_ms):
            array[:left] = array[first : self._drawn]
        self._drawn = left

    def numbers(self) -> dict[str, IndexValue]:
        """All live numbers as of the last beat."""
        if self._size == 0:
            return blank("warming_up: no beats yet")
        values: dict[str, IndexValue] = {}
        self._rates(values)
        self._variability(values)
        self._waves(values)
        self._swing(values)
        self._arousal(values)
        return values

    def _window(self, seconds: float) -> Window:
        size = self._size
        end_s = float(self._time_s[size - 1])
        return window_of(
            self._time_s[:size], self._rr[:size], self._normal[:size], self._follows[:size], end_s - seconds, end_s
        )

    def _rates(self, values: dict[str, IndexValue]) -> None:
        window = self._window(SPECS["mean_hr_bpm"].minimum_s)
        normal = window.rr_ms[window.normal]
        rate = MS_PER_MIN * normal.size / float(normal.sum()) if normal.size else math.nan
        found = _value("mean_hr_bpm", rate, window)
        values["mean_hr_bpm"] = found
        self.hr_10 = math.nan if found.value is None else found.value

    def _variability(self, values: dict[str, IndexValue]) -> None:
        window = self._window(SPECS["rmssd_ms"].minimum_s)
        short = _time_domain(window)
        values["rmssd_ms"] = _value("rmssd_ms", short.rmssd_ms, window)
        values["ln_rmssd"] = _value("ln_rmssd", short.ln_rmssd, window)
        self._minute = window = self._window(SPECS["sdnn_ms"].minimum_s)
        long = _time_domain(window)
        values["sdnn_ms"] = _value("sdnn_ms", long.sdnn_ms, window)
        values["pnn50_percent"] = _value("pnn50_percent", long.pnn50_percent, window)
        logged = withheld(SPECS["arousal_ln_rmssd_sd"], window, short=_SHORT) is None
        self.ln_rmssd_60 = long.ln_rmssd if logged and math.isfinite(long.ln_rmssd) else math.nan

    def _samples(self, window: Window) -> Floats | None:
        """Corrected tachogram of a window at 4 Hz, the unconfirmed beats as the gate left them."""
        first = int(np.searchsorted(self._drawn_s[: self._drawn], window.start_s + TOLERANCE_S))
        end = self._drawn
        drawn_to_s = float(self._drawn_s[end - 1]) if end else -math.inf
        for place in self._open.values():
            # The second interval of a confirmed pair is still open, but drawn with the first.
            if self._normal[place] and self._time_s[place] > drawn_to_s + TOLERANCE_S:
                self._drawn_s[end], self._drawn_ms[end] = self._time_s[place], self._rr[place]
                end += 1
        if end - first < MIN_POINTS:
            return None
        return tachogram_4hz(self._drawn_s[first:end], self._drawn_ms[first:end])

    def _waves(self, values: dict[str, IndexValue]) -> None:
        minute, hf, rhythm = self._minute, math.nan, math.nan
        if withheld(SPECS["hf_ms2"], minute, short=_SHORT) is None:
            samples = self._samples(minute)
            if samples is not None:
                hf = welch(samples).power_ms2(HF_HZ)
                rhythm = rhythm_score(samples, self._pacing_hz(minute.end_s))[0]
        values["hf_ms2"] = _value("hf_ms2", hf, minute)
        window, lf = self._window(SPECS["lf_ms2"].minimum_s), math.nan
        if withheld(SPECS["lf_ms2"], window, short=_SHORT) is None:
            samples = self._samples(window)
            if samples is not None:
                lf = welch(samples).power_ms2(LF_HZ)
        values["lf_ms2"] = _value("lf_ms2", lf, window)
        values["rhythm_score"] = _value("rhythm_score", rhythm, minute)

    def _pacing_hz(self, now_s: float) -> float | None:
        """Mean pacing frequency over the paced part of the last minute, or None when not paced."""
        if self.pacer is None:
            return None
        now = now_s - self._delay_s - self.pacer_start_s
        begun = max(0.0, now - RHYTHM_S)
        if now <= begun:
            return self.pacer.rate_bpm(0.0) / 60.0
        return self.pacer.breaths_between(begun, now) / (now - begun)

    def _swing(self, values: dict[str, IndexValue]) -> None:
        now_s = float(self._time_s[self._size - 1])
        paced, bounds = self.pacer is not None, None
        if self.pacer is not None:
            bounds = last_breaths(self.pacer, self.pacer_start_s + self._delay_s, now_s)
        window = self._window(now_s - bounds[0] if bounds else LOOK_BACK_S)
        found: Swing | None = None
        if window.hole is None and (bounds or not paced):
            kept = window.normal
            times = self._time_s[self._size - window.rr_ms.size : self._size][kept]
            rates = MS_PER_MIN / window.rr_ms[kept]
            found = paced_swing(times, rates, bounds) if bounds else unpaced_swing(times, rates)
        values["swing_bpm"] = _swing_value(found, window, paced)

    def _arousal(self, values: dict[str, IndexValue]) -> None:
        baseline, paced, window = self.baseline, self.pacer is not None, self._minute
        if baseline is None:
            for name in ("arousal_sd", "arousal_hr_sd", "arousal_ln_rmssd_sd"):
                values[name] = _refused(name, "warming_up: no baseline of this person yet", window)
            return
        rate = values["mean_hr_bpm"]
        heart = heart_part(self.hr_10, baseline)
        values["arousal_hr_sd"] = _borrowed("arousal_hr_sd", heart, rate)
        logged = ln_rmssd_part(self.ln_rmssd_60, baseline)
        if paced:
            reason = "breathing_outside_hf: slow paced breath raises RMSSD by itself"
            values["arousal_ln_rmssd_sd"] = _refused("arousal_ln_rmssd_sd", reason, window)
            values["arousal_sd"] = _borrowed("arousal_sd", heart, rate)
            return
        if logged is None:
            reason = "low_confidence: the baseline was too short for RMSSD"
            values["arousal_ln_rmssd_sd"] = _refused("arousal_ln_rmssd_sd", reason, window)
            values["arousal_sd"] = _refused("arousal_sd", reason, window)
            return
        values["arousal_ln_rmssd_sd"] = _value("arousal_ln_rmssd_sd", logged, window)
        if rate.value is None:
            values["arousal_sd"] = _borrowed("arousal_sd", heart, rate)
        else:
            values["arousal_sd"] = _value("arousal_sd", (heart + logged) / 2, window)


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


def _time_domain(window: Window) -> TimeDomain:
    return time_domain(window.rr_ms, window.normal, window.joined)


def _value(name: str, value: float, window: Window) -> IndexValue:
    spec = SPECS[name]
    reason = withheld(spec, window, short=_SHORT)
    if reason is None and not math.isfinite(value):
        reason = "no_variability: the intervals do not vary"
    if reason is not None:
        return _refused(name, reason, window)
    return IndexValue(name, value, spec.unit, window.length_s, window.beats, window.corrected_percent)


def _refused(name: str, reason: str, window: Window) -> IndexValue:
    return IndexValue(name, None, SPECS[name].unit, window.length_s, window.beats, window.corrected_percent, reason)


def _borrowed(name: str, value: float, rate: IndexValue) -> IndexValue:
    """A number made of the heart rate alone: it stands or falls with it."""
    kept = value if rate.value is not None else None
    unit = SPECS[name].unit
    return IndexValue(name, kept, unit, rate.window_s, rate.beats, rate.corrected_percent, rate.reason)


def _swing_value(found: Swing | None, window: Window, paced: bool) -> IndexValue:
    reason = None
    if window.hole is not None:
        reason = f"{window.hole}: needs two breaths without a gap"
    elif found is None:
        reason = "warming_up: needs two whole breaths" + ("" if paced else " that can be told apart")
    elif window.corrected_percent > SPECS["swing_bpm"].rests_above_percent:
        reason = f"too_many_corrected: {window.corrected_percent:.0f} % of the intervals are refused"
    elif not found.stands_out:
        reason = "low_confidence: no wave stands out of the beat-to-beat noise"
    if reason is not None or found is None:
        return _refused("swing_bpm", reason or "warming_up: needs two whole breaths", window)
    return IndexValue("swing_bpm", found.bpm, "beats/min", found.window_s, window.beats, window.corrected_percent)
