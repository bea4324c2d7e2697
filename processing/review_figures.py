"""The table's second half: figures that a review takes from several windows, defined as the indices are.

Each is an ``IndexValue`` with its unit from here; a case in which a figure is not defined has its reason there.
"""

from __future__ import annotations

from processing.sources import OWN
from processing.thresholds import SPECS, WITHHELD_OVER_PERCENT, IndexSpec

LABORDE = "Laborde 2017"
_END = "last 120 s of each, or as much as the shorter one has"
_CLEAR = "undefined under a rise of 3 beats/min (0.10 ln): no clear rise"


def _figure(
    name: str, unit: str, minimum_s: float, definition: str, divisor: str, source: str, window: str
) -> IndexSpec:
    return IndexSpec(name, unit, minimum_s, 10, WITHHELD_OVER_PERCENT, definition, divisor, source, window)


FIGURES: dict[str, IndexSpec] = {
    spec.name: spec
    for spec in (
        _figure(
            "change_mean_hr_bpm",
            "beats/min",
            10.0,
            "mean heart rate of a part less that of its reference; a spoken part only against a spoken one",
            "n of each",
            LABORDE,
            _END,
        ),
        _figure(
            "change_ln_rmssd",
            "ln ms",
            60.0,
            "lnRMSSD of a part less that of its reference (its exponential is a ratio); not with a breath guide",
            "pairs of each",
            f"{LABORDE}; Quintana 2016",
            _END,
        ),
        _figure(
            "half_time_s",
            "s",
            15.0,
            "first moment after the stressor at which heart rate, smoothed over 15 s, is at or under rest + half the "
            "rise and stays there for 15 s; not reached while watched is said as such; " + _CLEAR,
            "none",
            OWN,
            "rest: baseline's last 120 s; peak: stressor's last 30 s; from there until another task or the end",
        ),
        _figure(
            "half_time_fitted_s",
            "s",
            15.0,
            "half-time of the exponential of least squares, with free rest and height",
            "none",
            OWN,
            "the beats of rest, peak and way back",
        ),
        _figure(
            "recovery_percent",
            "%",
            60.0,
            "100 (stressor's end - recovery's end) / (stressor's end - rest), mean heart rate; " + _CLEAR,
            "the rise",
            LABORDE,
            "last 30 s of stressor and recovery; rest: median of the baseline's last 120 s, smoothed over 15 s",
        ),
        _figure(
            "recovery_ln_rmssd_percent",
            "%",
            60.0,
            "the same of lnRMSSD, whose way there is a fall; not with a breath guide; " + _CLEAR,
            "the fall",
            LABORDE,
            "last 60 s of stressor and recovery, last 120 s of the baseline",
        ),
        _figure(
            "recovery_slope_bpm_per_min",
            "beats/min per min",
            60.0,
            "Theil-Sen: median of the slopes between all pairs of normal beats, each at the middle of its interval",
            "none",
            "Sen 1968",
            "first 120 s of the part, or as much as it has from 60 s on",
        ),
        _figure(
            "recovery_excess_bpm",
            "beats/min",
            60.0,
            "mean over time of heart rate less rest: area under the way back over its length",
            "seconds",
            OWN,
            "the whole part; rest as for recovery_percent",
        ),
        _figure(
            "breathing_change_bpm",
            "beats/min",
            60.0,
            "mean heart rate at the breathing part's end less that at the stressor's end; no HRV, which slow breath "
            "lifts",
            "n of each",
            OWN,
            "last 30 s of each",
        ),
        _figure(
            "breathing_effect_bpm_per_min",
            "beats/min per min",
            60.0,
            "median recovery slope of one's own sessions with a guide less that of those without; from 3 of each on",
            "none",
            OWN,
            "first 120 s after each stressor",
        ),
        _figure(
            "felt_and_heart_rank_correlation",
            "1",
            0.0,
            "Spearman's rank correlation of what was said (change, of 100) with change of heart rate, within one "
            "person; from 4 sessions and 12 parts on, always with its 95 % bootstrap interval over parts",
            "n",
            "Sommerfeldt 2019",
            "all parts that were rated before the heart was shown",
        ),
        _figure(
            "usable_percent",
            "%",
            0.0,
            "share of a part's own time that normal intervals cover",
            "seconds",
            OWN,
            "the part",
        ),
        _figure(
            "corrected_percent",
            "%",
            0.0,
            "refused intervals per 100 intervals",
            "intervals",
            "Lipponen and Tarvainen 2019",
            "the part",
        ),
    )
}

TABLE: dict[str, IndexSpec] = {**SPECS, **FIGURES}
"""Every number of the product by name: the one table."""
