"""The method box: software, thresholds and windows of a review as lines to read; the whole is in the JSON. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sessions.kept import StoredRecording

LIMITS = (
    "Not a diagnosis, not a test of attachment, not a lie detector. LF over HF is no balance of stress and calm. "
    "RMSSD up is not healthier by itself: slow breathing, medicine and ectopic beats raise it. "
    "No client is compared with another."
)
"""What the page does not claim (docs/protocol.md)."""

NAMED: Mapping[str, str] = {
    "mean_hr_bpm": "heart rate",
    "rmssd_ms": "RMSSD",
    "sdnn_ms": "SDNN",
    "hf_ms2": "HF",
    "lf_ms2": "LF",
}
"""Numbers whose least windows are listed, as they are called on pages."""


def method_lines(stored: StoredRecording, method: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """(term, text) of each line."""
    return tuple(_lines(stored, method))


def _lines(stored: StoredRecording, method: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    meta = stored.meta
    yield "Recorded with", ", ".join(f"{name} {version}" for name, version in stored.versions.items()) or "not noted"
    yield "Computed with", ", ".join(f"{name} {version}" for name, version in method["versions"].items())
    yield "Source", f"{meta.source}; RR in 1/1024 s where the sensor counts so; delay {meta.delay_s:g} s"
    if meta.exercise:
        sha = f", script {meta.exercise_sha256[:12]}" if meta.exercise_sha256 else ""
        yield "Exercise", f"{meta.exercise}{sha}"
    yield "Beats", _verdicts(method)
    limits = method["limits"]
    yield (
        "Limits",
        f"up to {limits['shown_up_to_percent']:g} % refused intervals shown, up to "
        f"{limits['withheld_over_percent']:g} % shown and marked, above withheld; beats must cover "
        f"{100 * limits['minimum_coverage']:g} % of a window",
    )
    yield "Windows", _windows(method)
    yield (
        "Spectrum",
        f"{method['spectrum']['interpolation']} at {method['spectrum']['grid_hz']:g} Hz; "
        + str(method["spectrum"]["method"]),
    )
    arousal = method["arousal"]
    yield (
        "Arousal",
        "mean of heart rate (10 s) and −ln RMSSD (60 s) in robust SD from the own baseline, SD at least "
        f"{arousal['least_mad_bpm']:g} beats/min and {arousal['least_mad_ln']:g} ln; with a breath guide heart rate "
        "alone; drawn within ±4 SD",
    )
    yield (
        "Changes",
        f"last {method['compared_over_last_s']:g} s of a phase against as much of its reference; a spoken phase only "
        "against a spoken one",
    )
    yield "Pauses", str(method["pauses_and_questions"])
    yield "Not claimed", LIMITS


def _verdicts(method: Mapping[str, Any]) -> str:
    rule = method["verdicts"]["lipponen_tarvainen"]
    return (
        f"rule {method['rule_version']}: a gate at once, and its word is provisional; "
        f"{rule['confirm_after_beats']} beats later the steps to the neighbours are asked first, in units of the local "
        "median (missed, extra and premature beats), then Lipponen and Tarvainen (2019), with thresholds from the "
        f"{rule['window_beats']} beats up to then: for a misplaced beat, and for an interval too long or too short "
        "that also jumps; what nobody explains is refused only outside the range of a heart. Refused intervals are "
        "left out, never replaced, in every number in time"
    )


def _windows(method: Mapping[str, Any]) -> str:
    indices = method["indices"]
    parts = [f"{said} {indices[name]['minimum_s']:g} s" for name, said in NAMED.items() if name in indices]
    least = method["rmssd_in_phase_table_least_s"]
    return f"at least {', '.join(parts)}; RMSSD in the phase table {least:g} s"
