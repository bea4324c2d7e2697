"""Every state of a client's page, as the view that the page is told: no conductor, only what pages see."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from acquisition.heart_rate_stream import NO_RR
from sessions import prompts, words
from sessions.summary import HEADINGS
from sessions.view import (
    PacerView,
    PhaseView,
    SensorView,
    SessionView,
    StepView,
    StrapView,
    SummaryNote,
    SummaryView,
)

NAMES = ("Connect", "Settle", "Exercise", "Breathe", "Reflect")
STEADY = SensorView("streaming", "Sensor steady", None, "Polar H10 1A2B3C4D", True, True, 2.6)


def steps(now: int) -> tuple[StepView, ...]:
    """The header with step number ``now``."""
    return tuple(StepView(n, "now" if i == now else "done" if i < now else "ahead") for i, n in enumerate(NAMES))


REST = PhaseView(
    "rest", "Rest", "baseline", "Settle in and watch the slow picture. Breathe as usual.", "none",
    1, 6, 0.0, 300, 240, 0.0, True, False, False, True, "Plain scene", offers_tone=True,
)  # fmt: skip
STRESSOR = replace(
    REST,
    name="out-of-reach", title="Out of reach", kind="stressor", number=3, seconds=240, min_seconds=60, skippable=True,
    can_lighten=True, picture=False, next_title="Soft breath", offers_tone=False, eyes_closed=True,
    instruction="Choose a small, everyday moment when you hoped for someone you care about and they were busy or far "
    "away. Pick about a 4 out of 10. Let it be now. Where are you? What do you hear in the quiet? You can open your "
    "eyes or stop at any time.",
)  # fmt: skip
BREATH = replace(
    REST,
    name="soft-breath", title="Soft breath", kind="paced_breathing", number=4, feedback="pacer_and_wave",
    min_seconds=120, skippable=True, picture=False, next_title="Back to rest", offers_tone=False,
    instruction="Follow the shape. Let each breath be small and easy, with a longer, unhurried breath out. If you feel "
    "light-headed, breathe less, or go back to your own breath.",
)  # fmt: skip
LOOK_BACK = replace(
    REST, name="look-back", title="Look back", kind="reflection", number=6, picture=False, offers_tone=False,
    seconds=180, min_seconds=0,
    instruction="What did you first feel, and where? What did you want to do? What would have been kind to hear?",
)  # fmt: skip
GUIDE = PacerView(0.0, 0.4, 0.0, 0.6, 0.0, ((0.0, 10.0, None),), 6.0, True)
BASE = SessionView(
    "x", 1, "plan", None, "When someone is out of reach", steps(0), STEADY,
    plan=(("Rest", 300), ("Plain scene", 120), ("Out of reach", 240), ("Soft breath", 300), ("Back to rest", 300),
          ("Look back", 180)),
)  # fmt: skip
RUNNING = replace(BASE, screen="phase", recording=True)
AFTER = replace(BASE, steps=steps(4), sensor=replace(STEADY, word=words.SENSOR_DONE))
"""After the last part: the heart is not recorded any more."""
TOUR = (("Settle", 30.0), ("Rest", 45.0), ("Plain scene", 30.0), ("Small moment", 40.0), ("Soft breath", 60.0),
        ("Back to rest", 30.0), ("Look back", 30.0))  # fmt: skip
"""The plan with the most parts of those that are supplied."""


def curve() -> tuple[tuple[float, float | None], ...]:
    """A heart over 22 minutes: steady, up in the exercise with a gap, and back."""
    points: list[tuple[float, float | None]] = []
    for t in range(0, 1320, 3):
        up = (
            13 * (1 - math.exp(-(t - 420) / 60))
            if 420 <= t < 660
            else 13 * math.exp(-(t - 660) / 90)
            if t >= 660
            else 0
        )
        value = 70 + up + 0.8 * math.sin(t / 31) + 0.6 * math.sin(t / 12.7)
        points.append((float(t), None if 610 < t < 632 else value))
    return tuple(points)


SUMMARY = SummaryView(
    22.0, 70.2, curve(),
    (("Settle", "baseline", 0, 300), ("Everyday", "control", 300, 420), ("Exercise", "stressor", 420, 660),
     ("Breathe", "paced_breathing", 660, 960), ("Rest", "recovery", 960, 1200),
     ("Look back", "reflection", 1200, 1320)),
    marks=((722.0, 76.5, "half-way back after 1 min 2 s"),),
    felt=((305.0, 20.0), (425.0, 24.0), (662.0, 60.0), (965.0, 30.0)),
    notes=(
        SummaryNote(HEADINGS[0], "Your heart beat about 12 beats a minute faster than in the quiet part before.",
                    "noticed"),
        SummaryNote(HEADINGS[1], "After 1 min 2 s your heart was half-way back to where it began, with the breath "
                    "guide running.", "back"),
        SummaryNote(HEADINGS[2], "With the guide, each breath moved your heart by about 11 beats a minute.", "breath"),
    ),
    breaths=tuple(
        tuple((t / 1.15, 70 + swing * math.sin(2 * math.pi * t / 1.15 / period) + math.sin(t * 1.9)) for t in range(46))
        for swing, period in ((2.0, 4.1), (6.0, 10.0))
    ),
)  # fmt: skip


def _found(**changes: Any) -> SensorView:
    return replace(STEADY, **changes)


LOOKING = SensorView("searching", "Looking for the sensor", None, None, False, False)
VIEWS: Mapping[str, SessionView] = {
    "safety": replace(BASE, screen="safety"),
    "connect": replace(BASE, screen="connect", sensor=LOOKING),
    "no-bluetooth": replace(
        BASE, screen="connect",
        sensor=SensorView("bluetooth_off", "Bluetooth is off", "Turn Bluetooth on in the system's settings.", None,
                          False, False),
    ),
    "no-intervals": replace(
        BASE, screen="connect",
        sensor=_found(state="degraded", word="Signal patchy", reason=NO_RR, name="Wrist band", settled=False,
                      beats_arriving=False),
    ),
    "straps": replace(
        BASE, screen="connect", sensor=LOOKING,
        straps=(StrapView("A", "Polar H10 1A2B3C4D", remembered=True), StrapView("B", "Polar H10 99F0E1D2")),
    ),
    "found": replace(BASE, screen="connect", sensor=_found(settled=False, word="Signal settling")),
    "settled": replace(BASE, screen="connect"),
    "plan": replace(BASE, title="Short look", plan=TOUR),
    "baseline": replace(RUNNING, steps=steps(1), phase=REST),
    "exercise": replace(RUNNING, steps=steps(2), phase=STRESSOR),
    "rating": replace(
        RUNNING, screen="rating", steps=steps(2), phase=replace(STRESSOR, running=False),
        prompts=prompts.views(("suds", "closeness", "feelings", "here", "note")),
    ),
    "breathing": replace(RUNNING, steps=steps(3), phase=BREATH, pacer=GUIDE, notice="Softer."),
    "numbers": replace(RUNNING, steps=steps(3), phase=BREATH, pacer=GUIDE, notice="Softer.", numbers_shown=True),
    "pacer-only": replace(
        RUNNING, steps=steps(3), phase=replace(BREATH, feedback="pacer"), pacer=GUIDE, notice="Softer."
    ),
    "own-breath": replace(RUNNING, steps=steps(3), phase=BREATH),
    "paused": replace(
        RUNNING, steps=steps(2), phase=replace(STRESSOR, running=False), panel="pause",
        pause_ways=("resume", "look_around", "breathe", "stop"),
    ),
    "sensor-lost": replace(
        RUNNING, steps=steps(2), phase=replace(STRESSOR, running=False), panel="sensor_lost",
        sensor=_found(state="lost", word="Looking for the sensor", reason="No signal for 20 s."),
        pause_ways=("try_again", "without_sensor", "stop"),
    ),
    "lighter": replace(RUNNING, steps=steps(2), phase=replace(STRESSOR, running=False), panel="lighter"),
    "elsewhere": replace(RUNNING, steps=steps(2), phase=STRESSOR, panel="elsewhere"),
    "grounding": replace(
        RUNNING, screen="grounding", steps=steps(2),
        phase=replace(REST, name="grounding", kind="grounding", title="", instruction=words.GROUNDING, number=0,
                      picture=False, next_title=None),
    ),
    "reflect": replace(
        RUNNING, screen="reflect", steps=steps(4), phase=LOOK_BACK, prompts=prompts.views(("helped", "note"))
    ),
    "summary": replace(AFTER, screen="summary", summary=SUMMARY),
    "sharing": replace(AFTER, screen="sharing"),
    "closing": replace(AFTER, screen="closing", offer_rest=True),
    "ended": replace(AFTER, screen="ended", recording_id="20260101-x"),
}  # fmt: skip
"""Name of each state to its view."""
