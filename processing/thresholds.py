"""The one table: how each number is defined and divided, whose it is, which window it needs and uses, what it bears.

Pages, commands, exports, method cards, docs/indices.md and tests take it from here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

from processing.sources import OWN

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
    divisor: str
    """What sums are divided by: ``n``, ``n - 1``, ``pairs`` (of normal neighbours), ... or ``none``."""
    source: str
    """Short name of a paper in ``processing.sources``, or several, or OWN."""
    window: str = ""
    """The window used where it is not the whole of what is asked for (a part, a window, a recording)."""
    spectral: bool = False
    """True when the window must be one stretch without a gap."""


def _time(
    name: str, unit: str, minimum_s: float, min_beats: int, definition: str, divisor: str, source: str
) -> IndexSpec:
    return IndexSpec(name, unit, minimum_s, min_beats, WITHHELD_OVER_PERCENT, definition, divisor, source)


def _strict(
    name: str,
    unit: str,
    minimum_s: float,
    min_beats: int,
    definition: str,
    divisor: str,
    source: str,
    window: str = "",
) -> IndexSpec:
    limit = SHOWN_UP_TO_PERCENT
    return IndexSpec(name, unit, minimum_s, min_beats, limit, definition, divisor, source, window, spectral=True)


TASK_FORCE = "Task Force 1996"
_LOG = f"{TASK_FORCE}; Quintana 2016"
_POINCARE = "Brennan 2001"
_SPECTRUM = f"{TASK_FORCE}; Welch 1967"
_ROBUST = f"{OWN}; Rousseeuw and Croux 1993"
_WELCH = "of the corrected tachogram, cubic at 4 Hz, Welch with Hann segments of half the window, not normalised"
_DENSITY = "Hann window's own power; mean of n segments"
_BREATH = "rate of the wave in RR held to be the breath; middle of the minutes of a longer stretch"
_SWING = "mean of highest minus lowest beat-to-beat heart rate over two breaths"
_LAG = "heart rate's lag behind the guide's breath, the sensor's delay taken off"
_STRESS = (
    "Baevsky: share in percent of normal intervals in the fullest bin, over twice that bin's middle (s) and over the "
    "range of the intervals (s); bins of 50 ms with edges at whole multiples of 50 ms, of equally full ones the lowest"
)
_TWO_BREATHS = "the last two breaths; in a paced part the mean over all its pairs of breaths"
_LAST_RATE = "the last two breaths; in a paced part the mean over its pairs of breaths at the guide's last rate"
_MINUTES = "each minute; the middle of them"
_LAST_MINUTE = "the last 60 s"

SPECS: dict[str, IndexSpec] = {
    spec.name: spec
    for spec in (
        _time("mean_nn_ms", "ms", 10.0, 5, "mean of normal intervals", "n", TASK_FORCE),
        _time("mean_hr_bpm", "beats/min", 10.0, 5, "60000 over the mean of normal intervals", "n", TASK_FORCE),
        _time("rmssd_ms", "ms", 30.0, 10, "root mean square of successive differences", "pairs", TASK_FORCE),
        _time("ln_rmssd", "ln ms", 30.0, 10, "natural logarithm of RMSSD", "pairs", _LOG),
        _time("sdsd_ms", "ms", 30.0, 10, "standard deviation of successive differences", "pairs - 1", TASK_FORCE),
        _time("sdnn_ms", "ms", 60.0, 20, "standard deviation of normal intervals", "n - 1", TASK_FORCE),
        _time("pnn50_percent", "%", 60.0, 20, "successive differences over 50 ms", "pairs", TASK_FORCE),
        _time("pnn20_percent", "%", 60.0, 20, "successive differences over 20 ms", "pairs", "Mietus 2002"),
        _time("sd1_ms", "ms", 60.0, 20, "Poincaré width: SDSD over the square root of 2", "pairs - 1", _POINCARE),
        _time("sd2_ms", "ms", 60.0, 20, "Poincaré length: SD of pair sums over root 2", "pairs - 1", _POINCARE),
        _strict("hf_ms2", "ms²", 60.0, 20, f"power 0.15 to 0.40 Hz {_WELCH}", _DENSITY, _SPECTRUM),
        _strict("ln_hf", "ln ms²", 60.0, 20, "natural logarithm of HF", _DENSITY, _LOG),
        _strict("lf_ms2", "ms²", 120.0, 40, f"power 0.04 to 0.15 Hz {_WELCH}", _DENSITY, _SPECTRUM),
        _strict(
            "lf_peak_hz", "Hz", 120.0, 40, "frequency of the highest density in 0.04 to 0.15 Hz", "none", _SPECTRUM
        ),
        _strict(
            "vlf_ms2",
            "ms²",
            300.0,
            100,
            f"power 0.0033 to 0.04 Hz {_WELCH}; lowest bin 4 over the window",
            _DENSITY,
            _SPECTRUM,
        ),
        _strict(
            "total_power_ms2",
            "ms²",
            300.0,
            100,
            f"power 0.0033 to 0.40 Hz {_WELCH}; lowest bin 4 over the window",
            _DENSITY,
            _SPECTRUM,
        ),
        _strict(
            "sample_entropy",
            "nats",
            300.0,
            200,
            "sample entropy of normal intervals, m 2, r 0.2 SD",
            "SD by n - 1",
            "Richman and Moorman 2000",
        ),
        _strict(
            "dfa_alpha1",
            "1",
            300.0,
            200,
            "detrended fluctuation analysis of normal intervals, boxes of 4 to 11 beats, half overlapping",
            "n of each box",
            "Peng 1995",
        ),
        _strict("stress_index", "%/s²", 300.0, 200, _STRESS, "n", "Baevsky and Chernikova 2017"),
        _strict("swing_bpm", "beats/min", 5.0, 6, _SWING, "breaths", "Lehrer 2000", _TWO_BREATHS),
        _strict(
            "rhythm_score",
            "1",
            60.0,
            20,
            "share of 0.04 to 0.40 Hz power within 0.015 Hz of one slow wave",
            "power of the band",
            f"McCraty 2009; {OWN}",
            _LAST_MINUTE,
        ),
        _time(
            "arousal_sd",
            "SD",
            60.0,
            20,
            "mean of heart rate (10 s) and -lnRMSSD (60 s), each in robust SD from the own baseline, equal weights; "
            "the heart-rate part alone with a breath guide",
            "1.4826 MAD of the baseline",
            _ROBUST,
        ),
        _time(
            "arousal_hr_sd",
            "SD",
            10.0,
            5,
            "heart rate (10 s) in robust SD from the own baseline",
            "1.4826 MAD of the baseline, at least 1 beat/min before the factor",
            _ROBUST,
        ),
        _time(
            "arousal_ln_rmssd_sd",
            "SD",
            60.0,
            20,
            "-lnRMSSD (60 s) in robust SD from the own baseline",
            "1.4826 MAD of the baseline, at least 0.1 ln before the factor",
            _ROBUST,
        ),
        IndexSpec(
            "breathing_rate_bpm",
            "breaths/min",
            60.0,
            20,
            SHOWN_UP_TO_PERCENT,
            _BREATH,
            "none",
            f"Charlton 2018; {OWN}",
            _MINUTES,
        ),
        IndexSpec(
            "breathing_confidence",
            "1",
            60.0,
            20,
            SHOWN_UP_TO_PERCENT,
            "0 to 1; from 0.5 the rate is shown",
            "none",
            OWN,
            _MINUTES,
        ),
        _strict("heart_breath_phase_deg", "°", 5.0, 6, _LAG, "none", "Shaffer and Meehan 2020", _LAST_RATE),
        IndexSpec(
            "ectopic_percent",
            "%",
            60.0,
            20,
            BURDEN_UP_TO_PERCENT,
            "ectopic events per 100 intervals",
            "intervals",
            f"Lipponen and Tarvainen 2019; {OWN}",
        ),
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
