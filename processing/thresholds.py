"""The one table: which window each number needs, what share of refused beats it bears, and how it is defined.

Pages, commands, exports and tests take limits from here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

SHOWN_UP_TO_PERCENT = 5.0
"""Refused intervals up to which a number stands without a mark (editing above about 5 % makes HRV windows doubtful)."""
WITHHELD_OVER_PERCENT = 10.0
"""Refused intervals above which time-domain numbers are withheld; in between they are shown and marked."""
BURDEN_UP_TO_PERCENT = 45.0
"""Refused intervals above which the share of ectopic beats is not told: above about 22 ectopic beats in a hundred it
can no longer be told which intervals are the usual ones, and the count falls short of the truth."""
MIN_COVERAGE = 0.8
"""Share of a window that beats must cover before a time-domain number is given: a window that lost more than a
fifth to a gap no longer holds the amount of data that its minimum stands for."""
STALE_S = 5.0
"""Seconds without a beat after which live numbers go blank; a heart above 12 beats a minute is faster, and the
sensor's own watchdog calls the link degraded at the same time."""


@dataclass(frozen=True, slots=True)
class IndexSpec:
    """What one number is, and when it may be given."""

    name: str
    unit: str
    minimum_s: float
    """Shortest window; also the window that the live number looks back on."""
    min_beats: int
    """Normal intervals that the window must hold."""
    rests_above_percent: float
    """Share of refused intervals above which the number is withheld."""
    definition: str
    spectral: bool = False
    """True when the window must be one stretch without a gap."""


def _time(name: str, unit: str, minimum_s: float, min_beats: int, definition: str) -> IndexSpec:
    return IndexSpec(name, unit, minimum_s, min_beats, WITHHELD_OVER_PERCENT, definition)


def _strict(name: str, unit: str, minimum_s: float, min_beats: int, definition: str) -> IndexSpec:
    return IndexSpec(name, unit, minimum_s, min_beats, SHOWN_UP_TO_PERCENT, definition, spectral=True)


_WELCH = "of the corrected tachogram, cubic at 4 Hz, Welch with Hann segments of half the window, not normalised"

_BREATH = "rate of the wave in RR held to be the breath; middle of the minutes of a longer stretch"

SPECS: dict[str, IndexSpec] = {
    spec.name: spec
    for spec in (
        _time("mean_nn_ms", "ms", 10.0, 5, "mean of normal intervals"),
        _time("mean_hr_bpm", "beats/min", 10.0, 5, "60000 over the mean of normal intervals"),
        _time("rmssd_ms", "ms", 30.0, 10, "root mean square of successive differences; n = pairs of normal neighbours"),
        _time("ln_rmssd", "ln ms", 30.0, 10, "natural logarithm of RMSSD"),
        _time("sdsd_ms", "ms", 30.0, 10, "standard deviation of successive differences, divisor n - 1"),
        _time("sdnn_ms", "ms", 60.0, 20, "standard deviation of normal intervals, divisor n - 1"),
        _time("pnn50_percent", "%", 60.0, 20, "successive differences over 50 ms per 100 pairs"),
        _time("pnn20_percent", "%", 60.0, 20, "successive differences over 20 ms per 100 pairs"),
        _time("sd1_ms", "ms", 60.0, 20, "Poincaré width: SDSD over the square root of 2 (Brennan 2001)"),
        _time("sd2_ms", "ms", 60.0, 20, "Poincaré length: SD of pair sums over the square root of 2 (Brennan 2001)"),
        _strict("hf_ms2", "ms²", 60.0, 20, f"power 0.15 to 0.40 Hz {_WELCH}"),
        _strict("ln_hf", "ln ms²", 60.0, 20, "natural logarithm of HF"),
        _strict("lf_ms2", "ms²", 120.0, 40, f"power 0.04 to 0.15 Hz {_WELCH}"),
        _strict("lf_peak_hz", "Hz", 120.0, 40, "frequency of the highest density in 0.04 to 0.15 Hz"),
        _strict("vlf_ms2", "ms²", 300.0, 100, f"power 0.0033 to 0.04 Hz {_WELCH}; lowest bin 4 over the window"),
        _strict(
            "total_power_ms2", "ms²", 300.0, 100, f"power 0.0033 to 0.40 Hz {_WELCH}; lowest bin 4 over the window"
        ),
        _strict("sample_entropy", "nats", 300.0, 200, "sample entropy of normal intervals, m 2, r 0.2 SD"),
        _strict("dfa_alpha1", "1", 300.0, 200, "detrended fluctuation analysis of normal intervals, 4 to 11 beats"),
        _strict("swing_bpm", "beats/min", 5.0, 6, "mean over the last two breaths of highest minus lowest heart rate"),
        _strict("rhythm_score", "1", 60.0, 20, "share of 0.04 to 0.40 Hz power within 0.015 Hz of one slow wave"),
        _time("arousal_sd", "SD", 60.0, 20, "mean of heart rate and -lnRMSSD in robust SD from the own baseline"),
        _time("arousal_hr_sd", "SD", 10.0, 5, "heart rate (10 s) in robust SD from the own baseline"),
        _time("arousal_ln_rmssd_sd", "SD", 60.0, 20, "-lnRMSSD (60 s) in robust SD from the own baseline"),
        IndexSpec("breathing_rate_bpm", "breaths/min", 60.0, 20, SHOWN_UP_TO_PERCENT, _BREATH),
        IndexSpec("breathing_confidence", "1", 60.0, 20, SHOWN_UP_TO_PERCENT, "0 to 1; from 0.5 the rate is shown"),
        _strict("heart_breath_phase_deg", "°", 5.0, 6, "heart rate's lag behind the guide's breath, last two breaths"),
        IndexSpec("ectopic_percent", "%", 60.0, 20, BURDEN_UP_TO_PERCENT, "ectopic events per 100 intervals"),
    )
}

LIVE_NAMES = (
    "mean_hr_bpm",
    "rmssd_ms",
    "ln_rmssd",
    "sdnn_ms",
    "pnn50_percent",
    "hf_ms2",
    "lf_ms2",
    "swing_bpm",
    "rhythm_score",
    "breathing_rate_bpm",
    "breathing_confidence",
    "heart_breath_phase_deg",
    "arousal_sd",
    "arousal_hr_sd",
    "arousal_ln_rmssd_sd",
)
"""The numbers of the live stream, in the order in which they are published."""
