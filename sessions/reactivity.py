"""What a part changed, against a reference of its own kind of speech, over equal windows; and how the heart came back.

``reactivity = X(part) - X(reference)`` (docs/protocol.md): heart rate in beats/min, and lnRMSSD, whose exponential is
a ratio. A spoken part is compared with a spoken reference or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from processing.recovery import HalfTime, half_time
from processing.track import Track
from processing.values import IndexValue
from sessions.phase_table import COMPARED_S, RMSSD_LEAST_S, PhaseRow, Stream
from sessions.told import Told

SPOKEN = ("speaking", "conversation")
BASELINE_LEAST_S = 120.0
"""A baseline shorter than this is said: rest and comparisons look at its last two minutes."""
NO_STRESSOR = "too_short: there is no stressor in this recording"
NO_BASELINE = "too_short: there is no baseline before the stressor"
_ENDS_THE_WAY_BACK = ("stressor", "control", "practice", "reflection")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference, or the reason why there is none."""

    value: float | None
    unit: str
    reason: str | None
    window_s: float
    """Length of the two equal windows."""
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
    rate = _change(ours["mean_hr_bpm"], theirs["mean_hr_bpm"], window_s, "beats/min", mismatch)
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
        ln_rmssd=_change(ours["ln_rmssd"], theirs["ln_rmssd"], window_s, "ln ms", mismatch),
    )


def _change(ours: IndexValue, theirs: IndexValue, window_s: float, unit: str, mismatch: str | None) -> Change:
    reason = mismatch or ours.reason or theirs.reason
    if reason is not None or ours.value is None or theirs.value is None:
        return Change(None, unit, reason, window_s)
    return Change(ours.value - theirs.value, unit, None, window_s)


def _sd_bpm(reference: PhaseRow, track: Track) -> float | None:
    span = reference.span
    found = track.reference(span.start_s, span.end_s or span.start_s)
    return None if found is None else found.hr_sd_bpm


def way_back(rows: Sequence[PhaseRow], told: Told, stream: Stream, end_s: float) -> HalfTime:
    """Half-time after the last stressor, followed until another task begins or the recording ends.

    Answering the questions belongs to the way back; it is labelled as paced when a guide ran within it.
    """
    places = [i for i, row in enumerate(rows) if row.span.kind == "stressor" and row.used_s > 0]
    if not places:
        return HalfTime(None, False, False, None, NO_STRESSOR)
    at = places[-1]
    rests = [row for row in rows[:at] if row.span.kind == "baseline"]
    if not rests:
        return HalfTime(None, False, False, None, NO_BASELINE)
    stressor, rest = rows[at].span, rests[-1].span
    from_s = stressor.end_s if stressor.end_s is not None else end_s
    after = [row.span.start_s for row in rows[at + 1 :] if row.span.kind in _ENDS_THE_WAY_BACK]
    until_s = min([*after, end_s])
    found = half_time(
        stream.judgements,
        stream.gaps,
        baseline=(rest.start_s, rest.end_s or rest.start_s),
        stressor=(stressor.start_s, from_s),
        until_s=until_s,
    )
    seen_until_s = from_s + found.value_s if found.value_s is not None else until_s
    return replace(found, paced=bool(told.guides_in(from_s, seen_until_s)))
