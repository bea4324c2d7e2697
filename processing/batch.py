"""Numbers of a stretch of a recording: a phase, a window, the whole. One window in, every number or its reason out.

Time domain and powers come from NeuroKit2 (``oracle=True``) or from the live kernel, which equals it; sliding windows
use the kernel because they are many.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from processing import heart_breath, neurokit
from processing.breathing import breathing_indices
from processing.entropy import sample_entropy
from processing.fluctuation import dfa_alpha1
from processing.indices import MS_PER_MIN, time_domain
from processing.irregular import AT_MOST_PERCENT, refuse
from processing.rhythm import WINDOW_S as RHYTHM_S
from processing.rhythm import rhythm_score
from processing.spectrum import HF_HZ, LF_HZ, MIN_POINTS, TOTAL_HZ, VLF_HZ, tachogram_4hz, welch
from processing.stress_index import stress_index
from processing.swing import noise_bpm, unpaced_swing
from processing.thresholds import SPECS
from processing.values import IndexValue, Verdict
from processing.verdicts import events
from processing.windows import Floats, Series, Window, withheld

TIME_NAMES = (
    "mean_nn_ms",
    "mean_hr_bpm",
    "sdnn_ms",
    "rmssd_ms",
    "ln_rmssd",
    "sdsd_ms",
    "pnn50_percent",
    "pnn20_percent",
    "sd1_ms",
    "sd2_ms",
)
POWER_NAMES = ("lf_ms2", "hf_ms2", "ln_hf", "total_power_ms2", "vlf_ms2", "lf_peak_hz")
NONLINEAR: dict[str, Callable[[Floats], float]] = {
    "sample_entropy": sample_entropy,
    "dfa_alpha1": dfa_alpha1,
    "stress_index": stress_index,
}
NONLINEAR_AT_MOST = 5000
"""Normal intervals up to which entropy and DFA are computed; their cost grows with the square of the number."""


def stretch_indices(
    series: Series, start_s: float, end_s: float, *, oracle: bool = True, judged: Series | None = None
) -> dict[str, IndexValue]:
    """Every number of the intervals that end in (start_s, end_s].

    ``judged`` holds the intervals as they came, with their verdicts, where ``series`` holds mended ones.
    """
    window = series.window(start_s, end_s)
    found = _time_numbers(series, window, oracle)
    found |= _wave_numbers(series, window, oracle)
    values = {name: _value(name, found.get(name, math.nan), window) for name in (*TIME_NAMES, *POWER_NAMES)}
    if oracle:
        values |= nonlinear_indices(window)
        values |= breathing_indices(series, start_s, end_s)
        values["heart_breath_phase_deg"] = heart_breath.refused(window.facts)
    values["rhythm_score"] = _rhythm(series, window)
    values["swing_bpm"] = _swing(window)
    judged = judged or series
    as_they_came = judged.window(start_s, end_s)
    values["ectopic_percent"] = _ectopy(judged, as_they_came)
    first, intervals = as_they_came.first, as_they_came.facts.intervals
    irregular = np.count_nonzero(judged.irregular[first : first + intervals])
    return refuse(values) if 100 * irregular > AT_MOST_PERCENT * intervals else values


def _time_numbers(series: Series, window: Window, oracle: bool) -> dict[str, float]:
    ours = time_domain(window.rr_ms, window.normal, window.joined)
    found = {name: float(getattr(ours, name)) for name in TIME_NAMES}
    if not oracle or ours.pairs < 2 or ours.rmssd_ms == 0:
        # NeuroKit2 divides by RMSSD on its way to numbers that are not asked for.
        return found
    theirs = neurokit.time_domain(window.rr_ms[window.normal], window.time_s[window.normal])
    per_pair = (ours.pairs + 1) / ours.pairs
    found |= {
        "mean_nn_ms": theirs["MeanNN"],
        "mean_hr_bpm": MS_PER_MIN / theirs["MeanNN"],
        "sdnn_ms": theirs["SDNN"],
        "rmssd_ms": theirs["RMSSD"],
        "ln_rmssd": math.log(theirs["RMSSD"]) if theirs["RMSSD"] > 0 else math.nan,
        "sdsd_ms": theirs["SDSD"],
        "pnn50_percent": theirs["pNN50"] * per_pair,
        "pnn20_percent": theirs["pNN20"] * per_pair,
    }
    return found


def _wave_numbers(series: Series, window: Window, oracle: bool) -> dict[str, float]:
    if withheld(SPECS["hf_ms2"], window.facts) is not None:
        return {}
    time_s, value = series.tachogram(window.facts.start_s, window.facts.end_s)
    if time_s.size < MIN_POINTS:
        return {}
    samples = tachogram_4hz(time_s, value)
    spectrum = welch(samples)
    bands = (LF_HZ, HF_HZ, TOTAL_HZ, VLF_HZ)
    powers = neurokit.band_powers(samples, bands) if oracle else tuple(spectrum.power_ms2(band) for band in bands)
    found = dict(zip(("lf_ms2", "hf_ms2", "total_power_ms2", "vlf_ms2"), powers, strict=True))
    found["ln_hf"] = math.log(found["hf_ms2"]) if found["hf_ms2"] > 0 else math.nan
    found["lf_peak_hz"] = spectrum.peak_hz(LF_HZ)
    return found


def nonlinear_indices(window: Window) -> dict[str, IndexValue]:
    """Entropy and fluctuation of a window, by kernels of our own that equal NeuroKit2's."""
    values = {}
    for name, compute in NONLINEAR.items():
        reason = withheld(SPECS[name], window.facts)
        if reason is None and window.facts.beats > NONLINEAR_AT_MOST:
            reason = f"low_confidence: taken from stretches of up to {NONLINEAR_AT_MOST} beats only"
        number = compute(window.rr_ms[window.normal]) if reason is None else math.nan
        values[name] = _value(name, number, window, reason)
    return values


