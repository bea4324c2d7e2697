"""Values made for the tests of the clinician's page: a short sitting with a gap, artefacts, ratings and a pause."""

from __future__ import annotations

from dashboard.clinician.recording_values import Cell, FeltAndHeart, Figure, PhaseLine, RecordingView
from dashboard.clinician.timeline_values import (
    FeltPoint,
    Hole,
    NumberedMarker,
    PhaseBand,
    Reading,
    TimelineValues,
)
from processing.values import Judgement, Verdict


def beat(time_s: float, rr_ms: float, verdict: Verdict, corrected_ms: tuple[float, ...] = ()) -> Judgement:
    """A settled verdict; the number of the beat plays no part on the page."""
    return Judgement(0, time_s, rr_ms, verdict, False, corrected_ms)


def beats() -> tuple[Judgement, ...]:
    """Beats of 800 ms for five minutes: a gap from 100 to 112 s, an early beat, a missed one and an extra one."""
    made: list[Judgement] = []
    time_s = 0.0
    while time_s < 300.0:
        time_s += 0.8
        if not 100.0 < time_s <= 112.0:
            made.append(beat(time_s, 800.0, Verdict.NORMAL))
    made[11] = beat(made[11].time_s, 1040.0, Verdict.ECTOPIC)
    made[10] = beat(made[10].time_s - 0.24, 560.0, Verdict.ECTOPIC, (800.0, 800.0))
    made[49:51] = [beat(made[50].time_s, 1600.0, Verdict.MISSED, (800.0, 800.0))]
    end_s = made[60].time_s
    made[60:61] = [
        beat(end_s - 0.5, 300.0, Verdict.EXTRA, (800.0,)),
        beat(end_s, 500.0, Verdict.EXTRA),
    ]
    return tuple(made)


def values() -> TimelineValues:
    """The timeline of that sitting."""
    seconds = range(1, 300)
    return TimelineValues(
        duration_s=300.0,
        beats=beats(),
        means=tuple(
            Reading(s, 70.0 + s / 50, None) if not 98 <= s <= 114 else Reading(s, None, "gap") for s in seconds
        ),
        rmssd=tuple(Reading(s, 30.0) if s > 60 else Reading(s, None, "too_short: 60 s are needed") for s in seconds),
        rmssd_baseline_ms=31.0,
        arousal=tuple(Reading(s, s / 50 - 2) if s > 60 else Reading(s, None, "warming_up") for s in seconds),
        phases=(
            PhaseBand("rest", "Rest", "baseline", 0.0, 120.0),
            PhaseBand("out-of-reach", "Out of reach", "stressor", 130.0, 210.0, 8.2, 2.1, "Rest"),
            PhaseBand("pause", "Pause", "pause", 210.0, 225.0),
            PhaseBand("soft-breath", "Soft breath", "paced_breathing", 225.0, 300.0, -1.4, -0.4, "Rest"),
        ),
        holes=(
            Hole(100.0, 112.0, "No signal, 1:40 to 1:52 (12 s): link lost"),
            Hole(210.0, 225.0, "Pause, 3:30 to 3:45", pause=True),
        ),
        felt=(
            FeltPoint(121.0, "suds", 12.0, "rest"),
            FeltPoint(208.0, "suds", 58.0, "out-of-reach"),
            FeltPoint(208.0, "body", 62.0, "out-of-reach"),
        ),
        markers=(NumberedMarker(1, 140.0, "Chose a lighter moment.", "Out of reach"),),
    )


def two_parts() -> tuple[PhaseLine, PhaseLine]:
    """Rest, and a stressor with too many refused beats."""
    rest = PhaseLine(
        "Rest",
        "baseline",
        "silent",
        0.0,
        120.0,
        120.0,
        {"mean_hr_bpm": Cell(70.1), "rmssd_ms": Cell(31.0), "swing_bpm": Cell(4.2)},
        None,
        (("distress", "12"),),
        90.0,
        1.2,
    )
    stressor = PhaseLine(
        "Out of reach",
        "stressor",
        "silent",
        130.0,
        210.0,
        240.0,
        {
            "mean_hr_bpm": Cell(78.3),
            "change_bpm": Cell(8.2),
            "rmssd_ms": Cell(None, "too_many_corrected: 12 % of the intervals are refused"),
            "change_rmssd_percent": Cell(None, "too_many_corrected: 12 % of the intervals are refused"),
            "swing_bpm": Cell(None, "low_confidence: no wave stands out"),
        },
        "Rest",
        (("distress", "58"), ("body stirred up", "rather not say")),
        100.0,
        12.0,
        ("skipped",),
    )
    return rest, stressor


def a_view() -> RecordingView:
    """Everything on the page of that sitting."""
    return RecordingView(
        id="0123-abcd",
        title="Out of reach",
        facts=("Thursday 12 March 2026, 14:05", "5 min"),
        client="A7",
        state="closed",
        simulated=True,
        trust=("4.8 of 5.0 min usable", "1.2 % corrected"),
        figures=(Figure("Reactivity", "+8.2", "beats/min", "Out of reach against Rest"),),
        timeline=values(),
        phases=two_parts(),
        pairs=(
            FeltAndHeart(1, "Rest", "baseline", 0.0, 0.0, "itself", {"suds": 12.0}),
            FeltAndHeart(
                2,
                "Out of reach",
                "stressor",
                8.2,
                2.1,
                "Rest",
                {"suds": 58.0, "body": 62.0},
                {"suds": 12.0},
                says="heart up, said up",
            ),
            FeltAndHeart(3, "Look back", "reflection", 0.6, 0.2, "Rest", {"suds": 14.0}),
            FeltAndHeart(4, "Soft breath", "paced_breathing", None, None, "Rest", {}, left_out="heart was shown"),
        ),
        words=(("Look back", "What did you notice?", "It got quieter."),),
        method=(("Software", "attunement 0.1.0"),),
    )
