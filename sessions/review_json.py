"""A review as JSON: the shape of ``attune show ID --json``. Each number has its window, beats and refused share beside
it; with its row of ``method`` these are its method card."""

from __future__ import annotations

import math
from collections.abc import Sequence

from processing.analysis import indices_as_dict
from processing.choices import AVERAGES, PEAKS_S, RESTS_S, SMOOTHINGS_S, WINDOW_SHARES
from processing.readings import RULES
from sessions.felt_and_heart import FeltAndHeart
from sessions.key_figures import KeyFigure
from sessions.phase_table import COMPARED_S, PhaseRow
from sessions.reactivity import Change, Reactivity
from sessions.review import Review
from sessions.sentences import (
    SAME_BPM,
    SAME_HALF_TIME,
    SAME_HALF_TIME_S,
    SAME_LN,
    SAME_PERCENT,
    Sentence,
)


def as_json(found: Review, told: Sequence[Sentence] = ()) -> dict[str, object]:
    """The whole of a review as JSON values; ``told``: its sentences, where they were asked for."""
    return {
        "id": found.id,
        "state": found.state,
        "exercise": found.exercise,
        "phases": [_phase(found, row) for row in found.phases],
        "half_time": _half_time(found),
        "inserted": [{"kind": span.kind, "start_s": span.start_s, "end_s": span.end_s} for span in found.told.inserted],
        "felt_and_heart": [_pair(found, pair) for pair in found.pairs],
        "key_figures": [_key_figure(one) for one in found.key_figures],
        "indices": indices_as_dict(found.indices),
        "sentences": [_sentence(one) for one in told],
        "flags": list(found.flags),
        "method": {**found.method, "sentences": grid()},
    }


def grid() -> dict[str, object]:
    """The choices that each sentence is asked under, and when it counts as the same."""
    return {
        "verdicts": dict(RULES),
        "window": f"the part's last {COMPARED_S:g} s or as much as the shorter part has, times "
        f"{', '.join(f'{share:g}' for share in WINDOW_SHARES)}, and the whole part",
        "reference": "the end of the reference that the page names, the whole of it, and the baseline before",
        "average": dict(AVERAGES),
        "half_time": {
            "smoothing_s": list(SMOOTHINGS_S),
            "stressors_last_s": list(PEAKS_S),
            "baselines_last_s": [length for length in RESTS_S if math.isfinite(length)] + ["all"],
        },
        "same_finding": {
            "within_bpm": SAME_BPM,
            "within_ln": SAME_LN,
            "within_s": SAME_HALF_TIME_S,
            "within_share_of_half_time": SAME_HALF_TIME,
            "within_percent_points": SAME_PERCENT,
        },
        "printed_from": "more than half of the ways",
    }


def _sentence(one: Sentence) -> dict[str, object]:
    """One that does not hold in most ways has no text."""
    return {
        "id": one.id,
        "text": one.text if one.printed else None,
        "holds": one.holds,
        "ways": one.ways,
        "printed": one.printed,
        "breaks": list(one.breaks),
    }


def _half_time(found: Review) -> dict[str, object]:
    half = found.half_time
    return {
        "value_s": half.value_s,
        "censored": half.censored,
        "paced": half.paced,
        "fitted_s": half.fitted_s,
        "reason": half.reason,
        "rest_bpm": half.rest_bpm,
        "peak_bpm": half.peak_bpm,
        "watched_s": half.watched_s,
        "window_s": half.watched_s,
        "beats": half.beats,
        "corrected_percent": half.corrected_percent,
    }


def _phase(found: Review, row: PhaseRow) -> dict[str, object]:
    span, followed = row.span, row.followed
    change = found.changes.get(span.seq)
    return {
        "name": span.name,
        "kind": span.kind,
        "speech": span.speech,
        "take": span.take,
        "ended": span.ended,
        "start_s": span.start_s,
        "end_s": span.end_s,
        "planned_s": span.planned_s,
        "used_s": row.used_s,
        "pacer_bpm": span.pacer_bpm,
        "usable_percent": row.usable_percent,
        "corrected_percent": row.corrected_percent,
        "beats": row.beats,
        "gaps": row.gaps,
        "ratings": {rating.prompt: rating.value for rating in row.ratings},
        "after_feedback": [rating.prompt for rating in row.ratings if rating.after_feedback],
        "indices": indices_as_dict(row.indices),
        "recovery": indices_as_dict(found.coming_back.get(span.seq, {})),
        "guide": None
        if followed is None
        else {
            "finding": followed.finding,
            "paced_bpm": followed.paced_bpm,
            "achieved_bpm": followed.achieved_bpm,
            "reason": followed.reason,
        },
        "flags": list(row.flags),
        "reactivity": None if change is None else _reactivity(change),
    }


def _reactivity(change: Reactivity) -> dict[str, object]:
    return {
        "reference": change.reference,
        "speech": change.speech,
        "reference_speech": change.reference_speech,
        "named": change.named,
        "mean_hr_bpm": _change(change.mean_hr_bpm),
        "ln_rmssd": _change(change.ln_rmssd),
    }


def _change(change: Change) -> dict[str, object]:
    return {
        "value": change.value,
        "unit": change.unit,
        "reason": change.reason,
        "window_s": change.window_s,
        "beats": change.beats,
        "corrected_percent": change.corrected_percent,
        "sd": change.sd,
    }


def _pair(found: Review, pair: FeltAndHeart) -> dict[str, object]:
    change = found.changes[pair.seq].mean_hr_bpm
    return {
        "phase": pair.name,
        "reference": pair.reference,
        "change_bpm": pair.change_bpm,
        "change_sd": pair.change_sd,
        "window_s": change.window_s,
        "beats": change.beats,
        "corrected_percent": change.corrected_percent,
        "felt": dict(pair.felt),
        "says": pair.says or None,
        "left_out": pair.left_out,
    }


def _key_figure(one: KeyFigure) -> dict[str, object]:
    return {
        "id": one.id,
        "name": one.name or None,
        "value": one.value,
        "unit": one.unit,
        "reason": one.reason,
        "note": one.note,
        "window_s": one.window_s,
        "beats": one.beats,
        "corrected_percent": one.corrected_percent,
    }
