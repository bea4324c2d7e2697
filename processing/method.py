"""Everything needed to compute a number again: versions, thresholds, windows and definitions, as JSON values."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata
from typing import Literal

from processing import (
    arousal,
    irregular,
    lipponen_tarvainen,
    rhythm,
    second_judge,
    spectrum,
    stress_index,
    swing,
    thresholds,
    verdicts,
)

Correction = Literal["attune", "kubios", "none"]
PACKAGES = ("attunement", "neurokit2", "numpy", "scipy")
RULE_VERSION = 2
"""Counts up when a verdict or a number could come out differently from the same beats."""


def method_of(correction: Correction, window_s: float | None = None, step_s: float | None = None) -> dict[str, object]:
    """The method of an analysis with this correction and these sliding windows."""
    return {
        "rule_version": RULE_VERSION,
        "versions": versions(),
        "correction": correction,
        "window_s": window_s,
        "step_s": step_s,
        "verdicts": _VERDICTS[correction],
        "limits": {
            "shown_up_to_percent": thresholds.SHOWN_UP_TO_PERCENT,
            "withheld_over_percent": thresholds.WITHHELD_OVER_PERCENT,
            "minimum_coverage": thresholds.MIN_COVERAGE,
        },
        "irregular_rhythm": {
            "block_beats": irregular.BLOCK_BEATS,
            "cosen_from": irregular.ENTROPY_FROM,
            "forecast_error_from": irregular.UNFORETOLD_FROM,
            "forecast_order": irregular.ORDER,
            "at_most_percent": irregular.AT_MOST_PERCENT,
            "held_live_s": irregular.HOLD_S,
        },
        "spectrum": {
            "interpolation": "cubic, not-a-knot, from the first beat of the window to its last",
            "grid_hz": spectrum.GRID_HZ,
            "method": "Welch, Hann, segments of half the window, half overlapping, not normalised",
            "bands_hz": {
                "lf": list(spectrum.LF_HZ),
                "hf": list(spectrum.HF_HZ),
                "vlf": list(spectrum.VLF_HZ),
                "total": list(spectrum.TOTAL_HZ),
            },
            "lowest_bin": "4 over the window's length in seconds",
        },
        "rhythm": {
            "window_s": rhythm.WINDOW_S,
            "half_width_hz": rhythm.HALF_WIDTH_HZ,
            "band_hz": list(rhythm.BAND_HZ),
            "grid_hz": 1 / rhythm.GRID_BINS_PER_HZ,
            "reached_maximum": rhythm.reached_maximum(),
        },
        "swing": {"breaths": swing.BREATHS, "least_bpm": swing.LEAST_BPM, "noise_margin": swing.NOISE_MARGIN},
        "arousal": {
            "mad_to_sd": arousal.MAD_TO_SD,
            "least_mad_bpm": arousal.LEAST_MAD_BPM,
            "least_mad_ln": arousal.LEAST_MAD_LN,
        },
        "stress_index": {"bin_ms": stress_index.BIN_MS},
        "indices": definitions(thresholds.SPECS),
    }


def definitions(specs: Mapping[str, thresholds.IndexSpec]) -> dict[str, dict[str, object]]:
    """Rows of the one table as JSON values, by name; with an index's own window, beats and share they are its card."""
    return {
        name: {
            "unit": spec.unit,
            "minimum_s": spec.minimum_s,
            "min_beats": spec.min_beats,
            "rests_above_percent": spec.rests_above_percent,
            "definition": spec.definition,
            "divisor": spec.divisor,
            "source": spec.source,
            "window": window_used(spec),
        }
        for name, spec in specs.items()
    }


def window_used(spec: thresholds.IndexSpec) -> str:
    """Which window a number is taken from, in words."""
    whole = spec.window or "the whole part, window or recording"
    return f"{whole}; live the last {spec.minimum_s:g} s" if spec.name in thresholds.LIVE_NAMES else whole


def versions() -> dict[str, str]:
    """Installed versions of what computes; "source" for ourselves when run from a checkout that is not installed."""
    found = {}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "source"
    return found


_VERDICTS: dict[Correction, dict[str, object]] = {
    "attune": {
        "gate": {
            "shortest_ms": verdicts.SHORTEST_MS,
            "longest_ms": verdicts.LONGEST_MS,
            "step": verdicts.GATE_STEP,
            "patience_beats": verdicts.GATE_PATIENCE,
        },
        "lipponen_tarvainen": {
            "window_beats": verdicts.WINDOW_BEATS,
            "confirm_after_beats": verdicts.CONFIRM_AFTER,
            "alpha": lipponen_tarvainen.ALPHA,
            "c1": lipponen_tarvainen.C1,
            "c2": lipponen_tarvainen.C2,
            "median_beats": lipponen_tarvainen.MEDIAN_BEATS,
            "floor_ms": verdicts.FLOOR_MS,
            "settling_beats": verdicts.SETTLING_BEATS,
            "settling_floor": verdicts.SETTLING_FLOOR,
        },
        "second_judge": {
            "neighbours": [second_judge.BEFORE, second_judge.AFTER],
            "missed_from": second_judge.MISSED_FROM,
            "filled_with_at_most": second_judge.MOST_BEATS,
            "part_at_most": second_judge.PART_AT_MOST,
            "whole_within": second_judge.WHOLE_WITHIN,
            "premature_leap": second_judge.LEAP,
            "premature_dip": second_judge.DIP,
            "premature_two_beats": list(second_judge.TWO_BEATS),
            "misplaced": list(second_judge.MISPLACED),
            "misplaced_steps": second_judge.MISPLACED_STEPS,
            "long_or_short_jump": second_judge.JUMP,
        },
    },
    "kubios": {"neurokit2.signal_fixpeaks": {"method": "kubios", "iterative": False, "over": "each whole stretch"}},
    "none": {"every_interval": "normal"},
}