def _rhythm(series: Series, window: Window) -> IndexValue:
    """Rhythm score of the last 60 s of the stretch, which is the window that it is defined on."""
    last = series.window(window.facts.end_s - min(RHYTHM_S, window.facts.length_s), window.facts.end_s)
    score = math.nan
    if withheld(SPECS["rhythm_score"], last.facts) is None:
        time_s, value = series.tachogram(last.facts.start_s, last.facts.end_s)
        if time_s.size >= MIN_POINTS:
            score = rhythm_score(tachogram_4hz(time_s, value))[0]
    return _value("rhythm_score", score, last)


def _swing(window: Window) -> IndexValue:
    """Swing of the stretch's last two breaths of its own, between turning points, as live without a pacer."""
    reason = withheld(SPECS["swing_bpm"], window.facts)
    if reason is not None:
        return _value("swing_bpm", math.nan, window, reason)
    rates = (MS_PER_MIN / window.rr_ms[window.normal]).tolist()
    found = unpaced_swing(window.time_s[window.normal].tolist(), rates, noise_bpm(rates))
    if found is None or not found.stands_out:
        reason = "low_confidence: no wave stands out of the beat-to-beat noise"
        return _value("swing_bpm", math.nan, window, reason)
    beats = int(np.count_nonzero(window.time_s[window.normal] >= window.time_s[window.normal][-1] - found.window_s))
    return replace(_value("swing_bpm", found.bpm, window), window_s=found.window_s, beats=beats)


def _ectopy(series: Series, window: Window) -> IndexValue:
    ectopic = series.ectopic[window.first : window.first + window.facts.intervals]
    count = events([Verdict.ECTOPIC if flag else Verdict.NORMAL for flag in ectopic.tolist()], Verdict.ECTOPIC)
    share = 100.0 * count / ectopic.size if ectopic.size else math.nan
    return _value("ectopic_percent", share, window)


def _value(name: str, number: float, window: Window, reason: str | None = None) -> IndexValue:
    spec = SPECS[name]
    reason = reason or withheld(spec, window.facts)
    if reason is None and not math.isfinite(number):
        reason = "no_variability: the intervals do not vary enough to have one"
    value, facts = number if reason is None else None, window.facts
    return IndexValue(name, value, spec.unit, facts.length_s, facts.beats, facts.corrected_percent, reason)
