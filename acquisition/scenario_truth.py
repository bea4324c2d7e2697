"""A scenario lived through: its items with phases and ratings, and the truth that is written beside them.

Truth is taken from the model, never from what was received, so that every answer of the product can be checked
against it. Numbers are rounded to four places: the same on every machine.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from acquisition.beats import Item, Marker, Tick
from acquisition.simulated_strap import SENSING_S, Moment, SimulatedStrap
from acquisition.sitting import RATING_S, STRESS, Part, Scenario

PLACES = 4
"""Decimal places of every number in the answers."""
LEADING_S = 1.0
"""Moments up to this far outside a phase stand for its ends; there is one a second."""

Answer = dict[str, object]

_SCALES = {"pleasant": "-50..50", "closeness": "-50..50", "feelings": "words", "urges": "words", "symptoms": "words"}
"""Scales of the prompts that are not 0-100 (docs/protocol.md)."""


def items_of(scenario: Scenario, strap: SimulatedStrap) -> Iterator[Item]:
    """All items of the sitting, markers among them at their times."""
    waiting = list(_markers(scenario, strap.stream))
    for _ in range(math.ceil(scenario.seconds)):
        for item in strap.next_second():
            while waiting and (waiting[0].time_s < item.time_s or _together(waiting[0], item)):
                yield waiting.pop(0)
            yield item
    yield from waiting


def _together(marker: Marker, item: Item) -> bool:
    """A tick closes its second, so it comes after markers of the same time."""
    return isinstance(item, Tick) and marker.time_s == item.time_s


def _markers(scenario: Scenario, stream: str) -> Iterator[Marker]:
    """Phases when they begin and, whole, when they end; then their ratings, in a span of their own."""
    seq = 0
    for part, start_s, end_s in scenario.spans:
        yield from _phase(stream, _span(part, seq, start_s), start_s, end_s)
        seq += 1
        if part.ratings:
            asked = Part(part.name, "rating", RATING_S)
            begin, whole = _phase(stream, _span(asked, seq, end_s), end_s, end_s + RATING_S)
            yield begin
            yield from _ratings(part, stream, end_s)
            yield whole
            seq += 1


def _span(part: Part, seq: int, start_s: float) -> Answer:
    """Fields of the sessions' record of a phase, as it begins."""
    return {
        "seq": seq,
        "name": part.name,
        "kind": part.kind,
        "start_s": start_s,
        "end_s": None,
        "speech": part.speech,
        "feedback": part.feedback,
        "reference": part.reference,
        "planned_s": part.seconds,
        "take": 1,
        "ended": None,
        "pacer_bpm": part.stimulus.breathing_rate_bpm,
        "details": {"slide_bpm": list(part.slide)} if part.slide else {},
    }


def _phase(stream: str, span: Answer, start_s: float, end_s: float) -> tuple[Marker, Marker]:
    whole = {**span, "end_s": end_s, "ended": "complete"}
    return Marker(stream, start_s, "phase", span), Marker(stream, end_s, "phase", whole)


def _ratings(part: Part, stream: str, from_s: float) -> Iterator[Marker]:
    shown = part.feedback in ("pacer_and_wave", "trend")
    for i, (prompt, value) in enumerate(part.ratings.items(), start=1):
        time_s = from_s + round(RATING_S * i / (len(part.ratings) + 1), 1)
        data = {
            "time_s": time_s,
            "phase": part.name,
            "prompt": prompt,
            "value": value,
            "scale": "choice" if prompt == "here" else _SCALES.get(prompt, "0-100"),
            "after_feedback": shown,
            "take": 1,
        }
        yield Marker(stream, time_s, "rating", data)


# ---- truth --------------------------------------------------------------------------------


def answers(scenario: Scenario, seed: int, strap: SimulatedStrap) -> Answer:
    """The truth of a sitting that has been lived through, JSON-ready."""
    truth, person = strap.truth, scenario.person
    faults = [each for each in truth.sent if each[2] != "normal"]
    found: Answer = {
        "scenario": scenario.name,
        "about": scenario.about,
        "seed": seed,
        "minutes": scenario.seconds / 60,
        "times": f"seconds since the start; a beat reaches the recording about {SENSING_S} s after the heart's own",
        "heart": {
            "rest_bpm": person.rest_bpm,
            "stress_rise_bpm": person.stress_rise_bpm,
            "resonance_bpm": person.resonance_bpm,
            "resonance_swing_bpm": person.swing_bpm(person.resonance_bpm),
        },
        "half_time": _half_time(scenario),
        "clean": _indices(truth.beats_s),
        "phases": [_phase_truth(part, start, end, strap) for part, start, end in scenario.spans],
        "faults": [{"seq": seq, "time_s": time_s, "kind": kind} for seq, time_s, kind in faults],
        "fault_events": {
            "ectopic": sum(kind == "ectopic" for *_, kind in faults),
            "missed": sum(kind == "missed" for *_, kind in faults),
            "extra": sum(kind == "extra" for *_, kind in faults) // 2,
        },
        "received": len(truth.sent),
        "unsent": truth.unsent,
        "malformed_frames": truth.malformed_frames,
        "outages": [{"from_s": o.from_s, "to_s": o.to_s, "kind": o.kind} for o in scenario.faults.outages],
        "gaps": [{"from_s": gap.from_s, "to_s": gap.to_s, "reason": gap.reason} for gap in truth.gaps],
        "beats_s": truth.beats_s,
    }
    return {key: _rounded(value) for key, value in found.items()}


def _half_time(scenario: Scenario) -> Answer | None:
    """Of the model's rise after stress: it falls exponentially, so its half-time is exact; None without a rise."""
    spans = scenario.spans
    for i, (part, _, end_s) in enumerate(spans):
        if part.stimulus == STRESS and scenario.person.stress_rise_bpm > 0:
            after = spans[i + 1][0] if i + 1 < len(spans) else None
            paced = after is not None and after.kind == "paced_breathing"
            return {"value_s": scenario.person.recovery_half_time_s, "from_s": end_s, "paced": paced}
    return None


def _phase_truth(part: Part, start_s: float, end_s: float, strap: SimulatedStrap) -> Answer:
    course = [each for each in strap.truth.course if start_s - LEADING_S <= each.time_s <= end_s + LEADING_S]
    beats = [time_s for time_s in strap.truth.beats_s if start_s <= time_s <= end_s]
    return {
        "name": part.name,
        "kind": part.kind,
        "start_s": start_s,
        "end_s": end_s,
        **_indices(beats),
        "breathing_bpm": _breathing_bpm(course),
        "swing_bpm": math.fsum(each.swing_bpm for each in course) / len(course),
        "rise_at_end_bpm": course[-1].shift_bpm,
    }


def _breathing_bpm(course: Sequence[Moment]) -> float:
    first, last = course[0], course[-1]
    return 60 * (last.breaths - first.breaths) / (last.time_s - first.time_s)


def _indices(beats_s: Sequence[float]) -> Answer:
    """Of true beats: sums in full precision, standard deviation with n - 1."""
    rr_ms = [1000 * (after - before) for before, after in pairwise(beats_s)]
    mean_ms = math.fsum(rr_ms) / len(rr_ms)
    changes = [after - before for before, after in pairwise(rr_ms)]
    return {
        "beats": len(beats_s),
        "mean_hr_bpm": 60_000 / mean_ms,
        "rmssd_ms": math.sqrt(math.fsum(change**2 for change in changes) / len(changes)),
        "sdnn_ms": math.sqrt(math.fsum((rr - mean_ms) ** 2 for rr in rr_ms) / (len(rr_ms) - 1)),
    }


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, PLACES)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    return value
