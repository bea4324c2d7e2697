"""What a part changed, against a reference of its own kind of speech, over equal windows.

``reactivity = X(part) - X(reference)`` (docs/protocol.md): heart rate in beats/min, and lnRMSSD, whose exponential is
a ratio. A spoken part is compared with a spoken reference or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from processing.review_figures import FIGURES
from processing.track import Track
from processing.values import IndexValue
from sessions.phase_table import COMPARED_S, RMSSD_LEAST_S, PhaseRow
from sessions.told import Told

SPOKEN = ("speaking", "conversation")
BASELINE_LEAST_S = 120.0
"""A baseline shorter than this is said: rest and comparisons look at its last two minutes."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference, or the reason why there is none; a row of the table by its name."""

    name: str
    value: float | None
    unit: str
    reason: str | None
    window_s: float
    """Length of the two equal windows."""
    beats: int
    """Normal intervals in both windows."""
    corrected_percent: float
    """Refused intervals per hundred, in the window that has more."""
    sd: float | None = None
    """The same in robust SD of the reference's heart rate, or None."""


@dataclass(frozen=True, slots=True)
class Reactivity:
    """A part against its reference."""

    reference: str
    """Name of the part that it is compared with."""
    speech: str
    """Speech tag of the part."""
    reference_speech: str
    named: bool
    """True when the script names this reference, False when it is the baseline before."""
    mean_hr_bpm: Change
    ln_rmssd: Change


def reactivities(rows: Sequence[PhaseRow], told: Told, track: Track) -> Mapping[int, Reactivity]:
    """Reactivity of every part that has something to be compared with, by the seq of its span."""
    found: dict[int, Reactivity] = {}
    for at, row in enumerate(rows):
        reference = _reference(rows, at)
        if reference is not None and row.used_s > 0 and reference.used_s > 0:
            found[row.span.seq] = _reactivity(row, reference, told, track)
    return found


def _reference(rows: Sequence[PhaseRow], at: int) -> PhaseRow | None:
    """The named reference's last take before, or the last baseline before; a baseline has none."""
    row, earlier = rows[at], rows[:at]
    if row.span.reference is not None:
        named = [other for other in earlier if other.span.name == row.span.reference]
        return named[-1] if named else None
    if row.span.kind in ("baseline", "reflection"):
        return None
    rests = [other for other in earlier if other.span.kind == "baseline"]
    return rests[-1] if rests else None


def _reactivity(row: PhaseRow, reference: PhaseRow, told: Told, track: Track) -> Reactivity:
    window_s = min(COMPARED_S, row.used_s, reference.used_s)
    ours = row.excerpt.indices(window_s, oracle=False)
    theirs = reference.excerpt.indices(window_s, oracle=False)
    mismatch = None
    if (row.span.speech in SPOKEN) != (reference.span.speech in SPOKEN):
        mismatch = "low_confidence: a spoken part needs a spoken reference"
    rate = _change("change_mean_hr_bpm", ours["mean_hr_bpm"], theirs["mean_hr_bpm"], window_s, mismatch)
    sd_bpm = _sd_bpm(reference, track)
    if rate.value is not None and sd_bpm is not None:
        rate = replace(rate, sd=rate.value / sd_bpm)
    if mismatch is None and window_s < RMSSD_LEAST_S:
        mismatch = f"too_short: needs {RMSSD_LEAST_S:g} s, has {window_s:.0f} s"
    if mismatch is None and told.guides_in(row.span.start_s, row.span.end_s or row.span.start_s):
        mismatch = "breathing_outside_hf: slow breathing with a guide raises RMSSD by itself"
    return Reactivity(
        reference=reference.span.name,
        speech=row.span.speech,
        reference_speech=reference.span.speech,
        named=row.span.reference is not None,
        mean_hr_bpm=rate,
        ln_rmssd=_change("change_ln_rmssd", ours["ln_rmssd"], theirs["ln_rmssd"], window_s, mismatch),
    )


def _change(name: str, ours: IndexValue, theirs: IndexValue, window_s: float, mismatch: str | None) -> Change:
    reason, value = mismatch or ours.reason or theirs.reason, None
    if reason is None and ours.value is not None and theirs.value is not None:
        value = ours.value - theirs.value
    percent = max(ours.corrected_percent, theirs.corrected_percent)
    return Change(name, value, FIGURES[name].unit, reason, window_s, ours.beats + theirs.beats, percent)


def _sd_bpm(reference: PhaseRow, track: Track) -> float | None:
    span = reference.span
    found = track.reference(span.start_s, span.end_s or span.start_s)
    return None if found is None else found.hr_sd_bpm
